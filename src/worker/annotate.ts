import type { Field } from "../types.ts";
import type { Annotations } from "./messages.ts";

/**
 * Fields with what only the footer knows: UUIDs and ENUMs are text. Leaves are counted as Parquet does, depth first,
 * map keys included.
 */
export function annotated(fields: readonly Field[], { uuids, enums }: Annotations): Field[] {
  if (uuids.length === 0 && enums.length === 0) return [...fields];
  const uuid = new Set(uuids);
  const text = new Set(enums);
  let ordinal = 0;
  const under = (field: Field): Field => {
    if (field.children.length > 0) return { ...field, children: field.children.map(under) };
    const own = ordinal++;
    if (field.kind !== "binary") return field;
    if (uuid.has(own) && field.width === 16) return { name: field.name, kind: "utf8", uuid: true, children: [] };
    return text.has(own) ? { ...field, kind: "utf8" } : field;
  };
  return fields.map(under);
}
