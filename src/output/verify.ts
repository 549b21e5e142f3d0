import { EXIT, MasklineError } from "../errors.ts";
import type { ObjectPlan } from "../input/plan.ts";
import { type Finding, Findings, fails } from "../proof/findings.ts";
import type { Distinct } from "../proof/sketch.ts";
import { displayUri } from "../store/uri.ts";
import type { BatchProof, EncodedBatch } from "../worker/messages.ts";
import { Distincts, type Join } from "./distinct.ts";

/** What was verified, for the manifest: that nothing failed, and what was let pass. */
export interface Verification {
  /** Every object has as many rows as its input. */
  readonly rowCounts: "equal";
  /** Every column is null where its source is, in every row. */
  readonly nullCounts: "equal";
  /** Share of the rows that were to be compared one by one, and how many were. */
  readonly share: number;
  readonly sampledRows: number;
  /** Values that were looked at in them. */
  readonly sampledValues: number;
  readonly excused: readonly Excused[];
  /** Columns of one domain: as many values of the one are in the other before as after. */
  readonly joins: readonly Join[];
}

/** The verdict, and different values by `columnId`. */
export interface Conclusion {
  readonly verification: Verification;
  readonly distinct: ReadonlyMap<string, Distinct>;
}

/** Something found that is no failure, and why not. */
interface Excused {
  readonly column: string;
  readonly check: Finding["check"];
  /** A detector's name, or what of a value of `from` was found. */
  readonly what: string;
  readonly from?: string;
  readonly why: string;
  readonly values: number;
}

interface ObjectProof {
  readonly findings: Findings;
  readonly values: number[];
  rows: number;
  sampled: number;
}

/** What is known of a run's output so far. */
export class RunProof {
  readonly #share: number;
  readonly #purpose: Purpose;
  readonly #objects = new Map<ObjectPlan, ObjectProof>();
  readonly #distincts = new Distincts();

  /** @param share of the rows that are compared one by one */
  constructor(share: number, purpose: Purpose) {
    this.#share = share;
    this.#purpose = purpose;
  }

