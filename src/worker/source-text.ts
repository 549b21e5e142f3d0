import { Buffer } from "node:buffer";
import type { Kernels } from "../kernels/load.ts";
import { scalarText } from "../kernels/twin-scalars.ts";
import type { SourceValues } from "../proof/values.ts";
import type { Column } from "../types.ts";
import { writeRecord } from "./record.ts";

/** The kernels' memory as it was when it was last looked at: good until the next allocation. */
export class MemoryView {
  bytes: Buffer = Buffer.alloc(0);
  int32: Int32Array = new Int32Array(0);

  look({ memory: { buffer } }: Kernels): void {
    this.bytes = Buffer.from(buffer);
    this.int32 = new Int32Array(buffer);
  }
}

/** Texts up to this many bytes are compared without being made. */
const SHORT = 64;
/** Instead of its text, of an element that is there. */
const PRESENT = "-";

/**
 * Reads a scalar column's elements one by one, in plain TypeScript: what the kernels made of them is compared with it.
 * Making one may allocate; elements are read from what the view shows then.
 */
export class SourceColumn implements SourceValues {
  readonly #validity: number;
  readonly #values: number;
  /** Index of the first offset among the memory's int32; -1 where elements are not bytes between offsets. */
  readonly #ends: number;
  readonly #memory: MemoryView;
  /** Of elements that are there by the bitmap, those that JSON can hold; undefined where it can hold all. */
  readonly #holds: ((index: number) => boolean) | undefined;
  /** Of elements that are not bytes, where they are there. */
  readonly #read: (index: number) => string;

  /** @param wanted whether texts are, or only what is there */
  constructor(column: Column, wanted: boolean, memory: MemoryView, kernels: Kernels) {
    const { values, offsets, validity, field } = column;
    const isBytes = field.kind === "utf8" || field.kind === "binary" || field.kind === "number";
    this.#validity = validity;
    this.#values = values;
    this.#ends = isBytes && wanted ? offsets >>> 2 : -1;
    this.#memory = memory;
    this.#holds = finiteness(column, memory);
    this.#read = wanted && !isBytes ? elementText(column, memory, kernels) : () => PRESENT;
  }

  isNull(at: number): boolean {
    return this.#isInvalid(at) || (this.#holds !== undefined && !this.#holds(at));
  }

  isEmpty(at: number): boolean {
    if (this.#ends === -1) return false;
    const { int32 } = this.#memory;
    return int32[this.#ends + at] === int32[this.#ends + at + 1];
  }

  text(at: number): string | null {
    if (this.isNull(at)) return null;
    if (this.#ends === -1) return this.#read(at);
    const { bytes, int32 } = this.#memory;
    return bytes.toString("utf8", this.#values + int32[this.#ends + at]!, this.#values + int32[this.#ends + at + 1]!);
  }

  is(at: number, text: string): boolean {
    if (this.#ends === -1 || text.length > SHORT || this.#isInvalid(at)) return this.text(at) === text;
    const { bytes, int32 } = this.#memory;
    const from = this.#values + int32[this.#ends + at]!;
    const length = this.#values + int32[this.#ends + at + 1]! - from;
    const common = Math.min(length, text.length);
    for (let index = 0; index < common; index++) {
      const byte = bytes[from + index]!;
      // Beyond ASCII a byte is no character.
      if (byte >= 0x80) return this.text(at) === text;
      if (byte !== text.charCodeAt(index)) return false;
    }
    return length === text.length;
  }

  #isInvalid(at: number): boolean {
    return this.#validity !== 0 && ((this.#memory.bytes[this.#validity + (at >> 3)]! >> (at & 7)) & 1) === 0;
  }
}

/** What elements are no numbers of JSON. */
function finiteness({ values, field }: Column, memory: MemoryView): ((index: number) => boolean) | undefined {
  switch (field.kind) {
    case "null":
      return () => false;
    case "float16":
      return (index) => (memory.bytes[values + index * 2 + 1]! & 0x7c) !== 0x7c;
    case "float32":
      return (index) => Number.isFinite(memory.bytes.readFloatLE(values + index * 4));
    case "float64":
      return (index) => Number.isFinite(memory.bytes.readDoubleLE(values + index * 8));
    default:
      return undefined;
  }
}

/** Elements that are not bytes between offsets. */
function elementText(column: Column, memory: MemoryView, kernels: Kernels): (index: number) => string {
  const { values, field } = column;
  switch (field.kind) {
    case "null":
      return () => PRESENT;
    case "float16":
      // Too few digits to be anything but a number.
      return () => "0";
    case "int32":
      return (index) => String(memory.bytes.readInt32LE(values + index * 4));
    case "int64":
      return (index) => int64Text(memory.bytes, values + index * 8);
    case "float32":
      return (index) => String(memory.bytes.readFloatLE(values + index * 4));
    case "float64":
      return (index) => String(memory.bytes.readDoubleLE(values + index * 8));
    default: {
      const record = writeRecord(column, kernels, { quoteInt64: false });
      return (index) => scalarText(new DataView(memory.bytes.buffer as ArrayBuffer), record, index);
    }
  }
}

/** High words within are of integers that a double holds. */
const MOST_HIGH = 2 ** 20;

function int64Text(bytes: Buffer, at: number): string {
  const high = bytes.readInt32LE(at + 4);
  if (high >= MOST_HIGH || high < -MOST_HIGH) return String(bytes.readBigInt64LE(at));
  return String(high * 2 ** 32 + bytes.readUInt32LE(at));
}
