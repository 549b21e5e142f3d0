import type { Buffer } from "node:buffer";
import { isWordPart } from "./characters.ts";
import { declareDetector } from "./detector.ts";
import { endOf, Spans } from "./spans.ts";

/** Characters of a URL; letters beyond ASCII too, as browsers show them. */
const REST = /[\w!#$%&'()*+,./:;=?@[\]~\xaa-]+/y;
const SCHEME = /(?<![a-z\d])[a-z][a-z\d+.-]{1,19}$/i;
const LONGEST_SCHEME = 20;
const WWW = /www\./gi;
/** Before a slash: a domain that no file or pair of words would be. */
const BARE =
  /(?<![\w@.\xaa-])(?:[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?\.){1,4}(?:com|org|net|io|co|ly|me|de|fr|es|it|nl|uk|us|eu|ca|au|ch|at|be|br|mx|pl|pt|jp|info|biz|app|dev|link|site|shop|online|gov|edu|example)(?::\d{1,5})?$/i;
const LONGEST_BARE = 80;
const LONGEST_LABEL = 10;

/** Addresses of pages: with a scheme, with www., or a domain and a path. */
export const url = declareDetector({
  name: "url",
  label: "URL",
  find: ({ text, bytes }, take) => {
    const spans = new Spans();
    let done = 0;
    const add = (start: number, from: number) => {
      const end = trimmed(text, from, endOf(REST, text, from));
      if (end <= from) return;
      spans.add(start, end);
      done = end;
    };
    for (let at = text.indexOf("://"); at !== -1; at = text.indexOf("://", at + 3)) {
      if (at < done) continue;
      const scheme = SCHEME.exec(text.slice(Math.max(done, at - LONGEST_SCHEME), at))?.[0];
      if (scheme !== undefined) add(at - scheme.length, at + 3);
    }
    done = 0;
    WWW.lastIndex = 0;
    while (WWW.test(text)) {
      const start = WWW.lastIndex - 4;
      if (start >= done && !/[a-z_.@/\xaa-]/i.test(text[start - 1] ?? "")) add(start, WWW.lastIndex);
    }
    done = 0;
    for (let at = text.indexOf("/"); at !== -1; at = text.indexOf("/", at + 1)) {
      if (at < done || !isAfterDomain(bytes, at)) continue;
      const domain = BARE.exec(text.slice(Math.max(done, at - LONGEST_BARE), at))?.[0];
      if (domain !== undefined) add(at - domain.length, at);
    }
    spans.giveTo(take);
  },
});

/** Whether there is a dot, and no space, before a letter or digit before a position. */
function isAfterDomain(bytes: Buffer, position: number): boolean {
  let at = position - 1;
  while (at >= 0 && isWordPart(bytes[at]!) && position - at <= LONGEST_LABEL) at--;
  return at >= 0 && at < position - 1 && (bytes[at] === 0x2e || bytes[at] === 0x3a);
}

/** Without the punctuation of the sentence around it; a bracket stays where it was opened within. */
function trimmed(text: string, start: number, end: number): number {
  let last = end;
  while (last > start) {
    const character = text[last - 1]!;
    if (character === ")" && text.slice(Math.max(start, last - LONGEST_TAIL), last).includes("(")) break;
    if (!/[.,;:!?'()[\]*]/.test(character)) break;
    last--;
  }
  return last;
}

const LONGEST_TAIL = 200;
