/** Random tables through real Parquet files, the decoder, masks and encoder against the row-by-row oracle. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { parquetMetadata } from "hyparquet";
import { type BasicType, parquetWriteBuffer } from "hyparquet-writer";
import { Compression } from "parquet-wasm";
import { annotationsOf } from "../../src/input/annotations.ts";
import { loadKernels } from "../../src/kernels/load.ts";
import type { Field, Kind } from "../../src/types.ts";
import { decodeParquet, describeParquet } from "../../src/worker/parquet.ts";
import { parquetByWasm } from "../support/generate/writers.ts";
import { maskedTables, type Rule, text } from "../support/oracle/arbitrary.ts";
import { arrowTable } from "../support/oracle/arrow.ts";
import { type Decide, maskedJsonLines } from "../support/oracle/oracle.ts";
import type { Table, Value } from "../support/oracle/value.ts";
import { environment, linesOf, masterKey } from "./batches.ts";

const kernels = loadKernels();

/** All row groups of a file, batch by batch. */
async function fileLines(bytes: Uint8Array, rules: readonly Rule[], batchRows: number): Promise<string> {
  const metadata = parquetMetadata(new Uint8Array(bytes).buffer);
  const annotations = annotationsOf(metadata);
  // The decoder gives back the memory of what it has read: each call gets its own.
  const pieces = () => [{ start: 0, bytes: new Uint8Array(bytes) }];
  const fields = await describeParquet(bytes.length, pieces(), annotations);
  let lines = "";
  for (const [rowGroup, { num_rows }] of metadata.row_groups.entries()) {
    const rows = Number(num_rows);
    const source = {
      format: "parquet",
      size: bytes.length,
      pieces: pieces(),
      annotations,
      dictionaries: [],
      most: 1e9,
      rowGroup,
      rows,
      batchRows,
    } as const;
    let seen = 0;
    for await (const batch of decodeParquet(source, fields, kernels)) {
      assert.ok(batch.rows <= batchRows);
      seen += batch.rows;
      lines += linesOf(batch, fields, rules, kernels).text;
    }
    assert.equal(seen, rows);
  }
  return lines;
}

function expectedLines(table: Table, decide: Decide): string {
  return maskedJsonLines(table, decide, { environment, masterKey });
}

const CODECS = [
  ...[Compression.UNCOMPRESSED, Compression.SNAPPY, Compression.GZIP, Compression.BROTLI],
  ...[Compression.ZSTD, Compression.LZ4_RAW],
];

/** hyparquet-writer's types, and the kinds that they come back as. Without rows it writes a list that the decoder refuses. */
const WRITTEN: readonly (readonly [BasicType, Kind, fc.Arbitrary<Value>])[] = [
  ["STRING", "utf8", text],
  ["BOOLEAN", "bool", fc.boolean()],
  ["INT32", "int32", fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })],
  ["INT64", "int64", fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })],
  ["DOUBLE", "float64", fc.double()],
  ["FLOAT", "float32", fc.float()],
  ["BYTE_ARRAY", "binary", fc.uint8Array({ maxLength: 20 })],
];

interface Written {
  readonly types: readonly BasicType[];
  readonly table: Table;
}

const written: fc.Arbitrary<Written> = fc
  .tuple(fc.array(fc.constantFrom(...WRITTEN), { minLength: 1, maxLength: 6 }), fc.integer({ min: 1, max: 60 }))
  .chain(([columns, length]) =>
    fc
      .array(fc.tuple(...columns.map(([, , value]) => fc.option(value, { freq: 6 }))), {
        minLength: length,
        maxLength: length,
        size: "max",
      })
      .map((rows) => ({
        types: columns.map(([type]) => type),
        table: {
          fields: columns.map(([, kind], index): Field => ({ name: `c${index}`, kind, children: [] })),
          rows,
        },
      })),
  );

describe("Parquet files", () => {
  it("of random tables, nested, in every codec and cut into row groups, come out as rows masked one by one", async () => {
    await fc.assert(
      fc.asyncProperty(
        maskedTables,
        fc.boolean(),
        fc.constantFrom(...CODECS),
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 50 }),
        async ({ table, rules, decide }, dictionary, codec, groupRows, batchRows) => {
          const bytes = parquetByWasm(arrowTable(table, dictionary), codec, (builder) =>
            builder.setMaxRowGroupSize(groupRows).setDictionaryEnabled(dictionary),
          );
          assert.equal(await fileLines(bytes, rules, batchRows), expectedLines(table, decide));
        },
      ),
      { numRuns: 150, endOnFailure: true },
    );
  });

  it("of another writer come out as the rows they are", async () => {
    await fc.assert(
      fc.asyncProperty(
        written,
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 50 }),
        async ({ types, table }, rowGroupSize, batchRows) => {
          const columnData = table.fields.map(({ name }, index) => ({
            name,
            data: table.rows.map((row) => row[index]!),
            type: types[index]!,
            nullable: true,
          }));
          const bytes = new Uint8Array(parquetWriteBuffer({ columnData, rowGroupSize }));
          assert.equal(
            await fileLines(bytes, [], batchRows),
            expectedLines(table, () => undefined),
          );
        },
      ),
      { numRuns: 150, endOnFailure: true },
    );
  });
});
