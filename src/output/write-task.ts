/**
 * Writes objects in threads of their own: what is written is digested and copied there, and the main thread, which all
 * workers wait for, never touches it.
 */
import { createHash } from "node:crypto";
import { type MessagePort, workerData } from "node:worker_threads";
import { failure } from "../errors.ts";
import {
  type CreateOptions,
  type ObjectWriter,
  openStore,
  preload,
  type Store,
  type StoreOptions,
} from "../store/store.ts";
import { displayUri } from "../store/uri.ts";
import { type Failed, failed } from "../thread-error.ts";

/** What the threads are started with: functions stay behind. */
export interface WriterSetup {
  readonly stores: Omit<StoreOptions, "onRetry">;
  /** Where they will write, perhaps with placeholders. */
  readonly output: string;
}

/** An object to be written; without a place it is only digested. */
export interface WriteTask {
  readonly place: { readonly uri: string; readonly options: CreateOptions } | undefined;
  readonly port: MessagePort;
}

/** Main thread → writer, over a task's port. A closed port gives the object up. */
export type WriteRequest =
  | { readonly type: "chunk"; readonly chunk: Uint8Array<ArrayBuffer> }
  | { readonly type: "end" };

/** Writer → main thread. */
export type WriteReply =
  /** A chunk is written, in so many seconds of CPU time; here is its memory. */
  | { readonly type: "taken"; readonly room: ArrayBuffer; readonly cpuSeconds: number }
  | { readonly type: "retried"; readonly operation: string };

/** An object that is there now. */
export interface Landed {
  readonly bytes: number;
  readonly sha256: string;
}

const setup = workerData as WriterSetup;
const ports = new Set<MessagePort>();
const options: StoreOptions = {
  ...setup.stores,
  onRetry: (operation) => {
    const [port] = ports;
    port?.postMessage({ type: "retried", operation } satisfies WriteReply);
  },
};
/** All objects of a run are in one store, which ends with the thread. */
let store: Store | undefined;
void preload(setup.output);

export async function write({ place, port }: WriteTask): Promise<Landed | Failed> {
  const inbox = new Inbox(port);
  ports.add(port);
  const digest = createHash("sha256");
  let bytes = 0;
  let opened: Promise<ObjectWriter> | undefined;
  try {
    if (place) {
      store ??= openStore(place.uri, options);
      opened = store.create(place.uri, place.options, inbox.signal);
    }
    const writer = await opened;
    for (;;) {
      const request = await inbox.next();
      if (request.type === "end") break;
      const { chunk } = request;
      digest.update(chunk);
      await writer?.write(chunk);
      bytes += chunk.length;
      const reply: WriteReply = { type: "taken", room: chunk.buffer, cpuSeconds: cpuSeconds() };
      port.postMessage(reply, [chunk.buffer]);
    }
    await writer?.finish();
    return { bytes, sha256: digest.digest("hex") };
  } catch (error) {
    // What went wrong is told, not what went wrong because of it.
    await opened?.then((writer) => writer.abort()).catch(() => {});
    return failed(error, `writing ${place ? displayUri(place.uri) : "nowhere"}`, "upload");
  } finally {
    ports.delete(port);
    port.close();
  }
}

let accounted = process.threadCpuUsage();

/** CPU time of this thread since it was last asked for: the system's account lags behind, so that short stretches show none. */
function cpuSeconds(): number {
  const now = process.threadCpuUsage();
  const { user, system } = accounted;
  accounted = now;
  return (now.user - user + now.system - system) / 1e6;
}

/** What came over a port, until it is closed. */
class Inbox {
  readonly signal: AbortSignal;
  readonly #requests: WriteRequest[] = [];
  #wake: () => void = () => {};

  constructor(port: MessagePort) {
    const stop = new AbortController();
    this.signal = stop.signal;
    port.on("message", (request: WriteRequest) => {
      this.#requests.push(request);
      this.#wake();
    });
    port.on("close", () => {
      stop.abort(failure("writing: it was given up"));
      this.#wake();
    });
  }

  /** @throws what the signal says, once it is given up */
  async next(): Promise<WriteRequest> {
    for (;;) {
      this.signal.throwIfAborted();
      const request = this.#requests.shift();
      if (request) return request;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}
