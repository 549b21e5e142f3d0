/** The journal: what is gone on with, what begins anew, and what a damaged one does. */
import assert from "node:assert/strict";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, it } from "node:test";
import fc from "fast-check";
import { failure } from "../../src/errors.ts";
import { findJournal, openJournal, requireSame } from "../../src/genesys/journal.ts";
import type { AskedJob, ExportedFile, ImportResult, JournalState } from "../../src/genesys/types.ts";
import { hasCode } from "../store/contract.ts";
import { keyOf, signal, temporary } from "./settings.ts";

const INTERVAL = "2026-11-16T00:00:00Z/2026-11-23T00:00:00Z";
const on = { fresh: false };

const time = fc
  .date({ min: new Date("2020-01-01"), max: new Date("2040-01-01"), noInvalidDate: true })
  .map((date) => date.toISOString());
const count = fc.maxSafeNat();
const text = fc.string({ unit: "binary", maxLength: 30 }).map((one) => one.toWellFormed());
const optional = { requiredKeys: [] };
const job: fc.Arbitrary<AskedJob> = fc.record(
  { askedAt: time, attempt: fc.integer({ min: 1, max: 99 }), id: text, ended: text },
  { requiredKeys: ["askedAt"] },
);
const file: fc.Arbitrary<ExportedFile> = fc.record({ uri: text, size: count, sha256: text, rows: count });
const result: fc.Arbitrary<ImportResult> = fc.record({
  jobId: text,
  runId: text,
  state: fc.constantFrom("COMPLETED", "COMPLETED_WITH_PARTIAL_RESULTS"),
  ...{ total: count, imported: count, skippedDuplicates: count, failed: count },
  errors: fc.array(fc.record({ record: text, code: text, retryable: fc.boolean() }), { maxLength: 3 }),
});
const change: fc.Arbitrary<Partial<JournalState>> = fc.record(
  {
    interval: text,
    export: job,
    pages: fc.record(
      { cursor: text, files: fc.array(file, { maxLength: 3 }), done: fc.boolean() },
      { requiredKeys: ["files", "done"] },
    ),
    exported: fc.record(
      { jobId: text, files: fc.array(file, { maxLength: 3 }), schemaVersion: text },
      { requiredKeys: ["jobId", "files"] },
    ),
    import: fc
      .tuple(job, text, fc.option(result, { nil: undefined }))
      .map(([one, runId, refused]) => ({ ...one, runId, ...(refused && { refused }) })),
    committed: fc.record({ runId: text, output: text, made: text }),
    paused: fc.array(fc.record({ name: text, resume: text }), { maxLength: 3 }),
    imported: result,
  },
  optional,
);

