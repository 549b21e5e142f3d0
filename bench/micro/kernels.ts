import { createHmac, createSecretKey, hash } from "node:crypto";
import { type Kernels, loadKernels } from "../../src/kernels/load.ts";
import { createTwins, type TwinFunctions } from "../../src/kernels/twins.ts";
import { canonicalColumn, canonicalForm } from "../../src/masks/canonical.ts";
import { hashColumn, hmacColumn } from "../../src/masks/digest.ts";
import type { Column, Field } from "../../src/types.ts";
import { writeRecord, writeRootRecord } from "../../src/worker/record.ts";
import type { Pending } from "./case.ts";
import { fixedColumn, made, ROWS, TEXTS, type TextName, textColumn } from "./columns.ts";

const kernels = loadKernels();
const { memory } = kernels;
const twins = createTwins(memory);

const field = (kind: Field["kind"], more: Partial<Field> = {}): Field => ({
  name: "column",
  kind,
  children: [],
  ...more,
});
const bytesOf = (array: { readonly buffer: ArrayBufferLike }) => new Uint8Array(array.buffer);
const textOf = (name: TextName) => () => textColumn(TEXTS[name], kernels);

/** A column of every type that the encoder has a way of its own for. */
const TYPES: Readonly<Record<string, () => Column>> = {
  bool: () => fixedColumn(field("bool"), Uint8Array.from(made(20, (below) => below(256))), kernels),
  int32: () => fixedColumn(field("int32"), bytesOf(Int32Array.from(made(21, (below) => below(10_000)))), kernels),
  int64: () =>
    fixedColumn(field("int64"), bytesOf(BigInt64Array.from(made(22, (below) => BigInt(below(2 ** 31))))), kernels),
  "float64, 3 decimals": () =>
    fixedColumn(field("float64"), bytesOf(Float64Array.from(made(23, (below) => below(900_000) / 1000))), kernels),
  "float64, 17 digits": () =>
    fixedColumn(field("float64"), bytesOf(Float64Array.from(made(24, (below) => below(2 ** 32) / 7))), kernels),
  "decimal128, scale 2": () =>
    fixedColumn(
      field("decimal", { width: 16, scale: 2 }),
      bytesOf(BigInt64Array.from(made(25, (below) => [BigInt(below(10_000_000)), 0n]).flat())),
      kernels,
    ),
  date32: () => fixedColumn(field("date32"), bytesOf(Int32Array.from(made(26, (below) => below(20_000)))), kernels),
  "timestamp us": () =>
    fixedColumn(
      field("timestamp", { unit: "us", utc: true }),
      bytesOf(BigInt64Array.from(made(27, (below) => 1_780_000_000_000_000n + BigInt(below(2 ** 31)) * 1000n))),
      kernels,
    ),
  binary: () => ({ ...textOf("ids")(), field: field("binary") }),
  "text, ASCII": textOf("ids"),
  "text, non-ASCII": textOf("non-ASCII names"),
  "text, to escape": textOf("text to escape"),
  "text, long": textOf("long text"),
  "text, a null in 10": () => textColumn(TEXTS.ids, kernels, true),
};

/** The kernel and its twin, called alike. */
function both(
  name: keyof TwinFunctions,
  on: string,
  prepare: () => { bytes: number; call: (of: TwinFunctions) => unknown },
): Pending {
  return {
    name,
    on,
    prepare: () => {
      memory.reset();
      const { bytes, call } = prepare();
      return { values: ROWS, bytes, run: () => call(kernels), twin: () => call(twins) };
    },
  };
}

/** By byte: those of numbers, and what may stand within them. */
const DIGITS = Uint8Array.from({ length: 256 }, (_, byte) => Number(/[\d +-]/.test(String.fromCharCode(byte))));

const overText = (
  name: keyof TwinFunctions,
  on: TextName,
  work: (column: Column, room: { out: number; offsets: number }) => (of: TwinFunctions) => unknown,
) =>
  both(name, on, () => {
    const column = textOf(on)();
    const room = { out: memory.alloc((column.valuesLength + ROWS) * 4), offsets: memory.alloc((ROWS + 1) * 4) };
    return { bytes: column.valuesLength, call: work(column, room) };
  });

