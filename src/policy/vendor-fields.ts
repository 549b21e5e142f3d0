import type { VendorField } from "../genesys/types.ts";
import type { Field, Kind } from "../types.ts";
import type { Leaf } from "./leaves.ts";
import { type LockedLeaf, typeOf } from "./lock.ts";

/** A leaf of the vendor's schema, and its type as the lock has it. */
export interface VendorLeaf extends Leaf {
  readonly type: string;
}

/**
 * The leaf that a vendor's field is.
 * @param approved - what the lock has of this path. A vendor's type says less than a file's (`datetime`, not the unit): where
 * both are of one class, the lock's type holds, so that decisions that depend on it are the file's
 */
export function vendorLeaf({ path, type: vendorType }: VendorField, approved: readonly LockedLeaf[]): VendorLeaf {
  const named = path.replace(/(?:\[\]|\{\})+$/, "");
  const name = named.slice(named.lastIndexOf(".") + 1);
  const place = { path, name, inMap: path.endsWith("{}"), around: [] };
  const said: Field = { name, children: [], ...(FIELDS.get(vendorType.toLowerCase()) ?? TEXT) };
  const type = typeOf(said);
  const alike = approved.find((one) => mayCarry(one.type, type));
  // What is text now may hold anything, and is decided as text; of other changes the files have the last word.
  const decidedAs = alike ?? (classOf(type) === "text" ? undefined : approved[0]);
  if (!decidedAs) return { ...place, field: said, type };
  return { ...place, field: { name, kind: kindIn(decidedAs.type), children: [] }, type: alike?.type ?? type };
}

const TEXT: Omit<Field, "name" | "children"> = { kind: "utf8" };
const INTEGER: typeof TEXT = { kind: "int64" };
const NUMBER: typeof TEXT = { kind: "float64" };
const TIMESTAMP: typeof TEXT = { kind: "timestamp", unit: "us", utc: true };

/** Vendor's types; any other one is text. */
const FIELDS: ReadonlyMap<string, typeof TEXT> = new Map([
  ["string", TEXT],
  ["integer", INTEGER],
  ["long", INTEGER],
  ["number", NUMBER],
  ["double", NUMBER],
  ["decimal", { kind: "decimal" }],
  ["boolean", { kind: "bool" }],
  ["date", { kind: "date32" }],
  ["datetime", TIMESTAMP],
  ["timestamp", TIMESTAMP],
  ["binary", { kind: "binary" }],
]);

/** Whether a column of type `file` may be what the vendor calls `vendor`: of its class, or a time as text (ISO 8601). */
export function mayCarry(file: string, vendor: string): boolean {
  const [own, said] = [classOf(file), classOf(vendor)];
  return own === said || (own === "text" && said === "time");
}

function classOf(type: string): "text" | "number" | "time" | "other" {
  const kind = kindIn(type);
  if (/^(?:utf8|binary)$/.test(kind)) return "text";
  if (/^(?:u?int\d+|float\d+|decimal|number)$/.test(kind)) return "number";
  return /^(?:date\d+|time|timestamp|duration|interval)$/.test(kind) ? "time" : "other";
}

/** The kind of a type as the lock has it: `timestamp(us, UTC)` is a timestamp. */
function kindIn(type: string): Kind {
  const kind = type.replace(/\(.*$/, "");
  return kind === "uuid" ? "utf8" : (kind as Kind);
}

/** The record's own field that a path begins with: `transcript[].text` is beneath `transcript`. */
export function topOf(path: string): string {
  return /^[^.[{]*/.exec(path)![0];
}
