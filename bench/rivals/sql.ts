import type { Shape } from "../data.ts";
import { leavesOf, type MaskedLeaf, type Pattern } from "../masks.ts";

/** How a database says what the masks do. */
export interface Dialect {
  readonly token: (value: string) => string;
  readonly pattern: (value: string, step: Pattern) => string;
  readonly field: (struct: string, name: string) => string;
  /** A list with `body` in place of each element, which `body` calls `name`. */
  readonly list: (value: string, name: string, body: string) => string;
  /** The struct in the list `list` with some of its fields changed. */
  readonly struct: (value: string, list: string, changed: ReadonlyMap<string, string>) => string;
}

/** A column and the SQL that stands in its place. */
export type Replacement = readonly [column: string, sql: string];

/** What the masks do to the columns of a shape. */
export function replacements(shape: Shape, dialect: Dialect): Replacement[] {
  return [...byHead(leavesOf(shape))].map(([head, leaves]) => {
    const column = head.replace("[]", "");
    return [column, replaced(`"${column}"`, head, leaves, dialect)];
  });
}

/** The value of a path's first part with the leaves beneath it masked. */
function replaced(value: string, head: string, leaves: readonly MaskedLeaf[], dialect: Dialect): string {
  if (!head.endsWith("[]")) return masked(value, leaves[0]!, dialect);
  const list = head.slice(0, -2);
  const element = `a_${list}`;
  if (leaves[0]!.path === "") return dialect.list(value, element, masked(element, leaves[0]!, dialect));
  const changed = [...byHead(leaves)].map(([next, beneath]) => {
    const name = next.replace("[]", "");
    return [name, replaced(dialect.field(element, name), next, beneath, dialect)] as const;
  });
  return dialect.list(value, element, dialect.struct(element, list, new Map(changed)));
}

function masked(value: string, { mask }: MaskedLeaf, dialect: Dialect): string {
  return mask === "token" ? dialect.token(value) : mask.reduce(dialect.pattern, value);
}

/** Leaves by the first part of their path, which is taken off. */
function byHead(leaves: readonly MaskedLeaf[]): Map<string, MaskedLeaf[]> {
  const heads = new Map<string, MaskedLeaf[]>();
  for (const { path, mask } of leaves) {
    const [head, ...rest] = path.split(".");
    heads.set(head!, [...(heads.get(head!) ?? []), { path: rest.join("."), mask }]);
  }
  return heads;
}