/** Row numbers in no order. */
const shuffled = () => memory.put(bytesOf(Int32Array.from(made(30, (below) => below(ROWS)))));

const GATHERS: readonly Pending[] = [
  overText("patchText", "ids", ({ values, offsets }, room) => {
    const by = textOf("names")();
    const eighths = memory.put(bytesOf(Int32Array.from({ length: ROWS / 8 }, (_, index) => index * 8)));
    const { values: byValues, offsets: byOffsets } = by;
    return (of) => of.patchText(values, offsets, ROWS, eighths, ROWS / 8, byValues, byOffsets, room.out, room.offsets);
  }),
  overText("gatherTextSize", "ids", ({ offsets }) => {
    const indices = shuffled();
    return (of) => of.gatherTextSize(offsets, indices, ROWS);
  }),
  overText("gatherText", "ids", ({ values, offsets }, room) => {
    const indices = shuffled();
    return (of) => of.gatherText(values, offsets, indices, ROWS, room.out, room.offsets);
  }),
  ...[4, 8, 16].map((width) =>
    both("gatherFixed", `${width} bytes`, () => {
      const values = memory.put(new Uint8Array(ROWS * width));
      const indices = shuffled();
      const out = memory.alloc(ROWS * width);
      return { bytes: ROWS * width, call: (of) => of.gatherFixed(values, width, indices, ROWS, out) };
    }),
  ),
];

const SCANS: readonly Pending[] = [
  ...(["ids", "long text"] as const).map((on) =>
    overText(
      "join",
      on,
      ({ values, offsets }, { out }) =>
        (of) =>
          of.join(values, offsets, ROWS, 10, out),
    ),
  ),
  ...(["ids", "long text"] as const).map((on) =>
    overText("split", on, ({ values, offsets, valuesLength }, room) => {
      const joined = memory.alloc(valuesLength + ROWS);
      const length = kernels.join(values, offsets, ROWS, 10, joined);
      return (of) => of.split(joined, length, 10, ROWS, room.out, room.offsets);
    }),
  ),
  ...(["ids", "long text"] as const).map((on) =>
    overText("countChanged", on, ({ values, offsets }) => {
      const other = textOf(on)();
      return (of) => of.countChanged(values, offsets, other.values, other.offsets, ROWS);
    }),
  ),
  overText("charBoundaries", "non-ASCII names", ({ values, offsets }) => (of) => {
    return of.charBoundaries(values, offsets, ROWS);
  }),
  overText(
    "hasByte",
    "long text",
    ({ values, valuesLength }) =>
      (of) =>
        of.hasByte(values, valuesLength, 10),
  ),
  overText("islands", "transcripts", ({ values, offsets, valuesLength }, { out }) => {
    const members = memory.put(DIGITS);
    return (of) => of.islands(values, offsets, ROWS, members, 10, valuesLength, out);
  }),
  overText("patchIslands", "transcripts", ({ values, offsets, valuesLength }, room) => {
    const found = memory.alloc(valuesLength * 2);
    const count = kernels.islands(values, offsets, ROWS, memory.put(DIGITS), 10, valuesLength, found);
    const joined = memory.alloc(valuesLength);
    const size = kernels.joinIslands(values, offsets, found, count, 10, joined);
    return (of) => of.patchIslands(values, offsets, ROWS, found, count, joined, size, 10, room.out, room.offsets);
  }),
  both("countValid", "a bitmap", () => {
    const validity = memory.put(new Uint8Array(ROWS / 8).fill(0xa5));
    return { bytes: ROWS / 8, call: (of) => of.countValid(validity, ROWS) };
  }),
  both("finiteBits", "float64", () => {
    const { values } = TYPES["float64, 17 digits"]!();
    const out = memory.alloc(ROWS / 8);
    return { bytes: ROWS * 8, call: (of) => of.finiteBits(values, 8, 0, ROWS, out) };
  }),
];

