import { z } from "zod";
import type { Rule } from "../config/schema.ts";
import { maskNamed } from "../masks/index.ts";
import type { Case, Decision, Kind, LeafDecision } from "../types.ts";
import { type Content, type Contents, contentReason } from "./content.ts";
import type { Leaf } from "./leaves.ts";
import { anyOf, exactly, looseName, type Match, matcher } from "./match.ts";
import { type PresetRule, saysTarget } from "./presets/preset.ts";
import { strictest } from "./presets/strictness.ts";
import { PRESETS } from "./presets.ts";
import { lookOf, lookOfLeaf, looksSensitive } from "./sensitive.ts";
import { saysLook } from "./sensitive-words.ts";

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
  readonly policy: Policy;
  readonly #rules: readonly PolicyRule[];
  readonly #presets: readonly (readonly PolicyRule[])[];
  readonly #matched = new Set<string>();
  /** Rules that would have matched, by the first that was before them. */
  readonly #shadowed = new Map<string, string>();
  readonly #contents: Contents;

  constructor(policy: Policy, contents: Contents = new Map()) {
    this.policy = policy;
    this.#contents = contents;
    this.#rules = policy.rules.map(userRule);
    this.#presets = policy.presets.map((name) => PRESETS[name].map((rule) => presetRule(name, rule)));
  }

  /** Exactly one decision for a leaf: the first rule that matches, else the strictest of the presets, else what is unmatched. */
  decide(leaf: Leaf): LeafDecision {
    const own = matching(this.#rules, leaf);
    for (const { rule } of own.matched) this.#matched.add(rule);
    const { path } = leaf;
    if (own.decision) {
      this.#shadow(leaf, own.decision);
      return withoutCodes(leaf, { path, ...own.decision, cases: own.cases });
    }
    const preset = strictest(this.#presets.map((rules) => matching(rules, leaf)));
    const cases = [...own.cases, ...preset.cases];
    const { kind } = leaf.field;
    // What is said of somebody's health, no scan finds: there it decides nothing.
    const blind = preset.decision?.mask === "scan" && lookOfLeaf(leaf) === "health";
    if (preset.decision && !blind) return withoutCodes(leaf, { path, ...preset.decision, cases });
    const { whole, keys } = this.#contents.get(path) ?? {};
    const rest = this.#rest(kind, looksOf(leaf), whole);
    return {
      path,
      ...rest,
      cases:
        rest.mask === "pause" ? cases : [...cases, ...this.#seenKeys(keys, kind, cases), ...this.#unseenKeys(leaf)],
    };
  }

  /** Whether a leaf's content may tell more than is known: no rule decides, nor does its name. */
  isOpen(leaf: Leaf): boolean {
    const decided = [this.#rules, ...this.#presets].some((rules) => matching(rules, leaf).decision);
    return !decided && (leaf.inMap || looksOf(leaf) === undefined);
  }

  /** Whether it matters what an open leaf looks like. */
  get looks(): boolean {
    const { sensitive, text, other } = this.policy.unmatched;
    return sensitive !== text || text !== other;
  }

  /** The user's rules that decided no leaf so far, by what they say. */
  unused(): string[] {
    return this.idle().map(({ rule }) => rule);
  }

  /** The same, and which rule keeps each from it. */
  idle(): { readonly rule: string; readonly index: number; readonly shadowedBy: string | undefined }[] {
    return this.#rules
      .map(({ decision: { rule } }, index) => ({ rule, index, shadowedBy: this.#shadowed.get(rule) }))
      .filter(({ rule }) => !this.#matched.has(rule));
  }

  #shadow(leaf: Leaf, decision: Decision): void {
    const after = this.#rules.findIndex((one) => one.decision === decision) + 1;
    for (const { matches, decision: later } of this.#rules.slice(after)) {
      if (!this.#matched.has(later.rule) && !this.#shadowed.has(later.rule) && matches(leaf)) {
        this.#shadowed.set(later.rule, decision.rule);
      }
    }
  }

  /** Keys of a map that were seen, that no rule names and that look sensitive: each is decided like a field of its name. */
  #seenKeys(keys: ReadonlyMap<string, Content | undefined> = new Map(), kind: Kind, ruled: readonly Case[]): Case[] {
    const patterns = ruled.flatMap((one) => (one.keys && !one.when ? [new RegExp(one.keys, "iu")] : []));
    const looks = new Set<string | undefined>(ruled.flatMap((one) => one.looks ?? []));
    return [...keys].flatMap(([key, content]) => {
      if (patterns.some((pattern) => pattern.test(key)) || looks.has(lookOf(key))) return [];
      const decision = this.#rest(kind, looksSensitive(key, kind), content);
      return decision.rule.startsWith("unmatched.sensitive") ? [{ keys: exactly(key), seen: key, decision }] : [];
    });
  }

  /** Keys that only masking will show: a person can no longer be asked, so what would pause is masked. */
  #unseenKeys({ inMap, field: { kind } }: Leaf): Case[] {
    const action = this.policy.unmatched.sensitive;
    if (!inMap || action === "keep") return [];
    const rule = "unmatched.sensitive (keys that look sensitive)";
    const mask = action === "pause" || !maskNamed(action).accepts.has(kind) ? "replace" : action;
    const options = mask === "replace" ? { with: "[MASKED]" } : {};
    return [{ sensitive: true, decision: complete(mask, options, rule) }];
  }

  #rest(kind: Kind, byName: string | undefined, content: Content | undefined): Decision {
    const text = kind === "utf8" || kind === "binary";
    // Text that mentions identifiers may be scanned, and not be kept.
    const byContent = content?.kind === "identifiers" || (content && text && this.policy.unmatched.text === "keep");
    const sensitive = byName ?? (byContent ? contentReason(content) : undefined);
    const group = sensitive ? "sensitive" : text ? "text" : "other";
    const action = this.policy.unmatched[group];
    const rule = `unmatched.${group}${sensitive ? ` (${sensitive})` : ""}`;
    if (action === "pause") return { mask: "pause", options: {}, rule };
    // A scan of what is neither text nor number (a date, a boolean) has nothing to find: harmless, it is kept; where the
    // name looks sensitive, a person must decide.
    const scannable = maskNamed("scan").accepts.has(kind);
    if (action === "scan" && !scannable && sensitive) return { mask: "pause", options: {}, rule };
    return complete(action === "scan" && !scannable ? "keep" : action, {}, rule);
  }
}

/**
 * Entries of a map that hold a card's codes are left out whatever the rest becomes: their keys are first seen while masking,
 * when nobody can be told that a token of a code must not be (PCI DSS 3.3.1).
 */
function withoutCodes(leaf: Leaf, decision: LeafDecision): LeafDecision {
  const { cases, mask } = decision;
  const gone = [mask, ...cases.map((one) => one.decision.mask)].every((one) =>
    ["drop", "null", "replace"].includes(one),
  );
  if (!leaf.inMap || gone || cases.some(({ looks }) => looks?.includes("authentication"))) return decision;
  const rule = "always (looks like card authentication data)";
  const drop = { ...complete("drop", {}, rule), clause: "PCI DSS 3.3.1" };
  return {
    ...decision,
    cases: [{ keys: undefined, when: undefined, looks: ["authentication"], decision: drop }, ...cases],
  };
}

function looksOf(leaf: Leaf): string | undefined {
  const look = lookOfLeaf(leaf);
  return look && saysLook(look);
}

/** The first of the rules that decides a leaf whatever it holds, and before it those for some of its values. */
function matching(rules: readonly PolicyRule[], leaf: Leaf) {
  const cases: Case[] = [];
  const matched: Decision[] = [];
  for (const { matches, when, decision } of rules) {
    const match = matches(leaf);
    if (!match) continue;
    matched.push(decision);
    const { keys, looks } = match;
    if (!keys && !looks && !when) return { decision, cases, matched };
    cases.push({ keys: keys?.source, when, decision, ...(looks !== undefined && { looks: [looks] }) });
  }
  return { cases, matched };
}

function userRule(rule: Rule, index: number): PolicyRule {
  const { field, path, mask, when, ...options } = rule as Rule & Record<string, unknown>;
  const says = `rule ${index + 1}: ${field === undefined ? `path ${path}` : `field ${field}`}`;
  return { matches: matcher({ field, path }), when: compiled(when), decision: { mask, options, rule: says } };
}

function compiled(when: PresetRule["when"] | Rule["when"]): Case["when"] {
  return when && { field: when.field, is: anyOf(when.is) };
}

function presetRule(preset: string, rule: PresetRule): PolicyRule {
  const { mask, options, when, kinds, clause } = rule;
  const { accepts } = maskNamed(mask);
  const matches = presetMatcher(rule);
  return {
    // What a preset's mask cannot handle is none of what it is for: a boolean named phone.
    matches: (leaf) =>
      accepts.has(leaf.field.kind) && kinds?.includes(leaf.field.kind) !== false ? matches(leaf) : undefined,
    when: compiled(when),
    decision: { ...complete(mask, options ?? {}, `preset ${preset}: ${saysTarget(rule)}`), clause },
  };
}

function presetMatcher({ field, path, looks }: PresetRule): (leaf: Leaf) => Match {
  if (path !== undefined) return matcher({ path });
  if (field !== undefined) {
    const test = looseName(field);
    return ({ name }) => (test(name) ? {} : undefined);
  }
  return (leaf) => {
    if (looks === undefined || lookOfLeaf(leaf) === looks) return {};
    // A map's keys are names too, which only the data shows.
    return leaf.inMap ? { looks } : undefined;
  };
}

/** A decision with its mask's defaults; presets have hundreds of rules with a few masks. */
function complete(mask: string, options: Readonly<Record<string, unknown>>, rule: string): Decision {
  const id = JSON.stringify([mask, options]);
  const whole = COMPLETED.get(id) ?? z.object(maskNamed(mask).options(z)).parse(options);
  COMPLETED.set(id, whole);
  return { mask, options: whole, rule };
}

const COMPLETED = new Map<string, Decision["options"]>();
