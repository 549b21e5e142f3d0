import { gunzipSync } from "node:zlib";
import * as duckdb from "@duckdb/node-api";
import { DuckDBInstance, type DuckDBType, type DuckDBValue } from "@duckdb/node-api";
import type { Field, Kind } from "../../../src/types.ts";
import type { Table, Value } from "./value.ts";

/**
 * The rows of a Parquet file as DuckDB reads them, exactly, but that DuckDB keeps microseconds of UTC timestamps and
 * loses a byte order mark at the start of nested text.
 */
export async function readParquetTable(path: string): Promise<Table> {
  const instance = await DuckDBInstance.create();
  const connection = await instance.connect();
  try {
    const shape = await connection.runAndReadAll("SELECT * FROM read_parquet($path) LIMIT 0", { path });
    const names = shape.columnNames();
    const types = shape.columnTypes();
    const fields = names.map((name, index) => fieldOf(name, types[index]!));
    // Text comes as bytes: the client's own decoding takes byte order marks away.
    const columns = names.map((name, index) => {
      const quoted = `"${name.replaceAll('"', '""')}"`;
      return types[index]!.typeId === duckdb.DuckDBTypeId.VARCHAR ? `encode(${quoted})` : quoted;
    });
    const reader = await connection.runAndReadAll(`SELECT ${columns.join(", ")} FROM read_parquet($path)`, { path });
    const rows = reader.getRows().map((row) =>
      row.map((value, index) => {
        const exact = exactValue(value, types[index]!);
        return fields[index]!.kind === "utf8" && exact instanceof Uint8Array ? Buffer.from(exact).toString() : exact;
      }),
    );
    return { fields, rows };
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

const SCALARS: Readonly<Record<number, Pick<Field, "kind" | "unit" | "utc">>> = {
  [duckdb.DuckDBTypeId.BOOLEAN]: { kind: "bool" },
  [duckdb.DuckDBTypeId.TINYINT]: { kind: "int8" },
  [duckdb.DuckDBTypeId.SMALLINT]: { kind: "int16" },
  [duckdb.DuckDBTypeId.INTEGER]: { kind: "int32" },
  [duckdb.DuckDBTypeId.BIGINT]: { kind: "int64" },
  [duckdb.DuckDBTypeId.UTINYINT]: { kind: "uint8" },
  [duckdb.DuckDBTypeId.USMALLINT]: { kind: "uint16" },
  [duckdb.DuckDBTypeId.UINTEGER]: { kind: "uint32" },
  [duckdb.DuckDBTypeId.UBIGINT]: { kind: "uint64" },
  [duckdb.DuckDBTypeId.FLOAT]: { kind: "float32" },
  [duckdb.DuckDBTypeId.DOUBLE]: { kind: "float64" },
  [duckdb.DuckDBTypeId.VARCHAR]: { kind: "utf8" },
  [duckdb.DuckDBTypeId.BLOB]: { kind: "binary" },
  [duckdb.DuckDBTypeId.UUID]: { kind: "utf8" },
  [duckdb.DuckDBTypeId.DATE]: { kind: "date32" },
  [duckdb.DuckDBTypeId.TIME]: { kind: "time", unit: "us" },
  [duckdb.DuckDBTypeId.TIME_TZ]: { kind: "time", unit: "us" },
  [duckdb.DuckDBTypeId.TIME_NS]: { kind: "time", unit: "ns" },
  [duckdb.DuckDBTypeId.TIMESTAMP]: { kind: "timestamp", unit: "us", utc: false },
  [duckdb.DuckDBTypeId.TIMESTAMP_MS]: { kind: "timestamp", unit: "ms", utc: false },
  [duckdb.DuckDBTypeId.TIMESTAMP_NS]: { kind: "timestamp", unit: "ns", utc: false },
  [duckdb.DuckDBTypeId.TIMESTAMP_TZ]: { kind: "timestamp", unit: "us", utc: true },
};

function fieldOf(name: string, type: DuckDBType): Field {
  if (type instanceof duckdb.DuckDBStructType) {
    const children = type.entryNames.map((entry, index) => fieldOf(entry, type.entryTypes[index]!));
    return { name, kind: "struct", children };
  }
  if (type instanceof duckdb.DuckDBListType) {
    return { name, kind: "list", children: [fieldOf("item", type.valueType)] };
  }
  if (type instanceof duckdb.DuckDBMapType) {
    return { name, kind: "map", children: [fieldOf("key", type.keyType), fieldOf("value", type.valueType)] };
  }
  if (type instanceof duckdb.DuckDBDecimalType) return { name, kind: "decimal", scale: type.scale, children: [] };
  const scalar = SCALARS[type.typeId];
  if (!scalar) throw new TypeError(`reading column ${name} as ${type}: the oracle does not know this type`);
  return { name, children: [], ...scalar };
}

function exactValue(value: DuckDBValue, type: DuckDBType): Value {
  if (value === null) return null;
  if (type instanceof duckdb.DuckDBStructType) {
    const { entries } = value as duckdb.DuckDBStructValue;
    return type.entryNames.map((name, index) => exactValue(entries[name]!, type.entryTypes[index]!));
  }
  if (type instanceof duckdb.DuckDBListType) {
    return (value as duckdb.DuckDBListValue).items.map((item) => exactValue(item, type.valueType));
  }
  if (type instanceof duckdb.DuckDBMapType) {
    return (value as duckdb.DuckDBMapValue).entries.map(({ key, value: one }) => [
      exactValue(key, type.keyType),
      exactValue(one, type.valueType),
    ]);
  }
  if (typeof value !== "object") return value;
  if (value instanceof duckdb.DuckDBDecimalValue) return value.value;
  if (value instanceof duckdb.DuckDBBlobValue) return value.bytes;
  if (value instanceof duckdb.DuckDBUUIDValue) return value.toString();
  if (value instanceof duckdb.DuckDBDateValue) return value.days;
  if ("nanos" in value) return value.nanos;
  if ("micros" in value) return value.micros;
  if ("millis" in value) return value.millis;
  throw new TypeError(`the oracle does not know the value ${value.constructor.name}`);
}

/** The rows of an RFC 4180 text with a header: every column is text, nothing is null. */
export function readCsvTable(bytes: Uint8Array): Table {
  const text = plain(bytes)
    .toString("utf8")
    .replace(/^\uFEFF/, "");
  const records: string[][] = [];
  let record: string[] = [];
  // A field is quoted (quotes doubled) or bare, and ends at a comma, a line end or the end.
  for (const [, quoted, bare, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/g)) {
    record.push(quoted === undefined ? bare! : quoted.replaceAll('""', '"'));
    if (end === ",") continue;
    if (record.length > 1 || record[0] !== "" || end !== "") records.push(record);
    record = [];
    if (end === "") break;
  }
  const [header = [], ...rows] = records;
  return { fields: header.map((name) => ({ name, kind: "utf8" as Kind, children: [] })), rows };
}

/** A JSON value as it was written: numbers by their text, objects by their entries. */
type Tree = null | boolean | string | { number: string } | Tree[] | Map<string, Tree>;

/**
 * The rows of JSON lines. The schema is the union of all lines, keys in the order in which they first appear; a key
 * that a line lacks is null there. Numbers stay the text they are.
 */
export function readJsonLinesTable(bytes: Uint8Array): Table {
  const lines = plain(bytes)
    .toString("utf8")
    .split("\n")
    .filter((line) => line.trim() !== "");
  const trees = lines.map((line) => JSON.parse(line, reviveAsWritten) as Tree);
  const root = trees.reduce<Field>(widen, { name: "", kind: "null", children: [] });
  return { fields: root.children, rows: trees.map((tree) => treeValue(root, tree) as Value[]) };
}

function reviveAsWritten(_key: string, value: unknown, context?: { source?: string }): unknown {
  if (typeof value === "number") return { number: context!.source! };
  if (typeof value === "string") return value.toWellFormed();
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return new Map(Object.entries(value));
  return value;
}

function widen(field: Field, tree: Tree): Field {
  if (tree === null) return field;
  const as = (kind: Kind, children: readonly Field[] = []): Field => {
    if (field.kind !== "null" && field.kind !== kind) throw new TypeError(`${field.name}: ${field.kind} and ${kind}`);
    return { name: field.name, kind, children };
  };
  if (typeof tree === "boolean") return as("bool");
  if (typeof tree === "string") return as("utf8");
  if (Array.isArray(tree)) {
    const item = field.children[0] ?? { name: "item", kind: "null", children: [] };
    return as("list", [tree.reduce<Field>(widen, item)]);
  }
  if (!(tree instanceof Map)) return as("number");
  const known = field.children.map((child) => (tree.has(child.name) ? widen(child, tree.get(child.name)!) : child));
  const added = [...tree].filter(([name]) => !field.children.some((child) => child.name === name));
  return as("struct", [...known, ...added.map(([name, value]) => widen({ name, kind: "null", children: [] }, value))]);
}

function treeValue(field: Field, tree: Tree | undefined): Value {
  if (tree === null || tree === undefined) return null;
  if (Array.isArray(tree)) return tree.map((item) => treeValue(field.children[0]!, item));
  if (tree instanceof Map) return field.children.map((child) => treeValue(child, tree.get(child.name)));
  return typeof tree === "object" ? tree.number : tree;
}

/** Gunzips what is gzip. */
function plain(bytes: Uint8Array): Buffer {
  return bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : Buffer.from(bytes);
}
