import { suggestion } from "../config/nearest.ts";
import type { Warning } from "../types.ts";
import type { Decider, Policy } from "./decide.ts";
import type { Decided } from "./lint-cards.ts";

/** Rules that decide nothing, and why. */
export function lintUnused(decider: Decider, leaves: readonly Decided[]): Warning[] {
  return decider.idle().map(({ rule, index, shadowedBy }) => {
    if (shadowedBy !== undefined) return { rule, message: `is never reached: ${shadowedBy} decides what it would` };
    const { field, path } = decider.policy.rules[index]!;
    return {
      rule,
      message: `matched no column${field === undefined ? nearPath(path ?? "", leaves) : near(field, leaves)}`,
    };
  });
}

function near(field: string, leaves: readonly Decided[]): string {
  return suggestion(field, [...new Set(leaves.map(({ name }) => name))]);
}

/** `contact` names the struct, whose members have paths of their own. */
function nearPath(path: string, leaves: readonly Decided[]): string {
  const wanted = path.toLowerCase();
  const under = leaves.find(
    (leaf) => leaf.path.toLowerCase().startsWith(wanted) && /^[.[{]/.test(leaf.path.slice(path.length)),
  );
  if (!under) return suggestion(path, [...new Set(leaves.map((leaf) => leaf.path))]);
  const brackets = /^(?:\[\]|\{\})*/.exec(under.path.slice(path.length))![0];
  const whole = under.path.length === path.length + brackets.length;
  return `: it holds ${whole ? "several values" : "other fields"}; did you mean "${path}${brackets}${whole ? "" : ".*"}"?`;
}

const SAFE_HARBOR = "45 CFR 164.514(b)(2)(i)(A)";

/** What leaves less than the preset hipaa-safe-harbor promises. */
export function lintSafeHarbor(leaves: readonly Decided[], { presets }: Policy): Warning[] {
  if (!presets.includes("hipaa-safe-harbor")) return [];
  return leaves.flatMap(({ path, decision: { mask, rule } }): Warning[] => {
    if (rule.startsWith("unmatched.text") && (mask === "scan" || mask === "keep")) {
      const message = `is text that no rule names, decided ${mask}: no detector finds every name; drop it, or set unmatched.text`;
      return [{ column: path, message, clause: SAFE_HARBOR }];
    }
    if (rule.startsWith("rule ") && ["token", "email", "salted-hash", "fpe"].includes(mask)) {
      const message = `becomes a code derived from its values (${mask}), which Safe Harbor does not let stay`;
      return [{ rule, column: path, message, clause: "45 CFR 164.514(c)" }];
    }
    return [];
  });
}
