import { z } from "zod";
import type { Rule } from "../config/schema.ts";
import { maskNamed } from "../masks/index.ts";
import type { Case, Decision, LeafDecision } from "../types.ts";
import type { Leaf } from "./leaves.ts";
import { anyOf, type Match, matcher, sameName } from "./match.ts";
import { PRESETS, type PresetRule } from "./presets.ts";
import { lookOfLeaf, saysLook } from "./sensitive.ts";

/** What decides: the user's rules, presets, and what happens to the rest. */
export interface Policy {
  readonly rules: readonly Rule[];
  readonly presets: readonly (keyof typeof PRESETS)[];
  readonly unmatched: Readonly<Record<"sensitive" | "text" | "other", "pause" | "drop" | "scan" | "keep">>;
}

/** One step of the policy: a test of leaves and what it decides. */
interface PolicyRule {
  readonly matches: (leaf: Leaf) => Match;
  readonly when: Case["when"];
  readonly decision: Decision;
}

/** A policy ready to decide leaves; keeps which of the user's rules matched anything. */
export class Decider {
  readonly #rules: readonly PolicyRule[];
  readonly #unmatched: Policy["unmatched"];
  readonly #matched = new Set<string>();
  readonly #own: readonly string[];

  constructor(policy: Policy) {
    const own = policy.rules.map(userRule);
    this.#own = own.map(({ decision }) => decision.rule);
    this.#rules = [...own, ...policy.presets.flatMap((name) => PRESETS[name].map((rule) => presetRule(name, rule)))];
    this.#unmatched = policy.unmatched;
  }

  /** Exactly one decision for a leaf: the first rule that matches, else what is unmatched. */
  decide(leaf: Leaf): LeafDecision {
    const cases: Case[] = [];
    for (const { matches, when, decision } of this.#rules) {
      const match = matches(leaf);
      if (!match) continue;
      this.#matched.add(decision.rule);
      if (!match.keys && !when) return { path: leaf.path, ...decision, cases };
      cases.push({ keys: match.keys?.source, when, decision });
    }
    return { path: leaf.path, ...this.#rest(leaf), cases };
  }

  /** The user's rules that matched no leaf so far, by what they say. */
  unused(): string[] {
    return this.#own.filter((rule) => !this.#matched.has(rule));
  }

  #rest(leaf: Leaf): Decision {
    const look = lookOfLeaf(leaf);
    const sensitive = look && saysLook(look);
    const text = leaf.field.kind === "utf8" || leaf.field.kind === "binary";
    const group = sensitive ? "sensitive" : text ? "text" : "other";
    const action = this.#unmatched[group];
    const rule = `unmatched.${group}${sensitive ? ` (${sensitive})` : ""}`;
    if (action === "pause") return { mask: "pause", options: {}, rule };
    // A scan of what is neither text nor number (a date, a boolean) has nothing to find: harmless, it is kept; where the
    // name looks sensitive, a person must decide.
    const scannable = maskNamed("scan").accepts.has(leaf.field.kind);
    if (action === "scan" && !scannable && sensitive) return { mask: "pause", options: {}, rule };
    return complete(action === "scan" && !scannable ? "keep" : action, {}, rule);
  }
}

function userRule(rule: Rule, index: number): PolicyRule {
  const { field, path, mask, when, ...options } = rule as Rule & Record<string, unknown>;
  const says = `rule ${index + 1}: ${field === undefined ? `path ${path}` : `field ${field}`}`;
  return { matches: matcher({ field, path }), when: compiled(when), decision: { mask, options, rule: says } };
}

function compiled(when: PresetRule["when"] | Rule["when"]): Case["when"] {
  return when && { field: when.field, is: anyOf(when.is) };
}

function presetRule(preset: string, { field, mask, options, when }: PresetRule): PolicyRule {
  return {
    matches: (leaf) => (sameName(leaf.name, field) ? {} : undefined),
    when: compiled(when),
    decision: complete(mask, options ?? {}, `preset ${preset}: ${field}`),
  };
}

/** A decision with its mask's defaults. */
function complete(mask: string, options: Readonly<Record<string, unknown>>, rule: string): Decision {
  return { mask, options: z.object(maskNamed(mask).options(z)).parse(options), rule };
}
