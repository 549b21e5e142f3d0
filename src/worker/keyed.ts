import type { Kernels } from "../kernels/load.ts";
import { isNull, textColumn, validityOf, valuesOf } from "../masks/text.ts";
import type { Column } from "../types.ts";
import type { LeafMask } from "./mask.ts";
import type { LeafCounts } from "./messages.ts";
import { writtenForm } from "./text-form.ts";

/** A mask for the entries of a map whose key matches. */
export interface KeyedMask {
  readonly keys: RegExp;
  readonly mask: LeafMask;
}

/**
 * Masks the entries of a map by their key: each entry by the first mask whose pattern matches, else by `otherwise`.
 * Entries of one mask are gathered into a column, masked as one, and put back in their order; dropped entries go.
 * A map has values of one kind: where a mask makes text of some, those that are kept become text too.
 * @param map a map column with text keys and scalar values
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
  const omitted = group.map((one) => (masked[one]!.omitted ? 1 : 0));
  const kept = indicesWhere(omitted, (one) => one === 0);
  const { all, source } = masked.some(isText)
    ? inTurn(masked, members, values, kernels, counts)
    : // Nothing but the values as they came, and nulls.
      { all: values, source: group.map((one, entry) => (masked[one]!.field.kind === "null" ? NONE : entry)) };
  return {
    ...map,
    offsets: keptOffsets(map, omitted, kernels),
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

/** Index of an element that is null. */
const NONE = -1;

function isText({ field, omitted }: Column): boolean {
  return !omitted && field.kind === "utf8";
}

/** The masks' columns one after the other as text, and where in them each entry is. */
function inTurn(
  masked: readonly Column[],
  members: readonly Int32Array[],
  like: Column,
  kernels: Kernels,
  counts: LeafCounts,
): { all: Column; source: Int32Array } {
  const source = new Int32Array(like.length);
  const texts: Column[] = [];
  let base = 0;
  for (const [index, column] of masked.entries()) {
    if (column.omitted) continue;
    for (const [rank, entry] of members[index]!.entries()) source[entry] = base + rank;
    base += column.length;
    if (isText(column) || column.field.kind === "null") texts.push(column);
    else {
      const { column: text, nonFinite } = writtenForm(column, kernels);
      counts.nonFinite += nonFinite;
      texts.push(text);
    }
  }
  return { all: concatenate(texts, like, kernels), source };
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

/** The elements at `indices` (-1: null), as a column of their own. */
function gather(column: Column, indices: Int32Array, kernels: Kernels): Column {
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

/** Text columns one after the other; a column of nulls becomes null text. */
function concatenate(present: readonly Column[], like: Column, kernels: Kernels): Column {
  const { memory } = kernels;
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

/** The map's offsets without the entries that are omitted. */
function keptOffsets(map: Column, omitted: Int32Array, kernels: Kernels): number {
  const before = kernels.memory.i32(map.offsets, map.length + 1).slice();
  const after = new Int32Array(map.length + 1);
  let kept = 0;
  for (let row = 0; row < map.length; row++) {
    for (let entry = before[row]!; entry < before[row + 1]!; entry++) if (omitted[entry] === 0) kept++;
    after[row + 1] = kept;
  }
  return kernels.memory.put(new Uint8Array(after.buffer));
}
