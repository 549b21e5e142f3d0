import { configSchema } from "../../config/schema.ts";
import type { Field } from "../../types.ts";
import { Decider, type Policy } from "../decide.ts";
import { type Leaf, leavesOf } from "../leaves.ts";
import { lintCards } from "../lint-cards.ts";
import type { Target } from "../match.ts";
import { type Evidence, saysMentioned, saysWhole } from "./evidence.ts";
import { type ChosenPreset, fittingPresets, type PresetName } from "./fitting-presets.ts";
import { isOpen, type Suggestion, strictestOf, suggest, type Verdict } from "./suggestion.ts";
import { keyTarget, type Named, targetOf } from "./target.ts";
import { Judge, type LeafSamples, type LeafVerdicts } from "./verdicts.ts";

export interface ProposedRule extends Suggestion {
  readonly target: Target;
}

/** What the proposal makes of a leaf, or of a map's entries with a key that a person must decide. */
export interface ProposedColumn {
  readonly path: string;
  readonly type: string;
  readonly mask: string;
  /** As plans have it: a rule, a preset's, or `unmatched`. */
  readonly by: string;
  readonly why: string;
}

/** A policy for what was found, and what it makes of every leaf. Its own decisions say so, not the reasons for them. */
export interface Proposal {
  readonly presets: readonly ChosenPreset[];
  readonly rules: readonly ProposedRule[];
  readonly policy: Policy;
  readonly decider: Decider;
  readonly columns: readonly ProposedColumn[];
}

/**
 * Schemas and samples → a policy.
 * @param inputs fields of each input
 * @param asked presets in place of those that fit
 */
export function propose(
  inputs: readonly (readonly Field[])[],
  samples: LeafSamples,
  asked?: readonly PresetName[],
): Proposal {
  const leaves = differing(inputs.flatMap(leavesOf));
  const judge = new Judge(samples, asked?.includes("hipaa-safe-harbor") === true);
  const presets: readonly ChosenPreset[] = asked
    ? asked.map((name) => ({ name, why: "asked for" }))
    : fittingPresets(leaves, (leaf) => judge.evidence(leaf));
  const names = presets.map(({ name }) => name);
  const unmatched = { sensitive: "pause", text: names.includes("hipaa-safe-harbor") ? "drop" : "scan", other: "keep" };
  const policyOf = (rules: readonly ProposedRule[]): Policy =>
    configSchema.shape.policy.parse({ presets: names, rules: rules.map(written), unmatched });
  const base = new Decider(policyOf([]), judge.contents);
  const verdicts = new Map(leaves.map((leaf) => [leaf, judge.verdicts(leaf, base)]));
  for (;;) {
    const all = rulesOf(leaves, verdicts, base);
    // Of rules for names that differ in case only, the first decides all.
    const first = new Decider(policyOf(all), judge.contents);
    for (const leaf of leaves) first.decide(leaf);
    const idle = new Set(first.idle().map(({ index }) => index));
    const rules = all.filter((_, index) => !idle.has(index));
    const policy = policyOf(rules);
    const decider = new Decider(policy, judge.contents);
    const decided = leaves.map((leaf) => ({ ...leaf, decision: decider.decide(leaf) }));
    // Two forms of one card number, which together tell more of it: one has to go.
    const [clash] = lintCards(decided, []);
    const second = clash && leaves.find(({ path }) => path === clash.column);
    if (!clash || !second || isDropped(verdicts.get(second))) {
      return { presets, rules, policy, decider, columns: columnsOf(leaves, decider, rules, verdicts, judge) };
    }
    const drop = suggest("drop", "another form of a card number that stays masked elsewhere (PCI DSS 3.5.1)");
    for (const leaf of leaves) if (leaf.path === clash.column) verdicts.set(leaf, { whole: drop, keys: new Map() });
  }
}

function isDropped(verdicts: LeafVerdicts | undefined): boolean {
  return verdicts?.whole !== undefined && !isOpen(verdicts.whole) && verdicts.whole.mask === "drop";
}

/** Leaves of several inputs: those of one path and type are one. */
function differing(leaves: readonly Leaf[]): Leaf[] {
  const known = new Map(leaves.toReversed().map((leaf) => [JSON.stringify([leaf.path, leaf.field]), leaf]));
  return [...known.values()].toReversed();
}

/** A rule as a configuration has it. */
export function written({ target, mask, options }: ProposedRule): Record<string, unknown> {
  return { ...target, mask, ...options };
}

type Verdicts = ReadonlyMap<Leaf, LeafVerdicts>;

