import { Buffer } from "node:buffer";
import type { Kernels } from "../kernels/load.ts";
import { release } from "../release.ts";
import type { Batch, Column } from "../types.ts";
import { compressed } from "./compress.ts";
import { finiteFloats } from "./floats.ts";
import type { BatchSpec, LeafCounts } from "./messages.ts";
import { writeRootRecord } from "./record.ts";

/** Room for one chunk of JSON lines, in bytes: the first guess, and the most before a batch is written in several. */
const CHUNK = 16 * 1024 * 1024;

const NONE = new Int32Array(0);

/** A batch as JSON lines: chunks that own their memory, and their length before compression. */
export interface Encoded {
  readonly chunks: Uint8Array<ArrayBuffer>[];
  readonly jsonBytes: number;
  /** The rows asked for, as they were written, without the line feed. */
  readonly lines: readonly Buffer[];
}

/**
 * Writes a masked batch as JSON lines. The chunks' edges depend on the batch alone, so compressed output is the same
 * whoever wrote it; each is a gzip member or zstd frame of its own, which concatenate.
 * @param leaves gets the count of floats that JSON cannot hold
 * @param room memory for the first chunk, where it fits
 * @param wanted rows whose lines are told, ascending
 */
export function encodeBatch(
  batch: Batch,
  spec: BatchSpec,
  leaves: readonly LeafCounts[],
  kernels: Kernels,
  room?: ArrayBuffer,
  wanted: Int32Array = NONE,
): Encoded {
  const { memory } = kernels;
  const columns = withFiniteFloats(batch.columns, leaves, kernels);
  const root = writeRootRecord(columns, batch.rows, kernels, spec);
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  const lines: Buffer[] = [];
  let jsonBytes = 0;
  let capacity = CHUNK;
  let out = memory.alloc(capacity);
  for (let row = 0; row < batch.rows; ) {
    const { done, length } = encodeRows(root, row, batch.rows, { at: out, capacity }, wanted, lines, kernels);
    if (done === 0) {
      // One row alone is longer than the room: its memory is not reused, which only such rows cost.
      capacity *= 2;
      out = memory.alloc(capacity);
      continue;
    }
    const bytes = compressed(memory.u8(out, length), spec.compression);
    chunks.push(owned(bytes, chunks.length === 0 ? room : undefined));
    jsonBytes += length;
    row += done;
  }
  return { chunks, jsonBytes, lines };
}

/**
 * Rows from `from` on into a room, as many as it holds.
 * @param lines get those of the wanted rows; as many of these are done as it holds
 */
function encodeRows(
  root: number,
  from: number,
  to: number,
  { at, capacity }: { readonly at: number; readonly capacity: number },
  wanted: Int32Array,
  lines: Buffer[],
  kernels: Kernels,
): { done: number; length: number } {
  let row = from;
  let length = 0;
  while (row < to) {
    const next = wanted[lines.length] ?? to;
    // A wanted row is written by itself, so that it is known where it stands.
    const stop = next === row ? row + 1 : Math.min(next, to);
    const done = kernels.encodeRows(root, row, stop, at + length, at + capacity);
    const bytes = kernels.encodedBytes();
    if (next === row && done === 1) lines.push(Buffer.from(kernels.memory.u8(at + length, bytes - 1)));
    length += bytes;
    row += done;
    if (row < stop) break;
  }
  return { done: row - from, length };
}

/** Bytes whose ArrayBuffer is theirs alone, so that it can be transferred. */
function owned(bytes: Uint8Array, room: ArrayBuffer | undefined): Uint8Array<ArrayBuffer> {
  if (bytes.byteLength === bytes.buffer.byteLength) {
    if (room) release(room);
    return new Uint8Array(bytes.buffer as ArrayBuffer);
  }
  const { length } = bytes;
  const fits = room && room.byteLength >= length && room.byteLength <= MOST_ROOM * length;
  if (room && !fits) release(room);
  // A little more than it takes, so that the batches to come fit where it was.
  const buffer = fits ? room : new ArrayBuffer(Math.ceil((length * 1.125) / PAGES) * PAGES);
  const own = new Uint8Array(buffer, 0, length);
  own.set(bytes);
  return own;
}

/** A chunk may stand in so many times the memory that it takes. */
const MOST_ROOM = 4;
const PAGES = 64 * 1024;

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
