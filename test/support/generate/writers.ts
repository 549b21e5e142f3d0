import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { type Table, tableToIPC } from "apache-arrow";
import type { SchemaElement } from "hyparquet";
import { ByteWriter, parquetWrite } from "hyparquet-writer";
import {
  type Compression,
  Table as WasmTable,
  type WriterProperties,
  WriterPropertiesBuilder,
  writeParquet,
} from "parquet-wasm";

/** Runs SQL in a DuckDB of its own: one thread, UTC, so that the files it writes do not vary. */
export async function duckdb(...statements: readonly string[]): Promise<void> {
  const instance = await DuckDBInstance.create();
  const connection = await instance.connect();
  try {
    await connection.run("SET threads = 1; SET TimeZone = 'UTC'");
    for (const statement of statements) await connection.run(statement);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** Writes rows by DuckDB; `types` are SQL types by column name. */
export async function writeByDuckdb(
  path: string,
  types: Readonly<Record<string, string>>,
  rows: readonly object[],
  options = "COMPRESSION zstd",
): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), "maskline-fixtures-"));
  try {
    const source = join(directory, "rows.jsonl");
    await writeFile(source, rows.map((row) => `${JSON.stringify(row, bigintAsNumber)}\n`).join(""));
    const columns = Object.entries(types).map(([name, type]) => `${sql(name)}: ${sql(type)}`);
    await duckdb(
      `COPY (SELECT * FROM read_json(${sql(source)}, format = 'newline_delimited', columns = {${columns.join(", ")}}))
       TO ${sql(path)} (FORMAT parquet, ${options})`,
    );
  } finally {
    await rm(directory, { recursive: true });
  }
}

function bigintAsNumber(_key: string, value: unknown): unknown {
  // TypeScript's library does not know JSON.rawJSON yet.
  const { rawJSON } = JSON as unknown as { rawJSON(text: string): unknown };
  return typeof value === "bigint" ? rawJSON(String(value)) : value;
}

/** A SQL string literal. */
export function sql(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A column for hyparquet-writer: its schema element without the name, and its values. */
export type HyparquetColumn = Omit<SchemaElement, "name"> & { readonly values: readonly unknown[] };

/** Writes flat, nullable columns by hyparquet-writer. */
export async function writeByHyparquet(
  path: string,
  columns: Readonly<Record<string, HyparquetColumn>>,
  rowGroupSize?: number,
): Promise<void> {
  await writeFile(path, await parquetByHyparquet(columns, rowGroupSize));
}

/** Parquet bytes of flat, nullable columns by hyparquet-writer. */
export async function parquetByHyparquet(
  columns: Readonly<Record<string, HyparquetColumn>>,
  rowGroupSize = 100_000,
): Promise<Uint8Array> {
  const writer = new ByteWriter();
  const entries = Object.entries(columns);
  await parquetWrite({
    writer,
    columnData: entries.map(([name, { values }]) => ({ name, data: [...values] })),
    schema: [
      { name: "root", num_children: entries.length },
      ...entries.map(([name, { values: _, ...element }]) => ({
        name,
        repetition_type: "OPTIONAL" as const,
        ...element,
      })),
    ],
    rowGroupSize,
  });
  return new Uint8Array(writer.getBuffer());
}

/** Parquet bytes of an Arrow table by parquet-wasm. */
export function parquetByWasm(
  table: Table,
  compression: Compression,
  configure: (builder: WriterPropertiesBuilder) => WriterPropertiesBuilder = (builder) => builder,
): Uint8Array {
  const properties: WriterProperties = configure(new WriterPropertiesBuilder().setCompression(compression)).build();
  return writeParquet(WasmTable.fromIPCStream(tableToIPC(table, "stream")), properties);
}
