import { isDeepStrictEqual } from "node:util";
import { renames } from "./drift-renames.ts";
import type { Lock, LockedLeaf } from "./lock.ts";
import { mayCarry } from "./vendor-fields.ts";

export type ChangeKind = "added" | "removed" | "renamed" | "type changed" | "sensitive-looking" | "decision changed";

/** What differs between an input and the lock, and what to do about it. */
export interface Change {
  readonly kind: ChangeKind;
  readonly path: string;
  /** A person must decide before anything is written. */
  readonly stops: boolean;
  /** What happened, and why it matters. */
  readonly what: string;
  readonly advice: string;
}

/** A change, and the inputs that show it. */
export interface Drift extends Change {
  readonly inputs: readonly string[];
}

/** An input's name and leaves. */
export interface LiveInput {
  readonly input: string;
  readonly leaves: readonly LockedLeaf[];
}

/**
 * Compares every input with the lock, each by itself. A leaf that only some inputs lack is no news; one that all lack
 * is removed.
 */
export function compare(lock: Lock, inputs: readonly LiveInput[]): Drift[] {
  const everywhere = new Set(inputs.flatMap(({ leaves }) => leaves.map(({ path }) => path)));
  const found = new Map<string, Change & { inputs: string[] }>();
  // Inputs of one schema have the same leaves: they are compared once.
  const schemas = Map.groupBy(inputs, ({ leaves }) => JSON.stringify(leaves));
  for (const alike of schemas.values()) {
    for (const change of changesOf(lock, alike[0]!.leaves, everywhere)) {
      const id = JSON.stringify(change);
      const known = found.get(id) ?? { ...change, inputs: [] };
      known.inputs.push(...alike.map(({ input }) => input));
      found.set(id, known);
    }
  }
  return [...found.values()].toSorted((a, b) => Number(b.stops) - Number(a.stops));
}

function changesOf({ leaves: locked }: Lock, live: readonly LockedLeaf[], everywhere: ReadonlySet<string>): Change[] {
  const known = Map.groupBy(locked, ({ path }) => path);
  const here = new Set(live.map(({ path }) => path));
  const added = live.filter(({ path }) => !known.has(path));
  const gone = locked.filter(({ path }) => !here.has(path));
  const renamed = renames(gone, added, locked, live);
  const from = new Set([...renamed.values()].map(({ path }) => path));
  return [
    ...live.flatMap((leaf) => {
      const before = known.get(leaf.path);
      if (before) return changed(before, leaf) ?? [];
      const old = renamed.get(leaf);
      return old ? renaming(old, leaf) : adding(leaf);
    }),
    ...gone.filter(({ path }) => !from.has(path) && !everywhere.has(path)).map(removing),
  ];
}

const TAKEN_UP = "maskline drift --approve takes it up";
const APPROVE = "if that is right, approve it: maskline drift --approve";

function adding(leaf: LockedLeaf): Change {
  const { path, type, mask, looks } = leaf;
  const what = `new, ${type}${looks ? `, ${looks}` : ""}: ${mask} by ${leaf.by}`;
  const open = mask === "pause" || (looks !== undefined && isUnmatched(leaf) && strength(mask) < MASKED);
  if (open) return { kind: "sensitive-looking", path, stops: true, what, advice: decide(path) };
  return { kind: "added", path, stops: false, what, advice: TAKEN_UP };
}

function decide(path: string): string {
  return `add a rule to policy.rules: { path: "${path}", mask: … }; then maskline drift --approve`;
}

function removing({ path, mask }: LockedLeaf): Change {
  const advice = "no input has it any more; maskline drift --approve takes it out";
  return { kind: "removed", path, stops: false, what: `gone, was ${mask}`, advice };
}

/** A field whose values were protected must not come back unprotected under another name. */
function renaming(before: LockedLeaf, leaf: LockedLeaf): Change {
  const { path, mask } = leaf;
  const same = mask === before.mask && isDeepStrictEqual(leaf.options, before.options);
  const sensitive = before.looks !== undefined || strength(before.mask) >= MASKED;
  const stops = mask === "pause" || (sensitive && !same && strength(mask) < REMOVED);
  const what = `likely ${before.path} under another name: was ${before.mask}, is ${mask === "pause" ? "undecided" : mask} by ${leaf.by}`;
  const advice = !stops ? TAKEN_UP : mask === "pause" ? decide(path) : `${decide(path)}; or, ${APPROVE}`;
  return { kind: "renamed", path, stops, what, advice };
}

function changed(before: readonly LockedLeaf[], leaf: LockedLeaf): Change | undefined {
  const { path, type, mask, looks, options = {} } = leaf;
  if (mask === "pause") {
    const what = `${looks ?? "looks sensitive"}, which ${before[0]!.by} does not decide any more`;
    return { kind: "sensitive-looking", path, stops: true, what, advice: decide(path) };
  }
  const alike = before.find((one) => one.mask === mask && isDeepStrictEqual(one.options ?? {}, options)) ?? before[0]!;
  if (alike.mask !== mask || !isDeepStrictEqual(alike.options ?? {}, options)) {
    const stops = strength(mask) <= strength(alike.mask);
    const how = alike.mask === mask ? `${mask} with other options` : `${alike.mask} before, ${mask} now`;
    const advice = stops ? APPROVE : `stricter than approved; ${TAKEN_UP}`;
    return { kind: "decision changed", path, stops, what: `${how}, by ${leaf.by}`, advice };
  }
  if (before.some((one) => one.type === type || (one.announced && mayCarry(type, one.type)))) return undefined;
  // What was a number and is kept may hold anything once it is text.
  const stops = strength(mask) < MASKED && isText(type) && !isText(alike.type) && mask === "keep";
  const advice = stops ? `look at its values; ${APPROVE}` : TAKEN_UP;
  return {
    kind: "type changed",
    path,
    stops,
    what: `${alike.type} before, ${type} now; ${mask} by ${leaf.by}`,
    advice,
  };
}

function isUnmatched({ by }: LockedLeaf): boolean {
  return by.startsWith("unmatched.");
}

function isText(type: string): boolean {
  return type === "utf8" || type.startsWith("binary");
}

const MASKED = 2;
const REMOVED = 3;

/** How little a mask leaves: nothing, something else, text around what was found, all. */
function strength(mask: string): number {
  if (mask === "drop" || mask === "null") return REMOVED;
  if (mask === "scan" || mask === "regex" || mask === "json") return 1;
  return mask === "keep" || mask === "pause" ? 0 : MASKED;
}
