import type { Buffer } from "node:buffer";
import { contextBefore } from "./context.ts";
import { declareDetector } from "./detector.ts";
import type { Passage } from "./passage.ts";
import { CONTEXT } from "./phrases.ts";
import { endOf, isWithinHex, Spans } from "./spans.ts";
import type { SpokenRun } from "./spoken.ts";

const NANP = "(?:\\([2-9]\\d{2}\\)[ .-]?|[2-9]\\d{2}[ .-]?)[2-9]\\d{2}[ .-]?\\d{4}(?!\\d|\\.\\d)";
const NORTH_AMERICAN = new RegExp(`(?<![.+\\d])(?:1[ .-]?)?${NANP}`, "y");
/** A country's code and more, E.164's fifteen digits at most. Of North America's ten follow. */
const INTERNATIONAL = new RegExp(
  `[+](?:1[ .-]?${NANP}|[1-9](?:[ ().\\/-]{0,3}\\d){6,14}(?!\\d))|(?<![\\d.,-])00[ -]?[1-9]\\d?\\d?[ ./-](?:[ ().\\/-]{0,3}\\d){6,11}(?!\\d)`,
  "y",
);
/** As any country writes them: seven to fifteen digits. */
const NATIONAL = /\d(?:[ ()./-]{0,3}\d){6,14}(?!\d|[.,:]\d)/y;
/** Begins with the zero of national calls, in groups as several countries have them: 06 39 98 12 34, 020 7946 0123. */
const TRUNK = /(?<![\d.,:/-])0[1-9](?:([ .])\d\d(?:\1\d\d){3}|\d{1,3} \d{3,4} \d{3,4})(?![.,:/-]?\d)/y;
/** What a number behind the word for one is not: a date, a time of a clock. */
const DATE = /(?:\d{4}-\d\d-\d\d|\d{1,2}([./-])\d{1,2}\1\d{2,4})(?![./-]?\d)/y;

/** Digits of a first group with which a North American number may begin, as bits. */
const BEGINNINGS = 0b1100_1101_1010;

/**
 * Phone numbers in free text, in figures or read out: international with + or 00, North American in the usual forms, or
 * any after a word that says so.
 */
export const phone = declareDetector({
  name: "phone",
  label: "PHONE",
  find: (passage, take) => {
    const { text, groups } = passage;
    const spans = new Spans();
    const taken: number[] = [];
    let done = 0;
    for (let i = 0; i < groups.length; i += 2) {
      const start = groups[i]!;
      if (start < done) continue;
      const length = groups[i + 1]! - start;
      const found =
        international(text, start) ??
        (length >= SHORTEST_DIALLED && text[start] === "0" ? dialled(passage, i) : undefined) ??
        northAmerican(passage, i, length) ??
        national(passage, i) ??
        (text[start] === "0" ? span(start, endOf(TRUNK, text, start)) : undefined);
      if (!found || found[0] < done) continue;
      spans.add(...found);
      taken.push(...found);
      done = found[1];
    }
    // Figures that are a number already are no part of one that is read out behind them.
    const rest = taken.length > 0 && passage.spoken.length > 0 ? passage.without(taken) : passage;
    for (const run of rest.spoken) {
      if (isSpokenPhone(rest.bytes, run)) spans.add(run.starts[0]!, run.ends.at(-1)!);
    }
    spans.giveTo(take);
  },
});

type Span = readonly [start: number, end: number];

const span = (start: number, end: number): Span | undefined => (end === 0 ? undefined : [start, end]);

function international(text: string, start: number): Span | undefined {
  if (text[start - 1] === "+") return span(start - 1, endOf(INTERNATIONAL, text, start - 1));
  return text[start] === "0" && text[start + 1] === "0" ? span(start, endOf(INTERNATIONAL, text, start)) : undefined;
}

/**
 * 00, a country's code and as many digits as numbers of that country have, all together: only in a text, since ids are
 * filled up with zeros too.
 */
const DIALLED =
  /(?<=[a-z,;:)>] \(?|[:(])00(?:1[2-9]\d\d[2-9]\d{6}|31[1-9]\d{8}|32[1-9]\d{7,8}|33[1-79]\d{8}|34[6-9]\d{8}|351[29]\d{8}|353[1-9]\d{7,8}|393\d{8,9}|41[2-9]\d{8}|436\d{8,10}|44(?:7|[12]\d)\d{8,9}|45[2-9]\d{7}|467\d{8}|47[2-9]\d{7}|48[4-8]\d{8}|491[567]\d{8,9}|55[1-9]{2}9\d{8}|61[2-478]\d{8}|81[789]0\d{8}|861[3-9]\d{9}|91[6-9]\d{9})(?!\d|[.,]\d)/iy;

const SHORTEST_DIALLED = 12;

function dialled(passage: Passage, group: number): Span | undefined {
  const { text, groups } = passage;
  const start = groups[group]!;
  const end = endOf(DIALLED, text, start);
  if (end === 0 || isArticle(text.slice(start, end)) || (passage.context(group) & CONTEXT.other) !== 0)
    return undefined;
  return [start, end];
}

/** An article's number: EAN-13, whose last digit checks. */
function isArticle(digits: string): boolean {
  const sum = [...digits].reduce((total, digit, index) => total + Number(digit) * (index % 2 === 0 ? 1 : 3), 0);
  return digits.length === 13 && sum % 10 === 0;
}

function northAmerican(passage: Passage, group: number, length: number): Span | undefined {
  if (length > 11 || ((BEGINNINGS >> length) & 1) === 0) return undefined;
  const { text, bytes, groups } = passage;
  const start = groups[group]!;
  const first = bytes[start]!;
  // A one may lead; an area begins with 2 to 9.
  if (first === 0x30 || (length === 1 || length === 4 || length === 7 || length === 11) !== (first === 0x31))
    return undefined;
  const bracket = bytes[start - 1] === BRACKET && first !== 0x31;
  const end = (bracket && endOf(NORTH_AMERICAN, text, start - 1)) || endOf(NORTH_AMERICAN, text, start);
  if (end === 0) return undefined;
  // Without punctuation it may be part of an id or the number of something else.
  const bare = length >= 10;
  if (bare && (isWithinHex(text, start, end) || (passage.context(group) & CONTEXT.other) !== 0)) return undefined;
  return [bracket && text.slice(start, end).includes(")") ? start - 1 : start, end];
}

const BRACKET = 0x28;

function national(passage: Passage, group: number): Span | undefined {
  if ((passage.context(group) & CONTEXT.phone) === 0) return undefined;
  const { text, groups } = passage;
  const start = groups[group]!;
  if (endOf(DATE, text, start) !== 0) return undefined;
  const end = endOf(NATIONAL, text, start);
  return span(text[start - 1] === "(" && text.slice(start, end).includes(")") ? start - 1 : start, end);
}

function isSpokenPhone(bytes: Buffer, { digits, starts }: SpokenRun): boolean {
  const number = digits.join("");
  const context = contextBefore(bytes, starts[0]!);
  if (context & CONTEXT.phone) return number.length <= 15;
  // People also count.
  if (context & (CONTEXT.other | CONTEXT.ssn | CONTEXT.account | CONTEXT.mrn) || number.startsWith("123456789"))
    return false;
  return /^1?[2-9]\d\d[2-9]\d{6}$/.test(number);
}