describe("the journal", () => {
  it("is gone on with as it was stored, whatever was written to it", async () => {
    const { store, uri } = await temporary();
    let place = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(change, { maxLength: 4 }), async (changes) => {
        const directory = `${uri}${place++}/`;
        const journal = await openJournal(store, directory, keyOf(), on, signal);
        let expected: JournalState = { ...journal.state };
        for (const one of changes) {
          await journal.update(one, signal);
          expected = { ...expected, ...one };
        }
        assert.deepEqual(plain(journal.state), plain(expected));
        const again = await openJournal(store, directory, keyOf(), on, signal);
        assert.deepEqual(plain(again.state), plain(expected));
      }),
      { numRuns: 50 },
    );
  });

  it("of a window that moves is followed by another once it is finished", async () => {
    const { store, uri } = await temporary();
    const first = await openJournal(store, uri, keyOf(), on, signal);
    await first.update({ committed: { runId: "r", output: "s3://masked/", made: "m" } }, signal);
    const again = await openJournal(store, uri, keyOf(), on, signal);
    assert.equal(again.state.id, first.state.id);
    await again.update({ finished: true }, signal);
    const second = await openJournal(store, uri, keyOf(), on, signal);
    assert.notEqual(second.state.id, first.state.id);
    assert.deepEqual(Object.keys(second.state).toSorted(), ["id", "settings", "startedAt"]);
    assert.deepEqual((await openJournal(store, uri, keyOf(), on, signal)).state, second.state);
  });

  it("of an interval is given back as it was finished, unless a new one is wanted", async () => {
    const { store, uri } = await temporary();
    const key = keyOf({ interval: INTERVAL });
    const first = await openJournal(store, uri, key, on, signal);
    await first.update({ interval: INTERVAL, finished: true }, signal);
    assert.deepEqual((await openJournal(store, uri, key, on, signal)).state, first.state);
    const fresh = await openJournal(store, uri, key, { fresh: true }, signal);
    assert.notEqual(fresh.state.id, first.state.id);
    assert.equal(fresh.state.finished, undefined);
  });

  it("that begins anew keeps what is paused", async () => {
    const { store, uri } = await temporary();
    const paused = [{ name: "daily", resume: "/reports/daily/resume" }];
    const first = await openJournal(store, uri, keyOf(), on, signal);
    await first.update({ paused, export: { askedAt: first.state.startedAt } }, signal);
    const fresh = await openJournal(store, uri, keyOf(), { fresh: true }, signal);
    assert.deepEqual(fresh.state.paused, paused);
    assert.equal(fresh.state.export, undefined);
    await fresh.update({ finished: true }, signal);
    assert.deepEqual((await openJournal(store, uri, keyOf(), on, signal)).state.paused, paused);
  });

  it("that begins anew keeps what is staged, until that is cleaned", async () => {
    const { store, uri } = await temporary();
    const file = (name: string) => ({ uri: `s3://staging/${name}`, size: 1, sha256: "0", rows: 1 });
    const first = await openJournal(store, uri, keyOf(), on, signal);
    await first.update({ exported: { jobId: "1", files: [file("a")] } }, signal);
    const second = await openJournal(store, uri, keyOf(), { fresh: true }, signal);
    await second.update({ pages: { files: [file("b")], done: false } }, signal);
    const third = await openJournal(store, uri, keyOf(), { fresh: true }, signal);
    assert.deepEqual(third.state.left, [file("a"), file("b")]);
    await third.update({ left: [], exported: { jobId: "3", files: [file("c")] }, finished: true }, signal);
    assert.equal((await openJournal(store, uri, keyOf(), { fresh: true }, signal)).state.left, undefined);
  });

  it("is one for two processes that begin at once", async () => {
    const { store, uri } = await temporary();
    const both = await Promise.all([1, 2, 3].map(() => openJournal(store, uri, keyOf(), on, signal)));
    assert.equal(new Set(both.map(({ state }) => state.id)).size, 1);
  });

  it("of other settings is not gone on with while it is not finished, and is said so by their names", async () => {
    const others = {
      "export.window": [keyOf({ window: "1d" }), keyOf({ interval: INTERVAL })],
      "export.staging": [keyOf({ staging: "s3://staging/other/" })],
      "export.filters": [keyOf({ filters: [{ field: "direction", operator: "EQ", value: "INBOUND" }] })],
      "export.api": [keyOf({ region: "mypurecloud.de" })],
      "import.environmentId": [keyOf({}, { environmentId: "other" })],
    };
    for (const [name, keys] of Object.entries(others)) {
      for (const key of keys) {
        const { store, uri } = await temporary();
        const first = await openJournal(store, uri, keyOf(), on, signal);
        await first.update({ export: { askedAt: first.state.startedAt } }, signal);
        const second = await openJournal(store, uri, key, on, signal);
        assert.equal(second.state.id, first.state.id);
        assert.throws(
          () => requireSame(second, key),
          hasCode("ERR_USAGE", 2, new RegExp(`genesys\\.${name}.*--fresh`)),
        );
        assert.equal(await findJournal(store, uri, key, signal), undefined);
        await second.update({ finished: true }, signal);
        const third = await openJournal(store, uri, key, on, signal);
        assert.notEqual(third.state.id, first.state.id);
        requireSame(third, key);
      }
    }
  });

  it("that has asked for nothing yet takes other settings: those may have been what was wrong", async () => {
    const { store, uri } = await temporary();
    const first = await openJournal(store, uri, keyOf({ region: "mypurecloud.ie" }), on, signal);
    const key = keyOf({ region: "mypurecloud.de" });
    const second = await openJournal(store, uri, key, on, signal);
    assert.notEqual(second.state.id, first.state.id);
    requireSame(second, key);
  });

  it("knows how the window was masked that was imported before it", async () => {
    const { store, uri } = await temporary();
    const counts = { total: 1, imported: 1, skippedDuplicates: 0, failed: 0, errors: [] };
    const imported = { jobId: "j", runId: "r", state: "COMPLETED", ...counts } as const;
    const first = await openJournal(store, uri, keyOf(), on, signal);
    await first.update({ committed: { runId: "r", output: "s3://m/", made: "a" }, imported, finished: true }, signal);
    const second = await openJournal(store, uri, keyOf(), on, signal);
    assert.deepEqual(second.state.masks, { runId: "r", made: "a" });
    await second.update({ finished: true }, signal);
    assert.deepEqual((await openJournal(store, uri, keyOf(), on, signal)).state.masks, { runId: "r", made: "a" });
  });

  it("is gone on with whatever changes of what decides neither what is exported nor where it goes", async () => {
    const { store, uri } = await temporary();
    const { state } = await openJournal(store, uri, keyOf(), on, signal);
    const same = [
      ...[keyOf({ poll: { every: "9s" } }), keyOf({ afterwards: "keep" })],
      ...[keyOf({ client: { id: { env: "A" }, secret: { env: "B" } } })],
      ...[keyOf({}, { allowPartial: true }), keyOf({}, { reports: [{ name: "a", pause: "/p", resume: "/r" }] })],
    ];
    for (const key of same) {
      const journal = await openJournal(store, uri, key, on, signal);
      assert.equal(journal.state.id, state.id);
      requireSame(journal, key);
    }
  });

  it("is another one for another output, and for another entity", async () => {
    const { store, uri } = await temporary();
    const keys = [
      keyOf(),
      keyOf({}, {}, "s3://other/"),
      keyOf({ entityType: "survey" }),
      keyOf({ dialect: "analytics" }),
    ];
    const ids = new Set<string>();
    for (const key of keys) ids.add((await openJournal(store, uri, key, on, signal)).state.id);
    assert.equal(ids.size, keys.length);
  });

  it("is one for two processes that begin at once after a finished one", async () => {
    const { store, uri } = await temporary();
    await (await openJournal(store, uri, keyOf(), on, signal)).update({ finished: true }, signal);
    const both = await Promise.all([1, 2, 3].map(() => openJournal(store, uri, keyOf(), on, signal)));
    assert.equal(new Set(both.map(({ state }) => state.id)).size, 1);
  });

  it("is written by whoever opened it last; another process stops", async () => {
    const { store, uri } = await temporary();
    const first = await openJournal(store, uri, keyOf(), on, signal);
    const second = await openJournal(store, uri, keyOf(), on, signal);
    await second.update({ paused: [{ name: "daily", resume: "/r" }] }, signal);
    await assert.rejects(first.update({ interval: INTERVAL }, signal), hasCode("ERR_FAILURE", 1, /another process/));
    const { state } = await openJournal(store, uri, keyOf(), on, signal);
    assert.deepEqual([state.paused?.length, state.interval], [1, undefined]);
  });

  it("that begins anew keeps an import that may run, and not one that has ended", async () => {
    for (const [more, kept] of [
      [{}, true],
      [{ id: "job-1" }, true],
      [{ id: "job-1", ended: "FAILED" }, false],
    ] as const) {
      const { store, uri } = await temporary();
      const first = await openJournal(store, uri, keyOf(), on, signal);
      const asked = { askedAt: first.state.startedAt, runId: "r", ...more };
      await first.update({ import: asked }, signal);
      const fresh = await openJournal(store, uri, keyOf(), { fresh: true }, signal);
      assert.deepEqual(fresh.state.import, kept ? asked : undefined);
    }
  });

  it("takes changes that come at once one after the other", async () => {
    const { store, uri } = await temporary();
    const journal = await openJournal(store, uri, keyOf(), on, signal);
    await Promise.all([
      journal.update({ interval: INTERVAL }, signal),
      journal.update({ committed: { runId: "r", output: "o", made: "m" } }, signal),
      journal.update({ paused: [] }, signal),
    ]);
    const { state } = await openJournal(store, uri, keyOf(), on, signal);
    assert.deepEqual(
      [state.interval, state.committed, state.paused],
      [INTERVAL, { runId: "r", output: "o", made: "m" }, []],
    );
  });

  it("does not believe a change that could not be stored, and takes the next", async () => {
    const { store, uri } = await temporary();
    let broken = true;
    const failing = {
      ...({ head: store.head, read: store.read, list: store.list, putIfAbsent: store.putIfAbsent } as typeof store),
      put: async (...all: Parameters<typeof store.put>) => {
        if (broken && all[0].endsWith(".json")) throw failure("writing: the disk is full");
        await store.put(...all);
      },
    };
    const journal = await openJournal(failing, uri, keyOf(), on, signal);
    await assert.rejects(journal.update({ finished: true }, signal), /the disk is full/);
    assert.equal(journal.state.finished, undefined);
    broken = false;
    await journal.update({ interval: INTERVAL }, signal);
    const { state } = await openJournal(store, uri, keyOf(), on, signal);
    assert.deepEqual([state.interval, state.finished], [INTERVAL, undefined]);
  });

  it("that is damaged stops the start, fresh or not, and is left as it is", async () => {
    const { store, uri, directory } = await temporary();
    const journal = await openJournal(store, uri, keyOf(), on, signal);
    await journal.update({ export: { askedAt: journal.state.startedAt, id: "job-1" } }, signal);
    const path = join(directory, (await readdir(directory)).find((name) => name.endsWith(".json"))!);
    const whole = await readFile(path, "utf8");
    const state = JSON.parse(whole) as Record<string, unknown>;
    const cuts = [0, 1, 20, 100, whole.length - 3].map((length) => whole.slice(0, length));
    const others = [
      { id: 5 },
      { startedAt: "yesterday" },
      { settings: [] },
      { exported: { files: 1 } },
      { more: 1 },
      { version: 0 },
    ];
    const harmed = [...cuts, "null", "[]", "{}", ...others.map((one) => JSON.stringify({ ...state, ...one }))];
    for (const text of harmed) {
      await writeFile(path, text);
      for (const fresh of [false, true]) {
        const opened = openJournal(store, uri, keyOf(), { fresh }, signal);
        await assert.rejects(opened, hasCode("ERR_USAGE", 2, /^reading the journal .*damaged.*then remove this file/));
      }
      assert.equal(await readFile(path, "utf8"), text);
    }
    await writeFile(path, JSON.stringify({ ...state, version: 2, more: 1 }));
    await assert.rejects(openJournal(store, uri, keyOf(), on, signal), hasCode("ERR_USAGE", 2, /later maskline/));
  });
});

/** Without fast-check's null prototypes. */
function plain(state: JournalState): unknown {
  return JSON.parse(JSON.stringify(state));
}
