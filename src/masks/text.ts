import { Buffer, isAscii } from "node:buffer";
import type { Kernels } from "../kernels/load.ts";
import type { Column, Field } from "../types.ts";

/** A view of the column's text bytes; it dangles as soon as the arena grows. */
export function textBytes(column: Column, kernels: Kernels): Buffer {
  return bufferAt(column.values, column.valuesLength, kernels);
}

export function isNull(validity: Uint8Array | undefined, index: number): boolean {
  return validity !== undefined && ((validity[index >> 3]! >> (index & 7)) & 1) === 0;
}

/** The validity bitmap as a view, or undefined when every value is valid. */
export function validityOf(column: Column, kernels: Kernels): Uint8Array | undefined {
  return column.validity === 0 ? undefined : kernels.memory.u8(column.validity, (column.length + 7) >> 3);
}

/** A text column beside `like`: its length and validity, other values. */
export function textColumn(like: Column, offsets: number, values: number, valuesLength: number): Column {
  const field: Field = like.field.kind === "utf8" ? like.field : { name: like.field.name, kind: "utf8", children: [] };
  return { ...like, field, offsets, values, valuesLength, children: [] };
}

/** A copy outside the arena of everything a value-by-value pass reads, so that the arena may grow under it. */
interface Values {
  readonly length: number;
  /** The value at an index, or undefined where it is null or empty. */
  readonly at: (index: number) => string | undefined;
}

/** The column's values as strings. ASCII columns are decoded once, as a whole. */
export function valuesOf(column: Column, kernels: Kernels): Values {
  const bytes = textBytes(column, kernels);
  const offsets = kernels.memory.i32(column.offsets, column.length + 1).slice();
  const validity = validityOf(column, kernels)?.slice();
  const ascii = isAscii(bytes);
  const text = ascii && bytes.length < MAX_STRING ? bytes.toString("latin1") : undefined;
  const copy = text === undefined ? Buffer.from(bytes) : undefined;
  return {
    length: column.length,
    at(index) {
      const start = offsets[index]!;
      const end = offsets[index + 1]!;
      if (start === end || isNull(validity, index)) return undefined;
      return text === undefined ? copy!.toString("utf8", start, end) : text.slice(start, end);
    },
  };
}

/** V8's longest one-byte string is a little under 2^29 characters. */
const MAX_STRING = 2 ** 29 - 32;

/** Maps every value that is neither null nor empty, with its index. */
export function mapValues(column: Column, kernels: Kernels, map: (value: string, index: number) => string): Column {
  const values = valuesOf(column, kernels);
  const ends = new Int32Array(column.length + 1);
  const out = new TextBuilder(column.valuesLength + 64);
  for (let index = 0; index < values.length; index++) {
    const value = values.at(index);
    if (value !== undefined) out.append(map(value, index));
    ends[index + 1] = out.length;
  }
  const offsets = kernels.memory.put(new Uint8Array(ends.buffer));
  return textColumn(column, offsets, kernels.memory.put(out.bytes()), out.length);
}

/** A column of texts, none of them null. */
export function columnOf(texts: readonly string[], kernels: Kernels): Column {
  const { memory } = kernels;
  const ends = new Int32Array(texts.length + 1);
  const out = new TextBuilder(texts.reduce((sum, text) => sum + text.length, 64));
  for (const [index, text] of texts.entries()) {
    out.append(text);
    ends[index + 1] = out.length;
  }
  const like = { field: TEXT, length: texts.length, nullCount: 0, validity: 0, children: [] } as const;
  const offsets = memory.put(new Uint8Array(ends.buffer));
  return { ...like, offsets, values: memory.put(out.bytes()), valuesLength: out.length };
}

const TEXT: Field = { name: "", kind: "utf8", children: [] };

