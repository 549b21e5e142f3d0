const BACKSLASH = 0x5c;
const LETTER_U = 0x75;
/** A byte that no UTF-8 has: it stands for half a surrogate pair until the column is made well-formed. */
const NO_CHARACTER = 0xff;

/** The byte that a one-letter escape stands for (RFC 8259, section 7); 0 where there is no such escape. */
export const ESCAPES = new Uint8Array(256);
for (const [letter, byte] of Object.entries({ '"': 34, "\\": 92, "/": 47, b: 8, f: 12, n: 10, r: 13, t: 9 })) {
  ESCAPES[letter.charCodeAt(0)] = byte;
}

/** The value of a hexadecimal digit; 0xff where a byte is none. */
export const HEX = new Uint8Array(256).fill(0xff);
for (let digit = 0; digit < 16; digit++) {
  HEX[digit.toString(16).charCodeAt(0)] = digit;
  HEX[digit.toString(16).toUpperCase().charCodeAt(0)] = digit;
}

/**
 * Writes what a JSON string stands for to `out` from `to` on; it takes no more bytes than the string. An escape of
 * half a surrogate pair becomes one byte that is not UTF-8.
 *
 * @param source bytes of which [start, stop) is a string that was found correct, without its quotes
 * @returns the end of what was written
 */
export function unescapeTo(out: Uint8Array, to: number, source: Uint8Array, start: number, stop: number): number {
  let top = to;
  let at = start;
  while (at < stop) {
    const byte = source[at++]!;
    if (byte !== BACKSLASH) {
      out[top++] = byte;
      continue;
    }
    const letter = source[at++]!;
    if (letter !== LETTER_U) {
      out[top++] = ESCAPES[letter]!;
      continue;
    }
    let code = codeUnit(source, at);
    at += 4;
    if (code >= 0xd800 && code < 0xdc00 && source[at] === BACKSLASH && source[at + 1] === LETTER_U && at < stop) {
      const low = codeUnit(source, at + 2);
      if (low >= 0xdc00 && low < 0xe000) {
        code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
        at += 6;
      }
    }
    top = writeCodePoint(out, top, code);
  }
  return top;
}

function codeUnit(source: Uint8Array, at: number): number {
  return (
    (HEX[source[at]!]! << 12) | (HEX[source[at + 1]!]! << 8) | (HEX[source[at + 2]!]! << 4) | HEX[source[at + 3]!]!
  );
}

function writeCodePoint(out: Uint8Array, to: number, code: number): number {
  let top = to;
  if (code < 0x80) {
    out[top++] = code;
  } else if (code < 0x800) {
    out[top++] = 0xc0 | (code >> 6);
    out[top++] = 0x80 | (code & 0x3f);
  } else if (code >= 0xd800 && code < 0xe000) {
    out[top++] = NO_CHARACTER;
  } else if (code < 0x10000) {
    out[top++] = 0xe0 | (code >> 12);
    out[top++] = 0x80 | ((code >> 6) & 0x3f);
    out[top++] = 0x80 | (code & 0x3f);
  } else {
    out[top++] = 0xf0 | (code >> 18);
    out[top++] = 0x80 | ((code >> 12) & 0x3f);
    out[top++] = 0x80 | ((code >> 6) & 0x3f);
    out[top++] = 0x80 | (code & 0x3f);
  }
  return top;
}
