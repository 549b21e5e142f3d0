import { readdirSync, readFileSync } from "node:fs";

/** A thread's times since it started, in seconds. */
export interface ThreadTimes {
  readonly id: number;
  readonly cpu: number;
  /** It could have run, and had no core. */
  readonly delay: number;
}

const TASKS = "/proc/self/task";

/** The threads of this process, by Linux's own account (Documentation/scheduler/sched-stats.rst); none elsewhere. */
export function threadTimes(): ThreadTimes[] {
  try {
    return readdirSync(TASKS).flatMap((id) => timesOf(Number(id)));
  } catch {
    return [];
  }
}

function timesOf(id: number): ThreadTimes[] {
  try {
    const [cpu, delay] = readFileSync(`${TASKS}/${id}/schedstat`, "utf8").split(" ").map(Number);
    return [{ id, cpu: cpu! / 1e9, delay: delay! / 1e9 }];
  } catch {
    // It has ended meanwhile.
    return [];
  }
}

/** Seconds without a core, of the main thread and of all workers together. */
export interface Delays {
  readonly main: number;
  readonly workers: number;
}

/** The main thread's id is the process's; the workers are the busiest of the others. */
export function delaysOf(threads: readonly ThreadTimes[], main: number, workers: number): Delays {
  const others = threads.filter(({ id }) => id !== main).toSorted((a, b) => b.cpu - a.cpu);
  return {
    main: threads.find(({ id }) => id === main)?.delay ?? 0,
    workers: others.slice(0, workers).reduce((sum, { delay }) => sum + delay, 0),
  };
}
