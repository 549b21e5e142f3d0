import { Buffer } from "node:buffer";
import { badInput } from "../errors.ts";
import type { Kernels } from "../kernels/load.ts";
import { isNull } from "../masks/text.ts";
import type { Batch, Column, Field } from "../types.ts";
import type { ForeignArray, Layout } from "./c-data.ts";

/**
 * Copies a record batch out of the decoder's memory into the kernels' arena, as columns of `fields`.
 * @param layout what the batch's buffers hold; `checkLayout` has found that it is what `fields` say
 */
export function importBatch(batch: ForeignArray, layout: Layout, fields: readonly Field[], kernels: Kernels): Batch {
  return { rows: batch.length, columns: importChildren(batch, layout, fields, batch.offset, batch.length, kernels) };
}

/** Bytes of a value of the fixed-width kinds. */
const WIDTHS: Readonly<Record<string, number>> = {
  ...{ int8: 1, uint8: 1, int16: 2, uint16: 2, int32: 4, uint32: 4, int64: 8, uint64: 8 },
  ...{ float16: 2, float32: 4, float64: 8, date32: 4, date64: 8, timestamp: 8, duration: 8 },
};

/**
 * Copies elements [start, start + length) of an array. Offsets come out as int32 from 0, whatever they were.
 * @throws MasklineError when one batch of a column passes 2 GiB
 */
function importColumn(
  array: ForeignArray,
  layout: Layout,
  field: Field,
  start: number,
  length: number,
  kernels: Kernels,
): Column {
  const from = array.offset + start;
  if (layout.dictionary) return importDictionary(array, layout, layout.dictionary, field, from, length, kernels);
  const column = {
    ...{ field, length, ...importValidity(array, from, length, kernels) },
    ...{ offsets: 0, values: 0, valuesLength: 0, children: [] },
  };
  switch (field.kind) {
    case "null":
      return { ...column, nullCount: length };
    case "bool": {
      const values = importBits(array, array.buffer(1), from, length, kernels);
      return { ...column, values, valuesLength: (length + 7) >> 3 };
    }
    case "utf8":
    case "binary":
      return { ...column, ...importBytes(array, layout, field, from, length, column.validity, kernels) };
    case "struct":
      return { ...column, children: importChildren(array, layout, field.children, from, length, kernels) };
    case "list": {
      const { offsets, first, items } = importOffsets(array, layout, field, from, length, kernels);
      return { ...column, offsets, children: importChildren(array, layout, field.children, first, items, kernels) };
    }
    case "map": {
      const { offsets, first, items } = importOffsets(array, layout, field, from, length, kernels);
      const entries = array.child(0);
      const at = entries.offset + first;
      const children = importChildren(entries, layout.children[0]!, field.children, at, items, kernels);
      return { ...column, offsets, children };
    }
    default: {
      const width = WIDTHS[field.kind] ?? field.width ?? (field.unit === "s" || field.unit === "ms" ? 4 : 8);
      const bytes = array.bytes(array.buffer(1) + from * width, length * width);
      return { ...column, values: kernels.memory.put(bytes), valuesLength: bytes.length };
    }
  }
}

function importChildren(
  array: ForeignArray,
  layout: Layout,
  fields: readonly Field[],
  start: number,
  length: number,
  kernels: Kernels,
): Column[] {
  return fields.map((child, i) => importColumn(array.child(i), layout.children[i]!, child, start, length, kernels));
}

function importValidity(
  array: ForeignArray,
  from: number,
  length: number,
  kernels: Kernels,
): { validity: number; nullCount: number } {
  const bitmap = array.buffer(0);
  if (array.nullCount === 0 || array.bufferCount === 0 || bitmap === 0) return { validity: 0, nullCount: 0 };
  const validity = importBits(array, bitmap, from, length, kernels);
  return { validity, nullCount: length - kernels.countValid(validity, length) };
}

