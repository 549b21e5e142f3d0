import { badInput, MasklineError } from "../errors.ts";
import type { Budget } from "./budget.ts";
import type { BatchSpec, EncodedBatch, PackedBatch, Source } from "./messages.ts";
import { WorkerDied, type WorkerPool } from "./pool.ts";
import type { Rooms } from "./rooms.ts";
import type { NextBatch, PartSession, Supply } from "./session.ts";

/** Opens a part's source; called again when its worker died. */
export type OpenSource = () => Promise<{ readonly source: Source; readonly supply: Supply }>;

/** So often in a row the threads that batches of one part were handed on to may end. */
const MOST_LOST = 4;

/** Batches that are asked for at once, so that a thread never waits to be asked while the main thread is at work. */
const ASKED = 2;

interface Item {
  readonly batch: Promise<EncodedBatch | "end">;
  /** Bytes that the budget holds for it. */
  bytes: number;
}

/**
 * One part on its way through the workers: decoded by one of them, its batches masked and encoded by the same or by
 * idle ones, delivered in order. It runs ahead of its reader as far as the budget allows.
 */
export class PartFlow {
  readonly #name: string;
  readonly #open: OpenSource;
  readonly #spec: BatchSpec;
  readonly #pool: WorkerPool;
  readonly #budget: Budget;
  readonly #rooms: Rooms;
  #queue: Item[] = [];
  #session: PartSession | undefined;
  #opened: ReturnType<OpenSource> | undefined;
  #cancelled = false;
  #arrived: () => void = () => {};
  /** Bytes of the batch that came last. */
  #lastBytes = 0;
  /** Being read now, so it may go on where others must wait. */
  #head = false;
  /** Resolves when the decoder has nothing more to do for this part. */
  readonly decoded: Promise<void>;
  #markDecoded: () => void = () => {};

  constructor(name: string, open: OpenSource, spec: BatchSpec, pool: WorkerPool, budget: Budget, rooms: Rooms) {
    this.#name = name;
    this.#open = open;
    this.#spec = spec;
    this.#pool = pool;
    this.#budget = budget;
    this.#rooms = rooms;
    this.decoded = new Promise((resolve) => {
      this.#markDecoded = resolve;
    });
  }

  /** Reads the source ahead of its turn. */
  prefetch(): void {
    this.#opened ??= this.#open();
    this.#opened.catch(() => {});
  }

  /** Begins to decode. */
  start(): void {
    void this.#pump(0, this.#queue);
  }

  /** Stops; what was decoded is forgotten. */
  cancel(): void {
    this.#cancelled = true;
    this.#drop();
    this.#markDecoded();
    this.#arrived();
    this.#budget.changed();
  }