/** Elements of a column, none of them null. `indices` is the address of `count` ascending int32. */
export function gathered(column: Column, indices: number, count: number, kernels: Kernels): Column {
  const { memory } = kernels;
  const size = kernels.gatherTextSize(column.offsets, indices, count);
  const offsets = memory.alloc((count + 1) * 4);
  const values = memory.alloc(size);
  kernels.gatherText(column.values, column.offsets, indices, count, values, offsets);
  return textColumn({ ...column, length: count, nullCount: 0, validity: 0 }, offsets, values, size);
}

/** The column with the elements of `by` at `indices`, the address of as many ascending int32. */
export function patched(column: Column, indices: number, by: Column, kernels: Kernels): Column {
  const { memory } = kernels;
  const offsets = memory.alloc((column.length + 1) * 4);
  const values = memory.alloc(column.valuesLength + by.valuesLength);
  const length = kernels.patchText(
    column.values,
    column.offsets,
    column.length,
    indices,
    by.length,
    by.values,
    by.offsets,
    values,
    offsets,
  );
  return textColumn(column, offsets, values, length);
}

/** UTF-8 bytes that grow as text is appended. */
class TextBuilder {
  length = 0;
  #buffer: Buffer;

  constructor(capacity: number) {
    this.#buffer = Buffer.allocUnsafeSlow(capacity);
  }

  append(text: string): void {
    const most = text.length * 3;
    if (this.length + most > this.#buffer.length) {
      const grown = Buffer.allocUnsafeSlow(Math.max(this.#buffer.length * 2, this.length + most));
      this.#buffer.copy(grown, 0, 0, this.length);
      this.#buffer = grown;
    }
    this.length += this.#buffer.write(text, this.length, "utf8");
  }

  bytes(): Uint8Array {
    return this.#buffer.subarray(0, this.length);
  }
}

/** How a text's characters stand for bytes: as UTF-8, or each for one byte. */
type Encoding = "utf8" | "latin1";

/** The first of some one-byte separators that no value holds. */
export function freeSeparator(among: readonly string[], column: Column, kernels: Kernels): string | undefined {
  const { values, valuesLength } = column;
  return among.find((separator) => kernels.hasByte(values, valuesLength, separator.charCodeAt(0)) === 0);
}

/** The column's values as one string, each followed by the one-byte separator. */
export function joinedText(column: Column, separator: number, encoding: Encoding, kernels: Kernels): string {
  const { memory } = kernels;
  const before = memory.mark();
  const joined = memory.alloc(column.valuesLength + column.length);
  const length = kernels.join(column.values, column.offsets, column.length, separator, joined);
  const text = textAt(joined, length, encoding, kernels);
  memory.release(before);
  return text;
}

/**
 * The inverse of `joinedText`, beside the column that it came from.
 * @throws Error when the text does not hold as many values: something matched across them
 */
export function splitText(text: string, like: Column, separator: number, encoding: Encoding, kernels: Kernels): Column {
  const { memory } = kernels;
  // The most that it can take: to count first would cost more than the room that is given back.
  const room = text.length * (encoding === "latin1" ? 1 : 3);
  const offsets = memory.alloc((like.length + 1) * 4);
  const values = memory.alloc(room);
  const written = bufferAt(values, room, kernels).write(text, 0, room, encoding);
  memory.shrink(values, written);
  const found = kernels.split(values, written, separator, like.length, values, offsets);
  if (found !== like.length) {
    throw new Error(`masking a joined column of ${like.length} values gave ${found}: a pattern matched across them`);
  }
  return textColumn(like, offsets, values, written - found);
}

/** Bytes as text. */
export function textAt(pointer: number, length: number, encoding: Encoding, kernels: Kernels): string {
  return bufferAt(pointer, length, kernels).toString(encoding);
}

/** The inverse of `textAt` with a byte a character: the address of the bytes. */
export function putLatin1(text: string, kernels: Kernels): number {
  const pointer = kernels.memory.alloc(text.length);
  bufferAt(pointer, text.length, kernels).write(text, "latin1");
  return pointer;
}

function bufferAt(pointer: number, length: number, kernels: Kernels): Buffer {
  const view = kernels.memory.u8(pointer, length);
  return Buffer.from(view.buffer, view.byteOffset, view.byteLength);
}
