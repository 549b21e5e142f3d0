import { maskNamed } from "../../masks/index.ts";
import type { Kind } from "../../types.ts";

/** What a leaf could become, and why; the reason names counts and words of the leaf's name, never a value. */
export interface Suggestion {
  readonly mask: string;
  /** Other than the mask's defaults. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly why: string;
}

/** Nobody but a person can tell. */
export interface Open {
  readonly open: string;
}

export type Verdict = Suggestion | Open;

export function suggest(mask: string, why: string, options: Suggestion["options"] = {}): Suggestion {
  return { mask, options, why };
}

export function token(domain: string, prefix: string, why: string): Suggestion {
  return suggest("token", why, { domain, ...(prefix !== "User_" && { prefix }) });
}

export function isOpen(verdict: Verdict): verdict is Open {
  return "open" in verdict;
}

/** A mask that cannot handle the leaf's type is none: what was to be masked is left out. */
export function fitting(verdict: Verdict, kind: Kind): Verdict {
  if (isOpen(verdict) || maskNamed(verdict.mask).accepts.has(kind)) return verdict;
  return suggest("drop", `${verdict.why}; ${verdict.mask} cannot handle ${kind}`);
}

/** The strictest first; a token takes values of any type. */
const STRICT: readonly string[] = [..."drop pan phone age zip date ip token email json scan keep".split(" ")];

/**
 * One for leaves that only one rule can name: the strictest, where it can handle all of them.
 * @returns undefined where text is to be scanned and what is no text kept: `unmatched` does so by type
 */
export function strictestOf(verdicts: readonly Verdict[], kinds: readonly Kind[]): Verdict | undefined {
  const open = verdicts.find(isOpen);
  if (open) return open;
  const all = verdicts.filter((one): one is Suggestion => !isOpen(one));
  const [first, ...others] = all.toSorted((a, b) => STRICT.indexOf(a.mask) - STRICT.indexOf(b.mask));
  if (first === undefined) return undefined;
  const alike = others.every(({ mask, options }) => mask === first.mask && same(options, first.options));
  const why = alike ? first.why : `${first.why}; the strictest of what one rule must decide`;
  if (kinds.every((kind) => maskNamed(first.mask).accepts.has(kind))) return { ...first, why };
  return first.mask === "scan" ? undefined : suggest("drop", `${why}; ${first.mask} cannot handle all of its types`);
}

function same(a: Suggestion["options"], b: Suggestion["options"]): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** A code that is derived from an identifier is one itself; no scan finds every name; of times the year stays. */
export function underSafeHarbor(verdict: Verdict, isText: boolean): Verdict {
  if (isOpen(verdict)) return verdict;
  const { mask, why } = verdict;
  if (mask === "token" || mask === "email")
    return suggest("drop", `${why}; a token is a derived code (45 CFR 164.514(c))`);
  if (mask === "json" || mask === "scan") {
    return suggest("drop", `${why}; no scan finds every name (45 CFR 164.514(b)(2)(i)(A))`);
  }
  return mask === "keep" && isText
    ? { open: `${why}: keep it where none is a person's, a place's or a date` }
    : verdict;
}
