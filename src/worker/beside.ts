import type { Kernels } from "../kernels/load.ts";
import type { Beside, RecordLeaf } from "../masks/mask.ts";
import { fieldBeside, leavesOf } from "../policy/leaves.ts";
import type { Batch, Column } from "../types.ts";
import { gather } from "./gather.ts";
import { textForm } from "./text-form.ts";

/** Columns that have an element for each of the same things: the records, the items of a list, the entries of a map. */
export interface Scope {
  /** Members of the structs around, the innermost first, that are still of this scope. */
  readonly structs: readonly (readonly Column[])[];
  /** The scope of the list or map that this one's elements are in, and for each the element of that scope. */
  readonly outer?: { readonly scope: Scope; readonly parents: () => Int32Array };
}

/** The scope of the records. */
export function recordScope({ columns }: Batch): Scope {
  return { structs: [columns] };
}

export function insideStruct(scope: Scope, members: readonly Column[]): Scope {
  return { ...scope, structs: [members, ...scope.structs] };
}

/** @param list a list or map column of `scope` */
export function insideList(scope: Scope, list: Column, kernels: Kernels): Scope {
  let parents: Int32Array | undefined;
  return {
    structs: [],
    outer: {
      scope,
      parents: () => {
        parents ??= parentsOf(list, kernels);
        return parents;
      },
    },
  };
}

function parentsOf(list: Column, kernels: Kernels): Int32Array {
  const ends = kernels.memory.i32(list.offsets, list.length + 1);
  const parents = new Int32Array(ends[list.length]!);
  for (let element = 0; element < list.length; element++) parents.fill(element, ends[element], ends[element + 1]);
  return parents;
}

/** What stands beside a leaf of a batch; read as it is asked for, and once. */
export class LeafBeside implements Beside {
  readonly #scope: Scope;
  readonly #length: number;
  readonly #batch: Batch;
  readonly #kernels: Kernels;
  readonly #texts = new Map<string, Column>();

  constructor(scope: Scope, length: number, batch: Batch, kernels: Kernels) {
    this.#scope = scope;
    this.#length = length;
    this.#batch = batch;
    this.#kernels = kernels;
  }

  text(field: string): Column {
    const known = this.#texts.get(field);
    if (known) return known;
    const text = this.#find(field);
    this.#texts.set(field, text);
    return text;
  }

  rows(): Int32Array {
    return rowsIn(this.#scope, this.#length);
  }

  leaf(path: string): RecordLeaf {
    const index = leavesOf(this.#batch.columns.map(({ field }) => field)).findIndex((leaf) => leaf.path === path);
    const found = leafColumns(this.#batch, this.#kernels)[index];
    if (!found) throw new RangeError("masking: a mask reads a leaf that the batch does not have");
    return { column: textForm(found.column, this.#kernels).column, rows: rowsIn(found.scope, found.column.length) };
  }

  #find(field: string): Column {
    let indices: Int32Array | undefined;
    for (let scope: Scope | undefined = this.#scope; scope; scope = scope.outer?.scope) {
      const around = scope.structs.map((columns) => columns.map((column) => column.field));
      const place = fieldBeside(around, field);
      if (place) {
        const { column } = textForm(scope.structs[place.level]![place.index]!, this.#kernels);
        return indices ? gather(column, indices, this.#kernels) : column;
      }
      if (scope.outer) indices = composed(scope.outer.parents(), indices);
    }
    throw new RangeError("masking: a mask reads a field that the batch does not have");
  }
}

/** A subset of what stands beside. */
export function besideOf(beside: Beside, indices: Int32Array, kernels: Kernels): Beside {
  return {
    text: (field) => gather(beside.text(field), indices, kernels),
    rows: () => composed(beside.rows(), indices),
    leaf: (path) => beside.leaf(path),
  };
}

function composed(parents: Int32Array, indices: Int32Array | undefined): Int32Array {
  return indices ? indices.map((index) => parents[index]!) : parents;
}

function rowsIn(scope: Scope, length: number): Int32Array {
  let rows: Int32Array | undefined;
  for (let at: Scope | undefined = scope; at; at = at.outer?.scope)
    if (at.outer) rows = composed(at.outer.parents(), rows);
  return rows ?? Int32Array.from({ length }, (_, row) => row);
}

/** The leaves' columns in the order of `leavesOf`, each with its scope. */
function leafColumns(batch: Batch, kernels: Kernels): { column: Column; scope: Scope }[] {
  const under = (column: Column, scope: Scope): { column: Column; scope: Scope }[] => {
    const { children } = column;
    switch (column.field.kind) {
      case "struct":
        return children.flatMap((child) => under(child, insideStruct(scope, children)));
      case "list":
        return under(children[0]!, insideList(scope, column, kernels));
      case "map":
        return under(children[1]!, insideList(scope, column, kernels));
      default:
        return [{ column, scope }];
    }
  };
  return batch.columns.flatMap((column) => under(column, recordScope(batch)));
}
