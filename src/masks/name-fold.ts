/** Names and texts as they are compared: lower case without accents. */
import { Buffer } from "node:buffer";
import type { Kernels } from "../kernels/load.ts";
import type { Column } from "../types.ts";
import { MAX_JOINED } from "./substitute.ts";
import { freeSeparator, textAt } from "./text.ts";

export function isAscii(text: string): boolean {
  return /^[\0-\x7f]*$/.test(text);
}

/** What a character becomes: lower case without accents. By code unit; 0 where that is not one code unit, or not known yet. */
const FOLDED = new Uint16Array(0x10000);

/** Lower case without accents; for each code unit of it, where in the text it came from, unless that is the same. */
export function fold(text: string): { text: string; at: Int32Array | undefined } {
  if (isAscii(text)) return { text: text.toLowerCase(), at: undefined };
  const units = new Uint16Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    const folded = FOLDED[unit]! || foldedUnit(unit);
    if (folded === 0) return foldSlowly(text);
    units[i] = folded;
  }
  return { text: Buffer.from(units.buffer).toString("utf16le"), at: undefined };
}

function foldedUnit(unit: number): number {
  const plain = foldCharacter(String.fromCharCode(unit));
  if (plain.length === 1) {
    FOLDED[unit] = plain.charCodeAt(0);
    SKETCHED[unit] = sketchedUnit(plain.charCodeAt(0));
  }
  return FOLDED[unit]!;
}

function foldCharacter(character: string): string {
  return character.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}

function foldSlowly(text: string): { text: string; at: Int32Array } {
  const pieces: string[] = [];
  const at: number[] = [];
  let offset = 0;
  for (const character of text) {
    const unit = character.length === 1 ? FOLDED[character.charCodeAt(0)]! : 0;
    const plain = unit === 0 ? foldCharacter(character) : String.fromCharCode(unit);
    for (let i = 0; i < plain.length; i++) at.push(offset);
    pieces.push(plain);
    offset += character.length;
  }
  at.push(offset);
  return { text: pieces.join(""), at: Int32Array.from(at) };
}

/** By code unit, what a kernel makes of it: one byte for what it is folded to, UNKNOWN where that has not been asked yet. */
const SKETCHED = new Uint8Array(0x10000);
export const UNKNOWN = "\0";

/** ASCII is itself; of others several are one, below the printed characters. */
function sketchedUnit(folded: number): number {
  return folded < 0x80 ? folded : 0x0e + (folded % 0x12);
}

/** The sketch of a folded text: where the text is found in another, its sketch is in that of the other. */
export function sketched(folded: string): string {
  if (isAscii(folded)) return folded;
  // Of pictures the kernel makes something else: such a text may be anywhere.
  if (/[\ud800-\udfff]/.test(folded)) return "";
  let sketch = "";
  for (let at = 0; at < folded.length; at++) sketch += String.fromCharCode(sketchedUnit(folded.charCodeAt(at)));
  return sketch;
}

/** What may part values: nothing is folded to it. */
const FREE = ["\u0001", "\u007f"] as const;

/** The sketches of a column's values, one after the other: a byte a code unit, made by a kernel. */
export class Sketches {
  readonly #text: string | undefined;
  readonly #separator: string;
  #at = 0;

  constructor(column: Column, kernels: Kernels) {
    const { memory } = kernels;
    const { values, offsets, length, valuesLength } = column;
    const separator = freeSeparator(FREE, column, kernels);
    this.#separator = separator ?? "";
    const size = valuesLength + length;
    if (separator === undefined || size > MAX_JOINED) return;
    const before = memory.mark();
    const [joined, table, out] = [memory.alloc(size), memory.put(SKETCHED), memory.alloc(size)];
    kernels.join(values, offsets, length, separator.charCodeAt(0), joined);
    const folded = kernels.foldText(joined, size, table, 1, out);
    this.#text = folded < 0 ? undefined : textAt(out, folded, "latin1", kernels);
    memory.release(before);
  }

  /** Of the next value; undefined where nothing is known of it. */
  next(): string | undefined {
    if (this.#text === undefined) return undefined;
    const start = this.#at;
    const end = this.#text.indexOf(this.#separator, start);
    this.#at = end + 1;
    return this.#text.slice(start, end);
  }
}
