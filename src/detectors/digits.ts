/** Code points at which a run of decimal digits 0-9 starts: Unicode's category Nd comes in tens. */
const ZEROS: number[] = [];
for (let code = 0x30; code < 0x1fc00; code++) {
  if (/^\p{Nd}$/u.test(String.fromCodePoint(code))) {
    ZEROS.push(code);
    code += 9;
  }
}

/** The value 0-9 of a character that is a decimal digit in any script, else -1. */
export function digitValue(character: string): number {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x80) return code >= 0x30 && code <= 0x39 ? code - 0x30 : -1;
  const zero = ZEROS.findLast((start) => start <= code);
  return zero !== undefined && code - zero < 10 ? code - zero : -1;
}

/** A digit of a text: its value, and the code units [start, end) it takes. */
export interface Digit {
  readonly value: number;
  readonly start: number;
  readonly end: number;
}

/** The decimal digits of a text, in order. */
export function digitsOf(text: string): Digit[] {
  const digits: Digit[] = [];
  let start = 0;
  for (const character of text) {
    const value = digitValue(character);
    if (value >= 0) digits.push({ value, start, end: start + character.length });
    start += character.length;
  }
  return digits;
}

/** Between digits of a number as people write it: spaces, dashes and dots of Unicode's usual kinds. */
export const SEPARATOR = "[ .\\-\\u00a0\\u2007\\u2009-\\u2015\\u202f]";
