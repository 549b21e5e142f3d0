import { nearest } from "../config/nearest.ts";
import { usageError } from "../errors.ts";
import type { Decision, LeafDecision } from "../types.ts";
import type { Leaf } from "./leaves.ts";
import { sameName } from "./match.ts";
import { lookOfLeaf } from "./sensitive.ts";

interface Decided extends Leaf {
  readonly decision: LeafDecision;
}

/** The leaves with the paths of the columns whose names their scans look for. */
export function withRecordNames<L extends Decided>(leaves: readonly L[]): L[] {
  const people = leaves.filter(holdsNames).map(({ path }) => path);
  return leaves.map((leaf) => {
    const { decision } = leaf;
    const cases = decision.cases.map((one) => ({ ...one, decision: named(one.decision, leaf, leaves, people) }));
    return { ...leaf, decision: { ...named(decision, leaf, leaves, people), cases } };
  });
}

function named<D extends Decision>(decision: D, { path }: Leaf, leaves: readonly Leaf[], people: readonly string[]): D {
  if (decision.mask !== "scan") return decision;
  const { names } = decision.options as { names: "record" | readonly string[] };
  const wanted = names === "record" ? people : names.map((name) => pathOf(name, path, leaves));
  return { ...decision, options: { ...decision.options, names: wanted.filter((one) => one !== path) } };
}

function pathOf(name: string, of: string, leaves: readonly Leaf[]): string {
  const found = leaves.find(({ path }) => path === name) ?? leaves.find((leaf) => sameName(leaf.name, name));
  if (found) return found.path;
  const known = leaves.map(({ path }) => path);
  throw usageError(
    `planning the column ${of}: scan looks for the names of ${name}, which is no column${nearest(name, known)}`,
    {
      stage: "plan",
    },
  );
}

/** Text by whose decision or name it is names of people. */
function holdsNames(leaf: Decided): boolean {
  const { decision, field } = leaf;
  if (field.kind !== "utf8" || decision.mask === "scan") return false;
  return decision.mask === "name" || decision.options.domain === "person" || lookOfLeaf(leaf) === "name";
}
