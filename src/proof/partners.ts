/** What stands for no hash. */
const FREE = -1;
/** Slots of a table, and the share of them that may be taken. */
const FEWEST = 64;
const MOST_FULL = 0.75;

/**
 * Hashes, each with its partner and where both were seen: a map in three arrays, several times as fast as one of
 * objects. Hashes are integers of up to 52 bits, spread evenly in the lowest.
 */
export class Partners {
  size = 0;
  #table = emptyTable(FEWEST);
  #spare = emptyTable(FEWEST);

  /** Where a hash stands or would: good until the next `set` or `keepBelow`. */
  find(hash: number): number {
    const { hashes } = this.#table;
    const mask = hashes.length - 1;
    let slot = hash & mask;
    while (hashes[slot] !== hash && hashes[slot] !== FREE) slot = (slot + 1) & mask;
    return slot;
  }

  has(hash: number): boolean {
    return !this.isFree(this.find(hash));
  }

  isFree(slot: number): boolean {
    return this.#table.hashes[slot] === FREE;
  }

  partnerAt(slot: number): number {
    return this.#table.partners[slot]!;
  }

  placeAt(slot: number): number {
    return this.#table.places[slot]!;
  }

  /** @param slot that `find` gave for a hash that is not there */
  set(slot: number, hash: number, partner: number, place: number): void {
    const { hashes, partners, places } = this.#table;
    hashes[slot] = hash;
    partners[slot] = partner;
    places[slot] = place;
    if (++this.size <= hashes.length * MOST_FULL) return;
    this.#spare = emptyTable(hashes.length * 2);
    this.#rebuild(Number.POSITIVE_INFINITY);
    this.#spare = emptyTable(hashes.length * 2);
  }

  /** The hash that has so many below it. */
  nth(rank: number): number {
    const all = this.#spare.hashes;
    let count = 0;
    for (const hash of this.#table.hashes) if (hash !== FREE) all[count++] = hash;
    return selected(all, count, rank);
  }

  /** Forgets all hashes but those below a limit. */
  keepBelow(limit: number): void {
    this.#rebuild(limit);
  }

  *[Symbol.iterator](): Generator<readonly [hash: number, partner: number]> {
    const { hashes, partners } = this.#table;
    for (const [slot, hash] of hashes.entries()) if (hash !== FREE) yield [hash, partners[slot]!];
  }

  /** Into the spare table, which the other one then is. */
  #rebuild(limit: number): void {
    const { hashes, partners, places } = this.#table;
    const to = this.#spare;
    to.hashes.fill(FREE);
    [this.#table, this.#spare] = [to, this.#table];
    this.size = 0;
    for (let slot = 0; slot < hashes.length; slot++) {
      const hash = hashes[slot]!;
      if (hash === FREE || hash >= limit) continue;
      const free = this.find(hash);
      to.hashes[free] = hash;
      to.partners[free] = partners[slot]!;
      to.places[free] = places[slot]!;
      this.size++;
    }
  }
}

interface Table {
  readonly hashes: Float64Array;
  readonly partners: Float64Array;
  readonly places: Float64Array;
}

function emptyTable(slots: number): Table {
  return {
    hashes: new Float64Array(slots).fill(FREE),
    partners: new Float64Array(slots),
    places: new Float64Array(slots),
  };
}

/** The value that has `rank` others of the first `count` below it (Hoare's Find, 1961). They change places. */
function selected(values: Float64Array, count: number, rank: number): number {
  let left = 0;
  let right = count - 1;
  while (left < right) {
    const pivot = values[(left + right) >> 1]!;
    let i = left;
    let j = right;
    while (i <= j) {
      while (values[i]! < pivot) i++;
      while (values[j]! > pivot) j--;
      if (i > j) break;
      const swapped = values[i]!;
      values[i++] = values[j]!;
      values[j--] = swapped;
    }
    if (rank <= j) right = j;
    else if (rank >= i) left = i;
    else break;
  }
  return values[rank]!;
}
