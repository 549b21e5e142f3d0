import type { Prepared } from "../prepare.ts";

/** A run without its threads and stores: what can be said to another process. */
export type Work = Omit<Prepared, "pool" | "writers" | "shares" | "stores" | keyof AsyncDisposable>;

/** Parent → probe: mask this over and over, write nothing, and say what it took. */
export interface ProbeTask {
  readonly work: Work;
  /** That a run can write at once; the work may hold one of them many times over. */
  readonly objects: number;
  readonly workers: number;
  /** Of measuring, after as much warming up as `WARM_UP` says. */
  readonly seconds: number;
  readonly version: string;
}

/** Probe → parent. */
export type ProbeReply =
  | { readonly measured: Measurement }
  | { readonly failed: { readonly code: string; readonly exit: number; readonly message: string } };

/** What so many workers did in one process. Seconds per row are CPU time. */
export interface Measurement {
  readonly workers: number;
  /** Wall time that the figures are of. */
  readonly seconds: number;
  readonly rowsPerSecond: number;
  /** As stored: read, and written after compression. */
  readonly inputBytesPerRow: number;
  readonly outputBytesPerRow: number;
  /** The main thread: reading, and what it says to the others. */
  readonly mainSecondsPerRow: number;
  /** The threads that write: digest, hand-over to the store. */
  readonly writerSecondsPerRow: number;
  /** All other threads. */
  readonly workerSecondsPerRow: number;
  /** Workers' time that others took: there was work, and no core for it; 0 where the system does not tell. */
  readonly delaySecondsPerRow: number;
  readonly rowsPerBatch: number;
  readonly peakBytes: number;
  /** From the start of the process to the first batch. */
  readonly startSeconds: number;
}
