import { writeFile } from "node:fs/promises";
import * as arrow from "apache-arrow";
import { Compression } from "parquet-wasm";
import type { Field } from "../../../src/types.ts";
import { words } from "./cdr-files.ts";
import { duckdb, type HyparquetColumn, parquetByWasm, sql, writeByHyparquet } from "./writers.ts";

/** Every type that DuckDB writes, at its edges, with nulls. */
export async function typesByDuckdb(path: string): Promise<void> {
  const columns: Readonly<Record<string, readonly string[]>> = {
    bool: ["true", "false", "NULL"],
    int8: ["(-128)::TINYINT", "127", "NULL"],
    int16: ["(-32768)::SMALLINT", "32767", "NULL"],
    int32: ["(-2147483648)::INTEGER", "2147483647", "NULL"],
    int64: ["(-9223372036854775808)::BIGINT", "9223372036854775807", "NULL"],
    uint8: ["0::UTINYINT", "255", "NULL"],
    uint16: ["0::USMALLINT", "65535", "NULL"],
    uint32: ["0::UINTEGER", "4294967295", "NULL"],
    uint64: ["9007199254740993::UBIGINT", "18446744073709551615", "NULL"],
    float: ["0.1::FLOAT", "'inf'::FLOAT", "3.4028235e38::FLOAT"],
    double: ["'nan'::DOUBLE", "1e21::DOUBLE", "5e-324::DOUBLE"],
    doubles: ["(-0.0)::DOUBLE", "'-inf'::DOUBLE", "123456789012345680000::DOUBLE"],
    decimal4: ["(-1234567.89)::DECIMAL(9,2)", "0.05", "NULL"],
    decimal8: ["123456789012.345678::DECIMAL(18,6)", "-0.000001", "NULL"],
    decimal16: [
      "12345678901234567890.123456789012345678::DECIMAL(38,18)",
      "-99999999999999999999.999999999999999999",
      "NULL",
    ],
    whole: ["99999999999999999999::DECIMAL(38,0)", "0", "NULL"],
    fraction: ["0.123456789::DECIMAL(9,9)", "-0.5", "NULL"],
    date: ["DATE '1969-12-31'", "DATE '0001-01-01'", "DATE '9999-12-31'"],
    time: ["TIME '00:00:00'", "TIME '23:59:59.999999'", "TIME '12:34:56.789'"],
    timeNs: ["TIME_NS '12:34:56.123456789'", "TIME_NS '00:00:00.001'", "NULL"],
    timestamp: ["TIMESTAMP '2026-11-23 18:00:00'", "TIMESTAMP '1969-12-31 23:59:59.999999'", "NULL"],
    timestampMs: ["TIMESTAMP_MS '2026-11-23 18:00:00.120'", "TIMESTAMP_MS '0999-01-01 00:00:00'", "NULL"],
    timestampNs: ["TIMESTAMP_NS '2026-11-23 18:00:00.123456789'", "TIMESTAMP_NS '1969-12-31 23:59:59.9'", "NULL"],
    timestampUtc: ["TIMESTAMPTZ '2026-11-23 18:00:00.5+02'", "TIMESTAMPTZ '9999-12-31 23:59:59.999999+00'", "NULL"],
    text: ["'plain'", "''", "NULL"],
    json: [`'{"a": [1, 2.50], "b": null}'::JSON`, "'[]'::JSON", "NULL"],
    binary: ["'\\x00\\xFF\\x10'::BLOB", "''::BLOB", "NULL"],
    uuid: ["'00112233-4455-6677-8899-aabbccddeeff'::UUID", "'ffffffff-ffff-ffff-ffff-ffffffffffff'::UUID", "NULL"],
    list: ["[1, NULL, 3]", "[]", "NULL"],
    lists: ["[['a'], [], NULL, ['b', NULL]]", "[[]]", "NULL"],
    struct: ["{'x': 1, 'y': {'z': ['deep']}}", "{'x': NULL, 'y': NULL}", "NULL"],
    structs: ["[{'k': 'a'}, {'k': NULL}, NULL]", "[]", "NULL"],
    map: ["MAP {'a': 1, 'b': NULL}", "MAP {}", "NULL"],
    mapOfInt: ["MAP {7: 'seven', -1: NULL}", "MAP {0: ''}", "NULL"],
    mapOfStruct: ["MAP {'k': {'v': [TRUE, NULL]}}", "MAP {'k': NULL}", "NULL"],
  };
  const rows = [0, 1, 2].map((row) => {
    // The first value names its type; the others take it, or DuckDB would widen the column.
    const cells = Object.entries(columns).map(([name, values]) => {
      const type = /::[A-Z0-9(),]+$/.exec(values[0]!)?.[0] ?? "";
      return `(${values[row]})${type} AS "${name}"`;
    });
    return `SELECT ${cells.join(", ")}`;
  });
  await duckdb(`COPY (${rows.join(" UNION ALL ")}) TO ${sql(path)} (FORMAT parquet, COMPRESSION zstd)`);
}

