import { release } from "../release.ts";

/** Of an UploadPart's input. */
export interface Part {
  readonly PartNumber?: number | undefined;
  readonly Body?: unknown;
}

interface Sent {
  readonly memory: ArrayBufferLike | undefined;
  isStored: boolean;
}

/**
 * The memory of an upload: blocks are used again, and what an uploader made of them is given back once the store has it.
 * The garbage collector would let a hundred megabytes of each upload pass through before it looks.
 *
 * Whether the uploader copies is seen by what it sends (lib-storage joins the blocks of a part, with the one that
 * reaches into the next): a block is free once its bytes are sent from elsewhere, or stored.
 */
export class PartMemory {
  readonly #blockBytes: number;
  readonly #partBytes: number;
  readonly #free: Uint8Array<ArrayBuffer>[] = [];
  /** Handed out and still wanted, in the order of their bytes. */
  readonly #used: Uint8Array<ArrayBuffer>[] = [];
  /** Blocks before these. */
  #before = 0;
  readonly #parts = new Map<number, Sent>();
  /** The last of the parts, all from the first on, whose bytes are wanted of no block any more. */
  #done = 0;

  /**
   * @param blockBytes of each block but the last
   * @param partBytes of each part but the last
   */
  constructor(blockBytes: number, partBytes: number) {
    this.#blockBytes = blockBytes;
    this.#partBytes = partBytes;
  }

  /** Memory for the next bytes. */
  block(): Uint8Array<ArrayBuffer> {
    const block = this.#free.pop() ?? new Uint8Array(Buffer.allocUnsafeSlow(this.#blockBytes).buffer);
    this.#used.push(block);
    return block;
  }

  /** A part is about to be sent. */
  sending({ PartNumber, Body }: Part): void {
    this.#parts.set(PartNumber!, { memory: ArrayBuffer.isView(Body) ? Body.buffer : undefined, isStored: false });
    this.#look();
  }

  /** The store has it. */
  stored({ PartNumber }: Part): void {
    this.#parts.get(PartNumber!)!.isStored = true;
    this.#look();
  }

  /** The store has everything. */
  end(): void {
    for (const { buffer } of [...this.#used.splice(0), ...this.#free.splice(0)]) release(buffer);
    for (const { memory } of this.#parts.values()) if (memory) release(memory);
    this.#parts.clear();
  }

  #look(): void {
    for (;;) {
      const part = this.#parts.get(this.#done + 1);
      if (!part || !(part.isStored || this.#isCopy(part))) break;
      this.#done++;
    }
    while (this.#used.length > 0 && (this.#before + 1) * this.#blockBytes <= this.#done * this.#partBytes) {
      const block = this.#used.shift()!;
      this.#before++;
      // The first parts are sent together, once the upload has its id: so many blocks are never wanted again.
      if (this.#free.length * this.#blockBytes < this.#partBytes) this.#free.push(block);
      else release(block.buffer);
    }
    for (const [number, part] of this.#parts) {
      const next = this.#parts.get(number + 1);
      // It may hold what the next part begins with.
      if (number > this.#done || !part.isStored || !next || next.memory === part.memory) continue;
      if (part.memory && this.#isCopy(part)) release(part.memory);
      this.#parts.delete(number);
    }
  }

  #isCopy({ memory }: Sent): boolean {
    return memory !== undefined && ![...this.#used, ...this.#free].some(({ buffer }) => buffer === memory);
  }
}
