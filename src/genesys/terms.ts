import { setTimeout } from "node:timers/promises";
import { withDeadline } from "../store/deadline.ts";

/** For how long a call may go on, all its attempts and waits together. */
export interface Terms {
  /** Aborts with the caller's, and at the end. */
  readonly signal: AbortSignal;
  readonly caller: AbortSignal;
  /** By `performance.now`. */
  readonly end: number;
  /** Milliseconds in all. */
  readonly timeout: number;
}

/** Runs `action` for so many milliseconds at most. */
export async function within<T>(
  timeout: number,
  caller: AbortSignal,
  action: (terms: Terms) => Promise<T>,
): Promise<T> {
  const end = performance.now() + timeout;
  return await withDeadline(caller, timeout, (signal) => action({ signal, caller, end, timeout }));
}

/** Whether a wait leaves time for anything after it. */
export function fits({ end }: Terms, milliseconds: number): boolean {
  return performance.now() + milliseconds < end;
}

/** @throws the reason of the signal once it aborts */
export async function wait(milliseconds: number, signal: AbortSignal): Promise<void> {
  try {
    await setTimeout(Math.ceil(milliseconds), undefined, { signal });
  } catch {
    throw signal.reason;
  }
}
