import type { Kernels } from "../kernels/load.ts";
import { canonicalColumn } from "../masks/canonical.ts";
import type { Joins } from "../masks/mask.ts";
import { textBytes } from "../masks/text.ts";
import { PAIR, PairSketch, RANGE } from "../proof/sketch.ts";
import type { Column } from "../types.ts";
import { textForm } from "./text-form.ts";

/** Pairs of values and results told of lately: 64 KiB, so that values that repeat cost no more than their hashes. */
const SLOTS = 4096;
const SLOT_BYTES = 16;
/** Of a batch's thousands of values some dozens. */
const RARE = RANGE / 32;
/** Longer columns, of lists' items, are looked at a piece at a time. */
const PIECE = 16_384;

/** What of one leaf's values and results a worker has told of. */
export class LeafSketch {
  readonly #canonical: (column: Column, kernels: Kernels) => Column;
  /** What a result that counts looks like, where not all of them do. */
  readonly #token: RegExp | undefined;
  readonly #seed: Uint8Array;
  #known = new PairSketch();
  #seen = new Uint8Array(SLOTS * SLOT_BYTES);

  /** @param seed 8 bytes, the same for all columns of a run and secret */
  constructor({ domain, token }: Joins, seed: Uint8Array) {
    this.#canonical = canonicalColumn(domain);
    this.#token = token === undefined ? undefined : new RegExp(`^(?:${token})$`, "u");
    this.#seed = seed;
  }

  /** Forgets what it told: it may have been lost. */
  reset(): void {
    this.#known = new PairSketch();
    this.#seen.fill(0);
  }

  /**
   * The pairs of a column and its results that were not told before, each by its two hashes and its index.
   * @param results text as long as the column
   */
  look(column: Column, results: Column, kernels: Kernels): Float64Array<ArrayBuffer> {
    const { memory } = kernels;
    const values = this.#canonical(textForm(column, kernels).column, kernels);
    const seed = memory.put(this.#seed);
    // Where hashes that count are rare, bringing the table costs more than it saves.
    const isRare = Math.max(...this.#known.below) < RARE;
    const slots = isRare ? 1 : SLOTS;
    const seen = isRare ? memory.put(new Uint8Array(SLOT_BYTES)) : memory.put(this.#seen);
    const below = memory.alloc(16);
    const out = memory.alloc(Math.min(column.length, PIECE) * PAIR * 8);
    const fresh: number[] = [];
    for (let from = 0; from < column.length; from += PIECE) {
      const length = Math.min(PIECE, column.length - from);
      memory.f64(below, 2).set(this.#known.below);
      const count = kernels.sketchPairs(
        values.values,
        values.offsets + from * 4,
        results.values,
        results.offsets + from * 4,
        // Pieces begin at whole bytes of the bitmap.
        results.validity === 0 ? 0 : results.validity + (from >> 3),
        length,
        seed,
        below,
        seen,
        slots,
        out,
      );
      const pairs = memory.f64(out, count * PAIR);
      for (let at = 0; at < pairs.length; at += PAIR) {
        const index = from + pairs[at + 2]!;
        if (this.#known.add(pairs[at]!, pairs[at + 1]!, index) && this.#isToken(results, index, kernels))
          fresh.push(pairs[at]!, pairs[at + 1]!, index);
      }
    }
    if (!isRare) this.#seen.set(memory.u8(seen, this.#seen.length));
    return Float64Array.from(fresh);
  }

  /** Where a value holds several things, or more than one thing, its result says nothing of any one of them. */
  #isToken(results: Column, index: number, kernels: Kernels): boolean {
    if (!this.#token) return true;
    const ends = kernels.memory.i32(results.offsets + index * 4, 2);
    return this.#token.test(textBytes(results, kernels).toString("utf8", ends[0], ends[1]));
  }
}
