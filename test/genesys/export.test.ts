/** The bulk export: what is asked for, how often, and what of the reply is believed. */
import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { describe, it } from "node:test";
import { exportPayload, exportSeed, stagingOf } from "../../src/genesys/export.ts";
import { checkFiles, checkRows } from "../../src/genesys/exported.ts";
import type { Exported } from "../../src/genesys/types.ts";
import { bytes, hasCode } from "../store/contract.ts";
import { JobsApi, type Script } from "./jobs-api.ts";
import { exporting, journalIn, signal, Told, temporary } from "./settings.ts";

const PATH = "/api/v2/data/export";
const SHA = "ab".repeat(32);
const file = { key: "exports/a.parquet", size: 10, sha256: SHA, rowCount: 3 };
const fulfilled = { state: "FULFILLED", files: [file], schemaVersion: "7" };
const good: Script = [{ state: "QUEUED" }, { state: "PENDING" }, fulfilled];
const expired: Script = [{ state: "QUEUED" }, { state: "EXPIRED" }];

/** An export whose n-th job goes as the n-th script has it, the last for all that follow. */
async function started(...scripts: Script[]) {
  const place = await temporary();
  const api = new JobsApi((_, attempt) => scripts[Math.min(attempt, scripts.length - 1)]!);
  const settings = exporting();
  return {
    api,
    place,
    /** As a process of its own: all that it knows is in the journal. */
    start: async (told = new Told()) => exportSeed(api, settings, await journalIn(place), told, signal),
    state: async () => (await journalIn(place)).state,
  };
}

describe("the payload of an export", () => {
  it("is that of the contract", () => {
    const filters = [{ field: "direction", operator: "EQ", value: "INBOUND" }];
    const whole = { staging: "s3://prod-export-bucket-temp", include: ["recordingContent", "transcript"], filters };
    assert.equal(
      JSON.stringify(exportPayload(exporting(whole))),
      JSON.stringify({
        entityType: "interaction",
        dateRange: { type: "FIFO", windowSizeSeconds: 604800 },
        destination: { type: "AWS_S3", bucketName: "prod-export-bucket-temp", region: "us-east-1" },
        filters: [{ field: "direction", operator: "EQ", value: "INBOUND" }],
      }),
    );
  });

  it("has interval, prefix and what is left out where there are such", () => {
    const interval = "2026-11-16T00:00:00Z/2026-11-23T00:00:00Z";
    const more = { interval, staging: "s3://staging/exports/nightly", include: ["transcript"] };
    assert.deepEqual(exportPayload(exporting({ ...more, stagingRegion: "eu-central-1", entityType: "call" })), {
      entityType: "call",
      dateRange: { type: "INTERVAL", interval },
      destination: { type: "AWS_S3", bucketName: "staging", region: "eu-central-1", keyPrefix: "exports/nightly/" },
      filters: [],
      excludeFields: ["recordingContent"],
    });
  });

  it("cannot name a directory", () => {
    assert.throws(
      () => stagingOf(exporting({ staging: "/var/exports/" })),
      hasCode("ERR_USAGE", 2, /genesys\.export\.staging.*use s3:/),
    );
  });
});

