/**
 * Distinct values of a column before and after, from those with the smallest hashes (bottom-k, KMV: Bar-Yossef et al.,
 * 2002). Hashes are keyed and the same for all columns, so that the samples of two columns are of the same values and
 * can be joined (coordinated sampling: Cohen and Kaplan, 2007).
 */
import { Partners } from "./partners.ts";

/**
 * Different values that a sketch knows one by one; beyond, the count's standard error is 3.1 %. More would not stay in
 * the table of pairs told of lately, and cost with every batch.
 */
const SIZE = 1024;
/** As many are kept before the largest hashes go. */
const MOST = SIZE * 1.25;
/** Hashes are below this. */
export const RANGE = 2 ** 52;
/** Contradictions that are kept. */
const MOST_KEPT = 16;

/** f64 of a pair as `sketchPairs` has it. */
export const PAIR = 3;

/** A value that has two partners: where the first and the second were seen. */
export type Contradiction = readonly [number, number];

/** The values with the smallest hashes of one side, each with its partner. */
class Side {
  below = Number.POSITIVE_INFINITY;
  readonly partners = new Partners();
  readonly contradictions: Contradiction[] = [];
  /** Values with more than one partner. */
  readonly contradicted = new Set<number>();

  /** @returns whether it was not known */
  add(hash: number, partner: number, place: number): boolean {
    if (hash >= this.below) return false;
    const { partners } = this;
    const slot = partners.find(hash);
    if (partners.isFree(slot)) {
      partners.set(slot, hash, partner, place);
      if (partners.size >= MOST) this.#prune();
      return true;
    }
    if (partners.partnerAt(slot) === partner || this.contradicted.has(hash)) return false;
    this.contradicted.add(hash);
    if (this.contradictions.length < MOST_KEPT) this.contradictions.push([partners.placeAt(slot), place]);
    return true;
  }

  #prune(): void {
    this.below = this.partners.nth(SIZE);
    this.partners.keepBelow(this.below);
  }

  get distinct(): number {
    return this.below === Number.POSITIVE_INFINITY
      ? this.partners.size
      : Math.round((this.partners.size * RANGE) / this.below);
  }
}

/** How many different values a column has before and after; not `exact` beyond a thousand, where they are estimates. */
export interface Distinct {
  readonly in: number;
  readonly out: number;
  readonly exact: boolean;
}

/** A column's values and what became of them, in pairs. */
export class PairSketch {
  readonly #in = new Side();
  readonly #out = new Side();

  /** Hashes that are small enough to be kept: of values, and of results. */
  get below(): readonly [number, number] {
    return [this.#in.below, this.#out.below];
  }

  /** @returns whether the pair says something new */
  add(value: number, result: number, place: number): boolean {
    const first = this.#in.add(value, result, place);
    return this.#out.add(result, value, place) || first;
  }

  get distinct(): Distinct {
    const exact = this.below.every((one) => one === Number.POSITIVE_INFINITY);
    const [before, after] = [this.#in.distinct, this.#out.distinct];
    const apart = this.#in.contradicted.size > 0 || this.#out.contradicted.size > 0;
    if (exact || apart) return { in: before, out: after, exact };
    // Of all that are known each has one partner: there are as many of one as of the other, and two estimates of it.
    const number = Math.round((before + after) / 2);
    return { in: number, out: number, exact };
  }

  /** Values with more than one result, as many as are known, and places of some. */
  get split(): { readonly count: number; readonly places: readonly Contradiction[] } {
    return { count: this.#in.contradicted.size, places: this.#in.contradictions };
  }

  /** Results of more than one value. */
  get merged(): { readonly count: number; readonly places: readonly Contradiction[] } {
    return { count: this.#out.contradicted.size, places: this.#out.contradictions };
  }

  /**
   * Which share of this column's different values the other one has too, by the values and by the results. Of the
   * values that both would know.
   */
  foundIn(other: PairSketch): { readonly sampled: number; readonly before: number; readonly after: number } {
    const below = Math.min(this.#in.below, other.#in.below);
    const results = new Set<number>();
    for (const [hash, partner] of other.#in.partners) if (hash < below) results.add(partner);
    let sampled = 0;
    let before = 0;
    let after = 0;
    for (const [hash, partner] of this.#in.partners) {
      if (hash >= below) continue;
      sampled++;
      if (other.#in.partners.has(hash)) before++;
      if (results.has(partner)) after++;
    }
    return { sampled, before, after };
  }
}
