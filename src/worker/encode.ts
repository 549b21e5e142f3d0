import type { Kernels } from "../kernels/load.ts";
import type { Batch, Column } from "../types.ts";
import { compressed } from "./compress.ts";
import { finiteFloats } from "./floats.ts";
import type { BatchSpec, LeafCounts } from "./messages.ts";
import { writeRootRecord } from "./record.ts";

/** Room for one chunk of JSON lines, in bytes: the first guess, and the most before a batch is written in several. */
const CHUNK = 16 * 1024 * 1024;

/** A batch as JSON lines: chunks that own their memory, and their length before compression. */
export interface Encoded {
  readonly chunks: Uint8Array<ArrayBuffer>[];
  readonly jsonBytes: number;
}

/**
 * Writes a masked batch as JSON lines. The chunks' edges depend on the batch alone, so compressed output is the same
 * whoever wrote it; each is a gzip member or zstd frame of its own, which concatenate.
 * @param leaves gets the count of floats that JSON cannot hold
 */
export function encodeBatch(batch: Batch, spec: BatchSpec, leaves: readonly LeafCounts[], kernels: Kernels): Encoded {
  const { memory } = kernels;
  const columns = withFiniteFloats(batch.columns, leaves, kernels);
  const root = writeRootRecord(columns, batch.rows, kernels, spec);
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let jsonBytes = 0;
  let capacity = CHUNK;
  let out = memory.alloc(capacity);
  for (let row = 0; row < batch.rows; ) {
    const done = kernels.encodeRows(root, row, batch.rows, out, out + capacity);
    if (done === 0) {
      // One row alone is longer than the room: its memory is not reused, which only such rows cost.
      capacity *= 2;
      out = memory.alloc(capacity);
      continue;
    }
    const length = kernels.encodedBytes();
    chunks.push(owned(compressed(memory.u8(out, length), spec.compression)));
    jsonBytes += length;
    row += done;
  }
  return { chunks, jsonBytes };
}

/** Bytes whose ArrayBuffer is theirs alone, so that it can be transferred. */
function owned(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytes.byteLength === bytes.buffer.byteLength
    ? new Uint8Array(bytes.buffer as ArrayBuffer)
    : new Uint8Array(bytes);
}

/** Float columns, at any depth, without NaN and infinities: these become null, and are counted. */
function withFiniteFloats(columns: readonly Column[], leaves: readonly LeafCounts[], kernels: Kernels): Column[] {
  let leaf = 0;
  const under = (column: Column): Column => {
    const { kind } = column.field;
    if (kind === "struct" || kind === "list") return { ...column, children: column.children.map(under) };
    if (kind === "map") return { ...column, children: [column.children[0]!, under(column.children[1]!)] };
    const counts = leaves[leaf++];
    if (column.omitted || !kind.startsWith("float")) return column;
    const { column: finite, nonFinite } = finiteFloats(column, kernels);
    if (counts) counts.nonFinite += nonFinite;
    return finite;
  };
  return columns.map(under);
}
