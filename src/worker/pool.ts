import { setFlagsFromString } from "node:v8";
import { MessageChannel, type MessagePort } from "node:worker_threads";
import { Piscina } from "piscina";
import { Semaphore } from "../concurrency.ts";
import { messageOf } from "../errors.ts";
import { startedFile } from "../started-file.ts";
import { type Failed, unwrapped } from "../thread-error.ts";
import type { LeafSample } from "../types.ts";
import type {
  BatchProof,
  BatchSpec,
  Described,
  DescribeFile,
  DescribeText,
  EncodedBatch,
  FilePiece,
  PackedBatch,
  PartTask,
  SampleTask,
  Source,
  WorkerSetup,
} from "./messages.ts";
import { PartSession, type PartState, PortSession, type Supply, stalled } from "./session.ts";

export interface PoolOptions {
  readonly workers: number;
  readonly setup: WorkerSetup;
  /** Milliseconds without an answer after which a worker is given up. */
  readonly stallTimeout: number;
  /** Called for every worker that died. */
  readonly onWorkerDeath?: () => void;
}

/** A worker thread ended under a task: the decoder trapped, or memory ran out. The task may be tried once more. */
export class WorkerDied extends Error {
  /** Whether the task was the one that decodes: another one may have shared the thread by chance. */
  readonly decoding: boolean;

  constructor(task: string, cause: unknown) {
    super(`a worker thread ended: ${messageOf(cause)}`, { cause });
    this.name = "WorkerDied";
    this.decoding = task !== "encode";
  }
}

/**
 * The worker threads. Each holds at most one part and one batch to encode: a part that waits for its reader leaves its
 * thread to the batches that other parts hand on.
 */
export class WorkerPool {
  readonly workers: number;
  readonly #pool: Piscina;
  readonly #stallTimeout: number;
  readonly #onWorkerDeath: () => void;
  /** Threads with a part, and whether that part is computing just now. */
  readonly #parts = new Map<number, PartState>();
  /** Piscina would not look again at a part that found no thread: none is given to it before there is one. */
  readonly #withoutPart: Semaphore;
  #handedOn = 0;
  /** A death may lose what others found: the next epoch of all of them begins with it. */
  #deaths = 0;
  #closing: Promise<void> | undefined;

