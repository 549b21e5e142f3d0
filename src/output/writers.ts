import { MessageChannel, type MessagePort } from "node:worker_threads";
import { Piscina } from "piscina";
import { failure, messageOf } from "../errors.ts";
import { startedFile } from "../started-file.ts";
import { onAbort } from "../store/deadline.ts";
import type { StoreOptions } from "../store/store.ts";
import { displayUri } from "../store/uri.ts";
import { type Failed, unwrapped } from "../thread-error.ts";
import type { Landed, WriteReply, WriteRequest, WriterSetup, WriteTask } from "./write-task.ts";

/** An object on its way, written by another thread. */
export interface OutputWriter {
  /** Takes the chunk's memory over; resolves when another one may be sent (backpressure). Await each before the next. */
  write(chunk: Uint8Array<ArrayBuffer>): Promise<void>;
  /** Makes the object visible. */
  finish(): Promise<Landed>;
  /** Leaves nothing behind. Safe to call twice, and after a write or finish that failed; nothing after a finish. */
  abort(): Promise<void>;
}

/** Gets the memory of a chunk that was written, and the CPU time that writing took. */
export type Taken = (room: ArrayBuffer, cpuSeconds: number) => void;

/** Chunks of an object that are under way at once: one is written, one waits. */
const UNDER_WAY = 2;

/** The threads that write: one for each object that finds none without, up to a number. */
export class Writers {
  readonly #setup: WriterSetup;
  readonly #onRetry: (operation: string) => void;
  readonly #most: number;
  readonly #threads: WriterThread[] = [];

  /**
   * @param output - prefix of what will be written: its store is loaded while there is nothing to write yet
   * @param most - threads
   */
  constructor({ onRetry, ...stores }: StoreOptions, output: string, most: number) {
    this.#setup = { stores, output };
    this.#onRetry = onRetry ?? (() => {});
    this.#most = most;
  }

  /** The first thread, before there is anything to write. */
  start(): void {
    if (this.#threads.length === 0) this.#startThread();
  }

  /** @param taken gets the memory of what was written */
  open(place: WriteTask["place"], taken: Taken, signal: AbortSignal): OutputWriter {
    const { port1, port2 } = new MessageChannel();
    const doing = `writing ${place ? displayUri(place.uri) : "nowhere"}`;
    const landed = this.#thread().write({ place, port: port2 }, doing);
    return new ThreadWriter(port1, landed, { taken, retried: this.#onRetry }, doing, signal);
  }

  #thread(): WriterThread {
    const [idlest] = this.#threads.toSorted((one, other) => one.objects - other.objects);
    return idlest && (idlest.objects === 0 || this.#threads.length >= this.#most) ? idlest : this.#startThread();
  }

  #startThread(): WriterThread {
    const thread = new WriterThread(this.#setup);
    this.#threads.push(thread);
    return thread;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.close()));
  }
}

/** A thread that writes any number of objects at a time. */
class WriterThread {
  /** That it has now. */
  objects = 0;
  readonly #pool: Piscina;
  /** Rejects once the thread has ended: one that ends before it has anything to write would else be waited for. */
  readonly #ended = Promise.withResolvers<never>();

  constructor(setup: WriterSetup) {
    this.#pool = new Piscina({
      filename: startedFile("write-task.ts", import.meta.url).href,
      minThreads: 1,
      maxThreads: 1,
      concurrentTasksPerWorker: Number.MAX_SAFE_INTEGER,
      // A thread that waits for chunks must go on hearing its ports.
      atomics: "disabled",
      workerData: setup,
    });
    this.#ended.promise.catch(() => {});
    this.#pool.on("error", (error: unknown) => this.#ended.reject(error));
  }

  async write(task: WriteTask, doing: string): Promise<Landed> {
    this.objects++;
    let result: Landed | Failed;
    try {
      const written = this.#pool.run(task, { name: "write", transferList: [task.port] as never });
      result = (await Promise.race([written, this.#ended.promise])) as Landed | Failed;
    } catch (error) {
      throw failure(`${doing}: its thread ended (${messageOf(error)}); run again`, { cause: error });
    } finally {
      this.objects--;
    }
    return unwrapped(result);
  }

  async close(): Promise<void> {
    await this.#pool.destroy();
  }
}

interface Told {
  readonly taken: Taken;
  retried(operation: string): void;
}

class ThreadWriter implements OutputWriter {
  readonly #port: MessagePort;
  readonly #landed: Promise<Landed>;
  readonly #doing: string;
  readonly #stopListening: () => void;
  #failure: Error | undefined;
  #state: "open" | "ended" | "finished" = "open";
  #underWay = 0;
  #room: () => void = () => {};

  constructor(
    port: MessagePort,
    landed: Promise<Landed>,
    { taken, retried }: Told,
    doing: string,
    signal: AbortSignal,
  ) {
    this.#port = port;
    this.#landed = landed;
    this.#doing = doing;
    this.#stopListening = onAbort(signal, () => this.#fail(signal.reason as Error));
    port.on("message", (reply: WriteReply) => {
      if (reply.type === "retried") return retried(reply.operation);
      taken(reply.room, reply.cpuSeconds);
      this.#underWay--;
      this.#room();
    });
    landed.catch((error: Error) => this.#fail(error));
  }

  async write(chunk: Uint8Array<ArrayBuffer>): Promise<void> {
    this.#check();
    this.#post({ type: "chunk", chunk }, [chunk.buffer]);
    this.#underWay++;
    while (this.#underWay >= UNDER_WAY && !this.#failure) {
      await new Promise<void>((resolve) => {
        this.#room = resolve;
      });
    }
    this.#check();
  }

  async finish(): Promise<Landed> {
    this.#check();
    this.#state = "ended";
    this.#post({ type: "end" });
    const landed = await this.#landed.catch((error: unknown) => {
      throw this.#failure ?? error;
    });
    this.#state = "finished";
    this.#stopListening();
    return landed;
  }

  async abort(): Promise<void> {
    if (this.#state === "finished") return;
    this.#fail(failure(`${this.#doing}: it was given up`));
    this.#stopListening();
    await this.#landed.catch(() => {});
  }

  #check(): void {
    if (this.#failure) throw this.#failure;
    if (this.#state !== "open") throw new Error(`${this.#doing}: it is ended already`);
  }

  #post(request: WriteRequest, transfer: readonly ArrayBuffer[] = []): void {
    this.#port.postMessage(request, transfer);
  }

  /** Notes the first error, and wakes who waits with it; the thread gives the object up. */
  #fail(error: Error): void {
    if (this.#state === "finished") return;
    this.#failure ??= error;
    this.#port.close();
    this.#room();
  }
}
