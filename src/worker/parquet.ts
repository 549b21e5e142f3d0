import { createRequire } from "node:module";
import type * as ParquetWasm from "parquet-wasm";
import { badInput, messageOf } from "../errors.ts";
import type { Kernels } from "../kernels/load.ts";
import { release } from "../release.ts";
import type { Batch, Field } from "../types.ts";
import { annotated } from "./annotate.ts";
import { ForeignArray, type Layout, layoutAt } from "./c-data.ts";
import { checkLayout } from "./check-layout.ts";
import { handedOver, oddNames } from "./hand-over.ts";
import { importBatch } from "./import.ts";
import type { Annotations, FilePiece, ParquetSource } from "./messages.ts";
import { bytesAcross, bytesBetween } from "./pieces.ts";
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
  // Files are described once a run, in one thread: the others need not load it.
  const { RecordBatchReader } = await import("apache-arrow");
  const { fieldsOf } = await import("./schema.ts");
  const { file } = await open(size, pieces);
  try {
    return annotated(fieldsOf(RecordBatchReader.from(file.schema().intoIPCStream()).open().schema), annotations);
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
  if (source.rows === 0) return;
  checkUnfolded(source);
  // Rare and deprecated: what checks it is loaded only where it occurs.
  if (source.annotations.int96.length > 0) await (await import("./int96.ts")).checkInt96(source);
  const opened = await open(source.size, source.pieces, source.columns === undefined ? bytesBetween : bytesAcross);
  const odd = oddNames(fields);
  let layout: Layout | undefined;
  try {
    for await (const batch of rightSized(opened, source)) {
      for (const { bytes } of source.pieces) release(bytes.buffer);
      // Views of the decoder's memory: good until it is called again.
      const foreign = handedOver(batch, odd, opened.wasm);
      let imported: Batch;
      try {
        const { buffer } = opened.wasm.wasmMemory();
        layout ??= plannedLayout(buffer, foreign.schemaAddr(), fields);
        kernels.memory.reset();
        imported = importBatch(new ForeignArray(buffer, foreign.arrayAddr()), layout, fields, kernels);
      } finally {
        foreign.free();
      }
      yield imported;
    }
  } finally {
    opened.file.free();
  }
}

function plannedLayout(memory: ArrayBuffer, schema: number, fields: readonly Field[]): Layout {
  const layout = layoutAt(memory, schema);
  checkLayout(layout, fields);
  return layout;
}

/** A batch that takes more bytes than this is taken apart. */
const LARGE = 16 * 1024 * 1024;
const FEWEST_ROWS = 16;

/**
 * The row group's batches. Values that a dictionary holds once may unfold to any size, of which the footer says
 * nothing: when the first batch is too large, the row group is begun again with as many rows as fit. That depends on
 * the file alone, so the output stays the same.
 */
async function* rightSized(opened: Opened, source: ParquetSource): AsyncGenerator<ParquetWasm.RecordBatch> {
  let batches = stream(opened, source, source.batchRows);
  const { done, value: first } = await batches.next();
  if (done) return;
  const bytes = first.getArrayMemorySize();
  const fitting = Math.max(FEWEST_ROWS, Math.floor((first.numRows * LARGE) / 2 / bytes));
  if (bytes > LARGE && fitting < first.numRows) {
    first.free();
    await batches.return(undefined);
    batches = stream(opened, source, fitting);
  } else {
    yield first;
  }
  yield* batches;
}

async function* stream(
  { file, releaseRead }: Opened,
  source: ParquetSource,
  batchSize: number,
): AsyncGenerator<ParquetWasm.RecordBatch, undefined> {
  const columns = source.columns && { columns: [...source.columns] };
  const reader = (
    await attempt(() => file.stream({ rowGroups: [source.rowGroup], batchSize, ...columns }))
  ).getReader();
  try {
    for (;;) {
      const { done, value } = await attempt(() => reader.read());
      // All of the row group was read before its first batch.
      releaseRead();
      if (done) return undefined;
      yield value as ParquetWasm.RecordBatch;
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

/** A file in the decoder. */
interface Opened {
  readonly wasm: typeof ParquetWasm;
  readonly file: ParquetWasm.ParquetFile;
  /** Gives back the memory of what the decoder has read, of which it has its own copy. */
  readonly releaseRead: () => void;
}

/** Opens a file of which only some pieces are here; asking for others is an error, not a read. */
async function open(size: number, pieces: readonly FilePiece[], bytesOf = bytesBetween): Promise<Opened> {
  let read: ArrayBuffer[] = [];
  const blob = {
    size,
    slice: (start: number, end: number) => ({
      arrayBuffer: async () => {
        const bytes = bytesOf(pieces, start, end);
        if (!bytes)
          throw badInput(`decoding: bytes ${start} to ${end} are not where the footer says`, { stage: "decode" });
        const { buffer } = bytes.slice();
        read.push(buffer);
        return buffer;
      },
    }),
  };
  const wasm = parquetWasm();
  return {
    wasm,
    file: await attempt(() => wasm.ParquetFile.fromFile(blob as unknown as Blob)),
    releaseRead: () => {
      for (const buffer of read) release(buffer);
      read = [];
    },
  };
}

/** parquet-wasm throws plain strings and Errors; its messages speak of structure, never of values. */
async function attempt<T>(action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw badInput(`decoding: ${messageOf(error)}`, { stage: "decode", cause: error });
  }
}
