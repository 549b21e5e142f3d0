import type { Kernels } from "../kernels/load.ts";
import { isNull, textColumn, validityOf, valuesOf } from "../masks/text.ts";
import type { Column } from "../types.ts";
import type { LeafMask } from "./mask.ts";
import type { LeafCounts } from "./messages.ts";

/** A mask for the entries of a map whose key matches. */
export interface KeyedMask {
  readonly keys: RegExp;
  readonly mask: LeafMask;
}

/**
 * Masks the entries of a map by their key: each entry by the first mask whose pattern matches, else by `otherwise`.
 * Entries of one mask are gathered into a column, masked as one, and put back in their order; dropped entries go.
 * @param map a map column with text keys and text values
 */
export function maskByKey(
  map: Column,
  byKey: readonly KeyedMask[],
  otherwise: LeafMask,
  kernels: Kernels,
  counts: LeafCounts,
): Column {
  const [keys, values] = map.children as readonly [Column, Column];
  const group = groupOf(keys, byKey, kernels);
  const masks = [...byKey.map(({ mask }) => mask), otherwise];
  const members = masks.map((_, wanted) => indicesWhere(group, (one) => one === wanted));
  const masked = masks.map((mask, index) => mask(gather(values, members[index]!, kernels), kernels, counts));
  const all = concatenate(masked, values, kernels);

  const source = new Int32Array(group.length);
  let base = 0;
  for (const [index, indices] of members.entries()) {
    for (const [rank, entry] of indices.entries()) source[entry] = masked[index]!.omitted ? -1 : base + rank;
    base += masked[index]!.omitted ? 0 : indices.length;
  }
  const kept = indicesWhere(source, (one) => one >= 0);
  return {
    ...map,
    offsets: keptOffsets(map, source, kernels),
    children: [
      gather(keys, kept, kernels),
      gather(
        all,
        kept.map((entry) => source[entry]!),
        kernels,
      ),
    ],
  };
}

function groupOf(keys: Column, byKey: readonly KeyedMask[], kernels: Kernels): Int32Array {
  const names = valuesOf(keys, kernels);
  const known = new Map<string, number>();
  const group = new Int32Array(keys.length);
  for (let entry = 0; entry < keys.length; entry++) {
    const name = names.at(entry) ?? "";
    let index = known.get(name);
    if (index === undefined) {
      const found = byKey.findIndex((one) => one.keys.test(name));
      index = found === -1 ? byKey.length : found;
      known.set(name, index);
    }
    group[entry] = index;
  }
  return group;
}

function indicesWhere(values: Int32Array, test: (value: number) => boolean): Int32Array {
  return Int32Array.from(values.keys().filter((index) => test(values[index]!)));
}

/** The elements at `indices`, as a column of their own. */
function gather(column: Column, indices: Int32Array, kernels: Kernels): Column {
  const { memory } = kernels;
  const validity = validityOf(column, kernels)?.slice();
  const own = new Uint8Array((indices.length + 7) >> 3);
  let nullCount = 0;
  for (const [to, from] of indices.entries()) {
    if (isNull(validity, from)) nullCount++;
    else own[to >> 3]! |= 1 << (to & 7);
  }
  const at = memory.put(new Uint8Array(indices.buffer, indices.byteOffset, indices.byteLength));
  const size = kernels.gatherTextSize(column.offsets, at, indices.length);
  const offsets = memory.alloc((indices.length + 1) * 4);
  const values = memory.alloc(size);
  kernels.gatherText(column.values, column.offsets, at, indices.length, values, offsets);
  const gathered = { ...column, length: indices.length, nullCount, validity: nullCount === 0 ? 0 : memory.put(own) };
  return textColumn(gathered, offsets, values, size);
}

/** Text columns one after the other; dropped ones are left out, and a column of nulls becomes null text. */
function concatenate(columns: readonly Column[], like: Column, kernels: Kernels): Column {
  const { memory } = kernels;
  const present = columns.filter((column) => !column.omitted);
  const length = present.reduce((sum, column) => sum + column.length, 0);
  const valuesLength = present.reduce((sum, column) => sum + column.valuesLength, 0);
  const ends = new Int32Array(length + 1);
  const bits = new Uint8Array((length + 7) >> 3);
  const values = memory.alloc(valuesLength);
  let at = 0;
  let bytes = 0;
  let nullCount = 0;
  for (const column of present) {
    const allNull = column.field.kind === "null";
    const offsets = allNull ? undefined : memory.i32(column.offsets, column.length + 1);
    const validity = validityOf(column, kernels);
    memory.u8(values + bytes, column.valuesLength).set(memory.u8(column.values, column.valuesLength));
    for (let i = 0; i < column.length; i++, at++) {
      ends[at + 1] = bytes + (offsets?.[i + 1] ?? 0);
      if (allNull || isNull(validity, i)) nullCount++;
      else bits[at >> 3]! |= 1 << (at & 7);
    }
    bytes += column.valuesLength;
  }
  const validity = nullCount === 0 ? 0 : memory.put(bits);
  const offsets = memory.put(new Uint8Array(ends.buffer));
  return textColumn({ ...like, length, nullCount, validity }, offsets, values, valuesLength);
}

/** The map's offsets without the entries whose source is -1. */
function keptOffsets(map: Column, source: Int32Array, kernels: Kernels): number {
  const before = kernels.memory.i32(map.offsets, map.length + 1).slice();
  const after = new Int32Array(map.length + 1);
  let kept = 0;
  for (let row = 0; row < map.length; row++) {
    for (let entry = before[row]!; entry < before[row + 1]!; entry++) if (source[entry]! >= 0) kept++;
    after[row + 1] = kept;
  }
  return kernels.memory.put(new Uint8Array(after.buffer));
}
