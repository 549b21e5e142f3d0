import { Buffer } from "node:buffer";
import {
  type Data,
  type Dictionary,
  type FixedSizeBinary,
  type FixedSizeList,
  type RecordBatch,
  Type,
  type Vector,
} from "apache-arrow";
import { badInput } from "../errors.ts";
import type { Kernels } from "../kernels/load.ts";
import type { Batch, Column, Field } from "../types.ts";

/** Bytes of a value of the fixed-width kinds. */
const WIDTHS: Readonly<Record<string, number>> = {
  ...{ int8: 1, uint8: 1, int16: 2, uint16: 2, int32: 4, uint32: 4, int64: 8, uint64: 8 },
  ...{ float16: 2, float32: 4, float64: 8, date32: 4, date64: 8, timestamp: 8, duration: 8 },
};

/** Copies a record batch into the kernels' arena as columns of `fields`, which were made from the same schema. */
export function importBatch(batch: RecordBatch, fields: readonly Field[], kernels: Kernels): Batch {
  const columns = fields.map((field, index) => {
    const data = batch.data.children[index];
    if (!data) throw badInput(`decoding the column ${field.name}: it is not in the batch`, { stage: "decode" });
    return importColumn(data, field, 0, batch.numRows, kernels);
  });
  return { rows: batch.numRows, columns };
}

/**
 * Copies elements [start, start + length) of Arrow data. Offsets come out as int32 from 0, whatever they were.
 * @throws MasklineError when one batch of a column passes 2 GiB
 */
function importColumn(data: Data, field: Field, start: number, length: number, kernels: Kernels): Column {
  if (data.offset !== 0) throw new RangeError(`decoding the column ${field.name}: a slice came where a batch was due`);
  if (data.typeId === Type.Dictionary) return importDictionary(data as Data<Dictionary>, field, start, length, kernels);
  const { validity, nullCount } = importValidity(data, start, length, kernels);
  const column = { field, length, nullCount, validity, offsets: 0, values: 0, valuesLength: 0, children: [] };
  switch (field.kind) {
    case "null":
      return { ...column, nullCount: length };
    case "bool":
      return { ...column, ...importBits(data.values as Uint8Array, start, length, kernels) };
    case "utf8":
    case "binary":
      return { ...column, ...importBytes(data, field, start, length, kernels) };
    case "struct":
      return {
        ...column,
        children: field.children.map((child, i) => importColumn(data.children[i]!, child, start, length, kernels)),
      };
    case "list": {
      const { offsets, from, items } = importOffsets(data, field, start, length, kernels);
      return {
        ...column,
        offsets,
        children: [importColumn(data.children[0]!, field.children[0]!, from, items, kernels)],
      };
    }
    case "map": {
      const { offsets, from, items } = importOffsets(data, field, start, length, kernels);
      const entries = data.children[0]!;
      const children = field.children.map((child, i) =>
        importColumn(entries.children[i]!, child, from, items, kernels),
      );
      return { ...column, offsets, children };
    }
    default: {
      const width = WIDTHS[field.kind] ?? field.width ?? (field.unit === "s" || field.unit === "ms" ? 4 : 8);
      const bytes = bytesOf(data.values).subarray(start * width, (start + length) * width);
      return { ...column, values: kernels.memory.put(bytes), valuesLength: bytes.length };
    }
  }
}

function bytesOf(values: ArrayBufferView): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

function importValidity(
  data: Data,
  start: number,
  length: number,
  kernels: Kernels,
): { validity: number; nullCount: number } {
  const bitmap = data.nullBitmap as Uint8Array | undefined;
  if (data.nullCount === 0 || !bitmap || bitmap.length === 0) return { validity: 0, nullCount: 0 };
  const { values: validity } = importBits(bitmap, start, length, kernels);
  return { validity, nullCount: length - kernels.countValid(validity, length) };
}

