import type { Kernels } from "../kernels/load.ts";
import type { Beside } from "../masks/mask.ts";
import { isNull, textColumn, validityOf, valuesOf } from "../masks/text.ts";
import type { Case, Column } from "../types.ts";
import { besideOf } from "./beside.ts";
import { gather, NONE } from "./gather.ts";
import type { LeafMask } from "./mask.ts";
import type { LeafCounts } from "./messages.ts";
import { textForm, writtenForm } from "./text-form.ts";

/** A mask for some of a leaf's values, and which these are. */
export interface CaseMask extends Pick<Case, "keys" | "when"> {
  readonly mask: LeafMask;
  /** For map entries: whether a key is one of those that it is for. */
  readonly judge?: ((key: string) => boolean) | undefined;
}

/**
 * Masks each value by the first case that holds for it, else by `otherwise`. Values of one mask are gathered into a
 * column, masked as one, and put back in their order. A column has values of one kind: where a mask makes text of some,
 * those that are kept become text too. A value that is dropped where its key must stay is null.
 */
export function maskByCase(
  column: Column,
  cases: readonly CaseMask[],
  otherwise: LeafMask,
  beside: Beside,
  kernels: Kernels,
  counts: LeafCounts,
): Column {
  const group = groupOf(column, undefined, cases, beside, kernels);
  const { all, source } = maskGroups(column, group, cases, otherwise, beside, kernels, counts);
  return gather(all, source, kernels);
}

/**
 * The same for the entries of a map, by their key, what stands beside the map, or their value. Dropped entries go.
 * @param map a map column with text keys and scalar values
 */
export function maskEntries(
  map: Column,
  cases: readonly CaseMask[],
  otherwise: LeafMask,
  beside: Beside,
  kernels: Kernels,
  counts: LeafCounts,
): Column {
  const [keys, values] = map.children as readonly [Column, Column];
  const group = groupOf(values, keys, cases, beside, kernels);
  const { all, source, omitted } = maskGroups(values, group, cases, otherwise, beside, kernels, counts);
  const kept = indicesWhere(omitted, (one) => one === 0);
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

/** The values as masked, where among them each is, and which are dropped. */
function maskGroups(
  values: Column,
  group: Int32Array,
  cases: readonly CaseMask[],
  otherwise: LeafMask,
  beside: Beside,
  kernels: Kernels,
  counts: LeafCounts,
): { all: Column; source: Int32Array; omitted: Int32Array } {
  const masks = [...cases.map(({ mask }) => mask), otherwise];
  const members = masks.map((_, wanted) => indicesWhere(group, (one) => one === wanted));
  const masked = masks.map((mask, index) => {
    const own = members[index]!;
    return mask(gather(values, own, kernels), kernels, counts, besideOf(beside, own, kernels));
  });
  const omitted = group.map((one) => (masked[one]!.omitted ? 1 : 0));
  if (masked.some(isText)) return { ...inTurn(masked, members, values, kernels, counts), omitted };
  // Nothing but the values as they came, and nulls.
  const gone = masked.map((one) => one.omitted || one.field.kind === "null");
  return { all: values, source: group.map((one, entry) => (gone[one] ? NONE : entry)), omitted };
}

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
  const source = new Int32Array(like.length).fill(NONE);
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

/** Which case holds for each value; their number where none does. */
function groupOf(
  values: Column,
  keys: Column | undefined,
  cases: readonly CaseMask[],
  beside: Beside,
  kernels: Kernels,
): Int32Array {
  const tests = cases.map(({ keys: key, when, judge }) => {
    const byKey = judge
      ? judging(keys!, judge, kernels)
      : key === undefined
        ? () => true
        : matching(keys!, key, kernels);
    if (when === undefined) return byKey;
    const asked = when.field === undefined ? textForm(values, kernels).column : beside.text(when.field);
    const byValue = matching(asked, when.is, kernels);
    return (entry: number) => byKey(entry) && byValue(entry);
  });
  return Int32Array.from({ length: values.length }, (_, entry) => {
    const found = tests.findIndex((test) => test(entry));
    return found === -1 ? cases.length : found;
  });
}

/** So many different values are remembered with what the pattern said of them. */
const KNOWN = 4096;

/** Tests the elements of a text column against a pattern; null is as the empty text. */
function matching(column: Column, source: string, kernels: Kernels): (index: number) => boolean {
  const pattern = new RegExp(source, "iu");
  return judging(column, (value) => pattern.test(value), kernels);
}

function judging(column: Column, judge: (value: string) => boolean, kernels: Kernels): (index: number) => boolean {
  const values = valuesOf(column, kernels);
  const known = new Map<string, boolean>();
  return (index) => {
    const value = values.at(index) ?? "";
    const before = known.get(value);
    if (before !== undefined) return before;
    const holds = judge(value);
    if (known.size < KNOWN) known.set(value, holds);
    return holds;
  };
}

function indicesWhere(values: Int32Array, test: (value: number) => boolean): Int32Array {
  return Int32Array.from(values.keys().filter((index) => test(values[index]!)));
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
