import type { KernelMemory } from "../../kernels/memory.ts";
import type { Column, Field } from "../../types.ts";
import { Bits } from "./bits.ts";

/** The buffers of a kind, in the kernels' memory. */
type Buffers = Partial<Pick<Column, "offsets" | "values" | "valuesLength" | "children">>;

/**
 * Takes a column's elements one after the other, and copies them to the kernels' memory.
 *
 * A builder may lag behind: elements that its parent has and it has not yet are nulls, written in bulk when the next
 * element comes or the column is finished. So a key that a row does not have costs that row nothing.
 */
export abstract class ColumnBuilder {
  readonly field: Field;
  /** The column's path, as leaves are written. */
  readonly path: string;
  /** Elements so far. */
  length = 0;
  /** How many elements of nested columns an element brings with it, itself included. */
  readonly weight: number = 1;
  /** Values finished last that were not well-formed, in this column and those below it. */
  invalidUtf8 = 0;
  #nulls = 0;
  #validity: Bits | null = null;

  constructor(field: Field, path: string) {
    this.field = field;
    this.path = path;
  }

  /** Adds nulls up to `length`. */
  pad(length: number): void {
    if (this.#validity === null) {
      this.#validity = new Bits();
      this.#validity.setFirst(this.length);
    }
    this.#nulls += length - this.length;
    this.length = length;
    this.padBuffers(length);
  }

  /** Copies the column, with nulls up to `length`, to `memory`, and starts anew with nothing. */
  finish(length: number, memory: KernelMemory): Column {
    if (this.length < length) this.pad(length);
    const { field } = this;
    const validity = this.#validity === null ? 0 : memory.put(this.#validity.bytes(length));
    const none = { offsets: 0, values: 0, valuesLength: 0, children: [] };
    const column = { field, length, nullCount: this.#nulls, validity, ...none, ...this.finishBuffers(memory) };
    this.length = 0;
    this.#nulls = 0;
    this.#validity = null;
    return column;
  }

  /** Counts an element that was just added to the buffers. */
  protected added(): void {
    if (this.#validity !== null) this.#validity.set(this.length);
    this.length++;
  }

  /** Gives the buffers empty elements up to `length`, where they need any. */
  protected padBuffers(_length: number): void {}

  /** Copies the buffers of `this.length` elements and clears them; sets `invalidUtf8`. */
  protected abstract finishBuffers(memory: KernelMemory): Buffers;
}

/** Every element is null. */
export class NullBuilder extends ColumnBuilder {
  protected override finishBuffers(): Buffers {
    return {};
  }
}

/** Booleans: values are a bitmap. */
export class BoolBuilder extends ColumnBuilder {
  readonly #bits = new Bits();

  add(value: boolean): void {
    if (value) this.#bits.set(this.length);
    this.added();
  }

  protected override finishBuffers(memory: KernelMemory): Buffers {
    const bytes = this.#bits.bytes(this.length);
    const values = memory.put(bytes);
    this.#bits.clear();
    return { values, valuesLength: bytes.length };
  }
}
