/** How long to wait before another attempt, in milliseconds; and how many attempts there are. */
export interface Pace {
  /** The longest wait before the second attempt; it doubles with each. */
  readonly first: number;
  readonly longest: number;
  /** Added to what the server asks for, which it has rounded; as much again at most, at random. */
  readonly margin: number;
  /** The first included; not counted where the server only asks to come later. */
  readonly attempts: number;
}

export const PACE: Pace = { first: 500, longest: 30_000, margin: 1_000, attempts: 8 };

/** Exponential backoff with full jitter, before the attempt after so many failed ones. */
export function backoff({ first, longest }: Pace, failed: number): number {
  return Math.random() * Math.min(longest, first * 2 ** (failed - 1));
}

/** What the server asked for, and somewhat more, so that not all who wait come back at once. */
export function later({ margin }: Pace, asked: number): number {
  return asked + margin * (1 + Math.random());
}
