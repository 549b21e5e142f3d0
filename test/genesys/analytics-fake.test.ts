/** Conversations of the stand-in for Genesys Cloud, whatever goes wrong there. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { it } from "node:test";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { exportConversations } from "../../src/genesys/analytics.ts";
import { openApi } from "../../src/genesys/api.ts";
import type { FaultOrder } from "./fake/faults.ts";
import { startFakeGenesys } from "./fake/server.ts";
import { exporting, journalIn, signal, Told, temporary } from "./settings.ts";

const ROWS = 2_500;
const JOBS = "/api/v2/analytics/conversations/details/jobs";
const results = (after: number) => ({ endpoint: `GET ${JOBS}/{id}/results`, after });
const INTERVAL = "2026-11-16T00:00:00.000Z/2026-11-23T00:00:00.000Z";

/** Ids of what is staged after as many starts as it takes, and how many that were. */
async function exported(
  ...faults: readonly FaultOrder[]
): Promise<{ readonly ids: string[]; readonly starts: number }> {
  const fake = await startFakeGenesys({
    rows: ROWS,
    jobs: { polls: 1, ms: 0 },
    rateLimit: { allowed: 5_000, window: 60_000 },
  });
  const { url, client } = fake;
  const pace = { first: 1, longest: 1, margin: 0, attempts: 3 };
  const api = openApi({ api: url, login: url, client, timeout: 60_000, version: "0", pace }, new Told());
  try {
    for (const fault of faults) fake.fault(fault);
    const place = await temporary();
    const staging = `${place.uri}staging/`;
    const settings = { ...exporting({ dialect: "analytics", interval: INTERVAL }), staging };
    for (let starts = 1; ; starts++) {
      const journal = await journalIn(place);
      const found = await exportConversations(api, settings, journal, place.store, new Told(), signal, 1).catch(
        (error: Error & { retryable?: boolean }) => {
          assert.ok(error.retryable && starts < 5, error.stack);
        },
      );
      if (!found) continue;
      const lines = await Promise.all(
        found.files.map(async ({ uri }) =>
          gunzipSync(await readFile(fileURLToPath(uri)))
            .toString()
            .trim()
            .split("\n"),
        ),
      );
      assert.equal((await place.store.list(staging, signal)).length, found.files.length);
      assert.ok(fake.state().jobs.find(({ id }) => id === found.jobId)!.deleted);
      return { ids: lines.flat().map((line) => JSON.parse(line).conversationId), starts };
    }
  } finally {
    await api.close();
    await fake.stop();
  }
}

const CASES: Readonly<Record<string, readonly FaultOrder[]>> = {
  "nothing goes wrong": [],
  "a page comes once more as the next one": [{ match: results(1), fault: { kind: "duplicatePage" } }],
  "the last page comes once more as the next one": [{ match: results(2), fault: { kind: "duplicatePage" } }],
  "the job expires between two pages": [{ match: results(1), fault: { kind: "status", status: 410 } }],
  "the job expires before its first page": [
    { match: { endpoint: `GET ${JOBS}/{id}` }, fault: { kind: "state", state: "EXPIRED" } },
  ],
  "the token expires between two pages": [{ match: results(1), fault: { kind: "expireToken" } }],
  "half of a page comes as if it were all": [{ match: results(1), fault: { kind: "malformed" } }],
  "the reply to the POST is lost": [{ match: { method: "POST", path: JOBS }, fault: { kind: "lost", when: "after" } }],
  "the API is down for longer than its retries": [
    { match: results(1), fault: { kind: "status", status: 503 }, times: 5 },
  ],
  "the job fails": [{ match: { endpoint: `GET ${JOBS}/{id}` }, fault: { kind: "state", state: "FAILED" } }],
};

let expected: readonly string[] | undefined;

for (const [what, faults] of Object.entries(CASES)) {
  it(`each conversation is staged once, in its order, where ${what}`, async () => {
    const { ids } = await exported(...faults);
    assert.equal(new Set(ids).size, ROWS);
    expected ??= ids;
    assert.deepEqual(ids, expected);
  });
}
