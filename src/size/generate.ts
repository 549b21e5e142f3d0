import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  Float64,
  Int64,
  makeData,
  makeVector,
  Table,
  TimestampMillisecond,
  tableToIPC,
  Utf8,
  type Vector,
} from "apache-arrow";
import type * as ParquetWasm from "parquet-wasm";

/** What is measured where no configuration says anything else: the masks of the preset, texts scanned. */
export const POLICY = `
environment: size
key: { env: MASKLINE_SIZE_KEY }
input: ["./generated.parquet"]
output: "./"
policy:
  presets: [contact-center]
  unmatched: { sensitive: drop, text: scan, other: keep }
`;

const ROWS = 60_000;

/** Generated calls in a directory of their own, as Parquet with zstd: about 170 bytes a row uncompressed. */
export async function generated(): Promise<AsyncDisposable & { readonly path: string }> {
  const directory = await mkdtemp(join(tmpdir(), "maskline-size-"));
  const path = join(directory, "generated.parquet");
  await writeFile(path, parquet(calls(ROWS)));
  return { path, [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true }) };
}

function parquet(table: Table): Uint8Array {
  const {
    Compression,
    Table: WasmTable,
    WriterPropertiesBuilder,
    writeParquet,
  } = createRequire(import.meta.url)("parquet-wasm/node") as typeof ParquetWasm;
  const properties = new WriterPropertiesBuilder().setCompression(Compression.ZSTD).build();
  return writeParquet(WasmTable.fromIPCStream(tableToIPC(table, "stream")), properties);
}

const QUEUES = ["Billing", "Claims", "Retention", "Support – DE", "サポート"];
const FIRST = ["Zoë", "Mary", "Jürgen", "Priya", "Łucja", "James"];
const LAST = ["Smith", "García", "Müller", "Okafor", "Nakamura", "Žukauskas"];
const SAID = ["I have been waiting for my refund.", "Can you call me back?", "Thank you, that is all."];

/** Calls of made-up people: about three for each, a card in every eighth. */
function calls(rows: number): Table {
  const customer = (row: number) => below(rows / 3, row, 1);
  const oneOf = (texts: readonly string[], row: number, salt: number) => texts[below(texts.length, row, salt)]!;
  const phone = (row: number) => `+1${200 + below(799, customer(row), 5)}555${digits(4, customer(row), 6)}`;
  const card = (row: number) => `4111 ${digits(4, row, 2)} ${digits(4, row, 3)} ${digits(4, row, 4)}`;
  const said = (row: number) =>
    below(4, row, 7) === 0 ? `My number is ${phone(row)}.` : `Order ${digits(5, row, 8)}.`;
  const text = (of: (row: number) => string | null) => textVector(Array.from({ length: rows }, (_, row) => of(row)));
  const number = (of: (row: number) => number) => Float64Array.from({ length: rows }, (_, row) => of(row));
  const whole = (of: (row: number) => number) => BigInt64Array.from({ length: rows }, (_, row) => BigInt(of(row)));
  const start = Date.UTC(2026, 8, 1);
  return new Table({
    conversationId: text((row) => uuid(row, 10)),
    direction: text((row) => (below(4, row, 15) === 0 ? "outbound" : "inbound")),
    startTime: vectorFrom(
      new TimestampMillisecond(),
      whole((row) => start + row * 97),
    ),
    durationMs: vectorFrom(
      new Int64(),
      whole((row) => 1000 + below(3_600_000, row, 16)),
    ),
    queueName: text((row) => oneOf(QUEUES, row, 17)),
    agentId: text((row) => uuid(below(900, row, 18), 19)),
    firstName: text((row) => (below(20, row, 23) === 0 ? null : oneOf(FIRST, customer(row), 24))),
    lastName: text((row) => `${oneOf(LAST, customer(row), 25)} ${below(9000, customer(row), 26)}`),
    phoneNumber: text((row) => (below(10, row, 27) === 0 ? null : phone(row))),
    emailAddress: text((row) => `customer${customer(row)}@example.com`),
    externalId: text((row) => `CRM-${customer(row)}`),
    cardNumber: text((row) => (below(8, row, 28) === 0 ? card(row) : null)),
    transcript: text((row) => `${oneOf(SAID, row, 29)} ${said(row)} ${oneOf(SAID, row, 30)}`),
    holdSeconds: vectorFrom(
      new Float64(),
      number((row) => below(900_000, row, 31) / 1000),
    ),
  });
}

/** A number below `most` that row and salt decide. */
function below(most: number, row: number, salt: number): number {
  return mixed(row, salt) % Math.max(1, Math.floor(most));
}

function mixed(row: number, salt: number): number {
  let bits = Math.imul(row + 1, 0x9e3779b1) ^ Math.imul(salt + 1, 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 15), 0x2c1b3c6d);
  bits = Math.imul(bits ^ (bits >>> 12), 0x297a2d39);
  return (bits ^ (bits >>> 15)) >>> 0;
}

function digits(count: number, row: number, salt: number): string {
  return String(below(10 ** count, row, salt)).padStart(count, "0");
}

/** Four salts from `salt` on. */
function uuid(row: number, salt: number): string {
  const hex = [0, 1, 2, 3]
    .map((part) =>
      mixed(row, salt + part)
        .toString(16)
        .padStart(8, "0"),
    )
    .join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
}

/** Ten times as fast as Arrow's own builder. */
function textVector(values: readonly (string | null)[]): Vector<Utf8> {
  const data = Buffer.from(values.join(""));
  const valueOffsets = new Int32Array(values.length + 1);
  const nullBitmap = new Uint8Array(Math.ceil(values.length / 64) * 8);
  for (const [index, value] of values.entries()) {
    valueOffsets[index + 1] = valueOffsets[index]! + Buffer.byteLength(value ?? "");
    if (value !== null) nullBitmap[index >> 3]! |= 1 << (index & 7);
  }
  const nullCount = values.filter((value) => value === null).length;
  return makeVector(makeData({ type: new Utf8(), length: values.length, nullCount, nullBitmap, valueOffsets, data }));
}

function vectorFrom<T extends TimestampMillisecond | Int64 | Float64>(type: T, data: T["TArray"]): Vector<T> {
  return makeVector(makeData({ type, length: data.length, nullCount: 0, data } as never)) as Vector as Vector<T>;
}
