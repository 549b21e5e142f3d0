import { badInput } from "../errors.ts";
import type { Field } from "../types.ts";

/** Fields of JSON lines, and the file that they were found in. */
interface Found {
  readonly name: string;
  readonly fields: readonly Field[];
}

/**
 * The fields that every one of these files can be read with: those of the first, then what others have beside, at every
 * depth. Scalars of different kinds are text, as within a file.
 * @throws MasklineError (exit 5) when one has an object or a list where another has something else
 */
export function unite(files: readonly Found[]): readonly Field[] {
  // Files mostly have the same.
  const different = [...new Map(files.map((file) => [JSON.stringify(file.fields), file])).values()];
  return different.reduce<readonly Field[]>((fields, file) => members(fields, file.fields, "", file.name), []);
}

function members(known: readonly Field[], found: readonly Field[], path: string, file: string): Field[] {
  const others = new Map(found.map((field) => [field.name, field]));
  const names = new Set(known.map(({ name }) => name));
  return [
    ...known.map((field) => {
      const other = others.get(field.name);
      return other ? wider(field, other, path === "" ? field.name : `${path}.${field.name}`, file) : field;
    }),
    ...found.filter(({ name }) => !names.has(name)),
  ];
}

function wider(known: Field, found: Field, path: string, file: string): Field {
  if (found.kind === "null" || known.kind === found.kind) {
    const children = found.kind === "null" ? known.children : members(known.children, found.children, path, file);
    return { ...known, children };
  }
  if (known.kind === "null") return { ...found, name: known.name };
  if (isNested(known) || isNested(found)) {
    throw badInput(`reading ${file}: ${path} is ${found.kind} there, ${known.kind} in a file before it`);
  }
  return { ...known, kind: "utf8" };
}

function isNested({ kind }: Field): boolean {
  return kind === "struct" || kind === "list" || kind === "map";
}
