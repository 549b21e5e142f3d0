const INITIAL_LENGTH = 64;

/** int32 offsets that grow: one more than elements, ascending from 0. */
export class Offsets {
  #values = new Int32Array(INITIAL_LENGTH);
  /** Elements. */
  length = 0;

  /** Ends the next element at `end`. */
  push(end: number): void {
    const index = ++this.length;
    if (index >= this.#values.length) this.#grow(index + 1);
    this.#values[index] = end;
  }

  /** Adds empty elements up to `length`. */
  pad(length: number): void {
    if (length >= this.#values.length) this.#grow(length + 1);
    this.#values.fill(this.#values[this.length]!, this.length + 1, length + 1);
    this.length = length;
  }

  at(index: number): number {
    return this.#values[index]!;
  }

  /** The offsets' bytes, good until they change. */
  bytes(): Uint8Array {
    return new Uint8Array(this.#values.buffer, 0, 4 * (this.length + 1));
  }

  clear(): void {
    this.length = 0;
  }

  #grow(size: number): void {
    const values = new Int32Array(Math.max(size, 2 * this.#values.length));
    values.set(this.#values);
    this.#values = values;
  }
}
