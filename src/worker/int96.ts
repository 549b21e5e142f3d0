import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from "node:zlib";
import { parquetMetadataAsync, parquetRead } from "hyparquet";
import { badInput, MasklineError } from "../errors.ts";
import type { ParquetSource } from "./messages.ts";
import { bytesBetween } from "./pieces.ts";

/** int64 nanoseconds: what the decoder makes of INT96, wrapping what lies outside (1677 to 2262). */
const LEAST = -(2n ** 63n);
const MOST = 2n ** 63n - 1n;

/**
 * The decoder wraps timestamps of the deprecated type INT96 that int64 nanoseconds cannot hold (year 9999 comes out as
 * 1816) without an error. This reads the same values a second time, with hyparquet, and refuses such a row group.
 * @throws MasklineError (exit 5) naming the column
 */
export async function checkInt96({ size, pieces, rowGroup, annotations }: ParquetSource): Promise<void> {
  if (annotations.int96.length === 0) return;
  const file = {
    byteLength: size,
    slice: async (start: number, end = size): Promise<ArrayBuffer> => {
      const bytes = bytesBetween(pieces, start, end);
      if (!bytes) throw badInput(`bytes ${start} to ${end} are not where the footer says`, { stage: "decode" });
      return bytes.slice().buffer;
    },
  };
  const metadata = await parquetMetadataAsync(file, { initialFetchSize: Math.min(size, pieces.at(-1)!.bytes.length) });
  const before = metadata.row_groups.slice(0, rowGroup).reduce((sum, group) => sum + Number(group.num_rows), 0);
  const rows = Number(metadata.row_groups[rowGroup]?.num_rows ?? 0n);
  for (const column of annotations.int96) {
    const parsers = {
      timestampFromNanoseconds: (nanoseconds: bigint) => {
        if (nanoseconds < LEAST || nanoseconds > MOST) throw outOfRange(column);
        return 0;
      },
    };
    const compressors = {
      GZIP: gunzipSync as unknown as (input: Uint8Array) => Uint8Array,
      ZSTD: zstdDecompressSync as unknown as (input: Uint8Array) => Uint8Array,
      BROTLI: brotliDecompressSync as unknown as (input: Uint8Array) => Uint8Array,
    };
    try {
      await parquetRead({
        file,
        metadata,
        columns: [column],
        rowStart: before,
        rowEnd: before + rows,
        parsers,
        compressors,
        onChunk: () => {},
      });
    } catch (error) {
      if (error instanceof MasklineError) throw error;
      throw badInput(
        `the INT96 column ${column} cannot be checked (${(error as Error).message}); export it as TIMESTAMP`,
        {
          stage: "decode",
          cause: error,
        },
      );
    }
  }
}

function outOfRange(column: string): MasklineError {
  return badInput(
    `the column ${column} holds an INT96 timestamp outside of the years 1677 to 2262, which would come out as another; export it as TIMESTAMP`,
    { stage: "decode" },
  );
}
