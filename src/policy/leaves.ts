import type { Field } from "../types.ts";
import { sameName } from "./match.ts";

/** A leaf of a schema: a field that holds values, not other fields. */
export interface Leaf {
  /** `.` before a struct's member, `[]` after a list, `{}` after a map: `participants[].attributes{}`. */
  readonly path: string;
  /** The nearest name above the values: `attributes` for the leaf above. */
  readonly name: string;
  readonly field: Field;
  /** A map's values, whose decision may depend on the key. */
  readonly inMap: boolean;
  /** The members of the structs that it stands in, the innermost first, the schema's own fields last. */
  readonly around: readonly (readonly Field[])[];
}

/** The leaves of a schema, depth first in schema order: the order in which decisions are kept. */
export function leavesOf(fields: readonly Field[]): Leaf[] {
  return fields.flatMap((field) => under(field, field.name, field.name, false, [fields]));
}

function under(field: Field, path: string, name: string, inMap: boolean, around: Leaf["around"]): Leaf[] {
  const { children } = field;
  switch (field.kind) {
    case "struct":
      return children.flatMap((child) =>
        under(child, `${path}.${child.name}`, child.name, false, [children, ...around]),
      );
    case "list":
      return under(children[0]!, `${path}[]`, name, false, around);
    case "map":
      return under(children[1]!, `${path}{}`, name, true, around);
    default:
      return [{ path, name, field, inMap, around }];
  }
}

/**
 * Where the nearest scalar field of a name stands: in which of the structs around (0: the innermost), and which of its
 * members it is. Names are compared as rules' names are.
 */
export function fieldBeside(around: Leaf["around"], name: string): { level: number; index: number } | undefined {
  for (const [level, fields] of around.entries()) {
    const exact = fields.findIndex((field) => field.children.length === 0 && field.name === name);
    const index =
      exact >= 0 ? exact : fields.findIndex((field) => field.children.length === 0 && sameName(field.name, name));
    if (index >= 0) return { level, index };
  }
  return undefined;
}
