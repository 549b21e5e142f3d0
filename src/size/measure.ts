import { fork } from "node:child_process";
import { once } from "node:events";
import { EXIT, failure, MasklineError } from "../errors.ts";
import { startedFile } from "../started-file.ts";
import { undisturbed } from "./model.ts";
import type { Measurement, ProbeReply, ProbeTask } from "./types.ts";

/** Counts of workers to measure: powers of two, and all cores. */
export function workerCounts(cores: number): number[] {
  const counts: number[] = [];
  for (let workers = 1; workers < cores; workers *= 2) counts.push(workers);
  return [...counts, cores];
}

/** Seconds that one probe takes for starting, outside of what it measures. */
const START = 0.6;
/** A probe of less tells too little, one of more is better repeated later: what disturbs the host comes and goes. */
const SHORTEST = 2;
const LONGEST = 8;

/** How the time is spent: so many turns over all counts of workers, so many seconds each. */
export function schedule(seconds: number, counts: number): { readonly turns: number; readonly seconds: number } {
  const turns = Math.max(1, Math.floor(seconds / (counts * (LONGEST + START))));
  return { turns, seconds: Math.min(LONGEST, Math.max(SHORTEST, seconds / (turns * counts) - START)) };
}

/**
 * Measures in a child process.
 * @throws MasklineError as a run would; the signal's reason when it aborts
 */
export async function measure(task: ProbeTask, signal: AbortSignal): Promise<Measurement> {
  signal.throwIfAborted();
  const child = fork(startedFile("../probe.ts", import.meta.url), {
    serialization: "advanced",
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  });
  const stop = () => child.kill("SIGKILL");
  signal.addEventListener("abort", stop, { once: true });
  try {
    // Its answer may still be on the way when it has ended.
    const ended = Promise.all([once(child, "exit"), once(child, "disconnect")]);
    let reply: ProbeReply | undefined;
    child.once("message", (message: ProbeReply) => {
      reply = message;
    });
    // A child that ends too early is told by its end.
    child.send(task, () => {});
    const [[code, by]] = await ended;
    signal.throwIfAborted();
    if (!reply) {
      throw failure(
        `measuring ${task.workers} workers: the process ended (${by ?? code}); has the host the memory for it?`,
        { stage: "mask" },
      );
    }
    if ("measured" in reply) return reply.measured;
    const { code: name, exit, message } = reply.failed;
    throw new MasklineError(name, exit, `measuring ${task.workers} workers: ${message}`, {
      stage: "mask",
      retryable: exit === EXIT.failure,
    });
  } finally {
    signal.removeEventListener("abort", stop);
    stop();
  }
}

/** The middle one of repeated measurements by their rate, by workers. */
export function medians(measurements: readonly Measurement[]): Measurement[] {
  return [...Map.groupBy(measurements, ({ workers }) => workers).values()].map((same) => {
    const sorted = same.toSorted((a, b) => undisturbed(a).rowsPerSecond - undisturbed(b).rowsPerSecond);
    const peakBytes = Math.max(...same.map((one) => one.peakBytes));
    return { ...sorted[(sorted.length - 1) >> 1]!, peakBytes };
  });
}
