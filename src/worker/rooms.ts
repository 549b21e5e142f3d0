import { release } from "./release.ts";

/**
 * Memory of chunks that were written, for chunks to come: fresh memory costs the system more, page by page, than what
 * is written into it.
 */
export class Rooms {
  readonly #most: number;
  readonly #free: ArrayBuffer[] = [];

  /** @param most buffers that are kept */
  constructor(most: number) {
    this.#most = most;
  }

  take(): ArrayBuffer | undefined {
    return this.#free.pop();
  }

  give(buffer: ArrayBuffer): void {
    if (this.#free.length < this.#most) this.#free.push(buffer);
    else release(buffer);
  }
}
