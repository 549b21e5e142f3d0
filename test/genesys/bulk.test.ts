/** Export and import of the seed dialect over HTTP and S3, against the stand-in, with its faults. */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, beforeEach, describe, it } from "node:test";
import { openApi } from "../../src/genesys/api.ts";
import { exportSeed } from "../../src/genesys/export.ts";
import { checkFiles, checkRows } from "../../src/genesys/exported.ts";
import { importCommitted } from "../../src/genesys/import.ts";
import { openJournal } from "../../src/genesys/journal.ts";
import { pauseReports, resumeReports } from "../../src/genesys/reports.ts";
import { openStore } from "../../src/store/store.ts";
import { bytes, hasCode } from "../store/contract.ts";
import { S3_SKIPPED, startS3 } from "../support/s3-server.ts";
import type { Fault, FaultOrder } from "./fake/faults.ts";
import { startFakeGenesys } from "./fake/server.ts";
import { exporting, importing, keyOf, signal, Told } from "./settings.ts";

const server = await startS3();
if (server) Object.assign(process.env, server.env);
const LINES = Array.from({ length: 20 }, (_, index) => `{"conversationId":"c-${index}"}\n`).join("");
const SCHEDULES = "/api/v2/analytics/reporting/schedules";
const reports = ["daily", "weekly"].map((name) => {
  return { name, pause: `${SCHEDULES}/${name}/pause`, resume: `${SCHEDULES}/${name}/resume` };
});

