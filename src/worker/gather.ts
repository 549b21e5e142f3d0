import type { Kernels } from "../kernels/load.ts";
import { isNull, validityOf } from "../masks/text.ts";
import type { Column } from "../types.ts";

/** Index of an element that is null. */
export const NONE = -1;

/** The elements at `indices` (-1: null), as a column of their own. */
export function gather(column: Column, indices: Int32Array, kernels: Kernels): Column {
  const { memory } = kernels;
  const validity = validityOf(column, kernels)?.slice();
  const own = new Uint8Array((indices.length + 7) >> 3);
  let nullCount = 0;
  for (const [to, from] of indices.entries()) {
    if (from === NONE || isNull(validity, from)) nullCount++;
    else own[to >> 3]! |= 1 << (to & 7);
  }
  const length = indices.length;
  const gathered = { ...column, length, nullCount, validity: nullCount === 0 ? 0 : memory.put(own) };
  if (column.field.kind === "null") return { ...gathered, nullCount: length };
  if (column.field.kind === "bool") return { ...gathered, ...gatherBits(column, indices, kernels) };
  const at = memory.put(new Uint8Array(indices.buffer, indices.byteOffset, indices.byteLength));
  if (column.offsets === 0) {
    const width = column.length === 0 ? 0 : column.valuesLength / column.length;
    const fixed = memory.alloc(length * width);
    kernels.gatherFixed(column.values, width, at, length, fixed);
    return { ...gathered, values: fixed, valuesLength: length * width };
  }
  const size = kernels.gatherTextSize(column.offsets, at, indices.length);
  const offsets = memory.alloc((indices.length + 1) * 4);
  const values = memory.alloc(size);
  kernels.gatherText(column.values, column.offsets, at, indices.length, values, offsets);
  return { ...gathered, offsets, values, valuesLength: size };
}

function gatherBits(column: Column, indices: Int32Array, kernels: Kernels): { values: number; valuesLength: number } {
  const bits = kernels.memory.u8(column.values, (column.length + 7) >> 3);
  const own = new Uint8Array((indices.length + 7) >> 3);
  for (const [to, from] of indices.entries()) {
    if (from !== NONE && (bits[from >> 3]! >> (from & 7)) & 1) own[to >> 3]! |= 1 << (to & 7);
  }
  return { values: kernels.memory.put(own), valuesLength: own.length };
}
