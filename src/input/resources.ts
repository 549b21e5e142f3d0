import { formatBytes } from "../config/bytes.ts";
import { usageError } from "../errors.ts";
import { displayUri } from "../store/uri.ts";
import type { Plan } from "./plan.ts";

/** Bytes that the process itself takes, and a worker with its kernels and buffers. Measured with bench/run.ts --memory. */
const PROCESS = 160 * 1024 * 1024;
const WORKER = 96 * 1024 * 1024;
/** A decoder takes so many times its row group's uncompressed size, beside the compressed bytes that it is given. */
const DECODER = 3;

/**
 * How much of `memory` the batches that wait on the main thread may take, in bytes. More does not make a run faster: a
 * part that waits hands its thread to the batches of the one before it.
 */
export function waitingBudget(memory: number): number {
  return Math.min(512 * 1024 * 1024, Math.max(32 * 1024 * 1024, memory / 32));
}

/** Worker threads: as asked for, or one per core as far as memory goes, half of it left for decoding. */
export function workerCount(wanted: number | "auto", cores: number, memory: number): number {
  if (wanted !== "auto") return wanted;
  const fitting = Math.floor((memory - PROCESS - waitingBudget(memory)) / 2 / WORKER);
  return Math.max(1, Math.min(cores, fitting));
}

/** Bytes that each of the row groups decoded at once may take. */
export function decoderShare(plan: Plan, workers: number, decoders: number, memory: number): number {
  const parts = plan.objects.reduce((sum, object) => sum + object.parts.length, 0);
  const atOnce = Math.max(1, Math.min(decoders, parts));
  return (memory - PROCESS - waitingBudget(memory) - workers * WORKER) / atOnce;
}

/** One thread writes, a GB in some 0.7 s, what at least that many workers make. */
const WORKERS_TO_A_WRITER = 4;

/** Threads that write so many objects, made by so many workers: one has an object for itself. */
export function writerCount(objects: number, workers: number): number {
  return Math.max(1, Math.min(objects, Math.ceil(workers / WORKERS_TO_A_WRITER)));
}

/**
 * How many workers may decode a row group at once; the others mask what these hand on.
 * @throws MasklineError (exit 2) naming row group and figure when the largest does not fit beside the workers
 */
export function decodersThatFit(plan: Plan, workers: number, memory: number): number {
  const parts = plan.objects.flatMap(({ input, parts: own }) =>
    own.map((part) => ({
      input,
      part,
      bytes: DECODER * (part.rowGroup?.uncompressed ?? 0) + (part.rowGroup ? part.bytes : 0),
    })),
  );
  const largest = parts.reduce((most, one) => (one.bytes > (most?.bytes ?? 0) ? one : most), parts[0]);
  const fixed = PROCESS + waitingBudget(memory) + workers * WORKER;
  if (!largest || largest.bytes === 0) return workers;
  const decoders = Math.min(workers, Math.floor((memory - fixed) / largest.bytes));
  if (decoders >= 1) return decoders;
  throw usageError(
    `planning for ${formatBytes(memory)} of memory: row group ${largest.part.index} of ` +
      `${displayUri(largest.input.object.uri)} is ${formatBytes(largest.part.rowGroup?.uncompressed ?? 0)} uncompressed and needs ` +
      `about ${formatBytes(fixed + largest.bytes)} with ${workers} worker${workers === 1 ? "" : "s"}; raise runtime.memory, ` +
      "lower runtime.workers, or export smaller row groups",
    { stage: "plan" },
  );
}
