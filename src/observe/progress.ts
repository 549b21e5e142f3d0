import { formatBytes } from "../config/bytes.ts";

/** Milliseconds between two drawings. */
const INTERVAL = 200;
const BAR = 24;

/** A line of progress on a terminal: share, rate and time left. Off a terminal it does nothing. */
export class Progress {
  readonly #write: ((text: string) => void) | undefined;
  #started = performance.now();
  #drawn = 0;
  #rows = 0;
  #bytes = 0;
  #total = 0;

  /** @param write to the terminal; undefined where there is none */
  constructor(write: ((text: string) => void) | undefined) {
    this.#write = write;
  }

  planned(rows: number): void {
    this.#total = rows;
    // What was waited for before is not masking.
    this.#started = performance.now();
  }

  add(rows: number, bytes: number): void {
    this.#rows += rows;
    this.#bytes += bytes;
    const now = performance.now();
    if (!this.#write || now - this.#drawn < INTERVAL) return;
    this.#drawn = now;
    this.#write(`\r\x1b[2K${this.#line((now - this.#started) / 1000)}`);
  }

  /** Takes the line away. */
  done(): void {
    if (this.#drawn > 0) this.#write?.("\r\x1b[2K");
    this.#drawn = 0;
  }

  #line(seconds: number): string {
    const share = this.#total === 0 ? 1 : this.#rows / this.#total;
    const full = Math.round(share * BAR);
    const left = share === 0 ? "" : `, ${formatDuration((seconds * (1 - share)) / share)} left`;
    const rate = Math.round(this.#rows / Math.max(seconds, 0.001)).toLocaleString("en");
    const bar = "█".repeat(full) + "░".repeat(BAR - full);
    return `${bar} ${(share * 100).toFixed(0).padStart(3)} %  ${rate} rows/s, ${formatBytes(this.#bytes)}${left}`;
  }
}

/** 75.2 → "1 min 15 s". */
export function formatDuration(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 60) return `${seconds.toFixed(0)} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.round((seconds % 3600) / 60)} min`;
}