describe("an export", () => {
  it("is asked for once, waited for and noted", async () => {
    const { api, start, state } = await started(good);
    const told = new Told();
    const exported = await start(told);
    assert.deepEqual(exported, {
      jobId: "job-1",
      files: [{ uri: "s3://staging/exports/a.parquet", size: 10, sha256: SHA, rows: 3 }],
      schemaVersion: "7",
    });
    assert.deepEqual(told.states, ["export QUEUED", "export PENDING", "export FULFILLED"]);
    assert.deepEqual(await start(), exported);
    assert.equal(api.calls.filter(({ method }) => method === "POST").length, 1);
    assert.deepEqual(api.keys(PATH), [`${(await state()).id}-export-1`]);
  });

  it("stands in the journal before it is asked for, with its window", async () => {
    const interval = "2026-11-16T00:00:00Z/2026-11-23T00:00:00Z";
    const place = await temporary();
    const api = new JobsApi(() => good);
    api.harm = () => {
      throw new Error("no network");
    };
    const settings = exporting({ interval });
    const begun = new Date().toISOString();
    await assert.rejects(exportSeed(api, settings, await journalIn(place), new Told(), signal), /no network/);
    const { state } = await journalIn(place);
    assert.equal(state.interval, interval);
    assert.ok(state.export!.askedAt >= begun && state.export!.id === undefined);
  });

  it("is found again after its reply was lost", async () => {
    const { api, start } = await started(good);
    api.harm = (moment, { method }) => {
      if (moment === "after" && method === "POST") throw new Error("reset");
    };
    await assert.rejects(start(), /reset/);
    api.harm = () => {};
    assert.equal((await start()).jobId, "job-1");
    assert.equal(api.jobs.length, 1);
  });

  it("that nothing fell into is an export of no files", async () => {
    const { start, state } = await started([{ ...fulfilled, files: [] }]);
    assert.deepEqual((await start()).files, []);
    assert.deepEqual((await state()).exported?.files, []);
  });

  it("that expired is asked for anew, but not for ever", async () => {
    const { api, start, state } = await started(expired, good);
    assert.equal((await start()).jobId, "job-2");
    const { id } = await state();
    assert.deepEqual(api.keys(PATH), [`${id}-export-1`, `${id}-export-2`]);

    const never = await started(expired);
    await assert.rejects(never.start(), hasCode("ERR_FAILURE", 1, /expired/));
    assert.equal(never.api.jobs.length, 3);
    await assert.rejects(never.start(), hasCode("ERR_FAILURE", 1, /expired/));
    assert.equal(new Set(never.api.keys(PATH)).size, 6);
  });

  it("that failed or was cancelled fails the start, without the vendor's words; the next asks anew", async () => {
    for (const state of ["FAILED", "CANCELLED"]) {
      const { api, start } = await started([{ state, errorMessage: "John Doe +14155550100" }], good);
      await assert.rejects(start(), (error: Error) => {
        hasCode("ERR_FAILURE", 1, new RegExp(`^exporting: job job-1 ended as ${state}`))(error);
        assert.doesNotMatch(JSON.stringify([error.message, String(error.cause)]), /John/);
        return true;
      });
      assert.equal(api.jobs.length, 1);
      assert.equal((await start()).jobId, "job-2");
    }
  });

  it("that an earlier start asked for and nobody knows any more is asked for anew", async () => {
    const { api, start } = await started([{ state: "PENDING" }, "gone"], good);
    let looks = 0;
    api.harm = (moment, { method }) => {
      if (moment === "before" && method === "GET" && ++looks === 2) throw new Error("killed");
    };
    await assert.rejects(start(), /killed/);
    assert.equal((await start()).jobId, "job-2");
  });

  it("that was accepted just now and is not seen yet is not asked for twice", async () => {
    const { api, start } = await started(["gone", "gone", ...good]);
    await assert.rejects(start(), hasCode("ERR_FAILURE", 1, /^looking at the export job job-1: .*start again/));
    assert.equal(api.jobs.length, 1);
  });

  it("does not take an answer that is none of the job's for its absence", async () => {
    const { api, start } = await started(good);
    for (const answer of [new Error("no network"), { status: 404 }]) {
      api.harm = (moment, { method }) => {
        if (moment === "before" && method === "GET") throw answer;
      };
      await assert.rejects(start(), (thrown) => thrown === answer);
    }
    assert.equal(api.jobs.length, 1);
  });

  it("does not go on with a reply that names no job", async () => {
    for (const reply of [undefined, {}, { id: 7 }, { id: "../x" }, { id: ".." }, { id: "a/b" }]) {
      const place = await temporary();
      const api = { call: async () => reply, close: async () => {} };
      const start = exportSeed(api, exporting(), await journalIn(place), new Told(), signal);
      await assert.rejects(start, hasCode("ERR_FAILURE", 1, /^asking for an export: the reply names no job/));
    }
  });

  const wrong: Record<string, object> = {
    "no files": { files: undefined },
    "a file that is none": { files: ["a.parquet"] },
    "a key elsewhere in the bucket": { files: [{ ...file, key: "other/a.parquet" }] },
    "a key that climbs": { files: [{ ...file, key: "exports/../other/a.parquet" }] },
    "a key of the prefix itself": { files: [{ ...file, key: "exports/" }] },
    "a key with a line break": { files: [{ ...file, key: "exports/a\nb.parquet" }] },
    "a key twice": { files: [file, file] },
    "a negative size": { files: [{ ...file, size: -1 }] },
    "half a row": { files: [{ ...file, rowCount: 1.5 }] },
    "rows as text": { files: [{ ...file, rowCount: "3" }] },
    "a hash in upper case": { files: [{ ...file, sha256: SHA.toUpperCase() }] },
    "a short hash": { files: [{ ...file, sha256: "ab" }] },
  };
  for (const [what, more] of Object.entries(wrong)) {
    it(`with ${what} is refused and not noted`, async () => {
      const { start, state } = await started([{ ...fulfilled, ...more }]);
      await assert.rejects(start(), hasCode("ERR_BAD_INPUT", 5, /^reading what the export job job-1 wrote: .*--fresh/));
      assert.equal((await state()).exported, undefined);
    });
  }
});

