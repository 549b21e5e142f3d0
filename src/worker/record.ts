import { Buffer } from "node:buffer";
import type { Kernels } from "../kernels/load.ts";
import * as node from "../kernels/node.ts";
import type { Column, Kind, TimeUnit } from "../types.ts";

export interface RecordOptions {
  /** 64-bit integers and decimals as quoted strings. */
  readonly quoteInt64: boolean;
}

const KINDS: Readonly<Record<Exclude<Kind, "float16">, number>> = {
  null: node.KIND_NULL,
  bool: node.KIND_BOOL,
  int8: node.KIND_INT,
  int16: node.KIND_INT,
  int32: node.KIND_INT,
  int64: node.KIND_INT,
  uint8: node.KIND_INT,
  uint16: node.KIND_INT,
  uint32: node.KIND_INT,
  uint64: node.KIND_INT,
  float32: node.KIND_FLOAT,
  float64: node.KIND_FLOAT,
  decimal: node.KIND_DECIMAL,
  utf8: node.KIND_TEXT,
  number: node.KIND_RAW,
  binary: node.KIND_BINARY,
  date32: node.KIND_DATE32,
  date64: node.KIND_DATE64,
  time: node.KIND_TIME,
  timestamp: node.KIND_TIMESTAMP,
  duration: node.KIND_DURATION,
  interval: node.KIND_INTERVAL,
  struct: node.KIND_STRUCT,
  list: node.KIND_LIST,
  map: node.KIND_MAP,
};

const UNITS: Readonly<Record<TimeUnit, number>> = {
  s: node.UNIT_S,
  ms: node.UNIT_MS,
  us: node.UNIT_US,
  ns: node.UNIT_NS,
};

/**
 * Describes a column and all below it to the kernels. float16 columns must have become float32 before.
 * @returns address of the node record
 */
export function writeRecord(column: Column, kernels: Kernels, options: RecordOptions): number {
  const address = kernels.memory.alloc(node.NODE_BYTES);
  fillRecord(address, column, kernels, options);
  return address;
}

/** The record of a batch: an object of its columns. */
export function writeRootRecord(
  columns: readonly Column[],
  rows: number,
  kernels: Kernels,
  options: RecordOptions,
): number {
  const field = { name: "", kind: "struct", children: columns.map((column) => column.field) } as const;
  const root = {
    field,
    length: rows,
    nullCount: 0,
    validity: 0,
    offsets: 0,
    values: 0,
    valuesLength: 0,
    children: columns,
  };
  return writeRecord(root, kernels, options);
}

function fillRecord(address: number, column: Column, kernels: Kernels, options: RecordOptions): void {
  const { memory } = kernels;
  const count = column.children.length;
  const children = count === 0 ? 0 : memory.alloc(count * node.NODE_BYTES);
  const key = Buffer.from(`${JSON.stringify(column.field.name)}:`, "utf8");
  const keyAt = memory.put(key);
  const slots = new Int32Array(node.NODE_SLOTS);
  slots[node.SLOT_KIND] = column.omitted ? node.KIND_OMIT : kindOf(column.field.kind);
  slots[node.SLOT_LENGTH] = column.length;
  slots[node.SLOT_VALIDITY] = column.validity;
  slots[node.SLOT_VALUES] = column.values;
  slots[node.SLOT_OFFSETS] = column.offsets;
  slots[node.SLOT_KEY] = keyAt;
  slots[node.SLOT_KEY_LENGTH] = key.length;
  slots[node.SLOT_CHILDREN] = children;
  slots[node.SLOT_CHILD_COUNT] = count;
  setParameters(slots, column, options);
  memory.i32(address, node.NODE_SLOTS).set(slots);
  for (const [index, child] of column.children.entries()) {
    fillRecord(children + index * node.NODE_BYTES, child, kernels, options);
  }
}

function kindOf(kind: Kind): number {
  if (kind === "float16") throw new TypeError("a float16 column must become float32 before it is encoded");
  return KINDS[kind];
}

function setParameters(slots: Int32Array, { field }: Column, { quoteInt64 }: RecordOptions): void {
  const integer = /^(u?)int(8|16|32|64)$/.exec(field.kind);
  if (integer) {
    slots[node.SLOT_A] = Number(integer[2]) / 8;
    const quoted = quoteInt64 && integer[2] === "64" ? node.INT_QUOTED : 0;
    slots[node.SLOT_B] = (integer[1] === "u" ? node.INT_UNSIGNED : 0) | quoted;
  } else if (field.kind === "float32" || field.kind === "float64") {
    slots[node.SLOT_A] = field.kind === "float64" ? 8 : 4;
  } else if (field.kind === "decimal") {
    slots[node.SLOT_A] = field.width ?? 16;
    slots[node.SLOT_B] = field.scale ?? 0;
    slots[node.SLOT_QUOTED] = quoteInt64 ? 1 : 0;
  } else if (field.kind === "interval") {
    slots[node.SLOT_A] = field.width ?? 16;
  } else if (field.unit) {
    slots[node.SLOT_A] = UNITS[field.unit];
    slots[node.SLOT_B] = field.utc ? 1 : 0;
  }
}
