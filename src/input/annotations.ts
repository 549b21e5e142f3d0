import { type parquetMetadata, parquetSchema } from "hyparquet";
import type { Annotations } from "../worker/messages.ts";

type Metadata = ReturnType<typeof parquetMetadata>;
type SchemaTree = ReturnType<typeof parquetSchema>;

/** What the footer knows of columns and the decoder does not pass on. */
export function annotationsOf(metadata: Metadata): Annotations {
  const found = { uuids: [] as number[], enums: [] as number[], int96: new Set<string>() };
  let ordinal = 0;
  const walk = ({ element, children, path }: SchemaTree): void => {
    if (children.length > 0) {
      for (const child of children) walk(child);
      return;
    }
    const { type, logical_type: logical, converted_type: converted } = element;
    if (type === "INT96") found.int96.add(path[0] ?? element.name);
    if (type === "FIXED_LEN_BYTE_ARRAY" && logical?.type === "UUID") found.uuids.push(ordinal);
    if (type === "BYTE_ARRAY" && (logical?.type === "ENUM" || converted === "ENUM")) found.enums.push(ordinal);
    ordinal++;
  };
  for (const child of parquetSchema(metadata).children) walk(child);
  return { ...found, int96: [...found.int96] };
}
