/** A wasm memory, as much of `WebAssembly.Memory` as is used (its types come with the DOM's only). */
export interface GrowableMemory {
  readonly buffer: ArrayBuffer;
  /** Adds pages of 64 KiB; throws RangeError when there are no more. Views of the old buffer are detached. */
  grow(pages: number): number;
}

const PAGE = 65_536;
/** wasm32 addresses end here. */
const LIMIT = 2 ** 32;
const ALIGNMENT = 16;
/** Growth goes in steps of at least this, so that many small allocations do not each move the buffer. */
const GROWTH_STEP = 2 ** 20;
/** Bytes after each allocation that nothing else uses: SIMD kernels may read (never write) past a buffer's end. */
const SLACK = 64;

/**
 * The kernels' memory as an arena: allocations are handed out upwards and given back all at once, or down to a mark.
 *
 * Addresses are byte offsets from 0; 0 itself is never allocated. Allocated bytes are not cleared. A view is good
 * until the next allocation, which may grow the memory and so detach every view: make views where they are used.
 */
export class KernelMemory {
  readonly #memory: GrowableMemory;
  readonly #base: number;
  #top: number;

  /**
   * @param memory the wasm memory
   * @param base first address of the arena, after the kernels' static data
   */
  constructor(memory: GrowableMemory, base: number) {
    this.#memory = memory;
    this.#base = alignUp(Math.max(base, ALIGNMENT));
    this.#top = this.#base;
  }

  /** Bytes of the whole memory; it never shrinks. */
  get byteLength(): number {
    return this.#memory.buffer.byteLength;
  }

  /** The buffer that addresses index, until the next allocation. */
  get buffer(): ArrayBuffer {
    return this.#memory.buffer;
  }

  /**
   * Address of `bytes` new bytes, 16-byte aligned.
   *
   * @throws {RangeError} when `bytes` is not a size, or the memory would pass 4 GiB or what the machine gives
   */
  alloc(bytes: number): number {
    if (!Number.isSafeInteger(bytes) || bytes < 0) throw new RangeError(`allocating ${bytes} bytes: not a size`);
    const address = this.#top;
    const top = alignUp(address + bytes + SLACK);
    if (top > this.byteLength) this.#grow(top, bytes);
    this.#top = top;
    return address;
  }

  /** Address of a copy of `bytes`. */
  put(bytes: Uint8Array): number {
    const { byteOffset, length } = bytes;
    // Allocating may detach a view of this very memory, which would then be copied as empty.
    const ours = bytes.buffer === this.buffer;
    const address = this.alloc(length);
    this.u8(address, length).set(ours ? this.u8(byteOffset, length) : bytes);
    return address;
  }

  /** The arena's state, for `release`. */
  mark(): number {
    return this.#top;
  }

  /**
   * Gives back everything allocated since `mark` was taken.
   *
   * @throws {RangeError} when the mark lies above the arena's top: it was released before
   */
  release(mark: number): void {
    if (!(mark >= this.#base && mark <= this.#top)) {
      throw new RangeError(`releasing to ${mark}: not a mark between ${this.#base} and ${this.#top}`);
    }
    this.#top = mark;
  }

  /**
   * Makes the latest allocation, which is at `address`, `bytes` long.
   *
   * @throws {RangeError} when it is no longer than that
   */
  shrink(address: number, bytes: number): void {
    const top = alignUp(address + bytes + SLACK);
    if (!(address >= this.#base && top <= this.#top)) throw new RangeError(`shrinking to ${bytes} bytes at ${address}`);
    this.#top = top;
  }

  /** Gives back everything. */
  reset(): void {
    this.#top = this.#base;
  }

  u8(address: number, length: number): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.buffer, address, length);
  }

  i8(address: number, length: number): Int8Array<ArrayBuffer> {
    return new Int8Array(this.buffer, address, length);
  }

  u16(address: number, length: number): Uint16Array<ArrayBuffer> {
    return new Uint16Array(this.buffer, address, length);
  }

  i16(address: number, length: number): Int16Array<ArrayBuffer> {
    return new Int16Array(this.buffer, address, length);
  }

  u32(address: number, length: number): Uint32Array<ArrayBuffer> {
    return new Uint32Array(this.buffer, address, length);
  }

  i32(address: number, length: number): Int32Array<ArrayBuffer> {
    return new Int32Array(this.buffer, address, length);
  }

  u64(address: number, length: number): BigUint64Array<ArrayBuffer> {
    return new BigUint64Array(this.buffer, address, length);
  }

  i64(address: number, length: number): BigInt64Array<ArrayBuffer> {
    return new BigInt64Array(this.buffer, address, length);
  }

  f32(address: number, length: number): Float32Array<ArrayBuffer> {
    return new Float32Array(this.buffer, address, length);
  }

  f64(address: number, length: number): Float64Array<ArrayBuffer> {
    return new Float64Array(this.buffer, address, length);
  }

  #grow(top: number, bytes: number): void {
    const held = this.byteLength;
    if (top > LIMIT) {
      throw new RangeError(`allocating ${bytes} bytes: the kernels' memory holds ${held} and ends at 4 GiB`);
    }
    // A quarter more, for as few moves as a growing array has; exactly what is needed where that is not to be had.
    const wanted = Math.min(LIMIT, Math.max(top, held + Math.max(held / 4, GROWTH_STEP)));
    if (!this.#growTo(wanted) && !this.#growTo(top)) {
      throw new RangeError(`allocating ${bytes} bytes: the kernels' memory holds ${held} and cannot grow to ${top}`);
    }
  }

  #growTo(size: number): boolean {
    try {
      this.#memory.grow(Math.ceil((size - this.byteLength) / PAGE));
      return true;
    } catch (error) {
      if (error instanceof RangeError) return false;
      throw error;
    }
  }
}

function alignUp(address: number): number {
  return Math.ceil(address / ALIGNMENT) * ALIGNMENT;
}
