import type { Kernels } from "../kernels/load.ts";
import type { Column } from "../types.ts";

/**
 * A float column without NaN and infinities, which JSON cannot hold: they become null, and are counted. float16 becomes
 * float32, which holds each of its values.
 */
export function finiteFloats(column: Column, kernels: Kernels): { column: Column; nonFinite: number } {
  const { memory } = kernels;
  const wide = column.field.kind === "float16" ? widened(column, kernels) : column;
  const width = wide.field.kind === "float64" ? 8 : 4;
  const finite = memory.alloc((column.length + 7) >> 3);
  const nonFinite = kernels.finiteBits(wide.values, width, column.validity, column.length, finite);
  return nonFinite === 0
    ? { column: wide, nonFinite }
    : { column: { ...wide, validity: finite, nullCount: column.nullCount + nonFinite }, nonFinite };
}

function widened(column: Column, kernels: Kernels): Column {
  const floats = Float32Array.from(kernels.memory.u16(column.values, column.length), halfToNumber);
  const values = kernels.memory.put(new Uint8Array(floats.buffer));
  return { ...column, field: { ...column.field, kind: "float32" }, values, valuesLength: floats.byteLength };
}

/** IEEE 754 binary16. */
function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
