import { Buffer } from "node:buffer";
import { coreOf } from "./identifiers.ts";

/** What each byte becomes: letters in lower case, digits; of the others, which are left out, 0. */
const SQUEEZED = Uint8Array.from({ length: 256 }, (_, code) => {
  const character = code < 0x80 ? String.fromCharCode(code).toLowerCase() : "";
  return /[a-z\d]/.test(character) ? character.charCodeAt(0) : 0;
});
/** How far each byte brings what is written; more of those that a plain look is not enough for. */
const STEP = Uint8Array.from(SQUEEZED, (squeezed) => (squeezed === 0 ? 0 : 1));
const LOOK = 2;
const BACKSLASH = 0x5c;
/** Wide digits and letters begin with this byte or one above. */
const WIDE = 0xef;
STEP.fill(LOOK, WIDE);
STEP[BACKSLASH] = LOOK;
const U = 0x75;

let room = Buffer.alloc(4096);

/**
 * `coreOf` a record, the names of its members in it: what is not here is nowhere in the record.
 * @param line JSON
 */
export function coreOfLine(line: Buffer): string {
  if (line.length > room.length) room = Buffer.alloc(line.length * 2);
  const out = room;
  let length = 0;
  for (let at = 0; at < line.length; at++) {
    const byte = line[at]!;
    // Written in any case: to branch on what comes by chance takes longer.
    out[length] = SQUEEZED[byte]!;
    const step = STEP[byte]!;
    if (step !== LOOK) length += step;
    else if (byte === BACKSLASH)
      at += line[at + 1] === U ? 5 : 1; // An escape is no letter of the text.
    else return coreOf(line.toString("utf8").replace(/\\(?:u.{4}|.)/g, ""));
  }
  return out.toString("latin1", 0, length);
}