/** Of the bytes written: they are what JSON lines cost. */
const ENCODERS: readonly Pending[] = Object.entries(TYPES).flatMap(([type, column]) => [
  both("encodeRows", type, () => {
    const root = writeRootRecord([column()], ROWS, kernels, { quoteInt64: false });
    const room = ROWS * 400;
    const out = memory.alloc(room);
    const call = (of: TwinFunctions) => of.encodeRows(root, 0, ROWS, out, out + room);
    call(kernels);
    return { bytes: kernels.encodedBytes(), call };
  }),
  ...(type.startsWith("text")
    ? []
    : [
        both("renderText", type, () => {
          const node = writeRecord(column(), kernels, { quoteInt64: false });
          const room = ROWS * 200;
          const out = memory.alloc(room);
          const offsets = memory.alloc((ROWS + 1) * 4);
          const call = (of: TwinFunctions) => of.renderText(node, 0, ROWS, out, out + room, offsets);
          call(kernels);
          return { bytes: memory.i32(offsets, ROWS + 1)[ROWS]!, call };
        }),
      ]),
]);

const KEY = Buffer.alloc(32, 7);
const SUFFIX = hash("sha256", "bench", "hex");
const LOOK = { prefix: "User_", digits: 16 };

const hashed = (value: string) => LOOK.prefix + hash("sha256", value + SUFFIX, "hex").slice(0, LOOK.digits);
// With a key object createHmac takes 2 µs, with the key's bytes 13.
const SECRET = createSecretKey(KEY);
const keyed = (value: string) =>
  LOOK.prefix + createHmac("sha256", SECRET).update(value).digest("hex").slice(0, LOOK.digits);

const DIGESTS: readonly Pending[] = (["ids", "long text"] as const).flatMap((on) => [
  byColumn("digestHex", "SHA-256", on, hashed, (column) => hashColumn(column, SUFFIX, LOOK, kernels)),
  byColumn("digestHex", "HMAC", on, keyed, (column) => hmacColumn(column, KEY, LOOK, kernels)),
]);

const canonical = canonicalColumn("person");
const CANONICAL: readonly Pending[] = (["names", "non-ASCII names"] as const).map((on) =>
  byColumn("canonicalText", "person", on, canonicalForm("person"), (column) => canonical(column, kernels)),
);

/** A kernel by the function that gives it its tables and memory. */
function byColumn(
  name: keyof Kernels,
  how: string,
  on: TextName,
  byRow: (value: string) => string,
  work: (column: Column) => Column,
): Pending {
  return {
    name,
    on: `${how}, ${on}`,
    prepare: () => {
      memory.reset();
      const column = textOf(on)();
      const mark = memory.mark();
      const run = () => {
        memory.release(mark);
        return work(column).valuesLength;
      };
      return { values: ROWS, bytes: column.valuesLength, run, twin: () => TEXTS[on].map(byRow) };
    },
  };
}

const BUCKETS = 256;

/** The memo of values that repeat; its twin is a Map. */
const MEMO: Pending = {
  name: "memoFind",
  on: "40 different names",
  prepare: () => {
    memory.reset();
    const names = TEXTS["40 different names"];
    const column = textOf("40 different names")();
    const { values, offsets } = column;
    const table = memory.put(new Uint8Array(BUCKETS * 512));
    const results = hashColumn(column, SUFFIX, LOOK, kernels);
    kernels.memoInsert(values, offsets, results.values, results.offsets, ROWS, table, BUCKETS);
    const [out, ends, missing] = [memory.alloc(ROWS * 80), memory.alloc((ROWS + 1) * 4), memory.alloc(ROWS * 4)];
    const known = new Map(names.map((name) => [name, hashed(name)]));
    const run = () => kernels.memoFind(values, offsets, 0, ROWS, table, BUCKETS, out, ends, missing);
    return { values: ROWS, bytes: column.valuesLength, run, twin: () => names.map((name) => known.get(name)) };
  },
};

export const KERNEL_CASES: readonly Pending[] = [...DIGESTS, ...CANONICAL, MEMO, ...SCANS, ...GATHERS, ...ENCODERS];

/** Exports of the kernels that no case calls. */
export function kernelsWithoutCase(): string[] {
  const called = new Set(KERNEL_CASES.map(({ name }) => name));
  const functions = Object.entries(kernels as Kernels & Record<string, unknown>);
  return functions.filter(([name, of]) => typeof of === "function" && !called.has(name)).map(([name]) => name);
}
