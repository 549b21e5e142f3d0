import { formatBytes } from "../config/bytes.ts";
import { count } from "../count.ts";
import { usageError } from "../errors.ts";
import { displayUri } from "../store/uri.ts";
import { writingMemory } from "../store/writing-memory.ts";
import type { PartPlan, Plan } from "./plan.ts";

/**
 * Bytes that the process itself takes, and a worker with its kernels and buffers and its share of a thread that writes.
 * Measured with 2 to 32 workers that write files, row groups of 11 MiB: 489 MiB with two, 85 to 90 more with each.
 */
const PROCESS = 200 * 1024 * 1024;
const WORKER = 88 * 1024 * 1024;
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

/** Objects that so many workers have open at once: some of them wait for a part to begin or a store to answer. */
export function objectsAtOnce(workers: number): number {
  return workers + 2;
}

/** One thread writes, a GB in some 0.7 s, what at least that many workers make. */
const WORKERS_TO_A_WRITER = 4;

/** Threads that write so many objects, made by so many workers: one has an object for itself. */
export function writerCount(objects: number, workers: number): number {
  return Math.max(1, Math.min(objects, Math.ceil(workers / WORKERS_TO_A_WRITER)));
}

/** How a run's memory is shared out, beside what process and workers take. */
export interface Shares {
  /** Row groups that are decoded at once; the other workers mask what these hand on. */
  readonly decoders: number;
  /** Bytes for each of them. */
  readonly decoderBytes: number;
  /** Bytes for the writer of each object. */
  readonly writerBytes: number;
}

/**
 * First what cannot be done without; of the rest, half for the writers as far as they can use it, and all that is left
 * then for decoding.
 * @param output prefix of what is written
 * @throws MasklineError (exit 2) naming row group and figure when the largest does not fit beside the workers
 */
export function sharesOf({ objects }: Plan, output: string, workers: number, memory: number): Shares {
  const parts = objects.flatMap(({ input, parts: own }) => own.map((part) => ({ input, part, bytes: bytesOf(part) })));
  const largest = parts.reduce((most, one) => (one.bytes > (most?.bytes ?? 0) ? one : most), parts[0]);
  const writing = objects.map(({ expectedBytes }) => writingMemory(output, expectedBytes));
  const least = writing.reduce((sofar, one) => Math.max(sofar, one.least), 0);
  const most = writing.reduce((sofar, one) => Math.max(sofar, one.most), 0);
  const writers = Math.min(objects.length, objectsAtOnce(workers));
  const fixed = PROCESS + waitingBudget(memory) + workers * WORKER + writers * least;
  const needed = largest?.bytes ?? 0;
  const left = memory - fixed - needed;
  if (largest && needed > 0 && left < 0) {
    throw usageError(
      `planning for ${formatBytes(memory)} of memory: row group ${largest.part.index} of ` +
        `${displayUri(largest.input.object.uri)} is ${formatBytes(largest.part.rowGroup?.uncompressed ?? 0)} uncompressed and needs ` +
        `about ${formatBytes(fixed + needed)} with ${count(workers, "worker")} and ${count(writers, "object")} written at once; ` +
        "raise runtime.memory, lower runtime.workers, or export smaller row groups",
      { stage: "plan" },
    );
  }
  const more = Math.max(0, Math.min(most - least, left / 2 / writers));
  const forDecoding = Math.max(0, memory - fixed - writers * more);
  const fitting = needed > 0 ? Math.floor(forDecoding / needed) : workers;
  const decoders = Math.min(workers, fitting);
  const atOnce = Math.max(1, Math.min(decoders, parts.length));
  return { decoders, decoderBytes: forDecoding / atOnce, writerBytes: least + more };
}

/** What decoding a part takes at once. Text is read piece by piece. */
function bytesOf({ rowGroup, bytes }: PartPlan): number {
  return rowGroup ? DECODER * rowGroup.uncompressed + bytes : 0;
}