  constructor({ workers, setup, stallTimeout, onWorkerDeath }: PoolOptions) {
    this.workers = workers;
    this.#withoutPart = new Semaphore(workers);
    this.#stallTimeout = stallTimeout;
    this.#onWorkerDeath = onWorkerDeath ?? (() => {});
    // Without it V8 takes every few megabytes by which the decoder's wasm memory grows for garbage of JavaScript, and
    // collects: 122 full collections in place of 6, a quarter of the CPU time, for one row group of 200 MiB.
    setFlagsFromString("--external-memory-accounted-in-global-limit");
    // Strings of a batch and no more: from 4 MiB on fewer are found alive by chance. All cores have workers: collecting in
    // several threads takes more of them, for nothing. A twentieth of a run together, for 20 MiB.
    setFlagsFromString("--min-semi-space-size=4");
    setFlagsFromString("--single-threaded-gc");
    // V8 compiles a wasm function anew, as well as it can, once it has worked through 13 MB. So much many of the decoder's do
    // while inputs are looked at; twice that only those which a run lives on. A tenth of a second of a core.
    setFlagsFromString("--wasm-tiering-budget=26000000");
    this.#pool = new Piscina({
      filename: startedFile("task.ts", import.meta.url).href,
      minThreads: workers,
      maxThreads: workers,
      concurrentTasksPerWorker: TASKS_PER_WORKER,
      // A thread with a waiting part must go on hearing its port.
      atomics: "disabled",
      workerData: setup,
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MIB },
      loadBalancer: (task, candidates) =>
        this.#choose(task.name, candidates as unknown as readonly Candidate[]) as never,
    });
    // Each task learns of its own worker's end; without a listener the event would end the process.
    this.#pool.on("error", () => {});
  }

  /** Fails early, and clearly, when a worker cannot even start. */
  async describeFile(task: DescribeFile): Promise<Described> {
    return await this.#run<Described>("describeFile", task, buffersOf(task.pieces));
  }

  async describeText(task: Omit<DescribeText, "port">, supply: Supply): Promise<Described> {
    return await this.#supplied("describeText", task, [], supply);
  }

  /** What the first batch of a source shows, for each leaf of its fields. */
  async sample(task: Omit<SampleTask, "port">, supply: Supply): Promise<LeafSample[]> {
    const buffers = task.source.format === "parquet" ? buffersOf(task.source.pieces) : [];
    return await this.#supplied("sample", task, buffers, supply);
  }

  async #supplied<T>(name: string, task: object, buffers: readonly ArrayBuffer[], supply: Supply): Promise<T> {
    const { port1, port2 } = new MessageChannel();
    const session = new PortSession(port1, supply, this.#stallTimeout);
    session.watch();
    try {
      return await Promise.race([this.#run<T>(name, { ...task, port: port2 }, [port2, ...buffers]), session.broken]);
    } finally {
      session.close();
    }
  }

  /** Starts a part on a thread that has none, once there is one. */
  openPart(source: Source, spec: BatchSpec, skip: number, supply: Supply): PartSession {
    const { port1, port2 } = new MessageChannel();
    const session = new PartSession(port1, supply, this.#stallTimeout, this.#parts, () => this.#deaths);
    const buffers = source.format === "parquet" ? buffersOf(source.pieces) : [];
    void this.#runPart(session, { source, spec, skip, port: port2 }, [port2, ...buffers]);
    return session;
  }

  async #runPart(session: PartSession, task: PartTask, transfer: readonly (ArrayBuffer | MessagePort)[]) {
    await this.#withoutPart.acquire();
    try {
      if (!session.closed) this.#parts.delete(await this.#run<number>("part", task, transfer));
    } catch (error) {
      session.fail(error);
    } finally {
      this.#withoutPart.release();
    }
  }

  async encode(batch: PackedBatch, spec: BatchSpec, room?: ArrayBuffer): Promise<EncodedBatch> {
    this.#handedOn++;
    try {
      return await this.#inTime(
        this.#run<EncodedBatch>("encode", { batch, spec, room, epoch: this.#deaths }, [
          batch.bytes.buffer,
          ...(room ? [room] : []),
        ]),
      );
    } finally {
      this.#handedOn--;
    }
  }

  /** Compares a decoded batch with the lines that were written of it. */
  async prove(batch: PackedBatch, lines: Uint8Array<ArrayBuffer>, spec: BatchSpec): Promise<BatchProof> {
    const task = { batch, spec, lines, epoch: this.#deaths };
    return await this.#inTime(this.#run<BatchProof>("prove", task, [batch.bytes.buffer, lines.buffer]));
  }

  /** Whether a batch had better be handed on: threads other than the asking part's have nothing to compute. */
  hasIdleWorker(asking: PartSession): boolean {
    const computing = [...this.#parts.values()].filter((part) => part.computing && part !== asking.state).length;
    const spare = this.workers - computing - 1;
    // Two batches per spare thread: one that it works on, one that waits, so that it never does.
    return spare > 0 && this.#handedOn < 2 * spare;
  }

  /** Ends the threads, which takes a while: it may begin early, and be waited for later. */
  close(): Promise<void> {
    this.#closing ??= this.#pool.destroy();
    return this.#closing;
  }

  /**
   * A part goes to a thread without one: two would write over each other's batches. There is such a thread, or one is
   * being started, and what it encodes ends. A batch goes to the thread with the least to compute; a preference, never
   * a refusal while there is room: the pool tries a refused task again only when another one ends, and those may be
   * waiting for it.
   */
  #choose(name: string, candidates: readonly Candidate[]): Candidate | null {
    const able = candidates.filter(
      ({ id, currentUsage }) => currentUsage < TASKS_PER_WORKER && !(name === "part" && this.#parts.has(id)),
    );
    // Its part counts once more: it may be asked for its next batch before this one is even begun.
    const part = ({ id }: Candidate) => (this.#parts.has(id) ? 1 : 0);
    const load = (one: Candidate) => one.currentUsage * 2 + part(one);
    const chosen = able.toSorted((a, b) => load(a) - load(b))[0] ?? null;
    if (chosen && name === "part") this.#parts.set(chosen.id, { computing: true });
    return chosen;
  }

  /** @throws MasklineError (exit 1) when a worker takes longer than `stallTimeout` */
  async #inTime<T>(task: Promise<T>): Promise<T> {
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(() => late.reject(stalled(this.#stallTimeout)), this.#stallTimeout);
    try {
      return await Promise.race([task, late.promise]);
    } finally {
      clearTimeout(timer);
    }
  }

  async #run<T>(name: string, task: unknown, transfer: readonly (ArrayBuffer | MessagePort)[]): Promise<T> {
    let result: T | Failed;
    try {
      result = (await this.#pool.run(task, { name, transferList: transfer as never })) as T | Failed;
    } catch (error) {
      const alive = new Set(this.#pool.threads.map(({ threadId }) => threadId));
      for (const thread of this.#parts.keys()) if (!alive.has(thread)) this.#parts.delete(thread);
      this.#deaths++;
      if (!this.#closing) this.#onWorkerDeath();
      throw new WorkerDied(name, error);
    }
    return unwrapped(result);
  }
}

/** What a worker makes in JavaScript are a batch's strings, gone with the next one: a young generation of more MiB only grows. */
const YOUNG_MIB = 12;

/** A part that waits for its reader, and a batch. */
const TASKS_PER_WORKER = 2;

interface Candidate {
  /** Thread id. */
  readonly id: number;
  /** Tasks that it has. */
  readonly currentUsage: number;
}

function buffersOf(pieces: readonly FilePiece[]): ArrayBuffer[] {
  return pieces.map(({ bytes }) => bytes.buffer);
}
