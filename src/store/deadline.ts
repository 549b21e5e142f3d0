import { setMaxListeners } from "node:events";

/**
 * Calls `listener` once `signal` aborts; the function given back stops listening. Used instead of `AbortSignal.any`,
 * which keeps memory for as long as the signal lives (seen: 2 kB a call), here the whole run.
 */
export function onAbort(signal: AbortSignal, listener: () => void): () => void {
  // One signal stands for a run and has a listener for each object under way: more than ten are no leak.
  setMaxListeners(0, signal);
  signal.addEventListener("abort", listener, { once: true });
  if (signal.aborted) listener();
  return () => signal.removeEventListener("abort", listener);
}

/** The longest that a timer takes. Milliseconds: 24.8 days. */
export const LONGEST = 2 ** 31 - 1;

/** Runs `action` with a signal that aborts with `signal`, or with a TimeoutError after `milliseconds`. */
export async function withDeadline<T>(
  signal: AbortSignal,
  milliseconds: number,
  action: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const late = (): void => controller.abort(new DOMException(`no end after ${milliseconds} ms`, "TimeoutError"));
  const stopListening = onAbort(signal, () => controller.abort(signal.reason));
  // A longer one would be none at all.
  const timer = setTimeout(late, Math.min(milliseconds, LONGEST));
  try {
    return await action(controller.signal);
  } finally {
    clearTimeout(timer);
    stopListening();
  }
}
