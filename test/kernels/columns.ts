import fc from "fast-check";
import type { KernelMemory } from "../../src/kernels/memory.ts";
import * as node from "../../src/kernels/node.ts";

/** A column as plain JavaScript: what `placeColumn` puts into the kernels' memory as a node record. */
export interface Model {
  readonly kind: number;
  readonly length: number;
  readonly valid?: readonly boolean[] | undefined;
  readonly values?: Uint8Array;
  readonly offsets?: readonly number[];
  readonly a?: number;
  readonly b?: number;
  readonly quoted?: boolean;
  readonly name?: string;
  readonly children?: readonly Model[];
}

/** Address of a copy of `bytes` that lies `shift` bytes after an aligned one. */
export function placeBytes(memory: KernelMemory, bytes: Uint8Array, shift = 0): number {
  const address = memory.alloc(bytes.length + shift) + shift;
  memory.u8(address, bytes.length).set(bytes);
  return address;
}

export function placeInt32(memory: KernelMemory, values: readonly number[], shift = 0): number {
  return placeBytes(memory, new Uint8Array(Int32Array.from(values).buffer), shift);
}

/** Address of the node record of a column, all buffers of which lie `shift` bytes after an aligned address. */
export function placeColumn(memory: KernelMemory, column: Model, shift = 0): number {
  const record = memory.alloc(node.NODE_BYTES);
  writeRecord(memory, column, shift, record);
  return record;
}

function writeRecord(memory: KernelMemory, column: Model, shift: number, record: number): void {
  const children = column.children ?? [];
  const firstChild = memory.alloc(children.length * node.NODE_BYTES);
  for (const [k, child] of children.entries()) writeRecord(memory, child, shift, firstChild + k * node.NODE_BYTES);
  const key = Buffer.from(`${JSON.stringify(column.name ?? "")}:`);
  const slots = new Int32Array(node.NODE_SLOTS);
  slots[node.SLOT_KIND] = column.kind;
  slots[node.SLOT_LENGTH] = column.length;
  slots[node.SLOT_VALIDITY] = column.valid === undefined ? 0 : placeBytes(memory, bitmap(column.valid), shift);
  slots[node.SLOT_VALUES] = placeBytes(memory, column.values ?? new Uint8Array(), shift);
  slots[node.SLOT_OFFSETS] = placeInt32(memory, column.offsets ?? [], shift);
  slots[node.SLOT_KEY] = placeBytes(memory, key, shift);
  slots[node.SLOT_KEY_LENGTH] = key.length;
  slots[node.SLOT_CHILDREN] = firstChild;
  slots[node.SLOT_CHILD_COUNT] = children.length;
  slots[node.SLOT_A] = column.a ?? 0;
  slots[node.SLOT_B] = column.b ?? 0;
  slots[node.SLOT_QUOTED] = column.quoted === true ? 1 : 0;
  memory.i32(record, node.NODE_SLOTS).set(slots);
}

/** Bits, least significant first; the unused ones of the last byte are set, for kernels to ignore. */
export function bitmap(bits: readonly boolean[]): Uint8Array {
  const bytes = new Uint8Array(Math.ceil(bits.length / 8)).fill(0xff);
  for (const [i, bit] of bits.entries()) if (!bit) bytes[i >> 3]! &= ~(1 << (i & 7));
  return bytes;
}

/** A column of byte strings; `lead` bytes lie before the first value, so that offsets do not begin at 0. */
export function bytesColumn(kind: number, texts: readonly (string | Uint8Array)[], lead = 0): Model {
  const values = texts.map((text) => Buffer.from(text as string));
  return {
    kind,
    length: texts.length,
    values: Buffer.concat([Buffer.alloc(lead, 0x22), ...values]),
    offsets: runningOffsets(
      values.map((value) => value.length),
      lead,
    ),
  };
}

export function structOf(length: number, members: Readonly<Record<string, Model>>): Model {
  const children = Object.entries(members).map(([name, column]) => ({ ...column, name }));
  return { kind: node.KIND_STRUCT, length, children };
}

/** A column of little-endian integers of `width` bytes. */
export function integers(kind: number, width: number, values: readonly bigint[], rest: Partial<Model> = {}): Model {
  const bytes = values.flatMap((value) =>
    Array.from({ length: width }, (_, k) => Number((value >> BigInt(8 * k)) & 255n)),
  );
  return { kind, length: values.length, values: Uint8Array.from(bytes), ...rest };
}

export function runningOffsets(sizes: readonly number[], start = 0): number[] {
  const offsets = [start];
  for (const size of sizes) offsets.push(offsets.at(-1)! + size);
  return offsets;
}

/** Text that is likely to hold what JSON escapes, and what it does not although it looks so. */
export const anyText = fc.oneof(
  fc.string({ unit: "binary", maxLength: 40, size: "max" }),
  fc.string({
    unit: fc.constantFrom('"', "\\", "\n", "\0", "\x1f", "\x7f", "/", "a", "é", "\u2028", "\uffff", "😀"),
    maxLength: 40,
    size: "max",
  }),
);

