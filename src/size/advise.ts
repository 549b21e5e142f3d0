import { sharesOf, workerCount } from "../input/resources.ts";
import { kneeOf, type Line, rateOf, type Scaling } from "./model.ts";
import type { Work } from "./types.ts";

/** The request is for this many times the rate that the window needs: other work on the host, a slow store, growth. */
export const MARGIN = 1.3;
/** A container's memory limit beside what was measured, and beside what the plan reckons with. */
const MEMORY_MARGIN = 1.25;

const MIB = 1024 * 1024;
/** Memory is advised in steps of it. */
const STEP = 256 * MIB;
/** Beyond it nobody looks. */
const MOST_MEMORY = 4096 * 1024 * MIB;

/** What is to be done. */
export interface Load {
  readonly rows: number;
  readonly windowSeconds: number;
  /** Cores that one process can have at most; undefined for as many as it can use. */
  readonly cores: number | undefined;
}

/** What is to be masked, as far as memory goes. */
export type Planned = Pick<Work, "plan" | "output">;

/** What was found out, as far as advice needs it. */
export interface Findings {
  readonly scaling: Scaling;
  readonly memory: Line;
  readonly inputBytesPerRow: number;
  readonly outputBytesPerRow: number;
  readonly startSeconds: number;
}

/** What to request. */
export interface Advice {
  /** Rows per second that the window needs, without the margin. */
  readonly neededRowsPerSecond: number;
  /** Processes side by side. */
  readonly shards: number;
  /** Of each process. */
  readonly workers: number;
  readonly cpu: number;
  /** Of each container, in bytes; and `runtime.memory`. */
  readonly memoryLimitBytes: number;
  readonly runtimeMemoryBytes: number;
  /** How long it takes when nothing comes between. */
  readonly seconds: number;
  /** Bytes per second of all processes at that pace. */
  readonly readBytesPerSecond: number;
  readonly writeBytesPerSecond: number;
}

/**
 * The fewest processes, and of each the fewest workers, that do the load with the margin.
 * @throws RangeError when the window is over before the first batch
 */
export function advise(load: Load, findings: Findings, planned: Planned): Advice {
  const { scaling, inputBytesPerRow, outputBytesPerRow, startSeconds } = findings;
  const left = load.windowSeconds - startSeconds;
  if (left <= 0) throw new RangeError("the window is shorter than a process takes to start");
  const neededRowsPerSecond = load.rows / left;
  const wanted = neededRowsPerSecond * MARGIN;
  const { shards, each, most } = shared(wanted, scaling, load.cores);
  let workers = 1;
  while (workers < most && shards * rateOf(each, workers) < wanted) workers++;
  const rate = shards * rateOf(each, workers);
  const runtimeMemory = memoryFor(planned, workers);
  return {
    neededRowsPerSecond,
    shards,
    workers,
    cpu: cpuOf(each, workers),
    memoryLimitBytes: memoryLimit(findings.memory, runtimeMemory, workers),
    runtimeMemoryBytes: runtimeMemory,
    seconds: load.rows / rate + startSeconds,
    readBytesPerSecond: rate * inputBytesPerRow,
    writeBytesPerSecond: rate * outputBytesPerRow,
  };
}

/** So many processes that a rate is reached; `each` of them has its share of the objects, and `most` workers. */
function shared(wanted: number, scaling: Scaling, cores: number | undefined) {
  for (let shards = 1; ; ) {
    const each = { ...scaling, objects: Math.max(1, Math.floor(scaling.objects / shards)) };
    const most = mostWorkers(each, cores);
    const needed = Math.ceil(wanted / rateOf(each, most));
    // Fewer objects each may want more processes still, up to one object each.
    if (!(needed > shards)) return { shards, each, most };
    shards = needed;
  }
}

/** Up to the knee, and no more than the cores carry beside the threads that write. */
function mostWorkers(scaling: Scaling, cores = Number.POSITIVE_INFINITY): number {
  let most = kneeOf(scaling);
  while (most > 1 && cpuOf(scaling, most) > Math.max(cores, 1)) most--;
  return most;
}

/** The workers and what the main thread and those that write take, in halves of a core. */
function cpuOf(scaling: Scaling, workers: number): number {
  return workers + Math.ceil(2 * (scaling.main + scaling.writer) * rateOf(scaling, workers)) / 2;
}

/** The least `runtime.memory` with which as many workers start and all of them may decode. */
export function memoryFor(planned: Planned, workers: number): number {
  for (let memory = STEP; memory < MOST_MEMORY; memory += STEP) {
    if (workerCount("auto", workers, memory) >= workers && fits(planned, workers, memory)) return memory;
  }
  return MOST_MEMORY;
}

function fits({ plan, output }: Planned, workers: number, memory: number): boolean {
  try {
    return sharesOf(plan, output, workers, memory).decoders >= workers;
  } catch {
    return false;
  }
}

function memoryLimit({ base, perWorker }: Line, runtimeMemory: number, workers: number): number {
  const measured = (base + perWorker * workers) * MEMORY_MARGIN;
  return Math.ceil(Math.max(measured, runtimeMemory * MEMORY_MARGIN) / STEP) * STEP;
}
