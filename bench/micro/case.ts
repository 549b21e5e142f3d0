/** A piece of work and the same work done plainly, row by row. */
export interface Case {
  /** `digestHex`, `mask token`. */
  readonly name: string;
  /** What it works on. */
  readonly on: string;
  readonly values: number;
  /** Bytes that it reads, or those that it writes where these are what counts. */
  readonly bytes: number;
  readonly run: () => unknown;
  readonly twin: () => unknown;
}

/** Sets a case up in an arena of its own, right before it is measured. */
export interface Pending {
  readonly name: string;
  readonly on: string;
  readonly prepare: () => Omit<Case, "name" | "on">;
}
