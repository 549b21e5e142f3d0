import { threadId, workerData } from "node:worker_threads";
import { badInput } from "../errors.ts";
import { type Kernels, loadKernels } from "../kernels/load.ts";
import { asRead, doubled } from "../policy/overlap.ts";
import { sampledRows } from "../proof/sample.ts";
import { release } from "../release.ts";
import { type Failed, failed } from "../thread-error.ts";
import type { Batch, Field, LeafSample } from "../types.ts";
import { encodeBatch } from "./encode.ts";
import { BatchMasker } from "./mask.ts";
import type {
  BatchProof,
  BatchSpec,
  Described,
  DescribeFile,
  DescribeText,
  EncodedBatch,
  EncodeTask,
  PartTask,
  Place,
  ProveTask,
  SampleTask,
  Source,
  WorkerSetup,
} from "./messages.ts";
import { packBatch, unpackBatch } from "./pack.ts";
import { decodeParquet, describeParquet } from "./parquet.ts";
import { BatchProver } from "./prove.ts";
import { type NextRequest, Requests } from "./requests.ts";
import { csv } from "./text/csv.ts";
import { jsonl } from "./text/jsonl.ts";
import { type Bytes, gunzip } from "./text/source.ts";

const setup = workerData as WorkerSetup;
const FORMATS = { csv, jsonl };

/** For batches of other threads' parts: parts have arenas of their own, as they may wait in the middle of a batch. */
let encoder: Arena | undefined;

/** The fields of a Parquet file as the decoder sees them. */
export async function describeFile({ size, pieces, annotations }: DescribeFile): Promise<Described | Failed> {
  return await settled(async () => ({ fields: await describeParquet(size, pieces, annotations), rows: 0 }));
}

/** The fields and rows of a text file, by one pass over it. */
export async function describeText({ format, gzip, declared, port }: DescribeText): Promise<Described | Failed> {
  const requests = new Requests(port);
  return await settled(async () => await FORMATS[format].describe(textBytes(requests, gzip), declared)).finally(() =>
    port.close(),
  );
}

/** What the first batch of a source shows of each leaf; nothing where there is no row. */
export async function sample({ source, fields, port }: SampleTask): Promise<LeafSample[] | Failed> {
  const requests = new Requests(port);
  const arena = free.pop() ?? newArena();
  return await settled(async () => {
    // Only planning needs it.
    const { sampleBatch } = await import("./sample.ts");
    for await (const batch of decode(source, fields, requests, arena.kernels)) return sampleBatch(batch, arena.kernels);
    return [];
  }).finally(() => {
    free.push(arena);
    port.close();
  });
}

/** Masks and encodes a batch that another worker decoded. */
export async function encode({ batch, spec, room, epoch }: EncodeTask): Promise<EncodedBatch | Failed> {
  return await settled(async () => {
    // Not all runs hand batches on; the pool takes a thread 10 ms to load.
    const { move, transferableSymbol, valueSymbol } = await import("piscina");
    encoder ??= newArena();
    const { kernels } = encoder;
    kernels.memory.reset();
    const unpacked = unpackBatch(batch, kernels);
    release(batch.bytes.buffer);
    const encoded = finishBatch(unpacked, spec, batch.place, batch.decodeMs, { room, epoch }, kernels);
    const movable = { [transferableSymbol]: buffersOf(encoded), [valueSymbol]: encoded };
    return move(movable as unknown as ArrayBuffer) as unknown as EncodedBatch;
  });
}

/** Compares a batch that another worker decoded with what was written of it. */
export async function prove({ batch, spec, lines, epoch }: ProveTask): Promise<BatchProof | Failed> {
  return await settled(async () => {
    encoder ??= newArena();
    const { kernels } = encoder;
    kernels.memory.reset();
    const unpacked = doubled(unpackBatch(batch, kernels), spec.fields);
    release(batch.bytes.buffer);
    return toolsOf(spec).prover.proveLines(unpacked, lines, kernels, epoch);
  });
}

/**
 * Decodes a part; its batches go over the port as they are asked for, the first `skip` not at all.
 * @returns this thread, which can take another part now
 */
export async function part({ source, spec, skip, port }: PartTask): Promise<number> {
  const requests = new Requests(port);
  requests.reply({ type: "started", thread: threadId });
  const arena = free.pop() ?? newArena();
  const batches = decode(source, asRead(spec.fields), requests, arena.kernels)[Symbol.asyncIterator]();
  try {
    let rows = 0;
    let ahead = decoded(batches);
    for (let index = 0; ; index++) {
      const request = index < skip ? undefined : await requests.next();
      if (request === "closed") break;
      const { batch, milliseconds } = await ahead;
      if (batch === undefined) {
        if (rows !== source.rows) {
          throw badInput(`the footer promises ${source.rows} rows, ${rows} came`, { stage: "decode" });
        }
        if (request?.room) release(request.room);
        requests.reply({ type: "end", rows });
        break;
      }
      const place = { rowGroup: source.format === "parquet" ? source.rowGroup : 0, row: rows };
      rows += batch.rows;
      if (request) deliver(batch, request, spec, place, milliseconds, arena, requests);
      // Until it is asked for, which takes the main thread a while, the next one is decoded.
      ahead = decoded(batches);
    }
  } catch (error) {
    requests.reply({ type: "failed", ...failed(error, DOING, "mask") });
  } finally {
    // Whatever happened, the decoder gives back what it holds.
    await batches.return?.(undefined).catch(() => {});
    free.push(arena);
    port.close();
  }
  return threadId;
}