describe("bulk jobs", { skip: server ? false : S3_SKIPPED }, async () => {
  if (!server) return;
  const fake = await startFakeGenesys({ rows: 100, reports: ["daily", "weekly"] });
  const bucket = `genesys-${randomUUID()}`;
  await fake.makeBucket(bucket);
  const store = openStore(`s3://${bucket}/`);
  const api = () => {
    const client = { id: fake.client.id, secret: fake.client.secret };
    return openApi({ api: fake.url, login: fake.url, client, timeout: 20_000, version: "0" }, new Told());
  };
  let base: string;
  beforeEach(() => {
    fake.reset();
    base = `s3://${bucket}/${randomUUID()}/`;
  });
  after(async () => {
    await store.close();
    await fake.stop();
    await server.stop();
  });

  const journal = () => openJournal(store, `${base}out/_maskline/genesys/`, keyOf(), { fresh: false }, signal);
  const exported = async (own = signal) => {
    const organization = api();
    const settings = exporting({ staging: `${base}staging/` });
    return await exportSeed(organization, settings, await journal(), new Told(), own).finally(() =>
      organization.close(),
    );
  };
  const imported = async (more: object = {}, own = signal) => {
    const organization = api();
    await store.put(`${base}out/data.jsonl`, bytes(LINES), signal);
    const run = { runId: "run-a", rows: 20, output: `${base}out/`, environment: "sandbox" };
    const call = importCommitted(organization, importing(more), run, await journal(), new Told(), own);
    return await call.finally(() => organization.close());
  };
  const jobs = () => fake.state().jobs;
  const POST = (path: string): FaultOrder["match"] => ({ method: "POST", path });
  const GET = (path: string): FaultOrder["match"] => ({ method: "GET", path: `${path}/*-*` });
  const EXPORT = "/api/v2/data/export";
  const IMPORT = "/api/v2/data/import";
  const lost: Fault = { kind: "lost", when: "after" };

  it("export what is there, and its files are what they are said to be", async () => {
    const found = await exported();
    assert.equal(found.files.length, 3);
    assert.equal(
      found.files.reduce((sum, { rows }) => sum + rows, 0),
      100,
    );
    const checked = await checkFiles(found, store, signal);
    checkRows(
      found,
      checked,
      checked.map((object, index) => ({ object, rows: found.files[index]!.rows })),
    );
    assert.deepEqual(await exported(), found);
    assert.deepEqual(
      jobs().map(({ asked, kind }) => [kind, asked]),
      [["export", 1]],
    );
  });

  it("are asked for once where the reply is lost, and where the process ends before it comes", async () => {
    fake.fault({ match: POST(EXPORT), fault: lost });
    await exported();
    fake.fault({ match: POST(IMPORT), fault: { kind: "hold", when: "after" } });
    const controller = new AbortController();
    const ended = assert.rejects(imported({}, controller.signal));
    await fake.untilHeld();
    controller.abort(new Error("SIGTERM"));
    await ended;
    fake.release();
    assert.equal((await imported()).imported, 20);
    assert.deepEqual(
      jobs().map(({ kind, asked }) => [kind, asked]),
      [
        ["export", 2],
        ["import", 2],
      ],
    );
  });

  it("are waited for through states that nobody knows", async () => {
    fake.fault({ match: GET(EXPORT), fault: { kind: "state", state: "HIBERNATING" }, times: 2 });
    fake.fault({ match: GET(IMPORT), fault: { kind: "state", state: "COMPLETED_SOMEHOW" }, times: 5 });
    assert.equal((await exported()).files.length, 3);
    assert.equal((await imported()).state, "COMPLETED");
  });

  it("are asked for anew where they expire, fail or are cancelled", async () => {
    fake.fault({ match: GET(EXPORT), fault: { kind: "state", state: "EXPIRED" } });
    assert.equal((await exported()).jobId, jobs()[1]!.id);
    for (const state of ["FAILED", "CANCELLED"]) {
      fake.reset();
      base = `s3://${bucket}/${randomUUID()}/`;
      fake.fault({ match: GET(EXPORT), fault: { kind: "state", state, errorMessage: "John Doe" } });
      await assert.rejects(exported(), hasCode("ERR_FAILURE", 1, new RegExp(`ended as ${state}; see`)));
      assert.equal((await exported()).jobId, jobs()[1]!.id);
      fake.fault({ match: GET(IMPORT), fault: { kind: "state", state } });
      await assert.rejects(imported(), hasCode("ERR_FAILURE", 1, new RegExp(`ended as ${state}; see`)));
      assert.equal((await imported()).imported, 20);
    }
  });

  it("of a job that is there no more are asked for anew", async () => {
    const known = await journal();
    await known.update({ export: { askedAt: known.state.startedAt, attempt: 1, id: randomUUID() } }, signal);
    assert.equal((await exported()).jobId, jobs()[0]!.id);
  });

  for (const wrong of ["sha256", "size", "rowCount", "missing"] as const) {
    it(`export nothing that is read where a file's ${wrong} is wrong`, async () => {
      fake.fault({ match: POST(EXPORT), fault: { kind: "file", wrong, index: 1 } });
      const found = await exported();
      const check = async () => {
        const checked = await checkFiles(found, store, signal);
        const rows = (index: number) => found.files[index]!.rows - (wrong === "rowCount" && index === 1 ? 1 : 0);
        checkRows(
          found,
          checked,
          checked.map((object, index) => ({ object, rows: rows(index) })),
        );
      };
      await assert.rejects(check(), hasCode("ERR_BAD_INPUT", 5, /^checking .*part-00001\.parquet/));
    });
  }

  it("import what is there and nothing twice", async () => {
    const { state, total, imported: first } = await imported();
    assert.deepEqual([state, total, first], ["COMPLETED", 20, 20]);
    const finished = await journal();
    await finished.update({ finished: true }, signal);
    const { imported: second, skippedDuplicates } = await imported();
    assert.deepEqual([second, skippedDuplicates], [0, 20]);
    assert.equal(fake.records("sandbox").size, 20);
  });

  it("import nothing that counts where the counts differ", async () => {
    fake.fault({ match: POST(IMPORT), fault: { kind: "importCount", by: -1 } });
    await assert.rejects(imported(), hasCode("ERR_IMPORT_COUNT", 4));
    await store.put(`${base}out/another.jsonl`, bytes(`{"conversationId":"other"}\n`), signal);
    await assert.rejects(imported(), hasCode("ERR_IMPORT_COUNT", 4, /counted 21 records .* the manifest has 20/));
    await store.remove(`${base}out/another.jsonl`, signal);
    assert.equal((await imported()).skippedDuplicates, 20);
  });

  it("import the rest where records were refused that may be taken later", async () => {
    fake.fault({ match: POST(IMPORT), fault: { kind: "refuse", records: 3, retryable: true } });
    await assert.rejects(
      imported(),
      hasCode("ERR_IMPORT_PARTIAL", 1, /refused 3 of 20 records: service\.unavailable 3;/),
    );
    const { imported: rest, skippedDuplicates } = await imported();
    assert.deepEqual([rest, skippedDuplicates], [3, 17]);
  });

  it("import a part only where that is allowed", async () => {
    const refuse: Fault = { kind: "refuse", records: 2, retryable: false };
    fake.fault({ match: POST(IMPORT), fault: refuse, times: 2 });
    await assert.rejects(imported(), hasCode("ERR_IMPORT_PARTIAL", 4, /invalid\.value 2; .*allowPartial/));
    const { state, failed, errors } = await imported({ allowPartial: true });
    assert.deepEqual([state, failed, errors.length], ["COMPLETED_WITH_PARTIAL_RESULTS", 2, 2]);
  });

  it("import while reports stand still, and these run again afterwards", async () => {
    const organization = api();
    const own = await journal();
    fake.fault({ match: POST(SCHEDULES), fault: lost, times: 2 });
    await pauseReports(organization, reports, own, signal);
    assert.deepEqual(fake.state().reports, { daily: "paused", weekly: "paused" });
    await imported();
    fake.fault({ match: { path: `${SCHEDULES}/daily/resume` }, fault: { kind: "status", status: 403 } });
    await assert.rejects(resumeReports(organization, reports, await journal(), signal), /"daily" \(.*403/);
    assert.deepEqual(fake.state().reports, { daily: "paused", weekly: "running" });
    await resumeReports(organization, [], await journal(), signal);
    assert.deepEqual(fake.state().reports, { daily: "running", weekly: "running" });
    assert.deepEqual(fake.state().environments.sandbox?.violations, []);
    await organization.close();
  });
});
