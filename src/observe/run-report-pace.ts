/** What was written in a stretch of a run. */
export interface Stretch {
  rows: number;
  bytes: number;
}

/** How fast a run was over its time: stretches of one length, from its start; the last may be shorter. */
export interface Pace {
  readonly stretchSeconds: number;
  readonly seconds: number;
  readonly stretches: readonly Readonly<Stretch>[];
}

/** Seconds of a stretch, at first. */
const FINEST = 0.25;
/** More stretches than this become half as many of twice the length, so that a run of days takes no more room. */
const MOST = 240;

/** Keeps a run's pace in bounded memory, however long it lasts. */
export class PaceRecorder {
  readonly #now: () => number;
  readonly #started: number;
  #length = FINEST;
  #stretches: Stretch[] = [];

  /** @param now seconds of a clock that never goes back */
  constructor(now: () => number = () => performance.now() / 1000) {
    this.#now = now;
    this.#started = now();
  }

  add(rows: number, bytes: number): void {
    const stretch = this.#at(this.#now() - this.#started);
    stretch.rows += rows;
    stretch.bytes += bytes;
  }

  /** Up to now. */
  pace(): Pace {
    const seconds = this.#now() - this.#started;
    this.#at(seconds);
    return { stretchSeconds: this.#length, seconds, stretches: this.#stretches.map((one) => ({ ...one })) };
  }

  #at(seconds: number): Stretch {
    while (seconds >= this.#length * MOST) this.#halve();
    const index = Math.floor(seconds / this.#length);
    while (this.#stretches.length <= index) this.#stretches.push({ rows: 0, bytes: 0 });
    return this.#stretches[index]!;
  }

  #halve(): void {
    this.#length *= 2;
    const halved: Stretch[] = [];
    for (const [index, { rows, bytes }] of this.#stretches.entries()) {
      const pair = halved[index >> 1];
      if (pair) {
        pair.rows += rows;
        pair.bytes += bytes;
      } else halved.push({ rows, bytes });
    }
    this.#stretches = halved;
  }
}
