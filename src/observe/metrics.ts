import { Counter, Gauge, Registry } from "prom-client";
import type { ApiObserver } from "../genesys/types.ts";
import type { Plan } from "../input/plan.ts";
import type { ChangeKind } from "../policy/drift.ts";
import type { EncodedBatch, LeafCounts } from "../worker/messages.ts";

/** States of a run, as `/committed` tells them. */
export type RunState = "planning" | "exporting" | "running" | "committing" | "importing" | "committed" | "failed";

/** States that the vendor's jobs are known to have; any other could hold anything. */
const JOB_STATES: ReadonlySet<string> = new Set([
  ...["QUEUED", "PENDING", "RUNNING", "FULFILLED", "FAILED", "CANCELLED", "EXPIRED"],
  ...["COMPLETED", "COMPLETED_WITH_PARTIAL_RESULTS"],
]);

/**
 * The run's metrics: one method per fact, called per batch, never per row. Labels come from the plan (columns, masks)
 * or from fixed sets, so that no value of a record can become one.
 */
export class Metrics implements ApiObserver {
  readonly registry = new Registry();
  readonly #rows = this.#counter("maskline_rows_total", "Rows written to the output");
  readonly #inputBytes = this.#counter("maskline_input_bytes_total", "Bytes read from the inputs");
  readonly #outputBytes = this.#counter("maskline_output_bytes_total", "Bytes written to the outputs");
  readonly #batches = this.#counter("maskline_batches_total", "Record batches masked and written");
  readonly #parts = this.#counter("maskline_parts_total", "Parts (row groups, text files) written");
  readonly #stageSeconds = this.#counter("maskline_stage_seconds_total", "Seconds by stage, over all threads", [
    "stage",
  ]);
  readonly #backpressure = this.#counter(
    "maskline_backpressure_seconds_total",
    "Seconds waited for the store to take output",
  );
  readonly #masked = this.#counter("maskline_masked_values_total", "Values masked", ["column", "mask"]);
  readonly #hits = this.#counter("maskline_detector_hits_total", "Hits in free text", ["detector"]);
  readonly #retries = this.#counter("maskline_store_retries_total", "Store requests tried again", ["operation"]);
  readonly #restarts = this.#counter("maskline_worker_restarts_total", "Worker threads that ended and were replaced");
  readonly #apiRequests = this.#counter("maskline_api_requests_total", "Calls of an organization's API", [
    "endpoint",
    "status",
  ]);
  readonly #apiRetries = this.#counter("maskline_api_retries_total", "Calls of an API tried again", ["endpoint"]);
  readonly #apiWait = this.#counter("maskline_api_wait_seconds_total", "Seconds waited for the API's rate limit");
  readonly #jobPolls = this.#counter("maskline_job_polls_total", "Looks at a job, by the state that it was in", [
    "job",
    "state",
  ]);
  readonly #drift = this.#gauge("maskline_drift_fields", "Fields that differ from the approved schema", ["kind"]);
  readonly #inFlight = this.#gauge("maskline_in_flight_bytes", "Bytes of batches that wait for the output");
  readonly #plannedRows = this.#gauge("maskline_planned_rows", "Rows that the plan holds");
  readonly #committed = this.#gauge("maskline_committed", "1 once the run is committed");
  readonly #lastCommit = this.#gauge("maskline_last_commit_timestamp_seconds", "When the run was committed, Unix time");

  planned(plan: Plan): void {
    this.#plannedRows.set(plan.rows);
  }

  partRead(bytes: number): void {
    this.#inputBytes.inc(bytes);
  }

  partWritten(): void {
    this.#parts.inc();
  }

  batchWritten(
    leaves: readonly { readonly path: string; readonly mask: string }[],
    batch: EncodedBatch,
    bytes: number,
    waitedMs: number,
  ): void {
    this.#rows.inc(batch.rows);
    this.#batches.inc();
    this.#outputBytes.inc(bytes);
    this.#backpressure.inc(waitedMs / 1000);
    for (const [stage, ms] of Object.entries(batch.stages)) this.#stageSeconds.inc({ stage }, ms / 1000);
    for (const [index, counts] of batch.leaves.entries()) this.#leaf(leaves[index]!, counts);
  }

  chunkWritten(cpuSeconds: number): void {
    this.#stageSeconds.inc({ stage: "write" }, cpuSeconds);
  }

  inFlight(bytes: number): void {
    this.#inFlight.set(bytes);
  }

  storeRetried(operation: string): void {
    this.#retries.inc({ operation });
  }

  apiCalled(endpoint: string, status: string): void {
    this.#apiRequests.inc({ endpoint, status });
  }

  apiRetried(endpoint: string): void {
    this.#apiRetries.inc({ endpoint });
  }

  apiWaited(seconds: number): void {
    this.#apiWait.inc(seconds);
  }

  jobState(job: Parameters<ApiObserver["jobState"]>[0], state: string): void {
    this.#jobPolls.inc({ job, state: JOB_STATES.has(state) ? state : "other" });
  }

  drifted(kind: ChangeKind, fields: number): void {
    this.#drift.set({ kind }, fields);
  }

  workerRestarted(): void {
    this.#restarts.inc();
  }

  committed(): void {
    this.#committed.set(1);
    this.#lastCommit.set(Date.now() / 1000);
  }

  #leaf({ path, mask }: { readonly path: string; readonly mask: string }, counts: LeafCounts): void {
    if (counts.masked > 0) this.#masked.inc({ column: path, mask }, counts.masked);
    for (const [detector, hits] of Object.entries(counts.hits)) this.#hits.inc({ detector }, hits);
  }

  #counter(name: string, help: string, labelNames: string[] = []): Counter {
    return new Counter({ name, help, labelNames, registers: [this.registry] });
  }

  #gauge(name: string, help: string, labelNames: string[] = []): Gauge {
    return new Gauge({ name, help, labelNames, registers: [this.registry] });
  }
}
