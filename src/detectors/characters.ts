/** Kinds of a passage's characters, by their bytes: one look each, since millions are looked at. */
const DIGIT = 1;
const UPPER = 2;
const LOWER = 4;
const HEX = 8;
const OTHER_LETTER = 16;

const KINDS = new Uint8Array(256);
for (let code = 0x30; code <= 0x39; code++) KINDS[code] = DIGIT | HEX;
for (let letter = 0; letter < 26; letter++) {
  const hex = letter < 6 ? HEX : 0;
  KINDS[0x41 + letter] = UPPER | hex;
  KINDS[0x61 + letter] = LOWER | hex;
}
// The one letter beyond ASCII that `folded` leaves.
KINDS[0xaa] = OTHER_LETTER;

const WORD = DIGIT | UPPER | LOWER | OTHER_LETTER;

export function isDigit(code: number): boolean {
  return (KINDS[code]! & DIGIT) !== 0;
}

export function isUpper(code: number): boolean {
  return (KINDS[code]! & UPPER) !== 0;
}

export function isLower(code: number): boolean {
  return (KINDS[code]! & LOWER) !== 0;
}

export function isHex(code: number): boolean {
  return (KINDS[code]! & HEX) !== 0;
}

/** Letters and digits. */
export function isWordPart(code: number): boolean {
  return (KINDS[code]! & WORD) !== 0;
}
