/** Code points at which a run of decimal digits 0-9 starts: Unicode's category Nd comes in tens. */
let zeros: number[] | undefined;

function findZeros(): number[] {
  const found: number[] = [];
  const isDigit = (code: number) => /^\p{Nd}$/u.test(String.fromCodePoint(code));
  // Ten in a row are met by one look in ten.
  for (let code = 0x39; code < 0x1fc00; code += 10) {
    if (!isDigit(code)) continue;
    let first = code;
    while (isDigit(first - 1)) first--;
    // Runs may follow each other, and one that has been met may go on.
    for (let zero = first; isDigit(zero); zero += 10) if (zero > (found.at(-1) ?? 0)) found.push(zero);
  }
  return found;
}

/** The value 0-9 of a code point that is a decimal digit in any script, else -1. */
function digitValue(code: number): number {
  if (code < 0x80) return code >= 0x30 && code <= 0x39 ? code - 0x30 : -1;
  zeros ??= findZeros();
  const zero = zeros.findLast((start) => start <= code);
  return zero !== undefined && code - zero < 10 ? code - zero : -1;
}

/** The decimal digits of a text, in order: their values, and the code units [start, end) that each takes. */
export interface Digits {
  readonly length: number;
  readonly values: Uint8Array;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
}

/** Room that calls share: candidates are short, and each is done with before the next. */
let shared = { values: new Uint8Array(64), starts: new Int32Array(64), ends: new Int32Array(64) };

/** Reads the digits of a text. The result is good until the next call. */
export function digitsOf(text: string): Digits {
  if (text.length > shared.values.length) {
    const size = text.length * 2;
    shared = { values: new Uint8Array(size), starts: new Int32Array(size), ends: new Int32Array(size) };
  }
  const { values, starts, ends } = shared;
  let length = 0;
  for (let at = 0; at < text.length; ) {
    const code = text.codePointAt(at)!;
    const end = at + (code > 0xffff ? 2 : 1);
    const value = digitValue(code);
    if (value >= 0) {
      values[length] = value;
      starts[length] = at;
      ends[length++] = end;
    }
    at = end;
  }
  return { length, values, starts, ends };
}

/** Between digits of a number as people write it: spaces, dashes and dots of Unicode's usual kinds. */
export const SEPARATOR = "[ .\\-\\u00a0\\u2007\\u2009-\\u2015\\u202f]";
