import type { Kernels } from "../kernels/load.ts";
import type { ExpectedLeaf } from "../proof/expected.ts";
import type { Column } from "../types.ts";

/**
 * Where a masked column has not the elements and nulls of its source: what differs, and the first element that does.
 * @param expected undefined for what holds other columns
 */
export function differsAt(
  before: Column,
  after: Column,
  expected: ExpectedLeaf | undefined,
  kernels: Kernels,
): { what: string; at: number } | undefined {
  // Entries of a map that are dropped by their key shift those behind them.
  const mixed = expected !== undefined && expected.cases.length > 0;
  if (mixed) return undefined;
  if (after.length !== before.length) return { what: "rows", at: Math.min(after.length, before.length) };
  if (expected?.action === "null") return after.field.kind === "null" ? undefined : { what: "null", at: 0 };
  const isFloat = before.field.kind.startsWith("float");
  const at = firstOtherNull(before, after, isFloat, kernels);
  return at === -1 ? undefined : { what: "nulls", at };
}

/** @param more elements may have become null: NaN is no number of JSON */
function firstOtherNull(before: Column, after: Column, more: boolean, kernels: Kernels): number {
  if (before.validity === after.validity || before.field.kind === "null") return -1;
  const { length } = before;
  const bytes = (length + 7) >> 3;
  const { memory } = kernels;
  const a = before.validity === 0 ? undefined : memory.u8(before.validity, bytes);
  const b = after.validity === 0 ? undefined : memory.u8(after.validity, bytes);
  for (let at = 0; at < bytes; at++) {
    const mask = at === bytes - 1 && (length & 7) !== 0 ? (1 << (length & 7)) - 1 : 0xff;
    const was = (a ? a[at]! : 0xff) & mask;
    const is = (b ? b[at]! : 0xff) & mask;
    const differing = more ? is & ~was : is ^ was;
    if (differing !== 0) return at * 8 + 31 - Math.clz32(differing & -differing);
  }
  return -1;
}
