import { type Detector, outsideUuids } from "./detector.ts";
import { type Digits, digitsOf, SEPARATOR } from "./digits.ts";

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

/** Card numbers in free text: issuer prefix, length and check digit must hold. */
export const card: Detector = {
  name: "card",
  label: "CARD",
  substitution: (by, hit) => ({
    pattern: new RegExp(`\\p{Nd}(?:${SEPARATOR}{0,2}\\p{Nd}){${SHORTEST - 1},}`, "gu"),
    ascii: new RegExp(`\\d(?:[ .\\-]{0,2}\\d){${SHORTEST - 1},}`, "g"),
    with: (candidate, offset, text) => {
      if (cardSpans(candidate).length === 0) return candidate;
      return outsideUuids(text, offset, candidate, (part) => {
        const spans = cardSpans(part);
        if (spans.length > 0) hit(spans.length);
        return replaceSpans(part, spans, () => by);
      });
    },
    writes: by,
  }),
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
    const { values, starts, ends } = digits;
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