/** A bitmap's bits [from, from + length), moved to bit 0. */
function importBits(array: ForeignArray, bitmap: number, from: number, length: number, kernels: Kernels): number {
  const size = (length + 7) >> 3;
  const shift = from & 7;
  const bits = array.bytes(bitmap + (from >> 3), (shift + length + 7) >> 3);
  if (shift === 0) return kernels.memory.put(bits);
  const moved = new Uint8Array(size);
  for (let i = 0; i < size; i++) moved[i] = (bits[i]! >> shift) | ((bits[i + 1] ?? 0) << (8 - shift));
  return kernels.memory.put(moved);
}

/** Offsets of elements [from, from + length) from 0 on, where their items start, and how many there are. */
function importOffsets(
  array: ForeignArray,
  { format }: Layout,
  field: Field,
  from: number,
  length: number,
  kernels: Kernels,
): { offsets: number; first: number; items: number } {
  const { memory } = kernels;
  const offsets = memory.alloc((length + 1) * 4);
  const target = memory.i32(offsets, length + 1);
  const fixed = /^\+?w:(\d+)$/.exec(format);
  if (fixed) {
    const size = Number(fixed[1]);
    if (length * size > MAX_ITEMS) throw tooLong(field);
    for (let i = 0; i <= length; i++) target[i] = i * size;
    return { offsets, first: from * size, items: length * size };
  }
  target[0] = 0;
  if (length === 0) return { offsets, first: 0, items: 0 };
  const large = format === "U" || format === "Z" || format === "+L";
  const source = large
    ? new BigInt64Array(array.memory, array.buffer(1) + from * 8, length + 1)
    : new Int32Array(array.memory, array.buffer(1) + from * 4, length + 1);
  const first = Number(source[0]);
  const items = Number(source[length]) - first;
  if (items > MAX_ITEMS) throw tooLong(field);
  if (source instanceof Int32Array && first === 0) target.set(source);
  else for (let i = 0; i <= length; i++) target[i] = Number(source[i]) - first;
  return { offsets, first, items };
}

/** int32 offsets end here. */
const MAX_ITEMS = 2 ** 31 - 1;

function tooLong(field: Field): Error {
  return badInput(`decoding the column ${field.name}: one batch of it passes 2 GiB`, { stage: "decode" });
}

interface Bytes {
  readonly offsets: number;
  readonly values: number;
  readonly valuesLength: number;
}

function importBytes(
  array: ForeignArray,
  layout: Layout,
  field: Field,
  from: number,
  length: number,
  validity: number,
  kernels: Kernels,
): Bytes {
  if (layout.format.startsWith("v")) return importViews(array, field, from, length, validity, kernels);
  if (field.uuid) return importUuids(array, from, length, validity, kernels);
  const { offsets, first, items } = importOffsets(array, layout, field, from, length, kernels);
  // A fixed width has its bytes where others have their offsets.
  const data = array.buffer(array.bufferCount - 1);
  return { offsets, values: kernels.memory.put(array.bytes(data + first, items)), valuesLength: items };
}

/** RFC 9562: 16 bytes as 32 hex digits in groups of 8, 4, 4, 4 and 12. */
function importUuids(array: ForeignArray, from: number, length: number, validity: number, kernels: Kernels): Bytes {
  const bytes = Buffer.from(array.memory, array.buffer(1) + from * 16, length * 16);
  const valid = validityBits(validity, length, kernels);
  const ends = new Int32Array(length + 1);
  const text = Buffer.allocUnsafeSlow(length * 36);
  let size = 0;
  for (let i = 0; i < length; i++) {
    if (!isNull(valid, i)) {
      const hex = bytes.toString("hex", i * 16, i * 16 + 16);
      const groups = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
      size += text.write(groups, size, "latin1");
    }
    ends[i + 1] = size;
  }
  const values = kernels.memory.put(text.subarray(0, size));
  return { offsets: kernels.memory.put(new Uint8Array(ends.buffer)), values, valuesLength: size };
}

