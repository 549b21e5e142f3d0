/**
 * Benchmark data, made by DuckDB into bench/data/: `node bench/data.ts --shape cdr --size M`. Every value comes from a
 * hash of its row number, so a file is the same wherever it is made.
 */
import { existsSync } from "node:fs";
import { mkdir, rename, stat } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { DuckDBInstance } from "@duckdb/node-api";
import { cdrQuery } from "./shapes/cdr.ts";
import { nestedQuery } from "./shapes/nested.ts";
import { transcriptQuery } from "./shapes/transcript.ts";

export const SIZES = { S: 200_000, M: 1_000_000, L: 4_000_000 } as const;
export type Size = keyof typeof SIZES;
export const SHAPES = ["cdr", "transcript", "nested"] as const;
export type Shape = (typeof SHAPES)[number];
const QUERIES: Readonly<Record<Shape, (rows: number) => string>> = {
  cdr: cdrQuery,
  transcript: transcriptQuery,
  nested: nestedQuery,
};

/** What a file is to be: rows, and how they are cut into row groups. */
export interface DataSpec {
  readonly shape: Shape;
  readonly size: Size;
  /** Times the size's rows. */
  readonly times?: number;
  /** `usual` 122,880 rows, of conversations fewer; `one` row group in all; `16`, from size M on; `64MiB` uncompressed each. */
  readonly rowGroups?: "usual" | "one" | "16" | "64MiB";
}

const directory = join(import.meta.dirname, "data");

/** A conversation is as much work as several calls. */
const CONVERSATION = 8;

export function rowsOf({ shape, size, times = 1 }: DataSpec): number {
  return (SIZES[size] * times) / (shape === "nested" ? CONVERSATION : 1);
}

/** The file's path; made where it is not there yet. */
export async function parquetData(spec: DataSpec): Promise<string> {
  const { times = 1, rowGroups = "usual" } = spec;
  const parts = [
    spec.shape,
    spec.size + (times === 1 ? "" : `x${times}`),
    ...(rowGroups === "usual" ? [] : [rowGroups]),
  ];
  const path = join(directory, `${parts.join("-")}.parquet`);
  const rows = rowsOf(spec);
  return make(path, async (to) => {
    const perGroup = await rowsPerGroup(rowGroups, rows, spec.shape);
    return `COPY (${QUERIES[spec.shape](rows)}) TO ${literal(to)}
      (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE ${perGroup})`;
  });
}

/** DuckDB cuts at multiples of this. */
const VECTOR = 2048;

async function rowsPerGroup(rowGroups: DataSpec["rowGroups"], rows: number, shape: Shape): Promise<number> {
  switch (rowGroups) {
    case "one":
      return rows;
    case "16":
      return Math.ceil(rows / 16 / VECTOR) * VECTOR;
    case "64MiB":
      return rowsIn(64 * 1024 * 1024, shape);
    default:
      return shape === "nested" ? 122_880 / CONVERSATION : 122_880;
  }
}

/** Row groups of a file, by its footer. */
export async function rowGroupsIn(path: string): Promise<number> {
  const [row] = await run(`SELECT num_row_groups AS n FROM parquet_file_metadata(${literal(path)})`);
  return Number(row!.n);
}

/** The same rows as JSON lines, for rivals that do not read Parquet. */
export async function jsonLinesData(spec: DataSpec): Promise<string> {
  const source = await parquetData(spec);
  return make(
    source.replace(/parquet$/, "jsonl"),
    (to) => `COPY (FROM ${literal(source)}) TO ${literal(to)} (FORMAT json)`,
  );
}

/** A file of 1 GB or a little more: the CDR shape's rows, again and again. */
export async function gigabyteData(): Promise<string> {
  const part = await parquetData({ shape: "cdr", size: "M" });
  const times = Math.ceil(1e9 / (await stat(part)).size);
  const parts = Array.from({ length: times }, () => literal(part));
  return make(
    join(directory, "cdr-1GB.parquet"),
    (to) => `COPY (FROM read_parquet([${parts.join(", ")}])) TO ${literal(to)}
      (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880)`,
  );
}

async function make(path: string, sql: (to: string) => string | Promise<string>): Promise<string> {
  if (existsSync(path)) return path;
  await mkdir(directory, { recursive: true });
  const partial = `${path}.partial`;
  await run(await sql(partial));
  await rename(partial, path);
  return path;
}

/** How many rows make so many uncompressed bytes, by the footer of the small file. */
async function rowsIn(bytes: number, shape: Shape): Promise<number> {
  const small = await parquetData({ shape, size: "S" });
  const [row] = await run(
    `SELECT sum(total_uncompressed_size) / max(r) AS per_row FROM parquet_metadata(${literal(small)}),
      (SELECT num_rows AS r FROM parquet_file_metadata(${literal(small)}))`,
  );
  return Math.floor(bytes / Number(row!.per_row) / VECTOR) * VECTOR;
}

const literal = (text: string) => `'${text.replaceAll("'", "''")}'`;

async function run(sql: string): Promise<Record<string, unknown>[]> {
  const instance = await DuckDBInstance.create();
  const connection = await instance.connect();
  try {
    await connection.run("SET TimeZone = 'UTC'");
    return (await connection.runAndReadAll(sql)).getRowObjectsJS();
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      shape: { type: "string", default: "cdr" },
      size: { type: "string", default: "S" },
      times: { type: "string", default: "1" },
      "row-groups": { type: "string", default: "usual" },
      jsonl: { type: "boolean", default: false },
    },
  });
  const spec = {
    shape: values.shape as Shape,
    size: values.size as Size,
    times: Number(values.times),
    rowGroups: values["row-groups"] as "usual",
  };
  console.log(await (values.jsonl ? jsonLinesData(spec) : parquetData(spec)));
}
