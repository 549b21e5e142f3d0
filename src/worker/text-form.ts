import { isAscii, isUtf8 } from "node:buffer";
import type { Kernels } from "../kernels/load.ts";
import { isNull, mapValues, textBytes, textColumn, validityOf } from "../masks/text.ts";
import type { Column } from "../types.ts";
import { finiteFloats } from "./floats.ts";
import { writeRecord } from "./record.ts";

/** A column as text, and how many of its values held invalid UTF-8 or were floats that JSON cannot hold. */
interface TextForm {
  readonly column: Column;
  readonly invalidUtf8: number;
  readonly nonFinite: number;
}

/**
 * The text of any scalar column: text as it is, bytes read as UTF-8, everything else as JSON would write it, without
 * quotes. Invalid UTF-8 becomes U+FFFD, so that masks and the encoder see well-formed text only; NaN and infinities
 * become null.
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
      return finiteText(column, kernels);
    case "null":
      return { ...CLEAN, column: textColumn(column, zeroOffsets(column.length, kernels), 0, 0) };
    default:
      return { ...CLEAN, column: rendered(column, kernels) };
  }
}

/** The text of a scalar column as JSON holds it where it is kept, without quotes: bytes are base64. */
export function writtenForm(column: Column, kernels: Kernels): TextForm {
  return column.field.kind === "binary" ? { ...CLEAN, column: rendered(column, kernels) } : textForm(column, kernels);
}

const CLEAN = { invalidUtf8: 0, nonFinite: 0 };

function wellFormed(column: Column, kernels: Kernels): TextForm {
  const bytes = textBytes(column, kernels);
  if (isAscii(bytes)) return { ...CLEAN, column };
  if (isUtf8(bytes) && kernels.charBoundaries(column.values, column.offsets, column.length) === 1) {
    return { ...CLEAN, column };
  }
  const repaired = mapValues(column, kernels, (value) => value);
  const changed = kernels.countChanged(column.values, column.offsets, repaired.values, repaired.offsets, column.length);
  return { column: repaired, invalidUtf8: changed - nullsWithBytes(column, kernels), nonFinite: 0 };
}

/** Nulls may have bytes below them; repairing leaves these out. */
function nullsWithBytes(column: Column, kernels: Kernels): number {
  const validity = validityOf(column, kernels);
  const offsets = kernels.memory.i32(column.offsets, column.length + 1);
  let count = 0;
  for (let i = 0; i < column.length; i++) if (isNull(validity, i) && offsets[i] !== offsets[i + 1]) count++;
  return count;
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

function finiteText(column: Column, kernels: Kernels): TextForm {
  const { column: finite, nonFinite } = finiteFloats(column, kernels);
  return { column: rendered(finite, kernels), invalidUtf8: 0, nonFinite };
}

function zeroOffsets(length: number, kernels: Kernels): number {
  return kernels.memory.put(new Uint8Array((length + 1) * 4));
}
