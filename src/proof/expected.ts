import { maskNamed } from "../masks/index.ts";
import type { Joins } from "../masks/mask.ts";
import { looksLikeData } from "../policy/data-names.ts";
import type { Leaf } from "../policy/leaves.ts";
import { lookOf, lookOfLeaf } from "../policy/sensitive.ts";
import type { Case, Decision, Kind, LeafDecision } from "../types.ts";

/** What verification expects of the values under one decision. */
export interface Expected {
  readonly mask: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly action: "text" | "keep" | "null" | "drop";
  /** `keep`: whether a rule names the column, or nobody decided. */
  readonly keptBy: "rule" | "default" | undefined;
  /** What every masked value looks like, whole. */
  readonly form: RegExp | undefined;
  /** Source values are identifiers that must not be found again: all, or those of a sensitive name. */
  readonly identifies: boolean;
  /** Fewest digits of a number that the mask takes for one. */
  readonly least: number;
  /** Source values are people's names. */
  readonly names: boolean;
  /** Results have digits of their own, or what is general enough to stay: detectors have nothing to say of them. */
  readonly ownDigits: boolean;
  /** Fewer characters of a result than that hold nothing for detectors; infinite where they have nothing to say. */
  readonly shortest: number;
  /** Names of the same record are looked for by the mask itself. */
  readonly findsNames: boolean;
}

/** A leaf with all that may have been decided for its values. */
export interface ExpectedLeaf extends Expected {
  readonly path: string;
  readonly kind: Kind;
  /** What people and systems write, not a moment or a truth value. */
  readonly searched: boolean;
  /** Its text, kept, is the same before and after, character by character. */
  readonly comparable: boolean;
  /** What the values are counts, not only where they are null. */
  readonly needsText: boolean;
  /** Its results join with those of other columns; not where values of the leaf are masked in several ways. */
  readonly joins: Joins | undefined;
  /** The first that holds for a value comes before what is decided for the leaf. */
  readonly cases: readonly ExpectedCase[];
}

/** A decision for some of a leaf's values, as `Case` has it. */
interface ExpectedCase {
  readonly keys: Pick<RegExp, "test"> | undefined;
  readonly when: { readonly field: string | undefined; readonly is: RegExp } | undefined;
  readonly expected: Expected;
}

/** Text of which a mask takes out what it finds: the rest stays, so a value may well be there again. */
const PARTIAL = new Set(["scan", "regex", "json", "keep"]);
/** They leave a coarser value of the same sort. */
const GENERAL = new Set(["date", "age", "zip", "ip", "number"]);
/** Taken out for whatever reason: their values identify somebody only where the name says so. */
const REMOVED = new Set(["drop", "null", "replace"]);
/** Digits that they put in place of others. */
const WITH_DIGITS = new Set([...GENERAL, "fpe"]);
/** Fewer characters hold no identifier. */
const SHORTEST = 6;
/** A number that is kept is looked at as a card only. */
const SHORTEST_CARD = 12;
const LEAST: Readonly<Record<string, number>> = { pan: 8, phone: 7 };

export function expectedLeaf(leaf: Leaf, decision: LeafDecision): ExpectedLeaf {
  const look = lookOfLeaf(leaf);
  const { kind } = leaf.field;
  const comparable = /^(?:utf8|u?int)/.test(kind);
  return {
    ...expected(look, decision, kind),
    path: leaf.path,
    kind,
    searched: !/^(?:bool|date|time|duration|interval|null)/.test(kind),
    comparable,
    needsText: comparable || decision.mask !== "keep" || decision.cases.length > 0,
    joins: decision.cases.length === 0 ? maskNamed(decision.mask).joins?.(decision.options) : undefined,
    cases: decision.cases.map(({ keys, looks, sensitive, when, decision: own }) => ({
      keys: keys === undefined ? byJudgement(looks, sensitive) : new RegExp(keys, "iu"),
      when: when && { field: when.field, is: new RegExp(when.is, "iu") },
      expected: expected((keys === undefined ? undefined : lookOf(keys)) ?? look, own, kind),
    })),
  };
}

/** The keys that a case is for by what they look like. */
function byJudgement(looks: Case["looks"], sensitive: Case["sensitive"]): ExpectedCase["keys"] {
  if (looks) return { test: (key) => looks.some((one) => one === lookOf(key)) };
  return sensitive && { test: (key) => looksLikeData(key) || lookOf(key) !== undefined };
}

/**
 * What is expected of one value.
 * @param key of a map's entry
 * @param beside what the nearest field of a name holds
 */
export function expectedOf(
  leaf: ExpectedLeaf,
  key: string | undefined,
  source: string | null,
  beside: (field: string) => string | null,
): Expected {
  if (leaf.cases.length === 0) return leaf;
  const holds = ({ keys, when }: ExpectedCase) =>
    (keys === undefined || keys.test(key ?? "")) &&
    (when === undefined || when.is.test((when.field === undefined ? source : beside(when.field)) ?? ""));
  return leaf.cases.find(holds)?.expected ?? leaf;
}

function expected(look: ReturnType<typeof lookOf>, { mask, options, rule }: Decision, kind: Kind): Expected {
  const declaration = maskNamed(mask);
  const form = declaration.results?.(options);
  const partial = PARTIAL.has(mask) || GENERAL.has(mask);
  const keptBy = mask !== "keep" ? undefined : rule.startsWith("unmatched") ? "default" : "rule";
  const ownDigits = WITH_DIGITS.has(mask) || options.keep === "fictional";
  return {
    mask,
    options,
    action: declaration.action,
    keptBy,
    form: form === undefined ? undefined : new RegExp(`^(?:${form})$`, "u"),
    identifies: !partial && (!REMOVED.has(mask) || look !== undefined),
    least: LEAST[mask] ?? 6,
    names: !partial && (options.domain === "person" || mask === "name" || look === "name"),
    ownDigits,
    shortest: shortestOf(mask, keptBy, ownDigits, kind),
    findsNames: mask === "scan" && Array.isArray(options.names) && options.names.length > 0,
  };
}

function shortestOf(mask: string, keptBy: Expected["keptBy"], ownDigits: boolean, kind: Kind): number {
  if (ownDigits || keptBy === "rule") return Number.POSITIVE_INFINITY;
  if (mask === "scan") return 0;
  return keptBy === "default" && kind !== "utf8" ? SHORTEST_CARD : SHORTEST;
}
