import type { Detector } from "./detector.ts";
import { type Digit, digitsOf, SEPARATOR } from "./digits.ts";

/** A UUID is matched first, so that its digits are not taken for a number. */
const UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";

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

/** Card numbers in free text: issuer prefix, length and check digit must hold. */
export const card: Detector = {
  name: "card",
  label: "CARD",
  pattern: new RegExp(`${UUID}|\\p{Nd}(?:${SEPARATOR}{0,2}\\p{Nd}){11,}`, "giu"),
  ascii: new RegExp(`${UUID}|\\d(?:[ .\\-]{0,2}\\d){11,}`, "gi"),
  replace: (candidate, by) => {
    const spans = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-/i.test(candidate) ? [] : cardSpans(candidate);
    return { text: replaceSpans(candidate, spans, () => by), hits: spans.length };
  },
};

/** A card number within a candidate: code units [start, end) and its digits. */
export interface CardSpan {
  readonly start: number;
  readonly end: number;
  readonly digits: string;
}

/**
 * Card numbers in a run of digits and separators. A number starts and ends at an edge of a digit group, so that
 * "4111 1111 1111 1111 12 27" gives the card and leaves the rest. Linear in the candidate's length.
 */
export function cardSpans(candidate: string): CardSpan[] {
  const digits = digitsOf(candidate);
  const spans: CardSpan[] = [];
  let from = 0;
  while (from + SHORTEST <= digits.length) {
    const length = startsGroup(digits, from) ? longestCard(digits, from) : 0;
    if (length === 0) {
      from++;
      continue;
    }
    const own = digits.slice(from, from + length);
    spans.push({ start: own[0]!.start, end: own.at(-1)!.end, digits: own.map(({ value }) => value).join("") });
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

function startsGroup(digits: readonly Digit[], index: number): boolean {
  return index === 0 || digits[index - 1]!.end !== digits[index]!.start;
}

function longestCard(digits: readonly Digit[], from: number): number {
  for (let length = Math.min(LONGEST, digits.length - from); length >= SHORTEST; length--) {
    const end = from + length;
    if ((end === digits.length || startsGroup(digits, end)) && isCard(digits, from, length)) return length;
  }
  return 0;
}

function isCard(digits: readonly Digit[], from: number, length: number): boolean {
  let prefix = 0;
  let issued = false;
  for (let i = 0; i < 4; i++) {
    prefix = prefix * 10 + digits[from + i]!.value;
    const low = 10 ** i;
    issued ||= ISSUERS.some(
      ([first, last, shortest, longest]) =>
        first >= low &&
        first < low * 10 &&
        prefix >= first &&
        prefix <= last &&
        length >= shortest &&
        length <= longest,
    );
  }
  return issued && luhn(digits, from, length);
}

/** ISO/IEC 7812-1 annex B: the check digit. */
function luhn(digits: readonly Digit[], from: number, length: number): boolean {
  let sum = 0;
  for (let i = 0; i < length; i++) {
    const value = digits[from + length - 1 - i]!.value;
    sum += i % 2 === 0 ? value : value < 5 ? value * 2 : value * 2 - 9;
  }
  return sum % 10 === 0;
}
