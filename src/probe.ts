/**
 * One measurement of `maskline size`, in a process of its own so that its memory and CPU time are nobody else's: the
 * parent sends the work, this masks it again and again as a dry run does, and answers once.
 */
import { randomBytes } from "node:crypto";
import { EXIT, MasklineError, messageOf } from "./errors.ts";
import type { ObjectPlan } from "./input/plan.ts";
import { sharesOf, writerCount } from "./input/resources.ts";
import { maskAndCommit } from "./masking.ts";
import { Metrics } from "./observe/metrics.ts";
import { Writers } from "./output/writers.ts";
import type { Prepared } from "./prepare.ts";
import { delaysOf, threadTimes } from "./size/threads.ts";
import type { Measurement, ProbeReply, ProbeTask } from "./size/types.ts";
import { type Times, Window } from "./size/window.ts";
import type { EncodedBatch } from "./worker/messages.ts";
import { WorkerPool } from "./worker/pool.ts";

// A parent that is gone wants no answer.
process.once("disconnect", () => process.exit(EXIT.failure));
process.once("message", (task: ProbeTask) => {
  void probe(task)
    .then((measured): ProbeReply => ({ measured }), refused)
    .then((reply) => process.send!(reply, () => process.disconnect()));
});

async function probe({ work, objects, workers, seconds, version }: ProbeTask): Promise<Measurement> {
  const { environment, runtime, verify } = work.config;
  // The output is thrown away: any key takes as long as the real one, which stays where it is.
  const key = randomBytes(32);
  const shares = sharesOf(work.plan, work.output, workers, runtime.memory);
  const setup = { environment, key, previousKey: key, verify };
  const pool = new WorkerPool({ workers, setup, stallTimeout: runtime.stallTimeout });
  // As many as in a run, which may have one object where this has it many times over.
  await using writers = new Writers({}, work.output, writerCount(objects, workers));
  const close = () => pool.close();
  await using prepared: Prepared = { ...work, pool, writers, shares, stores: {}, [Symbol.asyncDispose]: close };
  const enough = new AbortController();
  const clocks = { times, delays: () => delaysOf(threadTimes(), process.pid, workers) };
  const window = new Window(workers, seconds, clocks, () => enough.abort());
  const metrics = new Metrics();
  const observer = {
    planned: () => {},
    committing: () => {},
    leftOut: () => {},
    partRead: (bytes: number) => metrics.partRead(bytes),
    partWritten: () => metrics.partWritten(),
    inFlight: (bytes: number) => {
      metrics.inFlight(bytes);
      window.inFlight(bytes);
    },
    chunkWritten: (cpuSeconds: number) => window.wrote(cpuSeconds),
    batchWritten: ({ leaves }: ObjectPlan, batch: EncodedBatch, bytes: number, waitedMs: number) => {
      metrics.batchWritten(
        leaves.map(({ path, decision: { mask } }) => ({ path, mask })),
        batch,
        bytes,
        waitedMs,
      );
      window.written(batch.rows, bytes);
    },
  };
  try {
    for (;;)
      await maskAndCommit(prepared, { dryRun: true, replace: false }, observer, { version, signal: enough.signal });
  } catch (error) {
    if (!enough.signal.aborted) throw error;
  }
  const { bytes, rows } = work.plan;
  // In kilobytes everywhere.
  const peakBytes = process.resourceUsage().maxRSS * 1024;
  return { inputBytesPerRow: bytes / rows, peakBytes, ...window.result() };
}

function times(): Times {
  const all = process.cpuUsage();
  const main = process.threadCpuUsage();
  return {
    wall: performance.now() / 1000,
    cpu: (all.user + all.system) / 1e6,
    main: (main.user + main.system) / 1e6,
  };
}

/** Errors do not keep their class over a process's edge. */
function refused(error: unknown): ProbeReply {
  const known = error instanceof MasklineError;
  const { code, exit } = known ? error : { code: "ERR_UNEXPECTED", exit: EXIT.failure };
  return { failed: { code, exit, message: messageOf(error) } };
}
