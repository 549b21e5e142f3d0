import { writeFile } from "node:fs/promises";
import {
  Bool,
  type DataType,
  Decimal,
  Dictionary,
  Float64,
  Int32,
  Int64,
  Table,
  TimestampMillisecond,
  Utf8,
  vectorFromArray,
} from "apache-arrow";
import { Compression, type WriterPropertiesBuilder } from "parquet-wasm";
import type { Cdr } from "./cdr.ts";
import { parquetByWasm, writeByDuckdb, writeByHyparquet } from "./writers.ts";

const TEXT = { type: "BYTE_ARRAY", converted_type: "UTF8" } as const;

/** Call detail records by hyparquet-writer: snappy, pages of its own kind, no ARROW:schema. */
export async function cdrsByHyparquet(path: string, rows: readonly Cdr[], rowGroupSize: number): Promise<void> {
  const column = <K extends keyof Cdr>(name: K) => rows.map((row) => row[name]);
  await writeByHyparquet(
    path,
    {
      conversationId: { ...TEXT, repetition_type: "REQUIRED", values: column("conversationId") },
      direction: { ...TEXT, repetition_type: "REQUIRED", values: column("direction") },
      startTime: {
        type: "INT64",
        logical_type: { type: "TIMESTAMP", isAdjustedToUTC: true, unit: "MILLIS" },
        values: column("startTime").map(BigInt),
      },
      durationMs: { type: "INT64", values: column("durationMs") },
      queueName: { ...TEXT, values: column("queueName") },
      agentId: { ...TEXT, values: column("agentId") },
      firstName: { ...TEXT, values: column("firstName") },
      lastName: { ...TEXT, values: column("lastName") },
      phoneNumber: { ...TEXT, values: column("phoneNumber") },
      emailAddress: { ...TEXT, values: column("emailAddress") },
      externalId: { ...TEXT, values: column("externalId") },
      cardNumber: { ...TEXT, values: column("cardNumber") },
      transcript: { ...TEXT, values: column("transcript") },
      holdSeconds: { type: "DOUBLE", values: column("holdSeconds") },
      amount: { type: "INT64", converted_type: "DECIMAL", precision: 12, scale: 2, values: column("amount") },
      resolved: { type: "BOOLEAN", values: column("resolved") },
    },
    rowGroupSize,
  );
}

/** Call detail records by DuckDB. */
export async function cdrsByDuckdb(path: string, rows: readonly Cdr[], options?: string): Promise<void> {
  const types = {
    conversationId: "VARCHAR",
    direction: "VARCHAR",
    startTime: "TIMESTAMPTZ",
    durationMs: "BIGINT",
    queueName: "VARCHAR",
    agentId: "VARCHAR",
    firstName: "VARCHAR",
    lastName: "VARCHAR",
    phoneNumber: "VARCHAR",
    emailAddress: "VARCHAR",
    externalId: "VARCHAR",
    cardNumber: "VARCHAR",
    transcript: "VARCHAR",
    holdSeconds: "DOUBLE",
    amount: "DECIMAL(12,2)",
    resolved: "BOOLEAN",
  };
  await writeByDuckdb(path, types, rows.map(plainCdr), options);
}

/** The record with what JSON and CSV can say: a date as ISO text, the amount as decimal text. */
export function plainCdr(row: Cdr): Record<string, unknown> {
  return {
    ...row,
    startTime: new Date(row.startTime).toISOString(),
    amount: row.amount === null ? null : (Number(row.amount) / 100).toFixed(2),
  };
}

/** Call detail records by parquet-wasm, directions and queues as dictionaries. */
export async function cdrsByWasm(
  path: string,
  rows: readonly Cdr[],
  compression: Compression = Compression.SNAPPY,
  configure?: (builder: WriterPropertiesBuilder) => WriterPropertiesBuilder,
): Promise<void> {
  await writeFile(path, parquetByWasm(cdrTable(rows), compression, configure));
}

function cdrTable(rows: readonly Cdr[]): Table {
  const vector = (name: keyof Cdr, type: DataType) =>
    vectorFromArray(
      rows.map((row) => row[name]),
      type,
    );
  const text = (name: keyof Cdr) => vector(name, new Utf8());
  const category = (name: keyof Cdr) => vector(name, new Dictionary(new Utf8(), new Int32()));
  return new Table({
    conversationId: text("conversationId"),
    direction: category("direction"),
    startTime: vector("startTime", new TimestampMillisecond("UTC")),
    durationMs: vector("durationMs", new Int64()),
    queueName: category("queueName"),
    agentId: text("agentId"),
    firstName: text("firstName"),
    lastName: text("lastName"),
    phoneNumber: text("phoneNumber"),
    emailAddress: text("emailAddress"),
    externalId: text("externalId"),
    cardNumber: text("cardNumber"),
    transcript: text("transcript"),
    holdSeconds: vector("holdSeconds", new Float64()),
    amount: vectorFromArray(
      rows.map(({ amount }) => (amount === null ? null : words(amount))),
      new Decimal(2, 12, 128),
    ),
    resolved: vector("resolved", new Bool()),
  });
}

/** An integer as the four little-endian words of a 128-bit decimal. */
export function words(value: bigint): Uint32Array {
  return Uint32Array.from([0n, 32n, 64n, 96n], (shift) => Number(BigInt.asUintN(32, value >> shift)));
}
