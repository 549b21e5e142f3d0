import type { Buffer } from "node:buffer";
import { isDigit } from "./characters.ts";
import { declareDetector } from "./detector.ts";
import { type Digits, digitsOf } from "./digits.ts";
import { endOf, isWithinHex, Spans } from "./spans.ts";

/**
 * Issuer prefixes and lengths, ISO/IEC 7812: [first prefix, last prefix, shortest, longest]. Visa, Mastercard, Amex,
 * Diners, Discover, JCB, UnionPay, Maestro.
 */
const ISSUERS: readonly (readonly [number, number, number, number])[] = [
  [4, 4, 13, 19],
  [51, 55, 16, 16],
  [2221, 2720, 16, 16],
  [34, 34, 15, 15],
  [37, 37, 15, 15],
  [300, 305, 14, 19],
  [3095, 3095, 14, 19],
  [36, 36, 14, 19],
  [38, 39, 14, 19],
  [6011, 6011, 16, 19],
  [644, 659, 16, 19],
  [3528, 3589, 16, 19],
  [62, 62, 16, 19],
  [81, 81, 16, 19],
  [50, 50, 12, 19],
  [56, 69, 12, 19],
];

const SHORTEST = 12;
const LONGEST = 19;

/** By the first four digits: bit n is set where a card number may be n digits long. */
const LENGTHS = lengthsByPrefix();

function lengthsByPrefix(): Uint32Array {
  const lengths = new Uint32Array(10_000);
  for (const [first, last, shortest, longest] of ISSUERS) {
    const scale = 10 ** (4 - String(first).length);
    const bits = 2 ** (longest + 1) - 2 ** shortest;
    for (let prefix = first * scale; prefix < (last + 1) * scale; prefix++) lengths[prefix]! |= bits;
  }
  return lengths;
}

/**
 * Card numbers in free text, in figures or read out: issuer prefix, length and check digit must hold. Between figures up
 * to two spaces, dashes or dots, or a comma and a space; a line end, slash or other mark only between groups of four figures
 * or more, as a card has them and dates have not.
 */
export const card = declareDetector({
  name: "card",
  label: "CARD",
  find: (passage, take) => {
    const spans = new Spans();
    const { text, groups } = passage;
    for (let first = 0; first < groups.length; ) {
      let last = first;
      let digits = groups[first + 1]! - groups[first]!;
      while (last + 2 < groups.length && areJoined(text, groups, last)) {
        last += 2;
        digits += groups[last + 1]! - groups[last]!;
      }
      if (digits >= SHORTEST) {
        const from = groups[first]!;
        const isPart = (start: number, end: number, length: number) =>
          length < USUAL &&
          (FOUR_BEFORE.test(text.slice(Math.max(0, from + start - 6), from + start)) ||
            FOUR_BEHIND.test(text.slice(from + end, from + end + 6)));
        for (const span of cardSpans(text.slice(from, groups[last + 1]!), isPart)) {
          const [start, end] = [from + span.start, from + span.end];
          if (!isWithinHex(text, start, end)) spans.add(start, end);
        }
      }
      first = last + 2;
    }
    encodedCards(text, passage.bytes, spans);
    for (const { digits, starts, ends } of passage.spoken) {
      const joined = digits.join(" ");
      // Where each word's digits begin in that text.
      const at = new Map<number, number>();
      let length = 0;
      for (const [index, said] of digits.entries()) {
        at.set(length, index).set(length + said.length, index);
        length += said.length + 1;
      }
      for (const span of cardSpans(joined)) spans.add(starts[at.get(span.start)!]!, ends[at.get(span.end)!]!);
    }
    spans.giveTo(take);
  },
});

