import { setTimeout as sleep } from "node:timers/promises";
import type { PollSettings } from "../config/genesys.ts";
import { failure } from "../errors.ts";
import { LONGEST, withDeadline } from "../store/deadline.ts";
import type { ApiObserver } from "./types.ts";

/** What is waited for. */
export interface Watched<Job> {
  readonly job: Parameters<ApiObserver["jobState"]>[0];
  readonly id: string;
  look(signal: AbortSignal): Promise<Job>;
  /** States that are waited out. One that is in neither list counts as such too: it is told once, as `unknown`. */
  readonly running: readonly string[];
  /** States that end it. */
  readonly ended: readonly string[];
}

/**
 * Looks at a job until it has ended, well or not.
 * @throws MasklineError (exit 1) when it has not by the deadline: it may still run, and a next start waits on
 */
export async function poll<Job extends { readonly state: string }>(
  { job, id, look, running, ended }: Watched<Job>,
  settings: PollSettings,
  observer: Pick<ApiObserver, "jobState">,
  signal: AbortSignal,
): Promise<Job> {
  let strange = false;
  let last: string | undefined;
  let own: AbortSignal | undefined;
  try {
    return await withDeadline(signal, settings.deadline, async (until) => {
      own = until;
      const pause = pauses(settings);
      for (;;) {
        const found = await look(until);
        // A name that nobody knows has no place in a metric.
        const state = running.includes(found.state) || ended.includes(found.state) ? found.state : "unknown";
        if (state !== "unknown" || !strange) observer.jobState(job, state, id);
        strange ||= state === "unknown";
        last = state;
        if (ended.includes(found.state)) return found;
        await sleep(pause.next().value, undefined, { signal: until });
      }
    });
  } catch (error) {
    signal.throwIfAborted();
    if (!own?.aborted) throw error;
    const state = last === undefined ? "" : ` (${last === "unknown" ? "a state that is not known" : last})`;
    throw failure(
      `waiting for the ${job} job ${id}: it had not ended${state} after ${Math.round(settings.deadline / 1000)} s; ` +
        "start again to go on waiting, allow it more with poll.deadline, or end the job and start with --fresh",
      { stage: job === "import" ? "import" : "export", cause: error },
    );
  }
}

/**
 * Milliseconds between two looks, without end: each twice the one before, up to `atMost`; less up to a half of it at
 * random, so that many processes do not ask at once.
 */
export function* pauses(
  { every, atMost }: Pick<PollSettings, "every" | "atMost">,
  random: () => number = Math.random,
): Generator<number, never> {
  for (let pause = Math.min(every, atMost, LONGEST); ; pause = Math.min(2 * pause, atMost, LONGEST)) {
    yield Math.max(1, pause * (1 - random() / 2));
  }
}
