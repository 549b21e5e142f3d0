import type { Kind, LeafDecision, LeafSample } from "../../types.ts";
import { type Content, type Contents, judge, ofKey } from "../content.ts";
import type { Decider } from "../decide.ts";
import type { Leaf } from "../leaves.ts";
import { lookOf, lookOfLeaf } from "../sensitive.ts";
import type { Look } from "../sensitive-words.ts";
import { byDocuments, byIdentifiers, byText, byType } from "./by-content.ts";
import { byLook, NEARLY_ALL } from "./by-look.ts";
import { type Evidence, evidenceOf, leadingOf, shareOf } from "./evidence.ts";
import { fitting, isOpen, suggest, token, underSafeHarbor, type Verdict } from "./suggestion.ts";

/** Samples of leaves, by path. */
export type LeafSamples = ReadonlyMap<string, readonly LeafSample[]>;

/** What to do with a leaf that no preset decides; without a verdict it is left to `unmatched`. */
export interface LeafVerdicts {
  readonly whole: Verdict | undefined;
  /** Of a map's entries by key. */
  readonly keys: ReadonlyMap<string, Verdict>;
}

const NONE: LeafVerdicts = { whole: undefined, keys: new Map() };

/** Verdicts on leaves, from names, types and samples. */
export class Judge {
  readonly contents: Contents;
  readonly #samples: LeafSamples;
  readonly #safeHarbor: boolean;

  constructor(samples: LeafSamples, safeHarbor: boolean) {
    this.#samples = samples;
    this.#safeHarbor = safeHarbor;
    this.contents = new Map([...samples].map(([path, own]) => [path, judge(own)]));
  }

  evidence({ path }: Pick<Leaf, "path">): Evidence {
    return evidenceOf(this.#samples.get(path) ?? []);
  }

  /** @param decider the presets and `unmatched`, without a rule */
  verdicts(leaf: Leaf, decider: Decider): LeafVerdicts {
    const decision = decider.decide(leaf);
    if (decision.rule.startsWith("preset ")) return NONE;
    if (leaf.inMap) return this.#ofMap(leaf, decision);
    const { whole } = this.contents.get(leaf.path) ?? {};
    return { ...NONE, whole: this.#verdict(leaf, lookOfLeaf(leaf), this.evidence(leaf), whole) };
  }

  #verdict(leaf: Leaf, look: Look | undefined, seen: Evidence, content: Content | undefined): Verdict | undefined {
    const { kind } = leaf.field;
    const verdict = bySigns(leaf, look, seen, content);
    if (verdict === undefined) return undefined;
    const own = fitting(verdict, kind);
    return this.#safeHarbor ? underSafeHarbor(own, TEXT.has(kind)) : own;
  }

  /**
   * A map that does not look sensitive as a whole is left to `unmatched`, which also masks sensitive keys that only a run
   * will see: a rule for all of it would not. Only keys that were seen and would stop a run are named.
   */
  #ofMap(leaf: Leaf, decision: LeafDecision): LeafVerdicts {
    const samples = this.#samples.get(leaf.path) ?? [];
    const seen = [...new Set(samples.flatMap(({ keys = {} }) => Object.keys(keys)))];
    if (decision.mask === "pause") {
      const { whole } = this.contents.get(leaf.path) ?? {};
      const verdict = this.#verdict(leaf, lookOfLeaf(leaf), this.evidence(leaf), whole);
      if (verdict === undefined || isOpen(verdict) || verdict.mask === "drop") return { ...NONE, whole: verdict };
      return { ...NONE, whole: seen.some((key) => lookOf(key)) ? this.#entries(seen) : verdict };
    }
    const stopping = decision.cases.flatMap((one) =>
      one.decision.mask === "pause" && one.seen !== undefined ? [one.seen] : [],
    );
    if (!stopping.every((key) => isName(key, evidenceOf(ofKey(samples, key)))))
      return { ...NONE, whole: this.#entries(seen) };
    const keys = stopping.flatMap((key) => {
      const { whole: content } = judge(ofKey(samples, key));
      const entry = { ...leaf, name: key, path: `${leaf.path.slice(0, -2)}.${key}`, inMap: false };
      const verdict = this.#verdict(entry, lookOf(key, leaf.field.kind), evidenceOf(ofKey(samples, key)), content);
      return verdict ? [[key, verdict] as const] : [];
    });
    return { whole: undefined, keys: new Map(keys) };
  }

  #entries(seen: readonly string[]): Verdict {
    const codes = seen.some((key) => lookOf(key) === "authentication");
    const why = "entries that look sensitive, under keys that may be data themselves";
    if (codes || this.#safeHarbor) return suggest("drop", why);
    return token("attribute", "Attr_", `${why}; a token leaves nothing of any`);
  }
}

/** The name first, then what the values are: but what is named after a person may well be a number of one. */
function bySigns(
  leaf: Leaf,
  look: Look | undefined,
  seen: Evidence,
  content: Content | undefined,
): Verdict | undefined {
  const isText = TEXT.has(leaf.field.kind);
  const identifiers = content?.kind === "identifiers";
  const certain = identifiers && shareOf(seen, leadingOf(seen.whole) ?? "") >= NEARLY_ALL;
  if (look && !(look === "name" && certain)) return byLook(look, leaf, seen);
  const documents = isText ? byDocuments(seen) : undefined;
  if (documents) return documents;
  if (identifiers) return byIdentifiers(leaf, seen);
  return isText ? byText(leaf, seen, content) : byType(leaf, seen);
}

const TEXT: ReadonlySet<Kind> = new Set<Kind>(["utf8", "binary"]);

/** Longer keys, and such that stand in one entry only and say nothing that is known, may be somebody's data. */
const LONGEST_NAME = 40;

function isName(key: string, { values }: Evidence): boolean {
  if (key.length > LONGEST_NAME || !/^[\p{L}\p{N}_.: -]+$/u.test(key) || /\p{N}{5}/u.test(key)) return false;
  return lookOf(key) !== undefined || (values > 1 && /^[\p{L}_]/u.test(key) && !key.includes(" "));
}
