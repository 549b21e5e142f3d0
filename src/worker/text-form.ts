import { Buffer, isUtf8 } from "node:buffer";
import type { Kernels } from "../kernels/load.ts";
import { isNull, mapValues, textBytes, textColumn, validityOf } from "../masks/text.ts";
import type { Column } from "../types.ts";
import { writeRecord } from "./record.ts";

/** A column as text, and how many of its values held invalid UTF-8. */
interface TextForm {
  readonly column: Column;
  readonly invalidUtf8: number;
}

/**
 * The text of any scalar column: text as it is, bytes read as UTF-8, everything else as JSON would write it, without
 * quotes. Invalid UTF-8 becomes U+FFFD, so that masks and the encoder see well-formed text only.
 */
export function textForm(column: Column, kernels: Kernels): TextForm {
  switch (column.field.kind) {
    case "utf8":
    case "binary":
    case "number":
      return wellFormed(textColumn(column, column.offsets, column.values, column.valuesLength), kernels);
    case "float16":
    case "float32":
    case "float64":
      return { column: floatText(column, kernels).column, invalidUtf8: 0 };
    case "null":
      return { column: textColumn(column, zeroOffsets(column.length, kernels), 0, 0), invalidUtf8: 0 };
    default:
      return { column: rendered(column, kernels), invalidUtf8: 0 };
  }
}

function wellFormed(column: Column, kernels: Kernels): TextForm {
  const bytes = textBytes(column, kernels);
  if (isUtf8(bytes) && kernels.charBoundaries(column.values, column.offsets, column.length) === 1) {
    return { column, invalidUtf8: 0 };
  }
  const repaired = mapValues(column, kernels, (value) => value);
  const invalidUtf8 = kernels.countChanged(
    column.values,
    column.offsets,
    repaired.values,
    repaired.offsets,
    column.length,
  );
  return { column: repaired, invalidUtf8 };
}

/** Bytes that the longest text form of a value takes: a 256-bit decimal with sign, point and zeros. */
const LONGEST = 160;

function rendered(column: Column, kernels: Kernels): Column {
  const { memory } = kernels;
  const offsets = memory.alloc((column.length + 1) * 4);
  for (let capacity = column.length * 32 + LONGEST; ; capacity *= 2) {
    const before = memory.mark();
    const record = writeRecord(column, kernels, { quoteInt64: false });
    const out = memory.alloc(capacity);
    if (kernels.renderText(record, 0, column.length, out, out + capacity, offsets) === column.length) {
      return textColumn(column, offsets, out, memory.i32(offsets, column.length + 1)[column.length]!);
    }
    memory.release(before);
  }
}

function zeroOffsets(length: number, kernels: Kernels): number {
  return kernels.memory.put(new Uint8Array((length + 1) * 4));
}

/**
 * Floats as ECMAScript's Number::toString writes them, the shortest digits that read back the same (float16 and
 * float32 as the double they are). `finite` is the validity without NaN and infinities, which JSON cannot hold.
 */
export function floatText(column: Column, kernels: Kernels): { column: Column; finite: number; nonFinite: number } {
  const values = floatsOf(column, kernels);
  const validity = validityOf(column, kernels);
  const finite = new Uint8Array((column.length + 7) >> 3);
  const ends = new Int32Array(column.length + 1);
  const text = Buffer.allocUnsafeSlow(column.length * 26);
  let length = 0;
  let nonFinite = 0;
  for (let i = 0; i < column.length; i++) {
    if (!isNull(validity, i)) {
      const value = values[i]!;
      if (Number.isFinite(value)) finite[i >> 3]! |= 1 << (i & 7);
      else nonFinite++;
      length += text.write(String(value), length, "latin1");
    }
    ends[i + 1] = length;
  }
  const { memory } = kernels;
  const offsets = memory.put(new Uint8Array(ends.buffer));
  const out = memory.put(text.subarray(0, length));
  return { column: textColumn(column, offsets, out, length), finite: memory.put(finite), nonFinite };
}

function floatsOf(column: Column, kernels: Kernels): ArrayLike<number> {
  const { memory } = kernels;
  if (column.field.kind === "float64") return memory.f64(column.values, column.length);
  if (column.field.kind === "float32") return memory.f32(column.values, column.length);
  return Array.from(memory.u16(column.values, column.length), halfToNumber);
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
