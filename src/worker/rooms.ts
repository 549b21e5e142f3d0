import { release } from "../release.ts";
import type { Budget } from "./budget.ts";

/**
 * Memory of chunks that were written, for chunks to come: fresh memory costs the system more, page by page, than what
 * is written into it. As much is kept as waiting batches leave of a quarter of their budget: with all of it, long runs
 * take 60 MiB more and no less time.
 */
export class Rooms {
  readonly #budget: Budget;
  readonly #limit: number;
  readonly #free: ArrayBuffer[] = [];
  #bytes = 0;

  constructor(budget: Budget) {
    this.#budget = budget;
    this.#limit = budget.limit / 4;
  }

  take(): ArrayBuffer | undefined {
    const room = this.#pop();
    // What waits may have grown since.
    while (this.#free.length > 0 && this.#budget.used + this.#bytes > this.#limit) release(this.#pop()!);
    return room;
  }

  give(room: ArrayBuffer): void {
    if (this.#budget.used + this.#bytes + room.byteLength > this.#limit) {
      release(room);
      return;
    }
    this.#free.push(room);
    this.#bytes += room.byteLength;
  }

  #pop(): ArrayBuffer | undefined {
    const room = this.#free.pop();
    this.#bytes -= room?.byteLength ?? 0;
    return room;
  }
}
