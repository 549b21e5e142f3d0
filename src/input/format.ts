/** What an object's name says that it holds. */
export type Format =
  | { readonly type: "parquet"; readonly gzip: false }
  | { readonly type: "csv" | "jsonl"; readonly gzip: boolean };

const EXTENSION = /\.(parquet|pq|csv|jsonl|ndjson)(\.gz)?$/i;

/** The format by extension; undefined when it says none that is read. */
export function formatOf(name: string): Format | undefined {
  const [, extension = "", gz] = EXTENSION.exec(name) ?? [];
  switch (extension.toLowerCase()) {
    case "parquet":
    case "pq":
      return gz ? undefined : { type: "parquet", gzip: false };
    case "csv":
      return { type: "csv", gzip: gz !== undefined };
    case "jsonl":
    case "ndjson":
      return { type: "jsonl", gzip: gz !== undefined };
    default:
      return undefined;
  }
}

/** A name without the extension of its format. */
export function stemOf(name: string): string {
  return name.replace(EXTENSION, "");
}

/** Files that engines leave beside data (`_SUCCESS`, `_metadata`, `.crc`), and our own manifests. */
export function isBookkeeping(name: string): boolean {
  return name.split("/").some((segment) => /^[_.]/.test(segment) && !/^\.{1,2}$/.test(segment));
}
