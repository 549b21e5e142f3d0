import type { Take } from "./detector.ts";
import { placesOf } from "./spans.ts";

/** Top-level domains that people say. */
const TLD =
  "com|net|org|edu|gov|mil|info|biz|io|co|me|app|dev|us|uk|ca|au|nz|ie|de|at|ch|fr|be|nl|lu|es|pt|it|se|no|dk|fi|pl|cz|gr|eu|in|jp|kr|cn|br|mx|ar|cl|za|il";
/** Words before "at" that begin no address: "find us at example dot com". */
const NO_NAME =
  "us|me|him|her|it|its|them|you|we|they|i|he|she|look|looking|looked|order|orders|ordered|ordering|buy|buying|bought|shop|shopping|" +
  "is|are|was|were|be|been|online|website|site|page|store|account|login|log|sign|signed|registered|visit|find|found|see|" +
  "go|went|work|works|worked|working|here|there|that|this|one|back|available|and|or|not|only|just|now|still|again";
/** "john", "john dot smith", "john underscore 84", or "j o h n", then "at" and the host's first word. */
const HEAD = new RegExp(
  `(?<![a-z\\d\\xaa@._-])((?:[a-z\\d]\\s){2,30}[a-z\\d]|(?!(?:${NO_NAME})\\s)[a-z\\d._-]{1,40}(?:\\s(?:dot|underscore|dash|hyphen)\\s[a-z\\d._-]{1,40}){0,3})\\sat\\s[a-z\\d-]{1,40}\\s$`,
  "i",
);
const AT_HOST = /\sat\s[a-z\d-]{1,40}\s$/i;
const TAIL = new RegExp(`dot\\s(?:[a-z\\d-]{1,40}\\sdot\\s){0,3}(?:${TLD})(?![a-z\\d-]|\\sdot\\s)`, "iy");
const DOT = ["dot", "Dot", "DOT"];
const REACH = 160;

/** Addresses that are read out: "john at gmail dot com". Both words must be said, and a domain that there is. */
export function spokenAddresses(text: string, take: Take): void {
  let done = 0;
  for (const at of placesOf(text, DOT)) {
    if (
      at < done ||
      text[at - 1] !== " " ||
      text[at + 3] !== " " ||
      !AT_HOST.test(text.slice(Math.max(done, at - 46), at))
    )
      continue;
    const from = Math.max(done, at - REACH);
    const head = HEAD.exec(text.slice(from, at));
    TAIL.lastIndex = at;
    if (!head || !TAIL.test(text)) continue;
    take(from + head.index, TAIL.lastIndex);
    done = TAIL.lastIndex;
  }
}
