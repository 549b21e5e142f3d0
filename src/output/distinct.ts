import type { ObjectPlan } from "../input/plan.ts";
import { expectedLeaf } from "../proof/expected.ts";
import { type Contradiction, type Distinct, PAIR, PairSketch } from "../proof/sketch.ts";
import { displayUri } from "../store/uri.ts";
import type { Decision } from "../types.ts";
import type { LeafPairs } from "../worker/messages.ts";

/** Two columns of one domain: of the different values of the first that were looked at, how many the second has too. */
export interface Join {
  readonly columns: readonly [string, string];
  readonly sampled: number;
  readonly before: number;
  readonly after: number;
}

interface Column {
  readonly path: string;
  /** Results of columns with the same of these are to join. */
  readonly domain: string;
  readonly sketch: PairSketch;
}

/** Columns of one path and decision are one, whatever object they are in. */
export function columnId(path: string, { mask, rule }: Pick<Decision, "mask" | "rule">): string {
  return JSON.stringify([path, mask, rule]);
}

/** Object and row in one number. */
const ROWS = 2 ** 32;

/** Distinct values before and after, of every column whose results join, over a run. */
export class Distincts {
  readonly #columns = new Map<string, Column>();
  readonly #objects: ObjectPlan[] = [];

  /** @param from the number of the pairs' first row in the object */
  take(object: ObjectPlan, from: number, pairs: readonly LeafPairs[]): void {
    if (pairs.length === 0) return;
    let number = this.#objects.indexOf(object);
    if (number === -1) number = this.#objects.push(object) - 1;
    for (const { leaf, pairs: own } of pairs) {
      const { sketch } = this.#column(object, leaf);
      for (let at = 0; at < own.length; at += PAIR) {
        const row = own[at + 2]!;
        sketch.add(own[at]!, own[at + 1]!, row < 0 ? -1 : number * ROWS + from + row);
      }
    }
  }

  #column({ leaves }: ObjectPlan, index: number): Column {
    const leaf = leaves[index]!;
    const id = columnId(leaf.path, leaf.decision);
    const known = this.#columns.get(id);
    if (known) return known;
    const { joins, form } = expectedLeaf(leaf, leaf.decision);
    // Tokens of the previous key join among themselves.
    const domain = JSON.stringify([joins, leaf.decision.mask, form?.source, leaf.decision.previous]);
    const column = { path: leaf.path, domain, sketch: new PairSketch() };
    this.#columns.set(id, column);
    return column;
  }

  /** What is wrong. */
  problems(): { readonly path: string; readonly kind: string; readonly what: string }[] {
    const columns = [...this.#columns.values()];
    const within = columns.flatMap(({ path, sketch: { split, merged } }) => [
      ...(split.count > 0
        ? [{ path, kind: "distinct", what: `a value has more than one token${this.#places(split)}` }]
        : []),
      ...(merged.count > 0
        ? [{ path, kind: "distinct", what: `a token stands for more than one value${this.#places(merged)}` }]
        : []),
    ]);
    const between = this.joins()
      .filter(({ before, after }) => before !== after)
      .map(({ columns: [path, other], sampled, before, after }) => {
        const what = `of ${sampled} values ${before} are in ${other} too, but of their tokens ${after}`;
        return { path, kind: "joins", what };
      });
    return [...within, ...between];
  }

  #places({ count, places: [first] }: { readonly count: number; readonly places: readonly Contradiction[] }): string {
    const more = count > 1 ? `, and ${count - 1} more like it` : "";
    const places = (first ?? []).filter((place) => place >= 0).map((place) => this.#placeOf(place));
    return (places.length === 0 ? "" : ` (${places.join(" and ")})`) + more;
  }

  #placeOf(place: number): string {
    const object = this.#objects[Math.floor(place / ROWS)]!;
    return `row ${place % ROWS} of ${displayUri(object.input.object.uri)}`;
  }

  /** By `columnId`. */
  counts(): ReadonlyMap<string, Distinct> {
    return new Map([...this.#columns].map(([id, { sketch }]) => [id, sketch.distinct]));
  }

  /** Every two columns of a domain, each against the other. */
  joins(): Join[] {
    const groups = Map.groupBy(this.#columns.values(), ({ domain }) => domain);
    return [...groups.values()].flatMap((group) =>
      group.flatMap((a) =>
        group
          .filter((b) => b !== a)
          .map((b) => ({ columns: [a.path, b.path] as const, ...a.sketch.foundIn(b.sketch) })),
      ),
    );
  }
}
