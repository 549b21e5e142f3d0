import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { parquetMetadata } from "hyparquet";
import { parquetWriteBuffer } from "hyparquet-writer";
import { annotationsOf } from "../../src/input/annotations.ts";
import { checkInt96 } from "../../src/worker/int96.ts";
import { describeParquet } from "../../src/worker/parquet.ts";

/** INT96: nanoseconds of the day, then the Julian day, little-endian. */
function int96(date: string): Uint8Array {
  const milliseconds = Date.parse(date);
  const day = Math.floor(milliseconds / 86_400_000);
  const bytes = Buffer.alloc(12);
  bytes.writeBigInt64LE(BigInt(milliseconds - day * 86_400_000) * 1_000_000n, 0);
  bytes.writeInt32LE(day + 2_440_588, 8);
  return new Uint8Array(bytes);
}

/**
 * No writer at hand writes INT96. Its plain values are those of a fixed-length array of 12 bytes, so one is written and
 * its type changed in the footer (Thrift compact protocol: field 1, i32, zigzag 7 → 3).
 */
function int96File(dates: readonly string[]): Uint8Array<ArrayBuffer> {
  const written = parquetWriteBuffer({
    columnData: [{ name: "at", data: dates.map(int96), encoding: "PLAIN" }],
    schema: [
      { name: "root", num_children: 1 },
      { name: "at", type: "FIXED_LEN_BYTE_ARRAY", type_length: 12, repetition_type: "REQUIRED" },
    ],
    codec: "UNCOMPRESSED",
    statistics: false,
  });
  const file = new Uint8Array(written);
  const footer = file.length - 8 - new DataView(written, file.length - 8).getUint32(0, true);
  for (let at = footer; at < file.length - 4; at++) {
    if (file[at] === 0x15 && file[at + 1] === 0x0e && (file[at + 2] === 0x15 || file[at + 2] === 0x19))
      file[at + 1] = 0x06;
  }
  return file;
}

function sourceOf(bytes: Uint8Array<ArrayBuffer>, rows: number) {
  const annotations = annotationsOf(parquetMetadata(bytes.buffer));
  const pieces = [{ start: 0, bytes }];
  return {
    format: "parquet",
    size: bytes.length,
    pieces,
    annotations,
    dictionaries: [],
    most: 1e9,
    rowGroup: 0,
    rows,
    batchRows: 64,
  } as const;
}

describe("INT96 timestamps", () => {
  test("the footer names the column and the decoder gives a timestamp", async () => {
    const source = sourceOf(int96File(["2026-01-02T03:04:05Z"]), 1);
    assert.deepEqual(source.annotations.int96, ["at"]);
    const [field] = await describeParquet(source.size, source.pieces, source.annotations);
    assert.equal(field?.kind, "timestamp");
  });

  test("dates that int64 nanoseconds hold pass", async () => {
    const dates = ["1970-01-01T00:00:00Z", "1677-09-22T00:00:00Z", "2262-04-11T00:00:00Z"];
    await checkInt96(sourceOf(int96File(dates), dates.length));
  });

  for (const date of ["9999-12-31T00:00:00Z", "2262-04-12T00:00:00Z", "1600-01-01T00:00:00Z"]) {
    test(`${date.slice(0, 10)}, which the decoder would wrap, is refused without its value`, async () => {
      const source = sourceOf(int96File(["2026-01-01T00:00:00Z", date]), 2);
      await assert.rejects(checkInt96(source), (error: Error) => {
        assert.match(error.message, /the column at holds an INT96 timestamp outside of the years 1677 to 2262/);
        assert.ok(!error.message.includes(date.slice(0, 4)) || date.startsWith("2262"));
        return true;
      });
    });
  }
});