  /**
   * The part's batches in order. A worker's death costs one more try from the first batch not yet delivered; a second
   * one without progress is the input's fault. A batch that was handed on may have met its end by another part's fault.
   */
  async *batches(): AsyncGenerator<EncodedBatch> {
    this.#head = true;
    this.#budget.changed();
    let delivered = 0;
    let restartedAt = -1;
    let lost = 0;
    for (;;) {
      const item = await this.#first();
      let batch: EncodedBatch | "end";
      try {
        batch = await item.batch;
      } catch (error) {
        if (!(error instanceof WorkerDied)) throw error;
        if (error.decoding ? restartedAt === delivered : ++lost > MOST_LOST) {
          throw badInput(
            `decoding ${this.#name}: the decoder ended its thread twice at the same place; the file is damaged, or needs more memory than there is`,
            { stage: "decode", cause: error },
          );
        }
        if (error.decoding) restartedAt = delivered;
        this.#drop();
        void this.#pump(delivered, this.#queue);
        continue;
      }
      if (batch === "end") {
        // With what was asked for beyond it.
        for (const { bytes } of this.#queue.splice(0)) this.#budget.release(bytes);
        return;
      }
      yield batch;
      delivered++;
      lost = 0;
      // Cancelled meanwhile: its bytes were given back with the queue.
      if (this.#queue[0] !== item) continue;
      this.#queue.shift();
      this.#budget.release(item.bytes);
    }
  }

  /** Asks for batches and queues them until the part ends, fails or is dropped. */
  async #pump(skip: number, queue: Item[]): Promise<void> {
    let died = false;
    try {
      const opened = this.#opened ?? this.#open();
      this.#opened = undefined;
      const { source, supply } = await opened;
      if (this.#cancelled) return;
      const session = this.#pool.openPart(source, this.#spec, skip, supply);
      this.#session = session;
      const unanswered: Promise<NextBatch>[] = [];
      let isEnded = false;
      const end = () => {
        isEnded = true;
        this.#budget.changed();
      };
      const isOver = () => queue !== this.#queue || this.#cancelled || isEnded;
      for (;;) {
        await this.#budget.room(() => isOver() || this.#mayRun(queue.length));
        if (!isOver()) {
          const reply = this.#ask(session, queue);
          reply.then(({ type }) => type === "end" && end(), end);
          unanswered.push(reply);
          if (unanswered.length < ASKED) continue;
        }
        const reply = await unanswered.shift();
        if (reply === undefined || reply.type === "end") return;
      }
    } catch (error) {
      died = error instanceof WorkerDied;
      this.#push(queue, Promise.reject(this.#named(error)), 0);
    } finally {
      if (queue === this.#queue) {
        this.#session?.close();
        // Its decoder's place is kept for the next try.
        if (!died) this.#markDecoded();
      }
    }
  }

  /** Asks for one more batch and queues it, as large as the one before until it has come. */
  #ask(session: PartSession, queue: Item[]): Promise<NextBatch> {
    const handOn = this.#pool.hasIdleWorker(session);
    const reply = session.next(handOn, handOn ? undefined : this.#rooms.take());
    const batch = reply.then((answer) => {
      if (answer.type === "end") return "end" as const;
      return answer.type === "encoded" ? answer.batch : this.#encode(answer.batch);
    });
    const item = this.#push(
      queue,
      batch.catch((error: unknown) => {
        throw this.#named(error);
      }),
      this.#lastBytes,
    );
    const settle = (bytes: number) => {
      // Dropped meanwhile: its bytes were given back with the queue.
      if (queue !== this.#queue || !queue.includes(item)) return;
      this.#budget.take(bytes - item.bytes);
      item.bytes = bytes;
    };
    batch.then(
      (answer) => {
        if (answer === "end") return settle(0);
        this.#lastBytes = sizeOf(answer);
        settle(this.#lastBytes);
      },
      () => settle(0),
    );
    return reply;
  }

  #encode(batch: PackedBatch): Promise<EncodedBatch> {
    return this.#pool.encode(batch, this.#spec, this.#rooms.take());
  }

  #mayRun(queued: number): boolean {
    return (this.#head && queued === 0) || this.#budget.allows(this.#head);
  }

  #push(queue: Item[], batch: Promise<EncodedBatch | "end">, bytes: number): Item {
    batch.catch(() => {});
    const item = { batch, bytes };
    if (queue !== this.#queue || this.#cancelled) return item;
    this.#budget.take(bytes);
    queue.push(item);
    this.#arrived();
    return item;
  }

  async #first(): Promise<Item> {
    for (;;) {
      const [item] = this.#queue;
      if (item) return item;
      if (this.#cancelled) throw new DOMException(`${this.#name} was cancelled`, "AbortError");
      await new Promise<void>((resolve) => {
        this.#arrived = resolve;
      });
    }
  }

  /** Forgets what is queued and ends the session; a running pump notices by its queue being another. */
  #drop(): void {
    for (const item of this.#queue) this.#budget.release(item.bytes);
    this.#queue = [];
    this.#session?.close();
    this.#session = undefined;
  }

  /** A worker knows its row group, not the object: errors get the part's name. */
  #named(error: unknown): unknown {
    if (!(error instanceof MasklineError)) return error;
    const { code, exit, message, stage, retryable } = error;
    return new MasklineError(code, exit, `${this.#name}: ${message}`, { stage, retryable, cause: error });
  }
}

function sizeOf(batch: EncodedBatch): number {
  return batch.chunks.reduce((sum, chunk) => sum + chunk.buffer.byteLength, 0);
}