const bytes = (...values: number[]) => Uint8Array.from(values);

/** Physical and logical types that only a writer with an explicit schema gives. */
export async function typesByHyparquet(path: string): Promise<void> {
  const timestamp = (unit: "MILLIS" | "MICROS" | "NANOS", isAdjustedToUTC: boolean, values: (bigint | null)[]) =>
    ({ type: "INT64", logical_type: { type: "TIMESTAMP", isAdjustedToUTC, unit }, values }) as HyparquetColumn;
  const time = (unit: "MILLIS" | "MICROS" | "NANOS", values: (number | bigint | null)[]) =>
    ({
      type: unit === "MILLIS" ? "INT32" : "INT64",
      logical_type: { type: "TIME", isAdjustedToUTC: false, unit },
      values,
    }) as HyparquetColumn;
  const decimal = (type_length: number, precision: number, scale: number, values: (bigint | null)[]) =>
    ({
      type: "FIXED_LEN_BYTE_ARRAY",
      type_length,
      converted_type: "DECIMAL",
      precision,
      scale,
      values,
    }) as HyparquetColumn;

  await writeByHyparquet(path, {
    required: { type: "INT32", repetition_type: "REQUIRED", values: [1, 2, 3] },
    int8: { type: "INT32", converted_type: "INT_8", values: [-128, 127, null] },
    uint32: { type: "INT32", converted_type: "UINT_32", values: [0, 4294967295, null] },
    uint64: { type: "INT64", converted_type: "UINT_64", values: [0n, 18446744073709551615n, null] },
    float16: {
      type: "FIXED_LEN_BYTE_ARRAY",
      type_length: 2,
      logical_type: { type: "FLOAT16" },
      values: [0.1, 65504, null],
    },
    decimal32: { type: "INT32", converted_type: "DECIMAL", precision: 9, scale: 2, values: [-123456789n, 5n, null] },
    decimal64: { type: "INT64", converted_type: "DECIMAL", precision: 18, scale: 5, values: [1n, -(10n ** 17n), null] },
    decimal5: decimal(5, 11, 11, [-99999999999n, 1n, null]),
    decimal16: decimal(16, 38, 0, [10n ** 37n, -(10n ** 37n), null]),
    timestampMs: timestamp("MILLIS", false, [0n, -1n, null]),
    timestampMsUtc: timestamp("MILLIS", true, [1_700_000_000_123n, 253_402_300_799_999n, null]),
    timestampUs: timestamp("MICROS", false, [1n, -1n, null]),
    timestampUsUtc: timestamp("MICROS", true, [1_700_000_000_123_000n, 1_700_000_000_123_456n, null]),
    timestampNs: timestamp("NANOS", false, [1n, 1_700_000_000_123_456_000n, null]),
    timeMs: time("MILLIS", [0, 86_399_999, null]),
    timeUs: time("MICROS", [1n, 86_399_999_999n, null]),
    timeNs: time("NANOS", [1n, 86_399_999_999_999n, null]),
    date: { type: "INT32", converted_type: "DATE", values: [0, -719_162, null] },
    fixed: { type: "FIXED_LEN_BYTE_ARRAY", type_length: 3, values: [bytes(0, 1, 2), bytes(253, 254, 255), null] },
    binary: { type: "BYTE_ARRAY", values: [bytes(104, 105), bytes(255), null] },
    uuid: {
      type: "FIXED_LEN_BYTE_ARRAY",
      type_length: 16,
      logical_type: { type: "UUID" },
      values: ["00112233-4455-6677-8899-aabbccddeeff", "ffffffff-ffff-ffff-ffff-ffffffffffff", null],
    },
    json: { type: "BYTE_ARRAY", converted_type: "JSON", values: [{ a: [1, "é"] }, [], null] },
  });
}