  /**
   * The next batch of an object.
   * @throws MasklineError (exit 4) when there is something that no number of others can excuse
   */
  take(object: ObjectPlan, { rows, proof }: Pick<EncodedBatch, "rows"> & { readonly proof: BatchProof }): void {
    const known = this.#objects.get(object) ?? {
      findings: new Findings(),
      values: object.leaves.map(() => 0),
      rows: 0,
      sampled: 0,
    };
    this.#objects.set(object, known);
    this.#distincts.take(object, known.rows, proof.pairs);
    known.findings.merge(proof.findings, known.rows);
    known.rows += rows;
    known.sampled += proof.sampled;
    for (const [leaf, values] of proof.values.entries()) known.values[leaf]! += values;
    if (proof.findings.some(({ tolerated }) => tolerated === 0)) {
      const failing = known.findings.all.filter(({ tolerated }) => tolerated === 0);
      throw verificationError(
        failing.map((finding) => problemOf({ object, finding })),
        this.#purpose,
      );
    }
  }

  /**
   * The verdict over all that was written.
   * @throws MasklineError (exit 4) when there is more of something than chance explains
   */
  conclude(objects: readonly ObjectPlan[]): Conclusion {
    const groups = objects.flatMap((object) => {
      const proof = this.#objects.get(object);
      return proof ? [{ object, ...proof }] : [];
    });
    const sum = (of: (one: ObjectProof) => number) => groups.reduce((total, one) => total + of(one), 0);
    // Objects of one schema are judged together: chance evens out over many.
    const judged = [...Map.groupBy(groups, ({ object }) => object.spec.id).values()].flatMap(judgedTogether);
    const failing = judged.filter(({ finding, values }) => fails(finding, values));
    const problems = [...failing.map(problemOf), ...this.#distincts.problems()];
    if (problems.length > 0) throw verificationError(problems, this.#purpose);
    const verification: Verification = {
      rowCounts: "equal",
      nullCounts: "equal",
      share: this.#share,
      sampledRows: sum(({ sampled }) => sampled),
      sampledValues: sum(({ values }) => values.reduce((total, one) => total + one, 0)),
      excused: judged.map(({ object: { leaves }, finding: { leaf, check, what, from, why, count } }) => ({
        column: leaves[leaf]!.path,
        check,
        what,
        ...(from !== undefined && { from: leaves[from]!.path }),
        why,
        values: count,
      })),
      joins: this.#distincts.joins(),
    };
    return { verification, distinct: this.#distincts.counts() };
  }
}

interface Judged {
  /** Where the finding's row numbers are. */
  readonly object: ObjectPlan;
  readonly finding: Finding;
  readonly values: number;
}

function judgedTogether(objects: readonly ({ readonly object: ObjectPlan } & ObjectProof)[]): Judged[] {
  const together = new Findings();
  for (const { findings } of objects) together.merge(findings.all, 0);
  return together.all.map((finding) => {
    const first = objects.find(({ findings }) => findings.all.some((one) => isSame(one, finding)))!;
    const rows = first.findings.all.find((one) => isSame(one, finding))!.rows;
    const values = objects.reduce((total, one) => total + one.values[finding.leaf]!, 0);
    return { object: first.object, finding: { ...finding, rows }, values };
  });
}

function isSame(a: Finding, b: Finding): boolean {
  return a.check === b.check && a.leaf === b.leaf && a.from === b.from && a.what === b.what && a.why === b.why;
}

/** Something that must not be: where, and what. */
export interface Problem {
  /** A column's path, or an object's name. */
  readonly path: string;
  readonly kind: string;
  readonly object?: string;
  readonly what: string;
}

/** What a failure means, for people, and what to do about it. */
export interface Purpose {
  readonly consequence: string;
  readonly advice: string;
}

/** Of a run, before it commits. */
export const COMMITTING: Purpose = {
  consequence: "nothing was committed",
  advice:
    "give the column a mask that takes this out, or keep it by a rule of its own (which does not excuse another column's number " +
    "or address); if its mask should have, report a defect",
};

/** Of a later look at what was committed. */
export const LOOKING: Purpose = {
  consequence: "what is there cannot be relied on",
  advice:
    "it was changed since it was committed, or never was what it should be: see who else writes there, and run again with --replace",
};

export function verificationError(
  problems: readonly Problem[],
  { consequence, advice }: Pick<Purpose, "consequence" | "advice">,
): MasklineError {
  const lines = problems.map(({ path, object, what }) => `  ${path}${object ? ` of ${object}` : ""}: ${what}\n`);
  return new MasklineError(
    "ERR_VERIFICATION",
    EXIT.verification,
    `verifying the output: it is not as it must be; ${consequence}\n${lines.join("")}${advice}`,
    {
      stage: "verify",
      findings: problems.map(({ path, kind, object, what }) => {
        return { path, kind, what: object ? `${what}, in ${object}` : what, advice };
      }),
    },
  );
}

function problemOf({ object: { leaves, input }, finding }: Omit<Judged, "values">): Problem {
  const from = finding.from === undefined ? "" : leaves[finding.from]!.path;
  const { path } = leaves[finding.leaf]!;
  const what = `${meaningOf(finding, from)}${rowsOf(finding)}`;
  return { path, kind: finding.check, object: displayUri(input.object.uri), what };
}

function meaningOf({ check, what }: Finding, from: string): string {
  switch (check) {
    case "counts":
      return `its ${what} are not those of the input`;
    case "form":
      return `a value does not look like what ${what} writes`;
    case "detector":
      return `the ${what} detector finds something`;
    case "survives":
      return `a value of ${from} is there again, as ${what}`;
  }
}

function rowsOf({ rows, count }: Finding): string {
  if (rows.length === 0) return "";
  const where = `row${rows.length === 1 ? "" : "s"} ${rows.join(", ")}`;
  return count > rows.length ? ` (${count} times, first in ${where})` : ` (${where})`;
}
