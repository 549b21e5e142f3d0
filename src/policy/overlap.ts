import { usageError } from "../errors.ts";
import { maskNamed } from "../masks/index.ts";
import type { Batch, Column, Decision, Field, LeafDecision } from "../types.ts";
import { type Leaf, leavesOf } from "./leaves.ts";

export type DecidedLeaf = Leaf & { readonly decision: LeafDecision };

/** How fields are called that hold the previous key's tokens, and what the key is called. */
export interface Previous {
  readonly suffix: string;
  readonly id: string | undefined;
}

/** Whether a mask stands a token of the key in a value's place, so that another key gives another one. */
function isKeyed({ mask }: Decision): boolean {
  return mask !== "pause" && maskNamed(mask).keyed === true;
}

/**
 * A schema in which every field with tokens stands twice, the second time under the previous key and right after the
 * first, with the suffix on its name: `firstName`, `firstName_previous`. Lists and maps of tokens are doubled whole,
 * structs member by member. Where only some of a field's values become tokens, the others are null in the second, or
 * absent from a map.
 * @param leaves one per leaf, in the order of `leavesOf(fields)`
 * @param where for errors: "planning s3://…"
 * @throws MasklineError (exit 2) when a field has that name already
 */
export function overlapping(
  fields: readonly Field[],
  leaves: readonly DecidedLeaf[],
  previous: Previous,
  where: string,
): { fields: readonly Field[]; leaves: readonly DecidedLeaf[] } {
  const decisions: LeafDecision[] = [];
  let next = 0;
  const named = (members: readonly Field[]): Field[] => {
    const names = new Set(members.map(({ name }) => name));
    return members.flatMap((field) => {
      const first = next;
      const own = under(field);
      const leaf = leaves[first];
      if (!leaf || holdsStruct(field) || ![leaf.decision, ...leaf.decision.cases.map(decisionOf)].some(isKeyed)) {
        return [own];
      }
      const name = field.name + previous.suffix;
      if (names.has(name)) {
        throw usageError(
          `${where}: ${name} is there already, so it cannot be the previous key's ${field.name}; set key.previous.suffix`,
          { stage: "plan" },
        );
      }
      decisions.push(underPrevious(leaf, previous));
      return [own, { ...field, name, previous: true }];
    });
  };
  const under = (field: Field): Field => {
    if (field.kind === "struct") return { ...field, children: named(field.children) };
    if (field.kind === "list") return { ...field, children: field.children.map(under) };
    if (field.kind === "map") return { ...field, children: [field.children[0]!, under(field.children[1]!)] };
    decisions.push(leaves[next++]!.decision);
    return field;
  };
  const doubled = named(fields);
  return {
    fields: doubled,
    leaves: leavesOf(doubled).map((leaf, index) => ({
      ...leaf,
      decision: { ...decisions[index]!, path: leaf.path },
    })),
  };
}

/** Whether a leaf, or some of it, is under the previous key. */
export function underPreviousKey({ previous, cases }: LeafDecision): boolean {
  return previous === true || cases.some(({ decision }) => decision.previous === true);
}

function decisionOf({ decision }: { readonly decision: Decision }): Decision {
  return decision;
}

function holdsStruct({ kind, children }: Field): boolean {
  if (kind === "map") return holdsStruct(children[1]!);
  return kind === "struct" || (kind === "list" && children.some(holdsStruct));
}

function underPrevious({ decision, inMap }: DecidedLeaf, { id }: Previous): LeafDecision {
  const key = `previous key${id === undefined ? "" : ` ${id}`}`;
  const again = (one: Decision): Decision => {
    const rule = `${one.rule}, ${key}`;
    return isKeyed(one) ? { ...one, rule, previous: true } : { mask: inMap ? "drop" : "null", options: {}, rule };
  };
  const cases = decision.cases.map((one) => ({ ...one, decision: again(one.decision) }));
  return { ...again(decision), path: decision.path, cases };
}

/** The schema as it is read: without what is doubled. */
export function asRead(fields: readonly Field[]): readonly Field[] {
  return fields
    .filter(({ previous }) => previous !== true)
    .map((field) => (field.children.length === 0 ? field : { ...field, children: asRead(field.children) }));
}

/** A batch as it was read, with the columns twice that are so in the schema; no value is copied. */
export function doubled(batch: Batch, fields: readonly Field[]): Batch {
  return { ...batch, columns: doubledColumns(batch.columns, fields) };
}

function doubledColumns(columns: readonly Column[], fields: readonly Field[]): Column[] {
  let next = 0;
  return fields.map((field) => {
    if (field.previous !== true) next++;
    const column = columns[next - 1]!;
    if (field.previous === true) return { ...column, field: { ...column.field, name: field.name } };
    if (field.children.length === 0) return column;
    const children = doubledColumns(column.children, field.children);
    return { ...column, field: { ...column.field, children: children.map((one) => one.field) }, children };
  });
}
