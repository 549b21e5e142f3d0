import { Buffer } from "node:buffer";
import type { Kernels } from "../kernels/load.ts";
import { scalarText } from "../kernels/twin-scalars.ts";
import type { Column } from "../types.ts";
import { writeRecord } from "./record.ts";

/** The text of a column's element, null where it is null or no number that JSON can hold. */
export type SourceText = (index: number) => string | null;

/** A look at the kernels' memory as it is now: good until the next allocation. */
export function memoryNow(kernels: Kernels): Buffer {
  return Buffer.from(kernels.memory.buffer);
}

/**
 * Reads a scalar column's elements one by one, in plain TypeScript: what the kernels made of them is compared with it.
 * May allocate; the memory it reads is asked for with each element.
 */
export function sourceText(column: Column, memory: () => Buffer, kernels: Kernels): SourceText {
  const { values, offsets, validity } = column;
  const text = elementText(column, memory, kernels);
  return (index) => {
    const now = memory();
    if (validity !== 0 && ((now[validity + (index >> 3)]! >> (index & 7)) & 1) === 0) return null;
    if (text) return text(index);
    const at = offsets + index * 4;
    return now.toString("utf8", values + now.readInt32LE(at), values + now.readInt32LE(at + 4));
  };
}

/** Instead of its text, of an element that is there. */
const PRESENT = "-";

/** Says of a column's elements only whether they are there. */
export function sourcePresence(column: Column, memory: () => Buffer, kernels: Kernels): SourceText {
  const { validity, values, field } = column;
  const there = (index: number) => validity === 0 || ((memory()[validity + (index >> 3)]! >> (index & 7)) & 1) === 1;
  switch (field.kind) {
    case "null":
    case "float16":
      return sourceText(column, memory, kernels);
    case "float32":
      return (index) => (there(index) && Number.isFinite(memory().readFloatLE(values + index * 4)) ? PRESENT : null);
    case "float64":
      return (index) => (there(index) && Number.isFinite(memory().readDoubleLE(values + index * 8)) ? PRESENT : null);
    default:
      return (index) => (there(index) ? PRESENT : null);
  }
}

/** Elements that are not bytes between offsets. */
function elementText(column: Column, memory: () => Buffer, kernels: Kernels): SourceText | undefined {
  const { values, field } = column;
  switch (field.kind) {
    case "utf8":
    case "binary":
    case "number":
      return undefined;
    case "null":
      return () => null;
    case "int32":
      return (index) => String(memory().readInt32LE(values + index * 4));
    case "int64":
      return (index) => String(memory().readBigInt64LE(values + index * 8));
    case "float16":
      // Too few digits to be anything but a number.
      return (index) => ((memory()[values + index * 2 + 1]! & 0x7c) === 0x7c ? null : "0");
    case "float32":
      return (index) => finite(memory().readFloatLE(values + index * 4));
    case "float64":
      return (index) => finite(memory().readDoubleLE(values + index * 8));
    default: {
      const record = writeRecord(column, kernels, { quoteInt64: false });
      return (index) => {
        const now = memory();
        return scalarText(new DataView(now.buffer as ArrayBuffer), record, index);
      };
    }
  }
}

function finite(value: number): string | null {
  return Number.isFinite(value) ? String(value) : null;
}
