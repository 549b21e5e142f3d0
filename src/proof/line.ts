import { Buffer } from "node:buffer";
import { coreOf } from "./identifiers.ts";

const BACKSLASH = 0x5c;
const U = 0x75;
/** Wide digits and letters begin with this byte or one above. */
const WIDE = 0xef;
/** Above what a byte becomes: it is written; it needs a closer look. */
const KEPT = 0x100;
const LOOK = 0x200;

/** What each byte becomes: letters in lower case, digits; others are left out. */
const SQUEEZED = Uint16Array.from({ length: 256 }, (_, byte) => {
  if (byte === BACKSLASH || byte >= WIDE) return LOOK;
  const character = String.fromCharCode(byte).toLowerCase();
  return /^[a-z\d]$/.test(character) ? KEPT | character.charCodeAt(0) : 0;
});

let room = Buffer.alloc(4096);

/**
 * `coreOf` a record, the names of its members in it: what is not here is nowhere in the record.
 * @param line JSON
 */
export function coreOfLine(line: Buffer): string {
  if (line.length > room.length) room = Buffer.alloc(line.length * 2);
  const out = room;
  const end = line.length;
  let length = 0;
  for (let at = 0; at < end; at++) {
    const squeezed = SQUEEZED[line[at]!]!;
    if (squeezed < LOOK) {
      // Written in any case: to branch on what comes by chance takes longer.
      out[length] = squeezed;
      length += squeezed >> 8;
    } else if (line[at] === BACKSLASH) {
      // An escape is no letter of the text.
      at += line[at + 1] === U ? 5 : 1;
    } else {
      return coreOf(line.toString("utf8").replace(/\\(?:u.{4}|.)/g, ""));
    }
  }
  return out.toString("latin1", 0, length);
}
