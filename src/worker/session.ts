import type { MessagePort } from "node:worker_threads";
import { failure, type MasklineError } from "../errors.ts";
import { restored } from "../thread-error.ts";
import type { PartReply, PartRequest } from "./messages.ts";

/** Gives the next bytes of a text input, none at its end. */
export type Supply = () => Promise<Uint8Array<ArrayBuffer> | null>;

/** A part on a thread. */
export interface PartState {
  /** It is at work, not waiting to be asked for more. */
  computing: boolean;
}

/** The main thread's end of a task's port. */
export class PortSession {
  /** Rejects when the task can no longer answer, or need not; never resolves. */
  readonly broken: Promise<never>;
  protected readonly port: MessagePort;
  readonly #supply: Supply;
  readonly #stallTimeout: number;
  #timer: NodeJS.Timeout | undefined;
  /** Bytes that the thread waits for. */
  #supplying = 0;
  #closed = false;
  #failed = false;
  #break: (error: unknown) => void = () => {};

  constructor(port: MessagePort, supply: Supply, stallTimeout: number) {
    this.port = port;
    this.#supply = supply;
    this.#stallTimeout = stallTimeout;
    this.broken = new Promise((_, reject) => {
      this.#break = reject;
    });
    this.broken.catch(() => {});
    port.on("message", (reply: PartReply) => this.receive(reply));
  }

  fail(error: unknown): void {
    this.#failed = true;
    clearTimeout(this.#timer);
    this.#break(error);
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Whoever still waits for an answer learns that there will be none. */
  close(): void {
    this.#closed = true;
    this.port.close();
    this.fail(new DOMException("nobody is listening any more", "AbortError"));
  }

  protected receive(reply: PartReply): void {
    if (reply.type !== "want") return;
    this.#supplying++;
    this.watch();
    this.#supply().then(
      (bytes) => {
        this.#supplying--;
        this.watch();
        this.post({ type: "bytes", bytes }, bytes ? [bytes.buffer] : []);
      },
      (error: unknown) => this.fail(error),
    );
  }

  protected post(request: PartRequest, transfer: readonly ArrayBuffer[] = []): void {
    this.port.postMessage(request, transfer);
  }

  /** An answer is expected whenever the thread has what it asked for. */
  protected get isAwaited(): boolean {
    return true;
  }

  /** From now on the thread must not be silent for too long, if it has anything to say. */
  watch(): void {
    clearTimeout(this.#timer);
    if (this.#failed || this.#supplying > 0 || !this.isAwaited) return;
    this.#timer = setTimeout(() => {
      this.fail(stalled(this.#stallTimeout));
    }, this.#stallTimeout).unref();
  }
}

/** What a part has to say when asked for its next batch. */
export type NextBatch = Extract<PartReply, { type: "encoded" | "decoded" | "end" }>;

/** A part under way: its batches, one at a time. */
export class PartSession extends PortSession {
  readonly #parts: ReadonlyMap<number, PartState>;
  readonly #epoch: () => number;
  #state: PartState | undefined;
  readonly #asked: ((reply: NextBatch) => void)[] = [];

  constructor(
    port: MessagePort,
    supply: Supply,
    stallTimeout: number,
    parts: ReadonlyMap<number, PartState>,
    epoch: () => number,
  ) {
    super(port, supply, stallTimeout);
    this.#parts = parts;
    this.#epoch = epoch;
  }

  /** Once it runs on a thread. */
  get state(): PartState | undefined {
    return this.#state;
  }

  /** Asks for the next batch, decoded only where another worker is to mask it. */
  async next(handOn: boolean, room?: ArrayBuffer): Promise<NextBatch> {
    const reply = new Promise<NextBatch>((resolve) => {
      this.#asked.push(resolve);
    });
    this.#setComputing(true);
    // Who was asked before is not given more time.
    if (this.#asked.length === 1) this.watch();
    this.post({ type: "next", handOn, room, epoch: this.#epoch() }, room ? [room] : []);
    try {
      return await Promise.race([reply, this.broken]);
    } finally {
      this.watch();
      if (this.#asked.length === 0) this.#setComputing(false);
    }
  }

  protected override get isAwaited(): boolean {
    return this.#asked.length > 0;
  }

  protected override receive(reply: PartReply): void {
    if (reply.type === "started") {
      this.#state = this.#parts.get(reply.thread);
    } else if (reply.type === "failed") super.fail(restored(reply));
    else if (reply.type === "want") super.receive(reply);
    else this.#asked.shift()?.(reply);
  }

  #setComputing(computing: boolean): void {
    if (this.#state) this.#state.computing = computing;
  }
}

/** The error of a worker that answers too late. */
export function stalled(milliseconds: number): MasklineError {
  return failure(`a worker gave no answer for ${milliseconds / 1000} s (runtime.stallTimeout)`, { stage: "decode" });
}
