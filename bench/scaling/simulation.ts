import { Random } from "../../test/support/generate/random.ts";

/** What a batch takes, as it was measured: seconds, bytes. */
export interface Service {
  readonly rows: number;
  /** A worker's time, in the mean. */
  readonly worker: number;
  /** The main thread's, which hears of each. */
  readonly main: number;
  /** That of the thread that writes it. */
  readonly writer: number;
  readonly outputBytes: number;
}

/** Where it runs. Rates in bytes per second, for all processes together. */
export interface Setting {
  readonly processes: number;
  /** Of each process; all have a core, and so have its other threads. */
  readonly workers: number;
  /** Of each process: objects that are written at once, each by a thread of its own. */
  readonly writers: number;
  readonly memoryRate: number;
  readonly sinkRate: number;
  /** What may wait in one process, in bytes. */
  readonly waitingBytes: number;
}

export interface Outcome {
  readonly rowsPerSecond: number;
  /** Shares of time: of a main thread, of a thread that writes, of the sink. */
  readonly mainBusy: number;
  readonly writerBusy: number;
  readonly sinkBusy: number;
  /** How many times as long batches took for want of memory bandwidth. */
  readonly slowed: number;
}

/** The coefficient of variation of a worker's time: batches are not alike. */
const VARIATION = 0.5;
/** Memory traffic per byte of output if no cache held anything: decode, copy, mask, encode, digest, hand-over. */
const TRAFFIC = 8;
/** Simulated seconds, and the part of them that is not counted. */
const SECONDS = 20;
const WARM_UP = 4;

interface Worker {
  readonly process: Process;
  /** Whose object its batches belong to. */
  readonly writer: number;
  /** When it begins its next batch, or ends the one that it has. */
  at: number;
  computing: boolean;
}

interface Process {
  mainFree: number;
  readonly writerFree: number[];
  /** When each of its batches was taken by the sink, in order. */
  readonly taken: number[];
}

/**
 * A discrete-event simulation, batch by batch. A worker computes a batch, waits in its main thread's queue until that
 * has heard of it, and goes on with the next one; the thread that writes the batch's object takes it, and the sink, which
 * all processes share. Backpressure holds a worker while too much of its process waits. Batches take longer as soon as the
 * workers together want more memory bandwidth than there is.
 */
export function simulate(service: Service, setting: Setting, seed = 1): Outcome {
  const random = new Random(seed);
  const processes = Array.from(
    { length: setting.processes },
    (): Process => ({ mainFree: 0, writerFree: new Array<number>(setting.writers).fill(0), taken: [] }),
  );
  const workers = processes.flatMap((process) =>
    Array.from(
      { length: setting.workers },
      (_, index): Worker => ({
        process,
        writer: index % setting.writers,
        at: random.next() * service.worker,
        computing: false,
      }),
    ),
  );
  const mostWaiting = Math.max(1, Math.floor(setting.waitingBytes / service.outputBytes));
  const traffic = (service.outputBytes * TRAFFIC) / service.worker;
  let computing = 0;
  let sinkFree = 0;
  let sinkSeconds = 0;
  let batches = 0;
  let slowedSum = 0;
  let started = 0;
  for (;;) {
    const worker = earliest(workers);
    const now = worker.at;
    if (now >= SECONDS) break;
    const { process } = worker;
    if (!worker.computing) {
      worker.computing = true;
      computing++;
      const slowed = Math.max(1, (computing * traffic) / setting.memoryRate);
      slowedSum += slowed;
      started++;
      worker.at = now + slowed * lognormal(random, service.worker, VARIATION);
      continue;
    }
    worker.computing = false;
    computing--;
    batches++;
    const heard = Math.max(process.mainFree, now) + service.main;
    process.mainFree = heard;
    const written = Math.max(process.writerFree[worker.writer]!, heard) + service.writer;
    process.writerFree[worker.writer] = written;
    const seconds = service.outputBytes / setting.sinkRate;
    sinkFree = Math.max(sinkFree, written) + seconds;
    sinkSeconds += seconds;
    process.taken.push(sinkFree);
    worker.at = Math.max(heard, process.taken.at(-mostWaiting) ?? 0);
  }
  const counted = processes.flatMap(({ taken }) => taken.filter((at) => at >= WARM_UP && at < SECONDS));
  return {
    rowsPerSecond: (counted.length * service.rows) / (SECONDS - WARM_UP),
    mainBusy: Math.min(1, (batches * service.main) / processes.length / SECONDS),
    writerBusy: Math.min(1, (batches * service.writer) / processes.length / setting.writers / SECONDS),
    sinkBusy: Math.min(1, sinkSeconds / SECONDS),
    slowed: slowedSum / started,
  };
}

function earliest(workers: readonly Worker[]): Worker {
  return workers.reduce((first, one) => (one.at < first.at ? one : first));
}

/** A positive random number with this mean and coefficient of variation. */
function lognormal(random: Random, mean: number, variation: number): number {
  const spread = Math.sqrt(Math.log1p(variation * variation));
  // Box and Muller's way to a normal number.
  const normal = Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
  return mean * Math.exp(spread * normal - (spread * spread) / 2);
}