/** Columns of the file below that are plain integers but for the Arrow schema in it, which DuckDB does not read. */
export const ARROW_TYPES: Readonly<Record<string, Pick<Field, "kind" | "unit">>> = {
  dateMs: { kind: "date64" },
  timeS: { kind: "time", unit: "s" },
  timestampS: { kind: "timestamp", unit: "s" },
  duration: { kind: "duration", unit: "ms" },
};

/** Arrow's types as its own schema in the file brings them back: dictionaries, large and fixed-size variants. */
export async function typesByWasm(path: string): Promise<void> {
  const {
    Dictionary,
    FixedSizeBinary,
    FixedSizeList,
    Float16,
    Float32,
    Int8,
    Int16,
    Int32,
    LargeBinary,
    LargeUtf8,
    List,
    Map_,
    Struct,
    Uint8,
    Uint16,
    Uint32,
    Uint64,
    Utf8,
    vectorFromArray,
  } = arrow;
  const list = (type: arrow.DataType) => new List(new arrow.Field("item", type, true));
  const entries = (key: arrow.DataType, value: arrow.DataType) =>
    new Map_(
      new arrow.Field(
        "entries",
        new Struct([new arrow.Field("key", key, false), new arrow.Field("value", value, true)]) as never,
        false,
      ) as never,
    ) as unknown as arrow.DataType;
  const column = (values: readonly unknown[], type: arrow.DataType) => vectorFromArray(values as never, type);
  const table = new arrow.Table({
    int8: column([-128, 127, null], new Int8()),
    int16: column([-32768, 32767, null], new Int16()),
    uint8: column([0, 255, null], new Uint8()),
    uint16: column([0, 65535, null], new Uint16()),
    uint32: column([0, 4294967295, null], new Uint32()),
    uint64: column([0n, 18446744073709551615n, null], new Uint64()),
    float16: column([0.5, 2048, null], new Float16()),
    float32: column([Math.fround(0.1), Math.fround(1e-45), null], new Float32()),
    decimal: column([words(-1n), words(12345n), null], new arrow.Decimal(3, 20, 128)),
    category: column(["Billing", "Förderung", null], new Dictionary(new Utf8(), new Int8())),
    empty: column(["", null, ""], new Dictionary(new Utf8(), new Uint16())),
    large: column(["large text ☎", "", null], new LargeUtf8()),
    largeBinary: column([bytes(0, 255), bytes(), null], new LargeBinary()),
    fixed: column([bytes(1, 2, 3, 4), bytes(255, 0, 255, 0), null], new FixedSizeBinary(4)),
    pair: column([[1, 2], [3, null], null], new FixedSizeList(2, new arrow.Field("item", new Int32(), true))),
    lists: column([[["a", "b"], []], [null, [null, ""]], null], list(list(new Utf8()))),
    categories: column([["x", "y", "x"], [], null], list(new Dictionary(new Utf8(), new Int32()))),
    dateMs: column([0, Date.UTC(2026, 10, 23), null], new arrow.DateMillisecond()),
    dateDay: column([new Date(0), new Date(Date.UTC(1900, 1, 28)), null], new arrow.DateDay()),
    timeS: column([0, 86399, null], new arrow.TimeSecond()),
    timeMs: column([1, 86_399_999, null], new arrow.TimeMillisecond()),
    timestampS: column([0, Date.UTC(2026, 10, 23), null], new arrow.TimestampSecond()),
    duration: column([1n, -90_061_500n, null], new arrow.DurationMillisecond()),
    timestampUs: column([1, Date.UTC(2026, 10, 23), null], new arrow.TimestampMicrosecond("UTC")),
    struct: column(
      [{ a: 1, b: { c: "x" } }, { a: null, b: null }, null],
      new Struct([
        new arrow.Field("a", new Int32(), true),
        new arrow.Field("b", new Struct([new arrow.Field("c", new Utf8(), true)]), true),
      ]),
    ),
    mapOfInt: column(
      [
        new Map([
          [7, "seven"],
          [-1, null],
        ]),
        new Map(),
        null,
      ],
      entries(new Int32(), new Utf8()),
    ),
    nothing: column([null, null, null], new arrow.Null()),
  } as never);
  await writeFile(path, parquetByWasm(table, Compression.ZSTD));
}
