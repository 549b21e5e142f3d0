import { distance } from "fastest-levenshtein";
import type { LockedLeaf } from "./lock.ts";

/** From this score on a new leaf is likely an old one. */
const LIKELY = 4;

/**
 * Which of the added leaves are likely removed ones under another name, by name, type, place and what they look like:
 * new leaf → old leaf, each at most once.
 */
export function renames(
  removed: readonly LockedLeaf[],
  added: readonly LockedLeaf[],
  locked: readonly LockedLeaf[],
  live: readonly LockedLeaf[],
): Map<LockedLeaf, LockedLeaf> {
  const before = places(locked);
  const now = places(live);
  const pairs = removed
    .flatMap((old) => added.map((leaf) => ({ old, leaf, score: scoreOf(old, leaf, before, now) })))
    .filter(({ score }) => score >= LIKELY)
    .toSorted((a, b) => b.score - a.score);
  const renamed = new Map<LockedLeaf, LockedLeaf>();
  const taken = new Set<string>();
  for (const { old, leaf } of pairs) {
    if (renamed.has(leaf) || taken.has(old.path)) continue;
    renamed.set(leaf, old);
    taken.add(old.path);
  }
  return renamed;
}

interface Place {
  readonly index: number;
  readonly after: string | undefined;
  readonly before: string | undefined;
}

function places(leaves: readonly LockedLeaf[]): Map<string, Place> {
  return new Map(
    leaves.map(({ path }, index) => [path, { index, after: leaves[index - 1]?.path, before: leaves[index + 1]?.path }]),
  );
}

function scoreOf(
  old: LockedLeaf,
  leaf: LockedLeaf,
  before: ReadonlyMap<string, Place>,
  now: ReadonlyMap<string, Place>,
): number {
  const was = before.get(old.path)!;
  const is = now.get(leaf.path)!;
  const same = [was.after === is.after, was.before === is.before, was.index === is.index].filter(Boolean).length;
  const place = Math.min(2, same);
  const type = old.type === leaf.type ? 2 : 0;
  const looks = old.looks !== undefined && meaning(old.looks) === meaning(leaf.looks) ? 3 : 0;
  return place + type + looks + nameScore(old.path, leaf.path);
}

/** "looks like a phone number by content" is what "looks like a phone number" is. */
function meaning(looks: string | undefined): string | undefined {
  return looks?.replace(/ by content$/, "").replace(/^mentions /, "looks like ");
}

/** The same name elsewhere, a word in common, or few letters apart. */
function nameScore(a: string, b: string): number {
  const [first, second] = [wordsOf(a), wordsOf(b)];
  const [one, other] = [first.join(""), second.join("")];
  if (one === other) return 4;
  const shared = first.filter((word) => word.length > 2 && second.includes(word)).length;
  const near = 1 - distance(one, other) / Math.max(one.length, other.length, 1);
  const contained = Math.min(one.length, other.length) >= 3 && (one.includes(other) || other.includes(one));
  return near >= 0.6 || contained ? 3 : shared > 0 ? 2 : 0;
}

/** The words of a path's last name: mobilePhone_no → mobile, phone, no. */
function wordsOf(path: string): string[] {
  const name =
    path
      .replace(/(?:\[\]|\{[^{}]*\})+$/, "")
      .split(/\.|\[\]|\{[^{}]*\}/)
      .at(-1) ?? "";
  return name
    .replace(/([\p{Ll}\p{N}])(\p{Lu})/gu, "$1 $2")
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== "");
}
