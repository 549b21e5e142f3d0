import type { Kernels } from "../kernels/load.ts";
import { fieldBeside } from "../policy/leaves.ts";
import type { ExpectedLeaf } from "../proof/expected.ts";
import type { Column, Field } from "../types.ts";
import { MemoryView, SourceColumn } from "./source-text.ts";

/** A column of the source, and what is below it, ready to be read element by element. */
export interface SourceNode {
  readonly field: Field;
  readonly offsets: number;
  readonly validity: number;
  readonly children: readonly SourceNode[];
  /** The number of its leaf, or of the first below it. */
  readonly leaf: number;
  /** Nothing of it is written: all below it is dropped. */
  readonly dropped: boolean;
  /** Of a scalar column, what it holds. */
  readonly values: SourceColumn | undefined;
  /** Objects have something of its name whatever they hold: `constructor`. */
  readonly inherited: boolean;
}

/** Where in a record a value stands: in an element of a struct, which is in one of another. */
export interface Scope {
  readonly members: readonly SourceNode[];
  readonly index: number;
  readonly outer: Scope | undefined;
}

/** A batch's columns, ready to be read from memory as long as nothing is allocated. `leaves`: what is expected of each. */
export function sourceNodes(
  columns: readonly Column[],
  leaves: readonly ExpectedLeaf[],
  kernels: Kernels,
): { readonly nodes: readonly SourceNode[]; readonly memory: MemoryView } {
  // Of any value, another one may say how it is masked.
  const readsBeside = leaves.some(({ cases }) => cases.some(({ when }) => when?.field !== undefined));
  let leaf = 0;
  const memory = new MemoryView();
  const under = (column: Column, isKey: boolean): SourceNode => {
    const { field, offsets, validity } = column;
    const first = leaf;
    const base = { field, offsets, validity, leaf: first, inherited: field.name in Object.prototype };
    if (column.children.length === 0) {
      const dropped = !isKey && leaves[first]?.action === "drop";
      const wanted = isKey || readsBeside || leaves[first]?.needsText === true;
      if (!isKey) leaf++;
      return { ...base, children: [], dropped, values: new SourceColumn(column, wanted, memory, kernels) };
    }
    const children = column.children.map((child, index) => under(child, field.kind === "map" && index === 0));
    // A struct is there whatever is left of it.
    const dropped = field.kind !== "struct" && children.at(-1)!.dropped;
    return { ...base, children, dropped, values: undefined };
  };
  const nodes = columns.map((column) => under(column, false));
  memory.look(kernels);
  return { nodes, memory };
}

/** What the nearest field of a name holds. */
export function textBeside(scope: Scope, field: string): string | null {
  for (let at: Scope | undefined = scope; at; at = at.outer) {
    const place = fieldBeside([at.members.map((node) => node.field)], field);
    if (place) return at.members[place.index]!.values?.text(at.index) ?? null;
  }
  return null;
}