/** Views of 16 bytes: length, then up to 12 bytes inline, or prefix, buffer index and offset (Arrow columnar format). */
function importViews(
  array: ForeignArray,
  field: Field,
  from: number,
  length: number,
  validity: number,
  kernels: Kernels,
): Bytes {
  const { memory } = kernels;
  const at = array.buffer(1) + from * 16;
  const views = new DataView(array.memory, at, length * 16);
  const valid = validityBits(validity, length, kernels);
  const ends = new Int32Array(length + 1);
  let total = 0;
  for (let i = 0; i < length; i++) {
    total += !isNull(valid, i) ? views.getInt32(i * 16, true) : 0;
    if (total > MAX_ITEMS) throw tooLong(field);
    ends[i + 1] = total;
  }
  const values = memory.alloc(total);
  const target = memory.u8(values, total);
  for (let i = 0; i < length; i++) {
    const size = ends[i + 1]! - ends[i]!;
    const inline = at + i * 16 + 4;
    const long = () => array.buffer(2 + views.getInt32(i * 16 + 8, true)) + views.getInt32(i * 16 + 12, true);
    target.set(array.bytes(size <= 12 ? inline : long(), size), ends[i]!);
  }
  return { offsets: memory.put(new Uint8Array(ends.buffer)), values, valuesLength: total };
}

/** A copy of the bitmap, which stays good while the arena grows. */
function validityBits(validity: number, length: number, kernels: Kernels): Uint8Array | undefined {
  return validity === 0 ? undefined : kernels.memory.u8(validity, (length + 7) >> 3).slice();
}

const INDICES = {
  c: Int8Array,
  C: Uint8Array,
  s: Int16Array,
  S: Uint16Array,
  i: Int32Array,
  I: Uint32Array,
  l: BigInt64Array,
  L: BigUint64Array,
} as const;

/** A dictionary array becomes its values; an element is null where its index or its dictionary value is. */
function importDictionary(
  array: ForeignArray,
  { format }: Layout,
  values: Layout,
  field: Field,
  from: number,
  length: number,
  kernels: Kernels,
): Column {
  const { memory } = kernels;
  const Indices = INDICES[format as keyof typeof INDICES];
  if (!Indices) throw unsupported(field);
  const { dictionary: entries } = array;
  const dictionary = importColumn(entries, values, field, 0, entries.length, kernels);
  const dictionaryBits = validityBits(dictionary.validity, dictionary.length, kernels);
  const ownBits = validityBits(importValidity(array, from, length, kernels).validity, length, kernels);
  const source = new Indices(array.memory, array.buffer(1) + from * Indices.BYTES_PER_ELEMENT, length);
  const indices = new Int32Array(length);
  const validity = new Uint8Array((length + 7) >> 3);
  let nullCount = 0;
  for (let i = 0; i < length; i++) {
    const index = !isNull(ownBits, i) ? Number(source[i]) : -1;
    if (index >= dictionary.length)
      throw badInput(`decoding the column ${field.name}: a dictionary index is out of range`, { stage: "decode" });
    const valid = index >= 0 && !isNull(dictionaryBits, index);
    indices[i] = valid ? index : -1;
    if (valid) validity[i >> 3]! |= 1 << (i & 7);
    else nullCount++;
  }
  const column = { ...dictionary, length, nullCount, validity: nullCount === 0 ? 0 : memory.put(validity) };
  const at = memory.put(new Uint8Array(indices.buffer));
  if (dictionary.offsets !== 0 && dictionary.children.length === 0) {
    const size = kernels.gatherTextSize(dictionary.offsets, at, length);
    if (size > MAX_ITEMS) throw tooLong(field);
    const offsets = memory.alloc((length + 1) * 4);
    const text = memory.alloc(size);
    kernels.gatherText(dictionary.values, dictionary.offsets, at, length, text, offsets);
    return { ...column, offsets, values: text, valuesLength: size };
  }
  const width = dictionary.length === 0 ? 0 : dictionary.valuesLength / dictionary.length;
  if (dictionary.children.length > 0 || !Number.isInteger(width) || field.kind === "bool") throw unsupported(field);
  const fixed = memory.alloc(length * width);
  kernels.gatherFixed(dictionary.values, width, at, length, fixed);
  return { ...column, values: fixed, valuesLength: length * width };
}

function unsupported(field: Field): Error {
  return badInput(`decoding the column ${field.name}: a dictionary of ${field.kind} is not supported`, {
    stage: "decode",
  });
}
