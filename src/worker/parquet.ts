import { createRequire } from "node:module";
import { type RecordBatch, RecordBatchReader } from "apache-arrow";
import type * as ParquetWasm from "parquet-wasm";
import { badInput, messageOf } from "../errors.ts";
import type { Kernels } from "../kernels/load.ts";
import type { Batch, Field } from "../types.ts";
import { annotated } from "./annotate.ts";
import { importBatch } from "./import.ts";
import { checkInt96 } from "./int96.ts";
import type { Annotations, FilePiece, ParquetSource } from "./messages.ts";
import { release } from "./release.ts";
import { fieldsOf } from "./schema.ts";
import { checkUnfolded } from "./unfolded.ts";

const require = createRequire(import.meta.url);

/**
 * wasm memory never shrinks: an instance that has grown past this is left to the garbage collector and a new one is
 * made, so that one large row group does not cost its memory for the rest of the run. In bytes.
 */
const HIGH_WATER = 384 * 1024 * 1024;

let instance: typeof ParquetWasm | undefined;

/** The decoder, a wasm instance of this thread. */
function parquetWasm(): typeof ParquetWasm {
  if (instance && instance.wasmMemory().buffer.byteLength > HIGH_WATER) {
    delete require.cache[require.resolve("parquet-wasm/node")];
    instance = undefined;
  }
  instance ??= require("parquet-wasm/node") as typeof ParquetWasm;
  return instance;
}

/** The fields of a file, from its footer. */
export async function describeParquet(
  size: number,
  pieces: readonly FilePiece[],
  annotations: Annotations,
): Promise<Field[]> {
  const file = await open(size, pieces);
  try {
    return annotated(schemaOf(file), annotations);
  } finally {
    file.free();
  }
}

/**
 * Decodes a row group batch by batch. A batch lies in the kernels' arena, which is reset before each, and is good
 * until the next is asked for.
 * @throws MasklineError (exit 5) when the file does not hold what the plan saw
 */
export async function* decodeParquet(
  source: ParquetSource,
  fields: readonly Field[],
  kernels: Kernels,
): AsyncGenerator<Batch> {
  const file = await open(source.size, source.pieces);
  try {
    const found = annotated(schemaOf(file), source.annotations);
    if (JSON.stringify(found) !== JSON.stringify(fields)) throw badInput("decoding: the schema is not the planned one");
    if (source.rows === 0) return;
    checkUnfolded(source);
    await checkInt96(source);
    for await (const { rows, ipc } of rightSized(file, source)) {
      const [decoded] = RecordBatchReader.from(ipc) as Iterable<RecordBatch>;
      if (decoded?.numRows !== rows) throw badInput("decoding: a batch came over short", { stage: "decode" });
      kernels.memory.reset();
      const imported = importBatch(decoded, fields, kernels);
      release(ipc.buffer);
      yield imported;
    }
  } finally {
    file.free();
    for (const { bytes } of source.pieces) release(bytes.buffer);
  }
}

interface IpcBatch {
  readonly rows: number;
  readonly ipc: Uint8Array;
}

/** A batch that takes more bytes than this is taken apart. */
const LARGE = 16 * 1024 * 1024;
const FEWEST_ROWS = 16;

/**
 * The row group's batches. Values that a dictionary holds once may unfold to any size, of which the footer says
 * nothing: when the first batch is too large, the row group is begun again with as many rows as fit. That depends on
 * the file alone, so the output stays the same.
 */
async function* rightSized(file: ParquetWasm.ParquetFile, source: ParquetSource): AsyncGenerator<IpcBatch> {
  const first = await firstBatch(file, source, source.batchRows);
  if (first === undefined) return;
  const { batch, rest } = first;
  const fitting = Math.max(FEWEST_ROWS, Math.floor((batch.rows * LARGE) / 2 / batch.ipc.length));
  if (batch.ipc.length <= LARGE || fitting >= batch.rows) {
    yield batch;
    yield* rest;
    return;
  }
  release(batch.ipc.buffer);
  await rest.return(undefined);
  yield* stream(file, source, fitting);
}

async function firstBatch(file: ParquetWasm.ParquetFile, source: ParquetSource, rows: number) {
  const rest = stream(file, source, rows);
  const { done, value } = await rest.next();
  return done ? undefined : { batch: value, rest };
}

async function* stream(
  file: ParquetWasm.ParquetFile,
  source: ParquetSource,
  batchSize: number,
): AsyncGenerator<IpcBatch, undefined> {
  const reader = (await attempt(() => file.stream({ rowGroups: [source.rowGroup], batchSize }))).getReader();
  try {
    for (;;) {
      const { done, value } = await attempt(() => reader.read());
      if (done) return undefined;
      const batch = value as ParquetWasm.RecordBatch;
      const rows = batch.numRows;
      // Consumes the batch: nothing is left to free.
      yield { rows, ipc: batch.intoIPCStream() };
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

function schemaOf(file: ParquetWasm.ParquetFile): Field[] {
  return fieldsOf(RecordBatchReader.from(file.schema().intoIPCStream()).open().schema);
}

/** A file of which only some pieces are here; asking for others is an error, not a read. */
function open(size: number, pieces: readonly FilePiece[]): Promise<ParquetWasm.ParquetFile> {
  const blob = {
    size,
    slice: (start: number, end: number) => ({
      arrayBuffer: async () => {
        const piece = pieces.find((one) => one.start <= start && end <= one.start + one.bytes.length);
        if (!piece)
          throw badInput(`decoding: bytes ${start} to ${end} are not where the footer says`, { stage: "decode" });
        const from = start - piece.start;
        const { bytes } = piece;
        return from === 0 && end - start === bytes.length && bytes.buffer.byteLength === bytes.length
          ? bytes.buffer
          : bytes.buffer.slice(bytes.byteOffset + from, bytes.byteOffset + from + end - start);
      },
    }),
  };
  return attempt(() => parquetWasm().ParquetFile.fromFile(blob as unknown as Blob));
}

/** parquet-wasm throws plain strings and Errors; its messages speak of structure, never of values. */
async function attempt<T>(action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw badInput(`decoding: ${messageOf(error)}`, { stage: "decode", cause: error });
  }
}
