import { parseUri } from "./uri.ts";

const MIN_PART = 5 << 20;
const MAX_PART = 5 * 2 ** 30;
const MAX_PARTS = 10_000;
/** Smallest part of a multipart upload, where nothing else is said. */
export const PART = 8 << 20;
/** Parts of an upload that are under way at once, where nothing else is said. */
export const PARTS_AT_ONCE = 3;
/** What is written is gathered into blocks of so many bytes. */
export const BLOCK = 1 << 20;
/** Blocks that wait to become a part, beside those of one. */
const WAITING = 4 * BLOCK;

/** Memory that writing an object takes, in bytes. */
export interface WritingMemory {
  /** It cannot do with less. */
  readonly least: number;
  /** It makes no use of more. */
  readonly most: number;
}

/** Bytes of a part so that four times the expected size still fits 10,000 parts; whole MiB. */
export function partSizeFor(expectedBytes: number, smallest: number): number {
  const needed = Math.max(smallest, MIN_PART, (expectedBytes * 4) / MAX_PARTS);
  return Math.min(MAX_PART, Math.ceil(needed / 2 ** 20) * 2 ** 20);
}

/**
 * What the writer of an object takes beside the chunk that it is given.
 * @throws MasklineError (exit 2) when the URI is not one of ours
 */
export function writingMemory(uri: string, expectedBytes: number): WritingMemory {
  if (parseUri(uri).scheme === "file") return { least: WAITING, most: WAITING };
  const part = partSizeFor(expectedBytes, PART);
  // One that is small is one part, in memory twice.
  const whole = 8 * expectedBytes + WAITING;
  return { least: Math.min(memoryOf(1, part), whole), most: Math.min(memoryOf(PARTS_AT_ONCE, part), whole) };
}

/** How many parts may be under way in so much memory: one at least. */
export function partsThatFit(memory: number, part: number): number {
  return Math.max(1, Math.floor((memory - WAITING) / (part + BLOCK)) - 2);
}

/**
 * Beside the parts that are under way, each with the block that it reaches into, there are the one that is gathered, and
 * the one that was stored last: the next one's beginning lies there until that is sent.
 */
function memoryOf(parts: number, part: number): number {
  return (parts + 2) * (part + BLOCK) + WAITING;
}
