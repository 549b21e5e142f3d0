/** What may go wrong at the API, one thing a test: it passes, or ends as documented, and the same command ends it well. */
import assert from "node:assert/strict";
import { it } from "node:test";
import type { FaultOrder } from "../genesys/fake/faults.ts";
import { REPORT, SANDBOX, STAGING, Transfer, withOrganizations } from "./transfer.ts";

const ASK = { method: "POST", path: "/api/v2/data/export" };
const POLL = { endpoint: "GET /api/v2/data/export/{id}" };
const SCHEMAS = { endpoint: "GET /api/v2/data/export/schemas" };
const LOAD = { method: "POST", path: "/api/v2/data/import" };
const LOADED = { endpoint: "GET /api/v2/data/import/{id}" };
/** Of an import that is looked at four times: QUEUED is what the POST says. */
const AT_ITS_END = { ...LOADED, after: 2 };

/** What costs a transfer nothing but time. */
const PASSING: readonly (readonly [what: string, ...faults: FaultOrder[]])[] = [
  [
    "a 429 with retry-after 1, and a hook that answers 503 at first",
    { match: ASK, fault: { kind: "status", status: 429, retryAfter: 1 } },
    { match: { path: "/hooks/" }, fault: { kind: "status", status: 503 } },
  ],
  [
    "503 and 504, where a call may be sent twice",
    { match: SCHEMAS, fault: { kind: "status", status: 503 } },
    { match: ASK, fault: { kind: "status", status: 504 } },
    { match: { path: "*/pause" }, fault: { kind: "status", status: 503 } },
    { match: LOAD, fault: { kind: "status", status: 503 } },
    { match: LOADED, fault: { kind: "status", status: 504 }, times: 2 },
  ],
  [
    "replies that are lost after an export and an import were begun, and a report resumed",
    { match: ASK, fault: { kind: "lost", when: "after" } },
    { match: LOAD, fault: { kind: "lost", when: "after" } },
    { match: { path: "*/resume" }, fault: { kind: "lost", when: "after" } },
  ],
  [
    "calls that are lost before they take effect, and tokens that are taken back, on either side",
    { match: ASK, fault: { kind: "lost", when: "before" } },
    { match: LOAD, fault: { kind: "lost", when: "before" } },
    { match: POLL, fault: { kind: "expireToken" } },
    { match: LOADED, fault: { kind: "expireToken" } },
  ],
  [
    "replies that are half of a reply",
    ...[SCHEMAS, ASK, POLL, LOAD, LOADED].map((match): FaultOrder => ({ match, fault: { kind: "malformed" } })),
  ],
  [
    "states that nobody knows",
    { match: POLL, fault: { kind: "state", state: "REHYDRATING" }, times: 2 },
    { match: LOADED, fault: { kind: "state", state: "REINDEXING" }, times: 2 },
  ],
];

