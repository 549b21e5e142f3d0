import { isAscii, isUtf8 } from "node:buffer";
import type { KernelMemory } from "../../kernels/memory.ts";
import { ColumnBuilder } from "./column-builder.ts";
import { unescapeTo } from "./escape.ts";
import { Offsets } from "./offsets.ts";

const INITIAL_BYTES = 1024;
/** Shorter ones are copied byte by byte: a call costs more. */
const SHORT = 24;

/** utf8 or number: bytes and offsets into them. What comes in need not be well-formed; what goes out is. */
export class TextBuilder extends ColumnBuilder {
  #bytes = Buffer.allocUnsafe(INITIAL_BYTES);
  #top = 0;
  readonly #offsets = new Offsets();

  /** Adds the bytes [start, stop) of `source`. */
  add(source: Uint8Array, start: number, stop: number): void {
    const size = stop - start;
    this.#reserve(size);
    if (size < SHORT) {
      const bytes = this.#bytes;
      let to = this.#top;
      for (let i = start; i < stop; i++) bytes[to++] = source[i]!;
    } else {
      this.#bytes.set(source.subarray(start, stop), this.#top);
    }
    this.#end(this.#top + size);
  }

  /** Adds what the JSON string between the quotes [start, stop) of `source` stands for. */
  addEscaped(source: Uint8Array, start: number, stop: number): void {
    this.#reserve(stop - start);
    this.#end(unescapeTo(this.#bytes, this.#top, source, start, stop));
  }

  /** Adds bytes given as a string of one character (U+0000 to U+00FF) each. */
  addLatin1(text: string): void {
    const size = text.length;
    this.#reserve(size);
    if (size < SHORT) {
      const bytes = this.#bytes;
      const top = this.#top;
      for (let i = 0; i < size; i++) bytes[top + i] = text.charCodeAt(i);
    } else {
      this.#bytes.write(text, this.#top, "latin1");
    }
    this.#end(this.#top + size);
  }

  protected override padBuffers(length: number): void {
    this.#offsets.pad(length);
  }

  protected override finishBuffers(memory: KernelMemory) {
    this.invalidUtf8 = this.#isWellFormed() ? 0 : this.#repair();
    const valuesLength = this.#top;
    const values = memory.put(this.#bytes.subarray(0, valuesLength));
    const offsets = memory.put(this.#offsets.bytes());
    this.#top = 0;
    this.#offsets.clear();
    return { values, valuesLength, offsets };
  }

  #end(top: number): void {
    this.#top = top;
    this.#offsets.push(top);
    this.added();
  }

  /** Well-formed as a whole, and no value starts inside a sequence. */
  #isWellFormed(): boolean {
    const bytes = this.#bytes.subarray(0, this.#top);
    if (isAscii(bytes)) return true;
    if (!isUtf8(bytes)) return false;
    for (let i = 0; i < this.#offsets.length; i++) {
      const start = this.#offsets.at(i);
      if (start < this.#top && (bytes[start]! & 0xc0) === 0x80) return false;
    }
    return true;
  }

  /** Puts U+FFFD where values are not well-formed. @returns how many values were not */
  #repair(): number {
    const bytes = this.#bytes;
    const ends = Array.from({ length: this.#offsets.length }, (_, i) => this.#offsets.at(i + 1));
    this.#bytes = Buffer.allocUnsafe(Math.max(INITIAL_BYTES, bytes.length));
    this.#top = 0;
    this.#offsets.clear();
    let repaired = 0;
    let start = 0;
    for (const end of ends) {
      let value = bytes.subarray(start, end);
      if (!isUtf8(value)) {
        value = Buffer.from(value.toString("utf8"), "utf8");
        repaired++;
      }
      this.#reserve(value.length);
      this.#bytes.set(value, this.#top);
      this.#top += value.length;
      this.#offsets.push(this.#top);
      start = end;
    }
    return repaired;
  }

  #reserve(size: number): void {
    const needed = this.#top + size;
    if (needed <= this.#bytes.length) return;
    const bytes = Buffer.allocUnsafe(Math.max(needed, 2 * this.#bytes.length));
    this.#bytes.copy(bytes, 0, 0, this.#top);
    this.#bytes = bytes;
  }
}