/** The next batch, none at the end, and how long it took to decode. Its failure waits for who asks for it. */
function decoded(batches: AsyncIterator<Batch>): Promise<{ batch: Batch | undefined; milliseconds: number }> {
  const started = performance.now();
  const next = batches
    .next()
    .then(({ done, value }) => ({ batch: done ? undefined : value, milliseconds: performance.now() - started }));
  next.catch(() => {});
  return next;
}

function decode(source: Source, fields: readonly Field[], requests: Requests, kernels: Kernels): AsyncIterable<Batch> {
  if (source.format === "parquet") return decodeParquet(source, fields, kernels);
  const bytes = textBytes(requests, source.gzip);
  const batches = FORMATS[source.format].batches(bytes, fields, source.batchBytes, kernels);
  return afterReset(batches, kernels);
}

/** Text decoders leave it to their consumer to reset the arena before each batch. */
async function* afterReset(batches: AsyncIterable<Batch>, kernels: Kernels): AsyncGenerator<Batch> {
  kernels.memory.reset();
  for await (const batch of batches) {
    yield batch;
    kernels.memory.reset();
  }
}

function deliver(
  batch: Batch,
  { handOn, room, epoch }: NextRequest,
  spec: BatchSpec,
  place: Place,
  decodeMs: number,
  { kernels, base }: Arena,
  requests: Requests,
): void {
  if (handOn) {
    const packed = packBatch(batch, base, decodeMs, place, kernels);
    requests.reply({ type: "decoded", batch: packed }, [packed.bytes.buffer]);
  } else {
    const encoded = finishBatch(batch, spec, place, decodeMs, { room, epoch }, kernels);
    requests.reply({ type: "encoded", batch: encoded }, buffersOf(encoded));
  }
}

function finishBatch(
  batch: Batch,
  spec: BatchSpec,
  { rowGroup, row }: Place,
  decodeMs: number,
  { room, epoch }: Pick<EncodeTask, "room" | "epoch">,
  kernels: Kernels,
): EncodedBatch {
  const started = performance.now();
  const { masker, prover } = toolsOf(spec);
  const whole = doubled(batch, spec.fields);
  const { batch: masked, leaves } = masker.apply(whole, kernels);
  const maskedAt = performance.now();
  const rows = sampledRows(setup.verify, rowGroup, row, batch.rows);
  const { chunks, jsonBytes, lines } = encodeBatch(masked, spec, leaves, kernels, room, rows);
  const encodedAt = performance.now();
  const proof = prover.prove(whole, masked, { rows, lines }, kernels, epoch);
  const stages = {
    decode: decodeMs,
    mask: maskedAt - started,
    encode: encodedAt - maskedAt,
    verify: performance.now() - encodedAt,
  };
  return { rows: batch.rows, chunks, jsonBytes, leaves, proof, stages };
}

function buffersOf(encoded: EncodedBatch): ArrayBuffer[] {
  return encoded.chunks.map((chunk) => chunk.buffer);
}

/** Errors come back as values: they would lose their class on the way. */
async function settled<T>(action: () => Promise<T>): Promise<T | Failed> {
  try {
    return await action();
  } catch (error) {
    return failed(error, DOING, "mask");
  }
}

/** What an unexpected error meets. */
const DOING = "masking a batch";

interface Tools {
  readonly masker: BatchMasker;
  readonly prover: BatchProver;
}

let last: { id: string; tools: Tools } | undefined;

/** What a spec compiles to; a run's inputs nearly always share one schema, so one is kept. */
function toolsOf(spec: BatchSpec): Tools {
  if (last?.id !== spec.id)
    last = {
      id: spec.id,
      tools: { masker: new BatchMasker(spec.decisions, setup), prover: new BatchProver(spec, setup) },
    };
  return last.tools;
}

function textBytes(requests: Requests, gzip: boolean): Bytes {
  return gzip ? gunzip(requests.bytes()) : requests.bytes();
}

/** Kernels, and where their arena starts. */
interface Arena {
  readonly kernels: Kernels;
  readonly base: number;
}

/** Arenas that no part holds just now. */
const free: Arena[] = [];

function newArena(): Arena {
  const kernels = loadKernels();
  return { kernels, base: kernels.memory.mark() };
}