withOrganizations("a transfer and an API that fails", (place) => {
  const { fake } = place;

  async function broken(t: Parameters<typeof Transfer.make>[0], ...faults: readonly FaultOrder[]): Promise<Transfer> {
    const way = await Transfer.make(t, place);
    for (const fault of faults) fake.fault(fault);
    return way;
  }

  /** Ends so, and then, by the same command, well: with so many jobs in all. */
  async function recovers(way: Transfer, code: number, said: RegExp, jobs: readonly [number, number]): Promise<void> {
    const ended = await way.ends(code);
    assert.match(ended.stderr, said);
    assert.ok(!ended.committed.includes(200), "/committed was 200");
    way.assertReportsRan();
    const again = await way.ends(0);
    assert.equal(again.code, 0);
    assert.deepEqual([way.jobs("export").length, way.jobs("import").length], jobs);
    await way.assertDone();
  }

  for (const [what, ...faults] of PASSING) {
    it(`${what}: passes`, async (t) => {
      const way = await broken(t, ...faults);
      await way.ends(0);
      // However often they were asked for.
      assert.deepEqual([way.jobs("export").length, way.jobs("import").length], [1, 1]);
      await way.assertDone();
    });
  }

  it("a 429 for longer than genesys.timeout allows ends with 1 at once and says so", async (t) => {
    const way = await broken(t, { match: ASK, fault: { kind: "status", status: 429, retryAfter: 61 } });
    await way.configure({ genesys: { timeout: "5s" } });
    const started = performance.now();
    const { stderr } = await way.ends(1);
    assert.ok(performance.now() - started < 30_000);
    assert.match(
      stderr,
      /export: 429 too\.many\.requests .*left alone for 6[123] s, which the timeout of 5 s does not allow; run again later/,
    );
    await way.ends(0);
    await way.assertDone();
  });

  it("an API that is down past its retries ends with 1", async (t) => {
    const way = await broken(t, { match: POLL, fault: { kind: "status", status: 503 }, times: "always" });
    await way.configure({ genesys: { timeout: "1s" } });
    const { stderr } = await way.ends(1);
    assert.match(stderr, /exportJob: 503 service\.unavailable/);
    assert.equal(way.jobs("export").length, 1);
  });

  it("an export that expires is asked for anew, as another job", async (t) => {
    const way = await broken(t, { match: POLL, fault: { kind: "state", state: "EXPIRED" } });
    await way.ends(0);
    const [expired, other, ...more] = way.jobs("export");
    assert.deepEqual([expired!.state, other!.state, more.length], ["EXPIRED", "FULFILLED", 0]);
    assert.notEqual(expired!.idempotencyKey, other!.idempotencyKey);
    await way.assertDone();
  });

  it("an export that fails or is cancelled ends with 1; the next start asks anew", async (t) => {
    const way = await Transfer.make(t, place);
    const errorMessage = "value Rosalindah +14155550100 is wrong";
    way.secret(["Rosalindah", "+14155550100"]);
    for (const [jobs, state] of ["FAILED", "CANCELLED"].entries()) {
      fake.fault({ match: POLL, fault: { kind: "state", state, errorMessage } });
      const { stderr } = await way.ends(1);
      assert.match(stderr, new RegExp(`exporting: job \\S+ ended as ${state}; .*start again`));
      assert.deepEqual([way.jobs("export").length, way.jobs("import").length], [jobs + 1, 0]);
    }
    await way.ends(0);
    assert.deepEqual([way.jobs("export").length, way.jobs("import").length], [3, 1]);
    await way.assertDone();
  });

  it("a file that is not as told ends with 5: nothing is masked; --fresh exports anew, and leaves nothing behind", async (t) => {
    const way = await broken(t);
    const wrongs = [
      ["sha256", /its SHA-256 is not the one that the job said/],
      ["size", /it has \d+ bytes, the job wrote \d+/],
      ["rowCount", /it has \d+ rows, the job wrote \d+/],
      ["missing", /it is not there/],
    ] as const;
    for (const [wrong, said] of wrongs) {
      fake.fault({ match: ASK, fault: { kind: "file", wrong, index: 1 } });
      const { stderr } = await way.ends(5, "--fresh");
      assert.match(stderr, said);
      assert.match(stderr, /part-00001\.parquet/);
      assert.deepEqual([(await way.manifests()).length, way.records().size, way.jobs("import").length], [0, 0, 0]);
      assert.ok((await way.keys(STAGING)).length <= 2, "of the export before, something is left");
    }
    await way.ends(0, "--fresh");
    assert.deepEqual([way.jobs("export").length, way.jobs("import").length], [5, 1]);
    await way.assertDone();
  });

  it("an import that counts otherwise than the manifest ends with 4 and is never committed", async (t) => {
    const way = await broken(t, { match: AT_ITS_END, fault: { kind: "importCount", by: -1 } });
    await recovers(way, 4, /counted \d+ records .*the manifest has \d+/, [1, 2]);
    const [journal] = await way.journals();
    assert.deepEqual([journal!.imported!.imported, journal!.imported!.skippedDuplicates], [0, way.records().size]);
  });

  it("records that the target may take later end with 1, and the next start brings them", async (t) => {
    const way = await broken(t, { match: AT_ITS_END, fault: { kind: "refuse", records: 3, retryable: true } });
    await recovers(way, 1, /refused 3 of \d+ records: service\.unavailable 3; .*start again/, [1, 2]);
    const [journal] = await way.journals();
    assert.equal(journal!.imported!.imported, 3);
  });

  it("records that it refuses for good end with 4, and with allowPartial stay out by name of their hash", async (t) => {
    const refuse = { match: LOAD, fault: { kind: "refuse", records: 2 }, times: "always" } as const;
    const way = await broken(t, refuse);
    const { stderr, committed } = await way.ends(4);
    assert.match(stderr, /refused 2 of \d+ records: invalid\.value 2; .*genesys\.import\.allowPartial/);
    assert.ok(!committed.includes(200));
    assert.deepEqual(way.told(), []);
    way.assertReportsRan();
    await way.configure({ import: { allowPartial: true } });
    const { stdout } = await way.ends(0, "--json");
    const { imported, manifest } = JSON.parse(stdout);
    assert.deepEqual([imported.state, imported.failed], ["COMPLETED_WITH_PARTIAL_RESULTS", 2]);
    assert.equal(way.records().size, manifest.rows - 2);
    for (const { record } of imported.errors) assert.match(record, /^[0-9a-f]{16}$/);
    assert.equal(way.told().length, 1);
    assert.deepEqual(await way.keys(STAGING), []);
  });

  it("an import that fails ends with 1; the next start imports anew, and exports nothing", async (t) => {
    const way = await broken(t, { match: LOADED, fault: { kind: "state", state: "FAILED" } });
    await recovers(way, 1, /importing run \S+: job \S+ ended as FAILED/, [1, 2]);
  });

  it("a report that cannot be paused ends before anything is imported", async (t) => {
    const way = await broken(t, { match: { path: "*/pause" }, fault: { kind: "status", status: 404 } });
    const { code, stderr } = await way.run();
    assert.ok(code === 1 || code === 2, stderr);
    assert.equal(way.jobs("import").length, 0);
    way.assertReportsRan();
    await way.ends(0);
    await way.assertDone();
  });

  it("a report that cannot be resumed ends with 1, and is by the next start", async (t) => {
    const way = await broken(t, { match: { path: "*/resume" }, fault: { kind: "status", status: 404 }, times: 2 });
    const { stderr } = await way.ends(1);
    assert.match(stderr, /^maskline: resuming report jobs: "daily-handle-time"/m);
    // All else is done: nothing waits for a report.
    assert.deepEqual([await way.keys(STAGING), way.told().length], [[], 1]);
    const [journal] = await way.journals();
    assert.deepEqual([journal!.finished, journal!.paused!.map(({ name }) => name)], [true, [REPORT]]);
    await way.ends(0);
    await way.assertDone();
  });

  it("a hook that is down ends with 1, and is told by the next start, which imports nothing again", async (t) => {
    const way = await broken(t, { match: { path: "/hooks/" }, fault: { kind: "status", status: 400 } });
    const { stderr } = await way.ends(1);
    assert.match(
      stderr,
      /telling the webhooks of what was committed: 1 of 1 did not take it\n {2}127\.0\.0\.1:\d+: 400/,
    );
    const { environments } = fake.state();
    const { committed } = await way.ends(0);
    assert.equal(committed.at(-1) ?? 200, 200);
    assert.deepEqual(fake.state().environments[SANDBOX], environments[SANDBOX]);
    assert.deepEqual([way.jobs("export").length, way.jobs("import").length], [1, 1]);
    assert.equal(way.told().length, 1);
    await way.assertDone();
  });
});
