import { contextBefore, tokenStart } from "./context.ts";
import type { Take } from "./detector.ts";
import type { Passage } from "./passage.ts";
import { CONTEXT } from "./phrases.ts";
import { endOf, Spans } from "./spans.ts";

/** Letters, digits, dashes and slashes, or groups of figures with spaces between. */
const TOKEN = /[a-z\d]{1,24}(?:[-/][a-z\d]{1,12}){0,4}(?![\w/]|-[a-z\d])/iy;
const SPACED = /\d{2,6}(?: \d{2,6}){1,5}(?![\d%]|[.,:/-]\d)/y;
const DATE = /^(?:\d{4}[-/]\d{1,2}|\d{1,2}[-/]\d{4}|\d{4}[-/]\d{1,2}[-/]\d{1,2}|\d{1,2}[-/]\d{1,2}[-/]\d{2,4})$/;
/** Of a time, an amount or a share. */
const MEASURED = /^(?:[.,:]\d|%| ?(?:%|ms|sec|min|hours?|days?|dollars|euros?|usd|eur)\b)/i;

/** Numbers, in figures or read out, that only the words before them tell from others. */
export function findReferences(passage: Passage, context: number, fewestDigits: number, take: Take): void {
  const { text, groups } = passage;
  const spans = new Spans();
  let done = 0;
  for (let i = 0; i < groups.length; i += 2) {
    const group = groups[i]!;
    const said = group < done ? 0 : passage.context(i);
    if ((said & context) === 0) continue;
    const start = said & CONTEXT.token ? tokenStart(passage.bytes, group) : group;
    if (start < done) continue;
    const end = [endOf(SPACED, text, start), endOf(TOKEN, text, start)].find((one) =>
      isReference(text, start, one, fewestDigits),
    );
    if (end === undefined) continue;
    spans.add(start, end);
    done = end;
  }
  for (const { digits, starts, ends } of passage.spoken) {
    const said = contextBefore(passage.bytes, starts[0]!) & context;
    if (said && digits.join("").length >= fewestDigits) spans.add(starts[0]!, ends.at(-1)!);
  }
  spans.giveTo(take);
}

function isReference(text: string, start: number, end: number, fewestDigits: number): boolean {
  const value = text.slice(start, end);
  return (
    (value.match(/\d/g)?.length ?? 0) >= fewestDigits && !DATE.test(value) && !MEASURED.test(text.slice(end, end + 9))
  );
}