/** What is masked, what is looked through, what is kept; last the rules that name several columns. */
function rulesOf(leaves: readonly Leaf[], verdicts: Verdicts, base: Decider): ProposedRule[] {
  const byPath = Map.groupBy(leaves, ({ path }) => path);
  const named = new Map<string, Named>();
  for (const [path, alike] of byPath) {
    const decides = alike.some((leaf) => verdicts.get(leaf)!.whole !== undefined);
    const target = decides ? targetOf(alike[0]!, leaves) : undefined;
    if (target) named.set(path, target);
  }
  const entries = leaves.flatMap((leaf) =>
    [...verdicts.get(leaf)!.keys].flatMap(([key, verdict]) =>
      isOpen(verdict) ? [] : [{ target: keyTarget(leaf, key), ...verdict }],
    ),
  );
  const ruleFor = (target: Target, paths: readonly string[]): ProposedRule[] => {
    const alike = paths.flatMap((path) => byPath.get(path)!);
    const verdict = strictestOf(
      alike.flatMap((leaf) => verdictOn(leaf, verdicts, base)),
      alike.map(({ field }) => field.kind),
    );
    return verdict === undefined || isOpen(verdict) ? [] : [{ target, ...verdict }];
  };
  const exact = new Map<string, ProposedRule>();
  for (const [path, { target, others }] of named) {
    for (const rule of others.size === 0 ? ruleFor(target, [path]) : []) exact.set(path, rule);
  }
  // What has a rule of its own before these is none of theirs; what is left to a person or to `unmatched` is.
  const shared = [...named].flatMap(([path, { target, others }]) =>
    others.size === 0 ? [] : ruleFor(target, [path, ...[...others].filter((one) => !exact.has(one))]),
  );
  return [...[...entries, ...exact.values()].toSorted((a, b) => rankOf(a.mask) - rankOf(b.mask)), ...shared];
}

/** Masked, looked through, kept. */
export function rankOf(mask: string): number {
  return mask === "keep" ? 2 : mask === "scan" || mask === "json" ? 1 : 0;
}

function verdictOn(leaf: Leaf, verdicts: Verdicts, base: Decider): Verdict[] {
  const { whole } = verdicts.get(leaf)!;
  if (whole) return [whole];
  const { mask, options, rule, clause } = base.decide(leaf);
  if (rule.startsWith("preset ")) return [{ mask, options, why: `${rule}${clause ? ` (${clause})` : ""}` }];
  // A rule for all of a map would take from it what `unmatched` does by key.
  return leaf.inMap ? [{ open: "its name matches a map's" }] : [];
}

function columnsOf(
  leaves: readonly Leaf[],
  decider: Decider,
  rules: readonly ProposedRule[],
  verdicts: Verdicts,
  judge: Judge,
): ProposedColumn[] {
  const columns = leaves.flatMap((leaf) => {
    const { path } = leaf;
    const type = leaf.field.uuid ? "uuid" : leaf.field.kind;
    const decision = decider.decide(leaf);
    const { whole, keys } = verdicts.get(leaf)!;
    const entries = decision.cases.flatMap(({ seen, decision: { mask, rule } }) => {
      if (mask !== "pause" || seen === undefined) return [];
      return [{ path: keyTarget(leaf, seen).path!, type, mask, by: rule, why: openWhy(rule, keys.get(seen)) }];
    });
    const { mask, rule: by, clause } = decision;
    const index = /^rule (\d+): /.exec(by)?.[1];
    const why =
      mask === "pause"
        ? openWhy(by, whole)
        : index !== undefined
          ? rules[Number(index) - 1]!.why
          : by.startsWith("preset ")
            ? presetWhy(judge.evidence(leaf), clause)
            : restWhy(leaf, whole);
    return [{ path, type, mask, by, why }, ...entries];
  });
  // What several inputs have as several types, and is decided alike, is one.
  const alike = Map.groupBy(columns, ({ path, mask, by }) => JSON.stringify([path, mask, by]));
  return [...alike.values()].map((same) => ({
    ...same[0]!,
    type: [...new Set(same.map((one) => one.type))].join(", "),
  }));
}

/** Counts, where there are any, tell more than the clause, which every plan shows. */
function presetWhy(seen: Evidence, clause = ""): string {
  if (Object.keys(seen.whole).length > 0) return saysWhole(seen);
  return Object.keys(seen.mentioned).length > 0 ? saysMentioned(seen) : clause;
}

function openWhy(rule: string, verdict: Verdict | undefined): string {
  if (verdict && isOpen(verdict)) return verdict.open;
  const looks = /\((.*)\)$/.exec(rule)?.[1] ?? "looks sensitive";
  return `${looks}; no rule can name it without naming others: set unmatched.sensitive`;
}

function restWhy({ inMap, field: { kind } }: Leaf, verdict: Verdict | undefined): string {
  if (verdict)
    return isOpen(verdict) ? verdict.open : "several types, or a name that no rule can say: each by its type";
  if (inMap) return "a map: entries under keys that look sensitive are replaced, whenever they come";
  return kind === "null" ? "holds nothing" : "no value in the sample: every run looks again";
}
