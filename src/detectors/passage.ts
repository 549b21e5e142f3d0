import { Buffer } from "node:buffer";
import { isDigit } from "./characters.ts";
import { contextOf } from "./context.ts";
import { type Folded, folded } from "./fold.ts";
import { type SpokenRun, spokenRuns } from "./spoken.ts";

/** Stands where something was taken: no pattern matches it, and no column is joined with it. */
export const TAKEN = 2;

const UUID = /(?<![0-9a-f])[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?![0-9a-f])/iy;

/** A text made ready for the detectors, which all look for the same few things in it. */
export class Passage {
  /** Latin-1, see `folded`; UUIDs and what was taken are blank. */
  readonly text: string;
  /** The same as bytes, which are read one by one several times as fast. Good until the next passage is made. */
  readonly bytes: Buffer;
  /** Runs of decimal digits: start and end of each, ascending. */
  readonly groups: Int32Array;
  readonly #source: () => string;
  readonly #dropped: readonly number[];
  #contexts: Uint16Array | undefined;
  #spoken: readonly SpokenRun[] | undefined;

  private constructor(
    text: string,
    bytes: Buffer,
    groups: Int32Array,
    source: () => string,
    dropped: readonly number[],
  ) {
    this.text = text;
    this.bytes = bytes;
    this.groups = groups;
    this.#source = source;
    this.#dropped = dropped;
  }

  static of(source: string): Passage {
    // All ASCII: as many bytes as units.
    const isAscii = Buffer.byteLength(source) === source.length;
    return Passage.ofFolded(isAscii ? { text: source, dropped: [] } : folded(source), () => source);
  }

  /** @param source the text as it was before, for what folding hides */
  static ofFolded({ text, dropped }: Folded, source: () => string): Passage {
    const bytes = bytesOf(text);
    const plain = blanked(text, bytes, uuidsIn(text, bytes));
    return new Passage(plain, bytes, groupsIn(plain, bytes), source, dropped);
  }

  /** As it was given. */
  get source(): string {
    return this.#source();
  }

  /** The position in the source of a position in the text. */
  origin(position: number): number {
    let low = 0;
    let high = this.#dropped.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#dropped[middle]! <= position) low = middle + 1;
      else high = middle;
    }
    return position + low;
  }

  /** What the words before a group of digits, by its place among `groups`, say that it is: bits of CONTEXT. */
  context(group: number): number {
    this.#contexts ??= new Uint16Array(this.groups.length / 2).fill(UNKNOWN);
    const known = this.#contexts[group >> 1]!;
    if (known !== UNKNOWN) return known;
    const context = contextOf(this.bytes, this.groups[group]!);
    this.#contexts[group >> 1] = context;
    return context;
  }

  /** Numbers read out in words. */
  get spoken(): readonly SpokenRun[] {
    this.#spoken ??= spokenRuns(this.bytes);
    return this.#spoken;
  }

  /** This passage, which is of no use any more, without ranges: start and end of each, ascending. */
  without(spans: readonly number[]): Passage {
    // A span parts one group in two at most.
    const most = this.groups.length + spans.length;
    if (most > groupsRoom.length) groupsRoom = new Int32Array(most * 2);
    let count = 0;
    const push = (start: number, end: number) => {
      groupsRoom[count++] = start;
      groupsRoom[count++] = end;
    };
    let span = 0;
    for (let i = 0; i < this.groups.length; i += 2) {
      let start = this.groups[i]!;
      const end = this.groups[i + 1]!;
      while (span < spans.length && spans[span + 1]! <= start) span += 2;
      for (let at = span; at < spans.length && spans[at]! < end; at += 2) {
        if (spans[at]! > start) push(start, spans[at]!);
        start = Math.min(end, spans[at + 1]!);
      }
      if (start < end) push(start, end);
    }
    const text = blanked(this.text, this.bytes, spans);
    const passage = new Passage(text, this.bytes, groupsRoom.slice(0, count), this.#source, this.#dropped);
    if (this.#spoken?.length === 0) passage.#spoken = this.#spoken;
    return passage;
  }
}

const UNKNOWN = 0xffff;

function groupsIn(text: string, bytes: Buffer): Int32Array {
  let count = 0;
  // The engine skips what is no digit faster than a loop would.
  const digits = /\d+/g;
  while (digits.test(text)) {
    const end = digits.lastIndex;
    let start = end - 1;
    while (start > 0 && isDigit(bytes[start - 1]!)) start--;
    if (count + 2 > groupsRoom.length) groupsRoom = grown(groupsRoom);
    groupsRoom[count++] = start;
    groupsRoom[count++] = end;
  }
  return groupsRoom.slice(0, count);
}

/** Room for the bytes of the passage at hand: only one is looked at at a time. */
let bytesRoom = Buffer.allocUnsafeSlow(1 << 16);
/** Longer ones get room of their own, which is given back. */
const MOST_ROOM = 1 << 22;

function bytesOf(text: string): Buffer {
  if (text.length > MOST_ROOM) return Buffer.from(text, "latin1");
  if (text.length > bytesRoom.length) bytesRoom = Buffer.allocUnsafeSlow(Math.min(MOST_ROOM, text.length * 2));
  return bytesRoom.subarray(0, bytesRoom.write(text, 0, "latin1"));
}

/** Where groups are gathered. */
let groupsRoom = new Int32Array(1 << 12);

function grown(array: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(array.length * 2);
  larger.set(array);
  return larger;
}

/** UUIDs, whose digits are no number of any kind, found from their dashes. */
function uuidsIn(text: string, bytes: Buffer): number[] {
  const spans: number[] = [];
  for (let at = text.indexOf("-"); at !== -1; at = text.indexOf("-", at + 1)) {
    if (at < 8 || bytes[at + 5] !== DASH || bytes[at + 10] !== DASH || bytes[at + 15] !== DASH) continue;
    UUID.lastIndex = at - 8;
    if (!UUID.test(text)) continue;
    spans.push(at - 8, UUID.lastIndex);
    at = UUID.lastIndex - 1;
  }
  return spans;
}

const DASH = 0x2d;

/** Blanks ranges of a text's bytes, and gives the text anew. */
function blanked(text: string, bytes: Buffer, spans: readonly number[]): string {
  if (spans.length === 0) return text;
  for (let i = 0; i < spans.length; i += 2) bytes.fill(TAKEN, spans[i]!, spans[i + 1]!);
  return bytes.toString("latin1");
}
