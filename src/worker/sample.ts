import type { Kernels } from "../kernels/load.ts";
import { valuesOf } from "../masks/text.ts";
import { looksLikeData } from "../policy/data-names.ts";
import type { Batch, Column, Kind, LeafSample } from "../types.ts";
import { LONGEST, Tally } from "./tally.ts";
import { textForm } from "./text-form.ts";

/** Values of a leaf that are looked at, and bytes of all leaves' values together. */
const MOST_VALUES = 512;
const MOST_BYTES = 4 * 1024 * 1024;
/** More keys than that are no names. */
const MOST_KEYS = 64;

/** Kinds that can hold no identifier. */
const BLIND: ReadonlySet<Kind> = new Set<Kind>(["null", "bool", "time", "duration", "interval"]);

const NUMBERS = /^(?:u?int|float|decimal|number)/;

/** What the batch's first values show, for each leaf in the order of `leavesOf`. */
export function sampleBatch({ columns }: Batch, kernels: Kernels): LeafSample[] {
  const leaves = columns.flatMap((column) => leafColumns(column));
  const most = Math.max(LONGEST, Math.floor(MOST_BYTES / Math.max(1, leaves.length)));
  return leaves.map(({ column, keys }) => sampleLeaf(column, keys, most, kernels));
}

interface LeafColumn {
  readonly column: Column;
  /** A map's, where the leaf is its values. */
  readonly keys?: Column;
}

function leafColumns(column: Column, keys?: Column): LeafColumn[] {
  const { children } = column;
  switch (column.field.kind) {
    case "struct":
      return children.flatMap((child) => leafColumns(child));
    case "list":
      return leafColumns(children[0]!);
    case "map":
      return leafColumns(children[1]!, children[0]!);
    default:
      return [keys ? { column, keys } : { column }];
  }
}

function sampleLeaf(column: Column, keyColumn: Column | undefined, most: number, kernels: Kernels): LeafSample {
  const all = new Tally();
  if (BLIND.has(column.field.kind)) return all.counts();
  const { memory } = kernels;
  const before = memory.mark();
  const values = valuesOf(textForm(column, kernels).column, kernels);
  const keys = keyColumn && valuesOf(textForm(keyColumn, kernels).column, kernels);
  memory.release(before);
  const byKey = new Map<string, Tally>();
  for (let index = 0, count = 0, bytes = 0; index < values.length && count < MOST_VALUES && bytes < most; index++) {
    const value = values.at(index)?.slice(0, LONGEST);
    if (value === undefined) continue;
    bytes += value.length;
    count++;
    const key = keys?.at(index);
    const tally = key === undefined ? all : tallyOf(key, byKey, all);
    if (NUMBERS.test(column.field.kind)) tally.addNumber(value);
    else tally.add(value);
  }
  if (!keys) return all.counts();
  return { ...all.counts(), keys: Object.fromEntries([...byKey].map(([key, tally]) => [key, tally.counts()])) };
}

/** A key that looks like a value itself stays here: its values count for the map. */
function tallyOf(key: string, byKey: Map<string, Tally>, all: Tally): Tally {
  const known = byKey.get(key);
  if (known) return known;
  if (byKey.size >= MOST_KEYS || key.length > 64 || looksLikeData(key)) return all;
  const tally = new Tally();
  byKey.set(key, tally);
  return tally;
}
