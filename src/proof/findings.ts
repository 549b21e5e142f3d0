/** What verification found, and whether it may be. Paths and row numbers, never values. */

/** What was looked at. */
export type Check =
  /** Rows, nulls and shape: the output has what the input has. */
  | "counts"
  /** A masked value looks like what its mask writes. */
  | "form"
  /** No detector finds anything. */
  | "detector"
  /** No source value of a masked column is there again in its own record. */
  | "survives";

/** Something found in a column, with how often. */
export interface Finding {
  readonly check: Check;
  /** The leaf it was found in, by its number. */
  readonly leaf: number;
  /** `survives`: the leaf whose value it is. */
  readonly from: number | undefined;
  /** A detector's name, or what of a value was found. */
  readonly what: string;
  /** Up to which share of the leaf's values this may be chance; more fails. 0: none may; 1: it is excused by `why`. */
  readonly tolerated: number;
  readonly why: string;
  count: number;
  /** Row numbers of the first few, from 0, each once. */
  readonly rows: number[];
}

/** Row numbers that a finding keeps. */
const KEPT_ROWS = 5;
/** So few may be chance whatever the share, where chance is possible at all. */
const FEW = 3;

export type FindingKind = Pick<Finding, "check" | "leaf" | "from" | "what" | "tolerated" | "why">;

/** Findings of a number of records, those of one kind counted together. */
export class Findings {
  readonly #found = new Map<string, Finding>();

  add(kind: FindingKind, rows: readonly number[], count = rows.length): void {
    const { check, leaf, from, what, tolerated, why } = kind;
    const id = `${check} ${leaf} ${from} ${what} ${why}`;
    let finding = this.#found.get(id);
    if (!finding) {
      finding = { check, leaf, from, what, tolerated, why, count: 0, rows: [] };
      this.#found.set(id, finding);
    }
    finding.count += count;
    for (const row of rows) {
      if (finding.rows.length === KEPT_ROWS) break;
      if (!finding.rows.includes(row)) finding.rows.push(row);
    }
  }

  /** @param offset added to row numbers */
  merge(more: readonly Finding[], offset: number): void {
    for (const one of more)
      this.add(
        one,
        one.rows.map((row) => row + offset),
        one.count,
      );
  }

  get all(): Finding[] {
    return [...this.#found.values()];
  }
}

/** Whether a finding stands in the way of a commit. @param values how many of the leaf were looked at */
export function fails({ tolerated, count }: Finding, values: number): boolean {
  if (tolerated === 0) return true;
  return tolerated < 1 && count > FEW && count > tolerated * values;
}
