/** Parts that are not being read yet may fill so much of the budget; the rest is kept for those that are. */
const AHEAD = 0.7;

/** Bytes of batches that wait on the main thread, and who may add to them. */
export class Budget {
  /** Bytes. */
  readonly limit: number;
  #used = 0;
  #waiting: (() => void)[] = [];

  constructor(limit: number) {
    this.limit = limit;
  }

  get used(): number {
    return this.#used;
  }

  /** Whether a part may ask for one more batch. */
  allows(head: boolean): boolean {
    return this.#used < this.limit * (head ? 1 : AHEAD);
  }

  take(bytes: number): void {
    this.#used += bytes;
    if (bytes < 0) this.changed();
  }

  release(bytes: number): void {
    this.#used -= bytes;
    this.changed();
  }

  /** Lets those who wait look again. */
  changed(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const wake of waiting) wake();
  }

  /** Resolves once `free()` holds; looked at whenever something changes. */
  async room(free: () => boolean): Promise<void> {
    while (!free()) {
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
      });
    }
  }
}