const BETWEEN = /^[ .-]{1,2}$/;
const BETWEEN_FOURS = /^[ .\-\r\n\t/_|*]{1,2}$/;
/** A mark with spaces around it, between groups as they stand on a card: no currency, no share, nothing that was taken. */
const MARK = /^(?: {3}|\s{0,2}[^\sa-z\d\xaa$%+@#()<>[\]{}"']\s{0,2}|[\r\n]{3,4})$/i;
/** What parts the values of a joined column, or stands for what was taken. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what they are
const PARTING = /[\x01\x02\x7f]/;
const SPACE_OF_FORMS = "+";
const WIDEST = 5;
const FEWEST_OF_GROUP = 4;
const MOST_OF_GROUP = 6;

/** Shorter ones are rare: among groups of four, three of them are no card. */
const USUAL = 14;
const FOUR_BEFORE = /(?<!\d)\d{4}[ .-]$/;
const FOUR_BEHIND = /^[ .-]\d{4}(?!\d)/;

/** Whether two neighbouring groups of digits may be of one number. */
function areJoined(text: string, groups: Int32Array, group: number): boolean {
  const end = groups[group + 1]!;
  const next = groups[group + 2]!;
  if (next - end > WIDEST) return false;
  const between = text.slice(end, next);
  if (BETWEEN.test(between)) return true;
  // Read out digit by digit or in fours; longer ones are a list.
  if (between === ", ") return end - groups[group]! <= FEWEST_OF_GROUP && groups[group + 3]! - next <= FEWEST_OF_GROUP;
  const [one, other] = [end - groups[group]!, groups[group + 3]! - next];
  if (one < FEWEST_OF_GROUP || other < FEWEST_OF_GROUP) return false;
  if (BETWEEN_FOURS.test(between)) return true;
  return one <= MOST_OF_GROUP && other <= MOST_OF_GROUP && (between === SPACE_OF_FORMS || isMark(between));
}

function isMark(between: string): boolean {
  return MARK.test(between) && !PARTING.test(between);
}

/** Spaces as URLs and markup write them. */
const ENCODED_SPACE = /%20|&nbsp;|&#160;|&#[xX][aA]0;/g;
/** From the first digit on: groups with encoded spaces between them, or digits alone behind an encoded character. */
const ENCODED = new RegExp(`\\d{4,19}(?:(?:${ENCODED_SPACE.source})\\d{2,7}){0,4}(?!\\d)`, "y");
const CHARACTER = /%[\dA-Fa-f]{2}/y;
const SPACE = new RegExp(ENCODED_SPACE, "y");

/** Cards in digits that an encoded character, whose own two are none of theirs, stands before or between. */
function encodedCards(text: string, bytes: Buffer, spans: Spans): void {
  let done = 0;
  for (const sign of ["%", "&"]) {
    for (let at = text.indexOf(sign); at !== -1; at = text.indexOf(sign, at + 1)) {
      const behind = endOf(CHARACTER, text, at);
      let start = at;
      if (isDigit(bytes[at - 1] ?? 0) && endOf(SPACE, text, at) !== 0) {
        while (at - start < LONGEST && isDigit(bytes[start - 1] ?? 0)) start--;
        // Two of them may be those of a character before.
        if (text[start - 1] === "%") start += 2;
      } else if (behind !== 0 && isDigit(bytes[behind] ?? 0)) start = behind;
      if (start === at) continue;
      const end = endOf(ENCODED, text, start);
      if (end <= done) continue;
      const plain = text.slice(start, end).replace(ENCODED_SPACE, (space) => " ".repeat(space.length));
      for (const span of cardSpans(plain)) spans.add(start + span.start, start + span.end);
      done = end;
    }
    done = 0;
  }
}

/** A card number within a candidate: code units [start, end) and its digits. */
export interface CardSpan {
  readonly start: number;
  readonly end: number;
  readonly digits: string;
}

/**
 * Card numbers in a run of digits and separators. A number starts and ends at an edge of a digit group, so that
 * "4111 1111 1111 1111 12 27" gives the card and leaves the rest. Linear in the candidate's length.
 * @param isNone what is no card after all, by its edges and number of digits: another may begin within it
 */
export function cardSpans(
  candidate: string,
  isNone: (start: number, end: number, length: number) => boolean = () => false,
): CardSpan[] {
  const digits = digitsOf(candidate);
  const spans: CardSpan[] = [];
  let from = 0;
  while (from + SHORTEST <= digits.length) {
    const length = startsGroup(digits, from) ? longestCard(digits, from) : 0;
    if (length === 0) {
      from++;
      continue;
    }
    const { values, starts, ends } = digits;
    if (isNone(starts[from]!, ends[from + length - 1]!, length)) {
      from++;
      continue;
    }
    const own = values.subarray(from, from + length).join("");
    spans.push({ start: starts[from]!, end: ends[from + length - 1]!, digits: own });
    from += length;
  }
  return spans;
}

/** The candidate with each span replaced. */
export function replaceSpans(candidate: string, spans: readonly CardSpan[], by: (span: CardSpan) => string): string {
  let text = "";
  let from = 0;
  for (const span of spans) {
    text += candidate.slice(from, span.start) + by(span);
    from = span.end;
  }
  return text + candidate.slice(from);
}

function startsGroup({ starts, ends }: Digits, index: number): boolean {
  return index === 0 || ends[index - 1] !== starts[index];
}

function longestCard(digits: Digits, from: number): number {
  const { values } = digits;
  const prefix = values[from]! * 1000 + values[from + 1]! * 100 + values[from + 2]! * 10 + values[from + 3]!;
  const lengths = LENGTHS[prefix]!;
  if (lengths === 0) return 0;
  for (let length = Math.min(LONGEST, digits.length - from); length >= SHORTEST; length--) {
    const end = from + length;
    if ((lengths >> length) & 1 && (end === digits.length || startsGroup(digits, end)) && luhn(values, from, length)) {
      return length;
    }
  }
  return 0;
}

/** ISO/IEC 7812-1 annex B: the check digit. */
export function luhn(values: Uint8Array, from: number, length: number): boolean {
  let sum = 0;
  for (let i = 0; i < length; i++) {
    const value = values[from + length - 1 - i]!;
    sum += i % 2 === 0 ? value : value < 5 ? value * 2 : value * 2 - 9;
  }
  return sum % 10 === 0;
}
