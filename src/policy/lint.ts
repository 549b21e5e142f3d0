import { nearest } from "../config/nearest.ts";
import { usageError } from "../errors.ts";
import { maskNamed } from "../masks/index.ts";
import { globally } from "../masks/regex.ts";
import type { Decision, LeafDecision } from "../types.ts";
import type { Policy } from "./decide.ts";
import { fieldBeside, type Leaf } from "./leaves.ts";
import { expressionIn } from "./match.ts";
import { patternProblem } from "./patterns.ts";
import { lookOfLeaf } from "./sensitive.ts";

/** Refuses patterns that do not compile or backtrack catastrophically: before any input is opened. */
export function checkPatterns(policy: Policy): void {
  for (const [index, rule] of policy.rules.entries()) {
    for (const text of rule.when?.is ?? []) {
      const expression = expressionIn(text);
      const problem = expression === undefined ? undefined : patternProblem(expression, "iu");
      if (problem) throw usageError(`checking policy.rules[${index}].when: ${problem}`);
    }
    if (rule.mask !== "regex") continue;
    const { patterns } = rule as unknown as { patterns: readonly { match: string; flags: string }[] };
    for (const { match, flags } of patterns) {
      const problem = patternProblem(match, globally(flags));
      if (problem) throw usageError(`checking policy.rules[${index}]: ${problem}`);
    }
  }
}

/** Refuses masks that cannot handle their leaf's type: an error at plan time, never a pass-through. */
export function checkTypes(leaf: Leaf, decision: LeafDecision): void {
  const decisions: readonly Decision[] = [decision, ...decision.cases.map((one) => one.decision)];
  for (const { mask, rule } of decisions) {
    if (mask === "salted-hash" && lookOfLeaf(leaf) === "card") {
      throw usageError(
        `planning the column ${leaf.path}: salted-hash (${rule}) of a card number can be undone by trying numbers (PCI DSS 3.5.1.1 ` +
          "wants a keyed hash); use pan or token",
        { stage: "plan" },
      );
    }
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
 * @param rows at most so many different values
 */
export function checkTokenLength(decision: LeafDecision, rows: number): void {
  const decisions: readonly Decision[] = [decision, ...decision.cases.map((one) => one.decision)];
  for (const { mask, options, rule } of decisions) {
    if (mask !== "token") continue;
    const length = Number(options.length);
    const pairs = rows ** 2 / 2 / 16 ** length;
    if (pairs < MOST_PAIRS) continue;
    const enough = Math.floor(Math.log2(rows ** 2 / 2 / MOST_PAIRS) / 4) + 1;
    throw usageError(
      `planning the column ${decision.path}: tokens of ${length} hex digits (${rule}) collide over ${rows} rows ` +
        `(about ${pairs.toPrecision(2)} pairs expected); use length: ${enough} or more`,
      { stage: "plan" },
    );
  }
}

/** More expected colliding pairs than this in one run are refused. */
const MOST_PAIRS = 0.5;
