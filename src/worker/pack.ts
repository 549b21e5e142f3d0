import type { Kernels } from "../kernels/load.ts";
import type { Batch, Column } from "../types.ts";
import type { PackedBatch, Place } from "./messages.ts";

/** Added to packed pointers, so that 0 stays "no buffer"; keeps the arena's 16-byte alignment. */
const BIAS = 16;

/** Takes a batch, which is all that the arena holds from `from` on, out of it. */
export function packBatch(batch: Batch, from: number, decodeMs: number, place: Place, kernels: Kernels): PackedBatch {
  const bytes = kernels.memory.u8(from, kernels.memory.mark() - from).slice();
  return {
    rows: batch.rows,
    columns: batch.columns.map((column) => moved(column, BIAS - from)),
    bytes,
    decodeMs,
    place,
  };
}

/** Puts a packed batch into another thread's arena. */
export function unpackBatch({ rows, columns, bytes }: PackedBatch, kernels: Kernels): Batch {
  const at = kernels.memory.put(bytes);
  return { rows, columns: columns.map((column) => moved(column, at - BIAS)) };
}

function moved(column: Column, by: number): Column {
  const move = (pointer: number) => (pointer === 0 ? 0 : pointer + by);
  return {
    ...column,
    validity: move(column.validity),
    offsets: move(column.offsets),
    values: move(column.values),
    children: column.children.map((child) => moved(child, by)),
  };
}
