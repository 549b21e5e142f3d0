/** Metrics of what others tell: their labels come from closed sets. */
import assert from "node:assert/strict";
import { it } from "node:test";
import { Metrics } from "../../src/observe/metrics.ts";

it("a job's state that is not known is no label", async () => {
  const metrics = new Metrics();
  for (const state of ["PENDING", "PENDING", "COMPLETED_WITH_PARTIAL_RESULTS", "Rosalindah", "constructor"]) {
    metrics.jobState("import", state);
  }
  const text = await metrics.registry.getSingleMetricAsString("maskline_job_polls_total");
  assert.deepEqual(text.split("\n").slice(2).toSorted(), [
    'maskline_job_polls_total{job="import",state="COMPLETED_WITH_PARTIAL_RESULTS"} 1',
    'maskline_job_polls_total{job="import",state="PENDING"} 2',
    'maskline_job_polls_total{job="import",state="other"} 2',
  ]);
});

it("calls of an API, retries, waits and drift are told", async () => {
  const metrics = new Metrics();
  metrics.apiCalled("token", "200");
  metrics.apiCalled("export", "error");
  metrics.apiRetried("export");
  metrics.apiWaited(1.5);
  metrics.apiWaited(2);
  metrics.drifted("added", 3);
  metrics.drifted("added", 0);
  const text = await metrics.registry.metrics();
  for (const line of [
    'maskline_api_requests_total{endpoint="token",status="200"} 1',
    'maskline_api_requests_total{endpoint="export",status="error"} 1',
    'maskline_api_retries_total{endpoint="export"} 1',
    "maskline_api_wait_seconds_total 3.5",
    'maskline_drift_fields{kind="added"} 0',
  ]) {
    assert.ok(text.split("\n").includes(line), line);
  }
});
