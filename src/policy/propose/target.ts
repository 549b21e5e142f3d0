import type { Leaf } from "../leaves.ts";
import { matcher, type Target } from "../match.ts";

/** How a rule can name a leaf, and which other leaves it names with it. */
export interface Named {
  readonly target: Target;
  /** Paths that are matched beside the leaf's own. */
  readonly others: ReadonlySet<string>;
}

/**
 * The target that names a leaf with as few others as can be: names in which `*`, `.` or braces stand, and such that differ
 * in case only, cannot always be told from others.
 * @returns undefined for a name that no rule can say
 */
export function targetOf(leaf: Leaf, leaves: readonly Leaf[]): Named | undefined {
  let best: Named | undefined;
  for (const target of targets(leaf)) {
    const matches = matcher(target);
    const own = matches(leaf);
    if (!own || own.keys) continue;
    const others = new Set(leaves.filter((one) => one.path !== leaf.path && matches(one)).map(({ path }) => path));
    if (others.size === 0) return { target, others };
    if (!best || others.size < best.others.size) best = { target, others };
  }
  return best;
}

function targets({ path, name }: Leaf): Target[] {
  // Braces at the end say a map's key: a name that ends so is matched without its last.
  if (path === "") return [];
  return [{ path }, ...(name === "" ? [] : [{ field: name }]), { path: `${path.slice(0, -1)}*` }];
}

/** The target of a map's entries with a key, where that can be said. */
export function keyTarget({ path }: Leaf, key: string): Target {
  return { path: `${path.slice(0, -1)}${key}}` };
}
