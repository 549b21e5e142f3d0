import type { Field } from "../types.ts";

/** A leaf of a schema: a field that holds values, not other fields. */
export interface Leaf {
  /** `.` before a struct's member, `[]` after a list, `{}` after a map: `participants[].attributes{}`. */
  readonly path: string;
  /** The nearest name above the values: `attributes` for the leaf above. */
  readonly name: string;
  readonly field: Field;
  /** A map's values, whose decision may depend on the key. */
  readonly inMap: boolean;
}

/** The leaves of a schema, depth first in schema order: the order in which decisions are kept. */
export function leavesOf(fields: readonly Field[]): Leaf[] {
  return fields.flatMap((field) => under(field, field.name, field.name, false));
}

function under(field: Field, path: string, name: string, inMap: boolean): Leaf[] {
  switch (field.kind) {
    case "struct":
      return field.children.flatMap((child) => under(child, `${path}.${child.name}`, child.name, false));
    case "list":
      return under(field.children[0]!, `${path}[]`, name, false);
    case "map":
      return under(field.children[1]!, `${path}{}`, name, true);
    default:
      return [{ path, name, field, inMap }];
  }
}
