/**
 * The whole way with its process killed anywhere: before or after any call and any write of the journal, again and
 * again, while jobs end as they like. Whatever happens, no window is exported or imported twice at once, nothing counts
 * as imported whose counts differ, and no report job stands still that the journal does not know.
 */
import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { it } from "node:test";
import fc from "fast-check";
import { exportSeed } from "../../src/genesys/export.ts";
import { importCommitted } from "../../src/genesys/import.ts";
import { openJournal } from "../../src/genesys/journal.ts";
import { pauseReports, resumeReports } from "../../src/genesys/reports.ts";
import type { JournalState } from "../../src/genesys/types.ts";
import type { Store } from "../../src/store/store.ts";
import { JobsApi, type Script } from "./jobs-api.ts";
import { exporting, importing, keyOf, signal, Told, temporary } from "./settings.ts";

const EXPORT = "/api/v2/data/export";
const ROWS = 5;
const files = [{ key: "exports/a.parquet", size: 1, sha256: "0".repeat(64), rowCount: ROWS }];
const counts = { total: ROWS, imported: ROWS, skippedDuplicates: 0, failed: 0 };
const reports = ["daily", "weekly"].map((name) => {
  return { name, pause: `/reports/${name}/pause`, resume: `/reports/${name}/resume` };
});

/** How jobs may go, those that end well and those that do not. */
const WAYS: { readonly [path: string]: { readonly good: Script; readonly bad: Script[] } } = {
  [EXPORT]: {
    good: [{ state: "QUEUED" }, { state: "WARPING" }, { state: "FULFILLED", files }],
    bad: [
      [{ state: "QUEUED" }, { state: "EXPIRED" }],
      [{ state: "PENDING" }, { state: "FAILED" }],
      [{ state: "CANCELLED" }],
      [{ state: "PENDING" }, "gone"],
    ],
  },
  "/api/v2/data/import": {
    good: [{ state: "QUEUED" }, { state: "RUNNING" }, { state: "COMPLETED", ...counts }],
    bad: [
      [{ state: "RUNNING" }, { state: "FAILED" }],
      [{ state: "RUNNING" }, "gone"],
      [{ state: "COMPLETED", ...counts, imported: ROWS - 1 }],
      [{ state: "COMPLETED", ...counts, total: ROWS + 1, skippedDuplicates: 1 }],
      [{ state: "COMPLETED_WITH_PARTIAL_RESULTS", ...counts, imported: ROWS - 1, failed: 1 }],
    ],
  },
};

class Killed extends Error {}

/** Kills at the n-th of all moments at which it could: each call and write has one before and one after it took effect. */
class Reaper {
  #left: number;
  constructor(moments: number) {
    this.#left = moments;
  }
  readonly moment = (): void => {
    if (this.#left-- <= 0) throw new Killed();
  };
}

function mortal(store: Store, reaper: Reaper): Store {
  const write = async <T>(action: () => Promise<T>): Promise<T> => {
    reaper.moment();
    const done = await action();
    reaper.moment();
    return done;
  };
  return {
    ...store,
    put: (...all) => write(() => store.put(...all)),
    putIfAbsent: (...all) => write(() => store.putIfAbsent(...all)),
  };
}

it("comes to its end from wherever it was killed, and does nothing twice on its way", async () => {
  const place = await temporary();
  let windows = 0;
  const bad = fc.array(fc.nat({ max: 19 }), { maxLength: 3 });
  // A killed process may also be one that still takes back what it paused.
  const lives = fc.array(fc.record({ moments: fc.nat({ max: 40 }), tidy: fc.boolean() }), { maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(bad, bad, lives, async (exports, imports, kills) => {
      const directory = `${place.uri}${windows++}/`;
      const local = join(place.directory, String(windows - 1));
      const journalNow = async (): Promise<JournalState | undefined> => {
        const names = await readdir(local).catch(() => []);
        const name = names
          .filter((one) => one.endsWith(".json"))
          .sort()
          .at(-1);
        return name === undefined ? undefined : (JSON.parse(await readFile(join(local, name), "utf8")) as JournalState);
      };
      const api = new JobsApi((path, attempt) => {
        const before = api.jobs.filter((job) => job.path === path);
        assert.ok(
          before.every((job) => api.hasEnded(job)),
          "another job of the same window may still run",
        );
        const { good, bad } = WAYS[path]!;
        const way = (path === EXPORT ? exports : imports)[attempt];
        return way === undefined ? good : bad[way % bad.length]!;
      });
      const check = async () => {
        const state = await journalNow();
        for (const name of api.paused) assert.ok(state?.paused?.some((one) => one.name === name));
        const imported = state?.imported;
        if (imported) assert.deepEqual([imported.total, imported.imported, imported.failed], [ROWS, ROWS, 0]);
        return state;
      };

      const start = async (reaper: Reaper, tidy: boolean) => {
        const told = new Told();
        api.harm = reaper.moment;
        const journal = await openJournal(mortal(place.store, reaper), directory, keyOf(), { fresh: false }, signal);
        await exportSeed(api, exporting(), journal, told, signal);
        const run = { runId: "run", rows: ROWS, output: "s3://masked/", environment: "sandbox" };
        try {
          await pauseReports(api, reports, journal, signal);
          await importCommitted(api, importing(), run, journal, told, signal);
        } catch (error) {
          if (tidy || !(error instanceof Killed)) await resumeReports(api, reports, journal, signal);
          throw error;
        }
        await resumeReports(api, reports, journal, signal);
        await journal.update({ finished: true }, signal);
      };

      for (const { moments, tidy } of kills) {
        await start(new Reaper(moments), tidy).catch(() => {});
        // It may be killed once all is done; the next start would begin another window.
        if ((await check())?.finished) break;
      }
      // Left alone, every start that fails has one bad job less to come.
      for (let starts = 0; (await check())?.finished !== true; starts++) {
        assert.ok(starts <= 10, "it never ends");
        await start(new Reaper(1e9), true).catch((error: unknown) => {
          if (!/ended as|expired|counted|refused|not to be found/.test(String(error))) throw error;
        });
      }
      const state = await check();
      assert.equal(api.paused.size, 0);
      assert.deepEqual(state?.paused ?? [], []);
      assert.equal(state?.imported?.total, ROWS);
      const keys = api.jobs.map(({ key }) => key);
      assert.equal(new Set(keys).size, keys.length);
    }),
    { numRuns: 60 },
  );
});