/** A bitmap's bits [start, start + length), moved to bit 0. */
function importBits(
  bitmap: Uint8Array,
  start: number,
  length: number,
  kernels: Kernels,
): { values: number; valuesLength: number } {
  const size = (length + 7) >> 3;
  const first = start >> 3;
  const shift = start & 7;
  if (shift === 0) return { values: kernels.memory.put(bitmap.subarray(first, first + size)), valuesLength: size };
  const moved = new Uint8Array(size);
  for (let i = 0; i < size; i++)
    moved[i] = (bitmap[first + i]! >> shift) | ((bitmap[first + i + 1] ?? 0) << (8 - shift));
  return { values: kernels.memory.put(moved), valuesLength: size };
}

/** Offsets of elements [start, start + length) from 0 on, where their items start, and how many there are. */
function importOffsets(
  data: Data,
  field: Field,
  start: number,
  length: number,
  kernels: Kernels,
): { offsets: number; from: number; items: number } {
  const { memory } = kernels;
  const out = memory.alloc((length + 1) * 4);
  const target = memory.i32(out, length + 1);
  if (data.typeId === Type.FixedSizeList || data.typeId === Type.FixedSizeBinary) {
    const size =
      data.typeId === Type.FixedSizeList
        ? (data.type as FixedSizeList).listSize
        : (data.type as FixedSizeBinary).byteWidth;
    if (length * size > MAX_ITEMS) throw tooLong(field);
    for (let i = 0; i <= length; i++) target[i] = i * size;
    return { offsets: out, from: start * size, items: length * size };
  }
  const source = data.valueOffsets as unknown as Int32Array | BigInt64Array;
  if (length === 0) target[0] = 0;
  if (length === 0) return { offsets: out, from: 0, items: 0 };
  const from = Number(source[start]);
  const items = Number(source[start + length]) - from;
  if (items > MAX_ITEMS) throw tooLong(field);
  if (source instanceof Int32Array && from === 0) target.set(source.subarray(start, start + length + 1));
  else for (let i = 0; i <= length; i++) target[i] = Number(source[start + i]) - from;
  return { offsets: out, from, items };
}

/** int32 offsets end here. */
const MAX_ITEMS = 2 ** 31 - 1;

function tooLong(field: Field): Error {
  return badInput(`decoding the column ${field.name}: one batch of it passes 2 GiB`, { stage: "decode" });
}

function importBytes(
  data: Data,
  field: Field,
  start: number,
  length: number,
  kernels: Kernels,
): { offsets: number; values: number; valuesLength: number } {
  if (data.typeId === Type.Utf8View || data.typeId === Type.BinaryView)
    return importViews(data, field, start, length, kernels);
  if (field.uuid) return importUuids(data, start, length, kernels);
  const { offsets, from, items } = importOffsets(data, field, start, length, kernels);
  const bytes = bytesOf(data.values).subarray(from, from + items);
  return { offsets, values: kernels.memory.put(bytes), valuesLength: items };
}