describe("exported files", () => {
  /** More than one ranged read. */
  const content = {
    "big.parquet": randomBytes((8 << 20) + 17),
    "small.parquet": bytes("abc"),
    "none.parquet": bytes(""),
  };

  async function staged() {
    const { store, uri } = await temporary();
    const files = [];
    for (const [name, body] of Object.entries(content)) {
      await store.put(uri + name, body, signal);
      const sha256 = createHash("sha256").update(body).digest("hex");
      files.push({ uri: uri + name, size: body.length, sha256, rows: body.length });
    }
    return { store, exported: { jobId: "job-1", files } satisfies Exported };
  }

  it("that are what the job said pass, in their order", async () => {
    const { store, exported } = await staged();
    const checked = await checkFiles(exported, store, signal);
    assert.deepEqual(
      checked.map(({ uri, size }) => [uri, size]),
      exported.files.map(({ uri, size }) => [uri, size]),
    );
    assert.deepEqual(await checkFiles({ jobId: "job-2", files: [] }, store, signal), []);
  });

  it("of another content, of another size, or missing, are named", async () => {
    for (const index of [0, 1, 2]) {
      const { store, exported } = await staged();
      const { uri, size } = exported.files[index]!;
      const named = (what: string) => hasCode("ERR_BAD_INPUT", 5, new RegExp(`^checking .*${name}.*: ${what}`));
      const name = uri.split("/").at(-1)!;
      const [object] = await store.list(uri, signal);
      const body = await store.read(object!, { start: 0, end: size }, signal);
      if (size > 0) {
        // The last byte only.
        body[size - 1]! ^= 1;
        await store.put(uri, body, signal);
        await assert.rejects(checkFiles(exported, store, signal), named("its SHA-256"));
      }
      await store.put(uri, Buffer.concat([body, bytes("x")]), signal);
      await assert.rejects(checkFiles(exported, store, signal), named(`it has ${size + 1} bytes`));
      await store.remove(uri, signal);
      await assert.rejects(checkFiles(exported, store, signal), named("it is not there"));
    }
  });

  it("of other rows, changed since, left out or added, are named", async () => {
    const { store, exported } = await staged();
    const checked = await checkFiles(exported, store, signal);
    const inputs = checked.map((object) => ({ object, rows: object.size }));
    const [first, second, third] = inputs as [(typeof inputs)[0], (typeof inputs)[0], (typeof inputs)[0]];
    const named = (what: string) => hasCode("ERR_BAD_INPUT", 5, new RegExp(`^checking .*: ${what}`));
    checkRows(exported, checked, [third, first, second]);
    assert.throws(() => checkRows(exported, checked, [first, second]), named("it is not among the inputs"));
    assert.throws(() => checkRows(exported, checked, [first, { ...second, rows: 4 }, third]), named("it has 4 rows"));
    const changed = { ...second, object: { ...second.object, etag: "other" } };
    assert.throws(() => checkRows(exported, checked, [first, changed, third]), named("it changed"));
    const added = { ...second, object: { ...second.object, uri: `${second.object.uri}x` } };
    assert.throws(() => checkRows(exported, checked, [...inputs, added]), named("the job did not write it"));
  });
});