/** Integers of `width` bytes, the extreme ones often. */
export function anyInteger(width: number): fc.Arbitrary<bigint> {
  const least = -(2n ** BigInt(8 * width - 1));
  return fc.oneof(
    fc.constantFrom(0n, 1n, -1n, 9n, 10n, -10n, 99n, 100n, least, least + 1n, -least - 1n).filter((v) => v < -least),
    fc.bigInt({ min: least, max: -least - 1n }),
    fc.nat({ max: 8 * width - 1 }).map((bits) => 2n ** BigInt(bits) - 1n),
  );
}

/** A fixed-width kind with its parameters. */
const fixedKinds: readonly [kind: number, width: number, rest: Partial<Model>][] = [
  ...[1, 2, 4, 8].flatMap((a) => [0, 1, 2, 3].map((b) => [node.KIND_INT, a, { a, b }] as const)),
  ...[4, 8, 16, 32].flatMap((a) =>
    [-40, -2, -1, 0, 1, 2, 9, 38, 76, 90].map((b) => [node.KIND_DECIMAL, a, { a, b, quoted: b === 9 }] as const),
  ),
  [node.KIND_DATE32, 4, {}],
  [node.KIND_DATE64, 8, {}],
  ...[0, 1, 2, 3].flatMap((a) => [
    [node.KIND_TIME, a <= node.UNIT_MS ? 4 : 8, { a }] as const,
    [node.KIND_TIMESTAMP, 8, { a, b: a & 1 }] as const,
    [node.KIND_DURATION, 8, { a }] as const,
  ]),
  ...[4, 8, 16].map((a) => [node.KIND_INTERVAL, a, { a }] as const),
].map(([kind, width, rest]) => [kind as number, width as number, rest as Partial<Model>]);

function anyValid(length: number): fc.Arbitrary<boolean[] | undefined> {
  return fc.option(fc.array(fc.boolean(), { minLength: length, maxLength: length }), { nil: undefined });
}

/** A scalar column of any kind, with nulls. */
export function anyScalar(length: number): fc.Arbitrary<Model> {
  const exactly = { minLength: length, maxLength: length };
  const fixed = fc
    .constantFrom(...fixedKinds)
    .chain(([kind, width, rest]) =>
      fc.array(anyInteger(width), exactly).map((values) => integers(kind, width, values, rest)),
    );
  const bool = fc
    .array(fc.boolean(), exactly)
    .map((bits): Model => ({ kind: node.KIND_BOOL, length, values: bitmap(bits) }));
  const lead = fc.nat({ max: 20 });
  const text = fc.tuple(fc.array(anyText, exactly), lead).map(([texts, n]) => bytesColumn(node.KIND_TEXT, texts, n));
  const raw = fc
    .tuple(fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }).map(String), exactly), lead)
    .map(([texts, n]) => bytesColumn(node.KIND_RAW, texts, n));
  const binary = fc
    .tuple(fc.array(fc.uint8Array({ maxLength: 40, size: "max" }), exactly), lead)
    .map(([values, n]) => bytesColumn(node.KIND_BINARY, values, n));
  const nothing = fc.constant<Model>({ kind: node.KIND_NULL, length });
  return fc
    .tuple(
      fc.oneof(
        { arbitrary: fixed, weight: 4 },
        { arbitrary: text, weight: 2 },
        { arbitrary: raw, weight: 1 },
        { arbitrary: binary, weight: 1 },
        { arbitrary: bool, weight: 1 },
        { arbitrary: nothing, weight: 1 },
      ),
      anyValid(length),
    )
    .map(([column, valid]) => ({ ...column, valid }));
}

/** A column of any kind, nested up to `depth` levels, some of it omitted. */
export function anyColumn(length: number, depth: number): fc.Arbitrary<Model> {
  const omitted = fc.constant<Model>({ kind: node.KIND_OMIT, length });
  if (depth === 0) return fc.oneof({ arbitrary: anyScalar(length), weight: 9 }, { arbitrary: omitted, weight: 1 });
  const offsets = fc
    .tuple(fc.array(fc.nat({ max: 3 }), { minLength: length, maxLength: length }), fc.nat({ max: 3 }))
    .map(([sizes, start]) => runningOffsets(sizes, start));
  const list = offsets.chain((ends) =>
    anyColumn(ends.at(-1)!, depth - 1).map(
      (item): Model => ({ kind: node.KIND_LIST, length, offsets: ends, children: [item] }),
    ),
  );
  const map = offsets.chain((ends) =>
    fc
      .tuple(
        anyScalar(ends.at(-1)!).filter((key) => key.kind !== node.KIND_NULL),
        anyColumn(ends.at(-1)!, depth - 1),
      )
      .map(([key, value]): Model => {
        const children = [{ ...key, valid: undefined }, value];
        return { kind: node.KIND_MAP, length, offsets: ends, children };
      }),
  );
  return fc.oneof(
    { arbitrary: anyScalar(length), weight: 2 },
    { arbitrary: omitted, weight: 1 },
    {
      arbitrary: fc
        .tuple(fc.oneof(anyStruct(length, depth - 1), list, map), anyValid(length))
        .map(([column, valid]) => ({ ...column, valid })),
      weight: 3,
    },
  );
}

/** A STRUCT without nulls, as the root is. */
export function anyStruct(length: number, depth: number): fc.Arbitrary<Model> {
  return fc.array(fc.tuple(anyText, anyColumn(length, depth)), { maxLength: 4 }).map((members) => ({
    kind: node.KIND_STRUCT,
    length,
    children: members.map(([name, column]) => ({ ...column, name })),
  }));
}
