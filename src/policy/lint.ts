import { nearest } from "../config/nearest.ts";
import { usageError } from "../errors.ts";
import { maskNamed } from "../masks/index.ts";
import type { Decision, LeafDecision, Warning } from "../types.ts";
import { fieldBeside, type Leaf } from "./leaves.ts";

/** Refuses masks that cannot handle their leaf's type: an error at plan time, never a pass-through. */
export function checkTypes(leaf: Leaf, decision: LeafDecision): void {
  const decisions: readonly Decision[] = [decision, ...decision.cases.map((one) => one.decision)];
  for (const { mask, rule } of decisions) {
    if (mask === "pause" || maskNamed(mask).accepts.has(leaf.field.kind)) continue;
    throw usageError(
      `planning the column ${leaf.path}: the mask ${mask} (${rule}) cannot handle its type ${leaf.field.kind}; ` +
        "use token, replace, null, drop or keep",
      { stage: "plan" },
    );
  }
}

/** Refuses rules and masks that look at a field beside the leaf where there is none of that name. */
export function checkBeside(leaf: Leaf, decision: LeafDecision): void {
  const wanted = [decision, ...decision.cases.map((one) => one.decision)].flatMap(({ mask, options, rule }) =>
    mask === "pause" ? [] : (maskNamed(mask).reads?.(options) ?? []).map((field) => ({ field, rule })),
  );
  const asked = decision.cases.flatMap(({ when, decision: { rule } }) =>
    when?.field === undefined ? [] : [{ field: when.field, rule }],
  );
  for (const { field, rule } of [...wanted, ...asked]) {
    if (fieldBeside(leaf.around, field)) continue;
    const names = leaf.around.flatMap((fields) => fields.filter(({ children }) => children.length === 0));
    throw usageError(
      `planning the column ${leaf.path}: ${rule} looks at the field ${field}, and there is none beside it${nearest(
        field,
        names.map(({ name }) => name),
      )}`,
      { stage: "plan" },
    );
  }
}

/**
 * Refuses tokens so short that two values are likely to share one, by the birthday bound: n different values give
 * n²/2 · 16^-length expected pairs.
 * @param values at most so many different ones
 */
export function checkTokenLength(decision: LeafDecision, values: number): void {
  for (const { rule, says, enough } of tooShort(decision, "token", values)) {
    throw usageError(
      `planning the column ${decision.path}: tokens (${rule}) of ${says}; use length: ${enough} or more`,
      { stage: "plan" },
    );
  }
}

/** The same of hashes without a key, which are there for comparison with what exists: warned of. */
export function lintHashLength(decision: LeafDecision, values: number): Warning[] {
  return tooShort(decision, "salted-hash", values).map(({ rule, says, enough }) => ({
    rule,
    column: decision.path,
    message: `hashes of ${says}; use length: ${enough} or more`,
    clause: "birthday bound",
  }));
}

function tooShort(decision: LeafDecision, of: string, values: number) {
  const decisions: readonly Decision[] = [decision, ...decision.cases.map((one) => one.decision)];
  return decisions.flatMap(({ mask, options, rule }) => {
    if (mask !== of) return [];
    const length = Number(options.length);
    const pairs = values ** 2 / 2 / 16 ** length;
    if (pairs < MOST_PAIRS) return [];
    const enough = Math.floor(Math.log2(values ** 2 / 2 / MOST_PAIRS) / 4) + 1;
    const says = `${length} hex digits collide over ${values} values (about ${pairs.toPrecision(2)} pairs expected)`;
    return [{ rule, says, enough }];
  });
}

/** More expected colliding pairs than this in one run are refused. */
const MOST_PAIRS = 0.5;
