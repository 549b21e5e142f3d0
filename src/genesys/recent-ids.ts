/** Ids are forgotten at some time even where nobody says so. */
const MOST = 200_000;

/** Ids that were seen lately: since `turn` was called the time before last, or `MOST` of them. */
export class RecentIds {
  #now = new Set<string>();
  #before = new Set<string>();

  /** @returns whether it is new */
  add(id: string): boolean {
    if (this.#now.has(id) || this.#before.has(id)) return false;
    if (this.#now.size >= MOST) this.turn();
    this.#now.add(id);
    return true;
  }

  turn(): void {
    this.#before = this.#now;
    this.#now = new Set();
  }
}