/** RFC 9562: 16 bytes as 32 hex digits in groups of 8, 4, 4, 4 and 12. */
function importUuids(
  data: Data,
  start: number,
  length: number,
  kernels: Kernels,
): { offsets: number; values: number; valuesLength: number } {
  const bytes = bytesOf(data.values);
  const ends = new Int32Array(length + 1);
  const text = Buffer.allocUnsafeSlow(length * 36);
  let size = 0;
  for (let i = 0; i < length; i++) {
    if (!isNullAt(data, start + i)) {
      const hex = Buffer.from(bytes.buffer, bytes.byteOffset + (start + i) * 16, 16).toString("hex");
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
  data: Data,
  field: Field,
  start: number,
  length: number,
  kernels: Kernels,
): { offsets: number; values: number; valuesLength: number } {
  const bytes = bytesOf(data.values);
  const views = new DataView(bytes.buffer, bytes.byteOffset + start * 16, length * 16);
  const ends = new Int32Array(length + 1);
  let total = 0;
  for (let i = 0; i < length; i++) {
    total += isNullAt(data, start + i) ? 0 : views.getInt32(i * 16, true);
    if (total > MAX_ITEMS) throw tooLong(field);
    ends[i + 1] = total;
  }
  const values = kernels.memory.alloc(total);
  const target = kernels.memory.u8(values, total);
  for (let i = 0; i < length; i++) {
    const size = ends[i + 1]! - ends[i]!;
    const view = bytes.subarray((start + i) * 16 + 4, (start + i) * 16 + 4 + Math.min(size, 12));
    if (size <= 12) {
      target.set(view, ends[i]!);
    } else {
      const from = views.getInt32(i * 16 + 12, true);
      target.set(data.variadicBuffers[views.getInt32(i * 16 + 8, true)]!.subarray(from, from + size), ends[i]!);
    }
  }
  return { offsets: kernels.memory.put(new Uint8Array(ends.buffer)), values, valuesLength: total };
}

function isNullAt(data: Data, index: number): boolean {
  const bitmap = data.nullBitmap as Uint8Array | undefined;
  return bitmap !== undefined && bitmap.length > 0 && ((bitmap[index >> 3]! >> (index & 7)) & 1) === 0;
}

/** A dictionary array becomes its values; an element is null where its index or its dictionary value is. */
function importDictionary(
  data: Data<Dictionary>,
  field: Field,
  start: number,
  length: number,
  kernels: Kernels,
): Column {
  const { memory } = kernels;
  const dictionary = importChunks(data.dictionary as Vector, field, kernels);
  const source = data.values as unknown as ArrayLike<number | bigint>;
  const dictionaryValidity =
    dictionary.validity === 0 ? undefined : memory.u8(dictionary.validity, (dictionary.length + 7) >> 3).slice();
  const indices = new Int32Array(length);
  const validity = new Uint8Array((length + 7) >> 3);
  let nullCount = 0;
  for (let i = 0; i < length; i++) {
    const index = isNullAt(data, start + i) ? -1 : Number(source[start + i]);
    const valid =
      index >= 0 && (dictionaryValidity === undefined || ((dictionaryValidity[index >> 3]! >> (index & 7)) & 1) === 1);
    indices[i] = valid ? index : -1;
    if (index >= dictionary.length)
      throw badInput(`decoding the column ${field.name}: a dictionary index is out of range`);
    if (valid) validity[i >> 3]! |= 1 << (i & 7);
    else nullCount++;
  }
  const column = { ...dictionary, length, nullCount, validity: nullCount === 0 ? 0 : memory.put(validity) };
  const at = memory.put(new Uint8Array(indices.buffer));
  if (dictionary.offsets !== 0 && dictionary.children.length === 0) {
    const size = kernels.gatherTextSize(dictionary.offsets, at, length);
    if (size > MAX_ITEMS) throw tooLong(field);
    const offsets = memory.alloc((length + 1) * 4);
    const values = memory.alloc(size);
    kernels.gatherText(dictionary.values, dictionary.offsets, at, length, values, offsets);
    return { ...column, offsets, values, valuesLength: size };
  }
  const width = dictionary.length === 0 ? 0 : dictionary.valuesLength / dictionary.length;
  if (dictionary.children.length > 0 || !Number.isInteger(width) || field.kind === "bool") {
    throw badInput(`decoding the column ${field.name}: a dictionary of ${field.kind} is not supported`, {
      stage: "decode",
    });
  }
  const values = memory.alloc(length * width);
  kernels.gatherFixed(dictionary.values, width, at, length, values);
  return { ...column, values, valuesLength: length * width };
}

function importChunks(dictionary: Vector, field: Field, kernels: Kernels): Column {
  const [only, second] = dictionary.data;
  if (second || !only)
    throw badInput(`decoding the column ${field.name}: its dictionary came in pieces`, { stage: "decode" });
  return importColumn(only, field, 0, only.length, kernels);
}
