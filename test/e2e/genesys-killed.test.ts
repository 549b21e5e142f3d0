/**
 * The process is killed (kill -9) at every stage, before and after the call that it waits for took effect, and the same
 * command is started again: one window is killed at each stage in turn, so that each start goes on where the one before was.
 */
import assert from "node:assert/strict";
import { it } from "node:test";
import { MASKED, REPORT, STAGING, Transfer, withOrganizations } from "./transfer.ts";

/** Every call of a transfer in its order; a number is that of calls of its kind that pass first. */
const STAGES: readonly (readonly [endpoint: string, passing?: number])[] = [
  ["GET /api/v2/data/export/schemas"],
  ["POST /api/v2/data/export"],
  ["GET /api/v2/data/export/{id}"],
  // The second look at the schema, when the job is done: the entity stands on the second of two pages.
  ["GET /api/v2/data/export/schemas", 3],
  ["POST /api/v2/analytics/reporting/schedules/{name}/pause"],
  ["POST /api/v2/data/import"],
  ["GET /api/v2/data/import/{id}"],
  ["GET /api/v2/data/import/{id}", 1],
  ["POST /api/v2/analytics/reporting/schedules/{name}/resume"],
  ["POST /hooks/{name}"],
];

withOrganizations("a transfer that is killed", (place) => {
  const { fake } = place;

  /** What must hold of one window at any time. */
  function assertNothingTwice(way: Transfer): void {
    assert.ok(way.jobs("export").length <= 1, "exported twice");
    assert.ok(way.jobs("import").length <= 1, "imported twice");
    const { overwritten = 0, violations = [] } = Object.values(fake.state().environments)[0] ?? {};
    assert.deepEqual([overwritten, violations], [0, []]);
  }

  for (const when of ["before", "after"] as const) {
    it(`while it waits for a call, ${when} that took effect, at one stage after the other`, async (t) => {
      const way = await Transfer.make(t, place);
      await way.kill("POST /oauth/token", when);
      for (const [endpoint, passing = 0] of STAGES) {
        await way.kill(endpoint, when, passing);
        assertNothingTwice(way);
      }
      await way.ends(0);
      assertNothingTwice(way);
      const { rows } = await way.assertDone();
      const [journal] = await way.journals();
      const { imported, skippedDuplicates } = journal!.imported!;
      assert.deepEqual([imported, skippedDuplicates], [rows, 0]);
      assert.deepEqual(
        [journal!.export!.id, journal!.import!.id],
        [way.jobs("export")[0]!.id, way.jobs("import")[0]!.id],
      );
      assert.equal((await way.manifests()).length, 1);
      // By the start that was killed, which did not see the answer, and by the last one: with one key.
      assert.equal(way.told().length, 2);
    });
  }

  it("while it masks, and just when the manifest is written", async (t) => {
    const way = await Transfer.make(t, place);
    for (const said of [/"msg":"planned"/, /"msg":"importing"/]) {
      const running = way.start();
      await running.says(said);
      running.child.kill("SIGKILL");
      const { signal } = await running.ended;
      assert.equal(signal, "SIGKILL");
      assertNothingTwice(way);
    }
    await way.ends(0);
    assertNothingTwice(way);
    await way.assertDone();
  });

  it("between the import and its end: reports stand still until the next start, and no longer", async (t) => {
    const way = await Transfer.make(t, place);
    await way.kill("GET /api/v2/data/import/{id}", "before");
    assert.deepEqual(fake.state().reports, { [REPORT]: "paused" });
    const [journal] = await way.journals();
    assert.deepEqual(
      journal!.paused!.map(({ name }) => name),
      [REPORT],
    );
    // Also where the configuration has it no more.
    await way.configure({ import: { reports: [] } });
    await way.ends(0);
    assertNothingTwice(way);
    await way.assertDone();
  });

  it("and started over with --fresh: what was staged is gone, and nothing is imported twice", async (t) => {
    const way = await Transfer.make(t, place);
    await way.kill("GET /api/v2/data/import/{id}", "after");
    assert.equal((await way.keys(STAGING)).length, 2);
    await way.ends(0, "--fresh");
    assert.equal(way.jobs("export").length, 2);
    // The import that was put aside was waited for: it is not to run beside another, nor while reports do.
    await way.assertDone();
  });

  it("SIGTERM while it waits for the export ends with 143, and the same command goes on", async (t) => {
    const way = await Transfer.make(t, place);
    fake.fault({ match: { endpoint: "GET /api/v2/data/export/{id}" }, fault: { kind: "hold", when: "before" } });
    const running = way.start();
    await way.held(running);
    running.child.kill("SIGTERM");
    const { code, stderr } = await running.ended;
    fake.release();
    assert.equal(code, 143, stderr);
    assert.match(stderr, /stopped by SIGTERM; start the same command again/);
    await way.ends(0);
    assertNothingTwice(way);
    await way.assertDone();
  });

  it("SIGTERM while it waits for the import ends with 143; reports stand still until the next start has followed it", async (t) => {
    const way = await Transfer.make(t, place);
    fake.fault({ match: { endpoint: "GET /api/v2/data/import/{id}" }, fault: { kind: "hold", when: "before" } });
    const running = way.start();
    await way.held(running);
    running.child.kill("SIGTERM");
    const { code, stderr, committed } = await running.ended;
    fake.release();
    assert.equal(code, 143, stderr);
    assert.ok(!committed.includes(200));
    assert.match(stderr, /may still run, so \\"daily-handle-time\\" stay paused: start the same command again/);
    assert.deepEqual(fake.state().reports, { [REPORT]: "paused" });
    assert.ok((await way.keys(MASKED)).some((key) => key.endsWith("/manifest.json")));
    await way.ends(0);
    assertNothingTwice(way);
    await way.assertDone();
  });

  it("SIGTERM before the import was asked for ends with 143 once reports run again", async (t) => {
    const way = await Transfer.make(t, place);
    fake.fault({ match: { path: "*/pause" }, fault: { kind: "hold", when: "after" } });
    const running = way.start();
    await way.held(running);
    running.child.kill("SIGTERM");
    const { code, stderr } = await running.ended;
    fake.release();
    assert.equal(code, 143, stderr);
    way.assertReportsRan();
    await way.ends(0);
    assertNothingTwice(way);
    await way.assertDone();
  });

  it("and begun twice at once, the later one does all of it and the earlier one stops", async (t) => {
    const way = await Transfer.make(t, place);
    fake.fault({ match: { endpoint: "GET /api/v2/data/export/{id}" }, fault: { kind: "hold", when: "after" } });
    const earlier = way.start();
    await way.held(earlier);
    await way.ends(0);
    fake.release();
    const { code, stderr, committed } = await earlier.ended;
    assert.equal(code, 1, stderr);
    assert.match(stderr, /another process does so now, so this one stops/);
    assert.ok(!committed.includes(200));
    assertNothingTwice(way);
    await way.assertDone();
  });
});
