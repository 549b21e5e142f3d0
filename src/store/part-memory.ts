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
 * reaches into the next): a block is free once its bytes are sent from elsewhere, or stored. What was sent more than once
 * is left to the collector: of an attempt that was given up, the rest may still be on its way to the socket.
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
  /** Neither used again nor given back. */
  readonly #inDoubt = new WeakSet<ArrayBufferLike>();

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
    this.#parts.set(PartNumber!, { memory: memoryOf(Body), isStored: false });
    this.#look();
  }

  /** The store has it. */
  stored({ PartNumber }: Part): void {
    this.#parts.get(PartNumber!)!.isStored = true;
    this.#look();
  }

  /** It was sent more than once. */
  doubt({ Body }: Part): void {
    const memory = memoryOf(Body);
    if (memory) this.#inDoubt.add(memory);
  }

  /** The store has everything. */
  end(): void {
    for (const { buffer } of [...this.#used.splice(0), ...this.#free.splice(0)]) this.#release(buffer);
    for (const { memory } of this.#parts.values()) this.#release(memory);
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
      const isWanted = this.#free.length * this.#blockBytes < this.#partBytes;
      if (isWanted && !this.#inDoubt.has(block.buffer)) this.#free.push(block);
      else this.#release(block.buffer);
    }
    for (const [number, part] of this.#parts) {
      if (number > this.#done || !part.isStored || this.#reachesInto(number + 1, part)) continue;
      if (this.#isCopy(part)) this.#release(part.memory);
      this.#parts.delete(number);
    }
  }

  /** Whether the part may lie in this one's memory too, or begin there: it does until it is sent from elsewhere. */
  #reachesInto(number: number, { memory }: Sent): boolean {
    const next = this.#parts.get(number);
    // One that is gone was sent, and stored.
    return next ? next.memory === memory : number > this.#done;
  }

  #isCopy({ memory }: Sent): boolean {
    return memory !== undefined && ![...this.#used, ...this.#free].some(({ buffer }) => buffer === memory);
  }

  #release(memory: ArrayBufferLike | undefined): void {
    if (memory && !this.#inDoubt.has(memory)) release(memory);
  }
}

function memoryOf(body: unknown): ArrayBufferLike | undefined {
  return ArrayBuffer.isView(body) ? body.buffer : undefined;
}
