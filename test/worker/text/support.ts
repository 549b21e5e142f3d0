import { type Kernels, loadKernels } from "../../../src/kernels/load.ts";
import type { Column, Field } from "../../../src/types.ts";
import type { TextFormat } from "../../../src/worker/text/format.ts";
import type { Bytes } from "../../../src/worker/text/source.ts";

export const kernels: Kernels = loadKernels();

/** Bytes in chunks of the given sizes, the last of them repeated. */
export async function* chunks(content: string | Uint8Array, ...sizes: number[]): Bytes {
  const bytes = typeof content === "string" ? Buffer.from(content, "utf8") : content;
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const size = Math.max(1, sizes[Math.min(i, sizes.length - 1)] ?? bytes.length);
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

/** A value read back from a column; a number's text stands as such, so that digits can be compared. */
export type Value = null | boolean | string | { readonly number: string } | Value[] | Map<string, Value>;

function isValid(column: Column, i: number): boolean {
  return column.validity === 0 || (kernels.memory.u8(column.validity + (i >> 3), 1)[0]! & (1 << (i & 7))) !== 0;
}

/** Element `i` of a column. */
export function valueAt(column: Column, i: number): Value {
  if (column.field.kind === "null" || !isValid(column, i)) return null;
  const span = () => kernels.memory.i32(column.offsets + 4 * i, 2);
  switch (column.field.kind) {
    case "bool":
      return (kernels.memory.u8(column.values + (i >> 3), 1)[0]! & (1 << (i & 7))) !== 0;
    case "utf8":
    case "number": {
      const [from, to] = span();
      const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(
        kernels.memory.u8(column.values + from!, to! - from!),
      );
      return column.field.kind === "number" ? { number: text } : text;
    }
    case "list": {
      const [from, to] = span();
      return Array.from({ length: to! - from! }, (_, k) => valueAt(column.children[0]!, from! + k));
    }
    case "struct":
      return new Map(column.children.map((child) => [child.field.name, valueAt(child, i)]));
    case "map": {
      const [from, to] = span();
      const [keys, values] = column.children as [Column, Column];
      return new Map(
        Array.from({ length: to! - from! }, (_, k) => [valueAt(keys, from! + k) as string, valueAt(values, from! + k)]),
      );
    }
    default:
      throw new Error(`unexpected kind ${column.field.kind}`);
  }
}

/** What the layout of a column demands beyond its values: lengths, null counts, ascending offsets. */
export function checkLayout(column: Column): void {
  let nulls = 0;
  for (let i = 0; i < column.length; i++) if (column.field.kind === "null" || !isValid(column, i)) nulls++;
  if (nulls !== column.nullCount) throw new Error(`${column.field.name}: ${nulls} nulls, said ${column.nullCount}`);
  if (column.offsets !== 0) {
    const offsets = kernels.memory.i32(column.offsets, column.length + 1);
    if (offsets[0] !== 0) throw new Error("offsets start elsewhere");
    for (let i = 0; i < column.length; i++) if (offsets[i]! > offsets[i + 1]!) throw new Error("offsets descend");
    const end = ["list", "map"].includes(column.field.kind) ? column.children[0]!.length : column.valuesLength;
    if (offsets[column.length] !== end) throw new Error("offsets end elsewhere");
  }
  for (const child of column.children) {
    if (column.field.kind === "struct" && child.length !== column.length) throw new Error("a child has another length");
    checkLayout(child);
  }
}

export interface Decoded {
  readonly fields: readonly Field[];
  readonly rows: Map<string, Value>[];
  readonly batchRows: number[];
  readonly invalidUtf8: number;
}

/** Describes and decodes all of a text. */
export async function decode(
  format: TextFormat,
  bytes: () => Bytes,
  batchBytes = 2 ** 20,
  declared: readonly Field[] = [],
): Promise<Decoded> {
  const { fields, rows: counted } = await format.describe(bytes(), declared);
  const rows: Map<string, Value>[] = [];
  const batchRows: number[] = [];
  let invalidUtf8 = 0;
  kernels.memory.reset();
  for await (const batch of format.batches(bytes(), fields, batchBytes, kernels)) {
    batch.columns.forEach(checkLayout);
    for (const column of batch.columns) if (column.length !== batch.rows) throw new Error("a column has other rows");
    for (let i = 0; i < batch.rows; i++) {
      rows.push(new Map(batch.columns.map((column) => [column.field.name, valueAt(column, i)])));
    }
    batchRows.push(batch.rows);
    invalidUtf8 += batch.invalidUtf8 ?? 0;
    kernels.memory.reset();
  }
  if (rows.length !== counted) throw new Error(`${rows.length} rows decoded, ${counted} described`);
  return { fields, rows, batchRows, invalidUtf8 };
}

/** Asks for batches to the end. */
export async function drain(batches: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of batches) kernels.memory.reset();
}

/** Nothing of `secret` in the message, and the error says that the input is bad. */
export function isBadInput(matching: RegExp, secret = "s3cret") {
  return (error: unknown): boolean => {
    const { code, exit, message, stack } = error as Error & { code?: string; exit?: number };
    if (code !== "ERR_BAD_INPUT" || exit !== 5) throw new Error(`not a bad input: ${stack}`);
    if (message.includes(secret)) throw new Error(`shows a value: ${message}`);
    if (!matching.test(message)) throw new Error(`another message: ${message}`);
    return true;
  };
}
