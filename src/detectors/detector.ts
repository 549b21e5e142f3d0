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

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;
/** Characters of a UUID. */
const UUID_LENGTH = 36;

/**
 * Whether a match shares characters with a UUID around it, whose digits are no number of any kind. Looks no further
 * than a UUID reaches, and over no separator of a joined column: none can stand in one.
 */
export function withinUuid(text: string, start: number, length: number): boolean {
  const from = Math.max(0, start - UUID_LENGTH);
  for (const { index } of text.slice(from, start + length + UUID_LENGTH).matchAll(UUID)) {
    const at = from + index;
    if (at < start + length && start < at + UUID_LENGTH) return true;
  }
  return false;
}
