import type { Delays } from "./threads.ts";
import type { Measurement } from "./types.ts";

/** A process's times at an instant, in seconds: CPU time of all threads, and of the main thread. */
export interface Times {
  readonly wall: number;
  readonly cpu: number;
  readonly main: number;
}

/** Where the window reads them. */
export interface Clocks {
  /** Cheap enough for every batch. */
  times(): Times;
  delays(): Delays;
}

/** Of the time after the first batch, the share in which code is compiled and buffers grow, and nothing is measured. */
const WARM_UP = 0.3;

interface Mark extends Times {
  readonly work: number;
  readonly writer: number;
  readonly delays: Delays;
}

/**
 * The part of a run that is measured. What counts is what the workers have done: bytes written and bytes that wait for
 * their turn to be, since batches of later parts arrive all at once when it comes.
 */
export class Window {
  readonly #workers: number;
  readonly #seconds: number;
  readonly #clocks: Clocks;
  readonly #end: () => void;
  #started: number | undefined;
  #first: Mark | undefined;
  #last: Mark | undefined;
  #waiting = 0;
  #bytes = 0;
  #rows = 0;
  #writer = 0;
  #batches = 0;

  /** @param end called once, when `seconds` are over */
  constructor(workers: number, seconds: number, clocks: Clocks, end: () => void) {
    this.#workers = workers;
    this.#seconds = seconds;
    this.#clocks = clocks;
    this.#end = end;
  }

  /** Bytes that wait just now. */
  inFlight(bytes: number): void {
    this.#waiting = bytes;
  }

  /** Writing took so many seconds of CPU time. */
  wrote(cpuSeconds: number): void {
    this.#writer += cpuSeconds;
  }

  /** Another batch is written. */
  written(rows: number, bytes: number): void {
    if (this.#last) return;
    this.#bytes += bytes;
    this.#rows += rows;
    this.#batches++;
    const times = this.#clocks.times();
    this.#started ??= times.wall;
    const elapsed = times.wall - this.#started;
    if (elapsed < WARM_UP * this.#seconds) return;
    if (!this.#first) {
      this.#first = this.#mark(times);
      return;
    }
    if (elapsed < this.#seconds) return;
    const mark = this.#mark(times);
    // What waited meanwhile may have been less and less.
    if (mark.work <= this.#first.work) return;
    this.#last = mark;
    this.#end();
  }

  #mark(times: Times): Mark {
    return { ...times, work: this.#bytes + this.#waiting, writer: this.#writer, delays: this.#clocks.delays() };
  }

  /**
   * Seconds that the workers lost to others: their own waiting for a core, and, as far as they stood idle, what the main
   * thread's waiting kept from all of them.
   */
  #lost(first: Mark, last: Mark): number {
    const own = last.delays.workers - first.delays.workers;
    const busy = last.cpu - first.cpu - (last.main - first.main);
    const idle = Math.max(0, this.#workers * (last.wall - first.wall) - busy - own);
    return own + Math.min(idle, this.#workers * (last.delays.main - first.delays.main));
  }

  /** Figures per row. @throws RangeError before the end */
  result(): Omit<Measurement, "inputBytesPerRow" | "peakBytes"> {
    if (!this.#first || !this.#last || this.#started === undefined) throw new RangeError("nothing was measured");
    const seconds = this.#last.wall - this.#first.wall;
    const outputBytesPerRow = this.#bytes / this.#rows;
    const rows = (this.#last.work - this.#first.work) / outputBytesPerRow;
    const main = this.#last.main - this.#first.main;
    const writer = this.#last.writer - this.#first.writer;
    return {
      workers: this.#workers,
      seconds,
      rowsPerSecond: rows / seconds,
      outputBytesPerRow,
      mainSecondsPerRow: main / rows,
      writerSecondsPerRow: writer / rows,
      workerSecondsPerRow: (this.#last.cpu - this.#first.cpu - main - writer) / rows,
      delaySecondsPerRow: this.#lost(this.#first, this.#last) / rows,
      rowsPerBatch: this.#rows / this.#batches,
      startSeconds: this.#started,
    };
  }
}
