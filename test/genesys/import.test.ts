/** The import: what is asked for, and when what was committed counts as loaded. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { MasklineError } from "../../src/errors.ts";
import { type Committed, importCommitted, importedFrom, importPayload } from "../../src/genesys/import.ts";
import { hasCode } from "../store/contract.ts";
import { JobsApi, type Script } from "./jobs-api.ts";
import { importing, journalIn, signal, Told, temporary } from "./settings.ts";

const PATH = "/api/v2/data/import";
const committed: Committed = { runId: "run-a", rows: 10, output: "s3://masked/v2/", environment: "sandbox" };
const counts = { total: 10, imported: 7, skippedDuplicates: 3, failed: 0, errors: [] };
const completed = { state: "COMPLETED", ...counts };
const good: Script = [{ state: "QUEUED" }, { state: "RUNNING" }, completed];
const error = (id: string, code: unknown, retryable: boolean) => ({
  id,
  error: { code, message: "John Doe +14155550100 is wrong", retryable },
});
const partial = (errors: object[], more: object = {}) => ({
  ...{ state: "COMPLETED_WITH_PARTIAL_RESULTS", total: 10, imported: 10 - errors.length, skippedDuplicates: 0 },
  ...{ failed: errors.length, errors, ...more },
});

async function started(...scripts: Script[]) {
  const place = await temporary();
  const api = new JobsApi((_, attempt) => scripts[Math.min(attempt, scripts.length - 1)]!);
  return {
    api,
    start: async (more: object = {}, what = committed, told = new Told()) =>
      importCommitted(api, importing(more), what, await journalIn(place), told, signal),
    state: async () => (await journalIn(place)).state,
  };
}

describe("the payload of an import", () => {
  it("is that of the contract", () => {
    const run = {
      ...committed,
      output: "s3://masked-data-bucket/v2/interactions/",
      environment: "sandbox-01-prod-mirror",
    };
    assert.equal(
      JSON.stringify(importPayload(importing(), run)),
      JSON.stringify({
        environmentId: "sandbox-01-prod-mirror",
        entityType: "interaction",
        format: "JSON_LINES",
        sourceLocation: {
          type: "AWS_S3",
          bucketName: "masked-data-bucket",
          region: "us-east-1",
          keyPrefix: "v2/interactions/",
        },
        options: { overwriteExisting: false, skipDuplicates: true },
      }),
    );
  });

  it("names the environment that is configured, and no prefix where there is none", () => {
    const payload = importPayload(importing({ environmentId: "other" }), { ...committed, output: "s3://masked" });
    assert.deepEqual((payload as Record<string, unknown>).environmentId, "other");
    const { sourceLocation } = payload as { sourceLocation: unknown };
    assert.deepEqual(sourceLocation, { type: "AWS_S3", bucketName: "masked", region: "us-east-1" });
  });

  it("cannot name a directory", () => {
    const region = { outputRegion: "us-east-1" };
    assert.throws(() => importedFrom("./out/{runId}/", region), hasCode("ERR_USAGE", 2, /genesys\.import.*use s3:/));
    assert.equal(importedFrom("s3://masked/{environment}/{runId}/", region).bucket, "masked");
  });
});

describe("an import", () => {
  it("is asked for once, waited for and noted", async () => {
    const { api, start, state } = await started(good);
    const told = new Told();
    const result = await start({}, committed, told);
    const expected = { jobId: "job-1", runId: "run-a", ...completed };
    assert.deepEqual(result, expected);
    assert.deepEqual((await state()).imported, expected);
    assert.deepEqual(told.states, ["import QUEUED", "import RUNNING", "import COMPLETED"]);
    assert.deepEqual(await start(), expected);
    assert.deepEqual(api.keys(PATH), [`${(await state()).id}-import-run-a-1`]);
    assert.equal(api.calls.filter(({ method }) => method === "POST").length, 1);
  });

  it("is found again after its reply was lost", async () => {
    const { api, start } = await started(good);
    api.harm = (moment, { method }) => {
      if (moment === "after" && method === "POST") throw new Error("reset");
    };
    await assert.rejects(start(), /reset/);
    api.harm = () => {};
    await start();
    assert.equal(api.jobs.length, 1);
  });

  it("that failed fails the start, without the vendor's words; the next asks anew", async () => {
    for (const state of ["FAILED", "CANCELLED"]) {
      const { api, start } = await started([{ ...counts, state, errorMessage: "John Doe" }], good);
      await assert.rejects(start(), (thrown: Error) => {
        assert.doesNotMatch(thrown.message, /John/);
        return hasCode("ERR_FAILURE", 1, new RegExp(`^importing run run-a: job job-1 ended as ${state}`))(thrown);
      });
      assert.equal((await start()).jobId, "job-2");
      assert.equal(new Set(api.keys(PATH)).size, 2);
    }
  });

  it("that expired or is gone is asked for anew", async () => {
    const { start } = await started([{ state: "EXPIRED" }], good);
    assert.equal((await start()).jobId, "job-2");
  });

  it("in a state that looks final but is not known does not count", async () => {
    const { start, state } = await started([{ ...counts, state: "COMPLETED_WITH_WARNINGS" }]);
    const poll = { every: "1ms", atMost: "1ms", deadline: "30ms" };
    await assert.rejects(start({ poll }), hasCode("ERR_FAILURE", 1, /^waiting for the import job job-1/));
    assert.equal((await state()).imported, undefined);
  });

  const wrong: Record<string, object> = {
    "fewer records than rows": { total: 9, imported: 6 },
    "more records than rows": { total: 11, imported: 8 },
    "a sum that is not the total": { imported: 6 },
    "refused ones, and yet completed": { imported: 6, failed: 1 },
    "no refused ones, and yet partial": { state: "COMPLETED_WITH_PARTIAL_RESULTS" },
    "no counts": { total: undefined },
    "counts that are none": { total: "10" },
    "a negative count": { imported: 11, skippedDuplicates: -1 },
  };
  for (const [what, more] of Object.entries(wrong)) {
    it(`with ${what} is not committed, whatever may be partial; the next start asks anew`, async () => {
      const { start, state } = await started([{ ...completed, ...more }], good);
      await assert.rejects(start({ allowPartial: true }), hasCode("ERR_IMPORT_COUNT", 4, /^importing run run-a/));
      assert.equal((await state()).imported, undefined);
      assert.equal((await start()).jobId, "job-2");
    });
  }

  it("of nothing is complete with nothing", async () => {
    const { start } = await started([{ ...completed, total: 0, imported: 0, skippedDuplicates: 0, errors: null }]);
    assert.equal((await start({}, { ...committed, rows: 0 })).total, 0);
  });

  it("that refuses records is tried again where all may be taken later, and only there", async () => {
    const later = error("rec-1", "conflict", true);
    const never = error("rec-2", "invalid.value", false);
    const cases: [object, number][] = [
      [partial([later, later]), 1],
      [partial([later, never]), 4],
      [partial([never]), 4],
      // Not all are named.
      [partial([later], { imported: 8, failed: 2 }), 4],
      [partial([], { imported: 8, failed: 2, errors: undefined }), 4],
    ];
    for (const [reply, exit] of cases) {
      const { start, state } = await started([reply as never], good);
      await assert.rejects(start(), hasCode("ERR_IMPORT_PARTIAL", exit, /refused \d of 10 records/));
      const { imported, import: asked } = await state();
      assert.equal(imported, undefined);
      assert.equal(asked?.refused?.total, 10);
      assert.equal((await start()).jobId, "job-2");
    }
  });

  it("that may be partial is, and names records by a hash that only the journal's key makes", async () => {
    const codes = [
      "invalid.value",
      "john@example.com",
      "call 415 555 0100",
      4111111111111111,
      "x".repeat(65),
      "4155550100",
    ];
    const errors = codes.map((code, index) => error(`rec-${index}`, code, false));
    const all: string[] = [];
    for (const _ of [1, 2]) {
      const { start, state } = await started([partial(errors)]);
      const result = await start({ allowPartial: true });
      assert.deepEqual([result.state, result.failed], ["COMPLETED_WITH_PARTIAL_RESULTS", 6]);
      assert.deepEqual(
        result.errors.map(({ code }) => code),
        ["invalid.value", "unknown", "unknown", "unknown", "unknown", "unknown"],
      );
      for (const { record } of result.errors) assert.match(record, /^[0-9a-f]{16}$/);
      assert.equal(new Set(result.errors.map(({ record }) => record)).size, 6);
      assert.doesNotMatch(JSON.stringify(await state()), /rec-|John|example\.com|555/);
      all.push(...result.errors.map(({ record }) => record));
    }
    // Another window, another key.
    assert.equal(new Set(all).size, 12);
  });

  it("that refuses very many names a hundred", async () => {
    const errors = Array.from({ length: 5000 }, (_, index) => error(`rec-${index}`, "invalid.value", false));
    const run = { ...committed, rows: 5000 };
    const { start } = await started([partial(errors, { total: 5000, imported: 0 })]);
    const { failed, errors: named } = await start({ allowPartial: true }, run);
    assert.deepEqual([failed, named.length], [5000, 100]);
  });

  it("shows nothing of a record in an error", async () => {
    const { start } = await started([partial([error("John Doe", "Doe, John", false)])]);
    await assert.rejects(start(), (thrown: unknown) => {
      assert.ok(thrown instanceof MasklineError);
      assert.doesNotMatch(`${thrown.stack} ${thrown.cause}`, /John|Doe|555 ?0100/);
      return true;
    });
  });

  it("of a run that was masked anew waits for the one before, and counts for itself", async () => {
    const slow: Script = [{ state: "QUEUED" }, { state: "RUNNING" }, { state: "RUNNING" }, completed];
    const { api, start } = await started(slow, good, good);
    let looks = 0;
    api.harm = (moment, { method }) => {
      if (moment === "before" && method === "GET" && ++looks === 2) throw new Error("killed");
    };
    await assert.rejects(start(), /killed/);
    api.harm = (moment, { method }) => {
      if (moment === "before" && method === "POST") assert.ok(api.jobs.every((job) => api.hasEnded(job)));
    };
    const other = { ...committed, runId: "run-b" };
    assert.equal((await start({}, other)).runId, "run-b");
    assert.equal((await start()).runId, "run-a");
    assert.equal(new Set(api.keys(PATH)).size, 3);
  });
});
