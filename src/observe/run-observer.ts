import type { RunObserver } from "../run.ts";
import type { Log } from "./log.ts";
import type { Metrics } from "./metrics.ts";
import type { Progress } from "./progress.ts";
import type { RunStatus } from "./server.ts";

/** Milliseconds after which it is said again that a job is where it was. */
const SAID_AGAIN = 60_000;

/** Tells metrics, progress, the endpoints and the log of a run. */
export function observeRun(metrics: Metrics, progress: Progress, status: RunStatus, log: Log): RunObserver {
  const states = new Map<string, { readonly state: string; readonly at: number }>();
  const leavesOf = new WeakMap<object, { path: string; mask: string }[]>();
  const drifted: RunObserver["drifted"] = (drifts) => {
    for (const [kind, own] of Map.groupBy(drifts, (one) => one.kind)) metrics.drifted(kind, own.length);
  };
  return {
    planned: ({ plan, pool, identity, lock, quarantined, warnings }) => {
      metrics.planned(plan);
      progress.planned(plan.rows);
      Object.assign(status, {
        state: "running",
        plannedRows: plan.rows,
        runId: identity.runId,
        environment: identity.environment,
      });
      log.info(
        { run: identity.runId, objects: plan.objects.length, rows: plan.rows, workers: pool.workers },
        "planned",
      );
      for (const warning of warnings) log.warn(warning);
      for (const { message, ...about } of plan.warnings) log.warn(about, message);
      if (!lock.drifts) log.info({ lock: lock.file }, "no schema was approved yet; maskline drift --approve does it");
      drifted(lock.drifts ?? []);
      for (const { kind, path } of lock.drifts ?? [])
        log.info({ path, change: kind }, "differs from what was approved");
      for (const { object, reason } of quarantined)
        log.warn({ object: object.uri, reason }, "an unreadable input is left out");
    },
    partRead: (bytes) => metrics.partRead(bytes),
    partWritten: () => metrics.partWritten(),
    inFlight: (bytes) => metrics.inFlight(bytes),
    chunkWritten: (cpuSeconds) => metrics.chunkWritten(cpuSeconds),
    batchWritten: (object, batch, bytes, waitedMs) => {
      const leaves = leavesOf.get(object) ?? object.leaves.map(({ path, decision }) => ({ path, mask: decision.mask }));
      leavesOf.set(object, leaves);
      metrics.batchWritten(leaves, batch, bytes, waitedMs);
      status.rows += batch.rows;
      progress.add(batch.rows, batch.jsonBytes);
    },
    committing: () => {
      status.state = "committing";
    },
    leftOut: ({ object, reason }) => log.warn({ object: object.uri, reason }, "an unreadable input is left out"),
    stage: (state) => {
      progress.done();
      status.state = state;
      log.info(state);
    },
    goingOn: (id) => log.info({ id }, "going on with what was exported"),
    warned: (message) => log.warn(message),
    drifted,
    storeRetried: (operation) => metrics.storeRetried(operation),
    workerRestarted: () => metrics.workerRestarted(),
    apiCalled: (endpoint, answer) => metrics.apiCalled(endpoint, answer),
    apiRetried: (endpoint) => {
      metrics.apiRetried(endpoint);
      log.warn({ endpoint }, "a call of Genesys Cloud is tried again");
    },
    apiWaited: (seconds) => {
      metrics.apiWaited(seconds);
      if (seconds >= 1) log.info({ seconds }, "waited for the rate limit of Genesys Cloud");
    },
    jobState: (job, state, id) => {
      metrics.jobState(job, state);
      // A job is looked at many times.
      const now = performance.now();
      const last = states.get(job);
      if (last?.state === state && now - last.at < SAID_AGAIN) return;
      states.set(job, { state, at: now });
      log.info({ id }, `the ${job} job is ${state}`);
    },
    committed: ({ manifest, manifestUri, imported }) => {
      metrics.committed();
      const { runId, rows, outputs, finishedAt, environment } = manifest;
      const summary = { state: "committed", runId, environment, rows, finishedAt, outputs, manifest: manifestUri };
      Object.assign(status, { state: "committed", committed: { ...summary, ...(imported && { imported }) } });
    },
  };
}
