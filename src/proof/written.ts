import type { Expected } from "./expected.ts";
import type { SourceValues } from "./values.ts";

/** Characters that a short number has at most. */
export const SHORT_NUMBER = 11;
const TEN_DIGITS = 1e10;
const NINE_DIGITS = 1e9;

/** What stands in a record, value by value, and what stood there before. The room is that of the record before. */
export class Written {
  length = 0;
  readonly leaves: number[] = [];
  readonly expected: Expected[] = [];
  readonly sources: SourceValues[] = [];
  /** Where among the source's values. */
  readonly places: number[] = [];
  readonly outputs: unknown[] = [];

  add(leaf: number, expected: Expected, source: SourceValues, place: number, output: unknown): void {
    const index = this.length++;
    this.leaves[index] = leaf;
    this.expected[index] = expected;
    this.sources[index] = source;
    this.places[index] = place;
    this.outputs[index] = output;
  }
}

/** The text of a value of JSON. */
export function textOf(output: unknown): string {
  return typeof output === "string" ? output : String(output);
}

/**
 * Whether a number has no more than eleven characters, told without writing it; others may have no more either. A double
 * that is the nearest to so many thousandths, or millionths, is written with no more digits than these.
 */
export function isShort(value: number): boolean {
  return isShortOf(value, 1) || isShortOf(value, 1e3) || isShortOf(value, 1e6);
}

function isShortOf(value: number, scale: number): boolean {
  const parts = Math.round(value * scale);
  // A point and a sign are characters too.
  return parts / scale === value && parts < TEN_DIGITS && parts > -NINE_DIGITS;
}
