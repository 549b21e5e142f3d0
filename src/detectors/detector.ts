import type { Substitution } from "../masks/substitute.ts";

/** Finds one kind of identifier in free text. */
export interface Detector {
  readonly name: string;
  /** Stands in the text in place of a hit. */
  readonly label: string;
  /**
   * Puts `by` in place of every hit and tells how many a piece of text had. Linear in the text, however hostile.
   */
  readonly substitution: (by: string, hit: (hits: number) => void) => Substitution;
}

const HEX = "[0-9a-f]";
const EDGE = `${HEX}|\\p{Nd}`;
const UUID = new RegExp(`(?<!${EDGE})${HEX}{8}-${HEX}{4}-${HEX}{4}-${HEX}{4}-${HEX}{12}(?!${EDGE})`, "giu");
/** Characters of a UUID. */
const UUID_LENGTH = 36;

/**
 * A match with `replace` applied to what of it lies outside of UUIDs, whose digits are no number of any kind. A number
 * beside one is still found. Looks no further than a UUID reaches, and over no separator of a joined column: none can
 * stand in one.
 * @param replace - gets a part of the match and where in the text it starts
 */
export function outsideUuids(
  text: string,
  start: number,
  match: string,
  replace: (part: string, start: number) => string,
): string {
  const end = start + match.length;
  const from = Math.max(0, start - UUID_LENGTH - 1);
  let result = "";
  let done = start;
  for (const { index } of text.slice(from, end + UUID_LENGTH + 1).matchAll(UUID)) {
    const first = Math.max(from + index, start);
    const last = Math.min(from + index + UUID_LENGTH, end);
    if (first >= last) continue;
    if (first > done) result += replace(text.slice(done, first), done);
    result += text.slice(first, last);
    done = last;
  }
  return done < end ? result + replace(text.slice(done, end), done) : result;
}
