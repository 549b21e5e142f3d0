const INITIAL_BYTES = 64;

/** A bitmap that grows, least significant bit first; bits that were not set are 0. */
export class Bits {
  #bytes = new Uint8Array(INITIAL_BYTES);

  set(index: number): void {
    const byte = index >> 3;
    if (byte >= this.#bytes.length) this.#grow(byte + 1);
    this.#bytes[byte]! |= 1 << (index & 7);
  }

  /** Sets the bits [0, end). */
  setFirst(end: number): void {
    const whole = end >> 3;
    if (whole >= this.#bytes.length) this.#grow(whole + 1);
    this.#bytes.fill(0xff, 0, whole);
    this.#bytes[whole]! |= (1 << (end & 7)) - 1;
  }

  /** The bytes of the first `length` bits, good until the bitmap changes. */
  bytes(length: number): Uint8Array {
    const size = (length + 7) >> 3;
    if (size > this.#bytes.length) this.#grow(size);
    return this.#bytes.subarray(0, size);
  }

  clear(): void {
    this.#bytes.fill(0);
  }

  #grow(size: number): void {
    const bytes = new Uint8Array(Math.max(size, 2 * this.#bytes.length));
    bytes.set(this.#bytes);
    this.#bytes = bytes;
  }
}
