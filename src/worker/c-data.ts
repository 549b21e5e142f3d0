/**
 * Arrow's C data interface (https://arrow.apache.org/docs/format/CDataInterface.html) as a 32-bit program lays it out:
 * pointers of 4 bytes, int64 at multiples of 8. Views of a wasm memory that dangle as soon as it grows.
 */
import { Buffer } from "node:buffer";

/** An ArrowSchema: what a column's buffers hold. */
export interface Layout {
  /** The format string, such as `u` or `+l`; of the indices where there is a dictionary. */
  readonly format: string;
  readonly name: string;
  readonly children: readonly Layout[];
  readonly dictionary?: Layout;
}

/** Reads the ArrowSchema at an address. */
export function layoutAt(memory: ArrayBuffer, address: number): Layout {
  const view = new DataView(memory);
  const text = (pointer: number) => {
    const bytes = Buffer.from(memory, pointer);
    return bytes.toString("utf8", 0, bytes.indexOf(0));
  };
  const at = (schema: number): Layout => {
    const name = view.getUint32(schema + 4, true);
    const count = Number(view.getBigInt64(schema + 24, true));
    const children = view.getUint32(schema + 32, true);
    const dictionary = view.getUint32(schema + 36, true);
    return {
      format: text(view.getUint32(schema, true)),
      name: name === 0 ? "" : text(name),
      children: Array.from({ length: count }, (_, i) => at(view.getUint32(children + i * 4, true))),
      ...(dictionary === 0 ? {} : { dictionary: at(dictionary) }),
    };
  };
  return at(address);
}

/** An ArrowArray. */
export class ForeignArray {
  readonly memory: ArrayBuffer;
  readonly length: number;
  /** Elements before the first one, in every buffer and every child of a struct. */
  readonly offset: number;
  /** -1 where nobody counted. */
  readonly nullCount: number;
  readonly #view: DataView;
  readonly #address: number;

  constructor(memory: ArrayBuffer, address: number) {
    this.memory = memory;
    this.#view = new DataView(memory);
    this.#address = address;
    this.length = this.#int64(0);
    this.nullCount = this.#int64(8);
    this.offset = this.#int64(16);
  }

  get bufferCount(): number {
    return this.#int64(24);
  }

  /** Address of a buffer, 0 where there is none. */
  buffer(index: number): number {
    return this.#pointer(this.#pointer(this.#address + 40) + index * 4);
  }

  child(index: number): ForeignArray {
    return new ForeignArray(this.memory, this.#pointer(this.#pointer(this.#address + 44) + index * 4));
  }

  get dictionary(): ForeignArray {
    return new ForeignArray(this.memory, this.#pointer(this.#address + 48));
  }

  /** A view of `length` bytes from an address on; nothing of a buffer that is not there. */
  bytes(address: number, length: number): Uint8Array<ArrayBuffer> {
    return address === 0 ? new Uint8Array(0) : new Uint8Array(this.memory, address, length);
  }

  #int64(at: number): number {
    return Number(this.#view.getBigInt64(this.#address + at, true));
  }

  #pointer(at: number): number {
    return this.#view.getUint32(at, true);
  }
}
