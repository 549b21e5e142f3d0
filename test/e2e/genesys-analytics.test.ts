/** The public API's conversations, from production to the sandbox: paged, staged, masked, loaded; and what goes wrong. */
import assert from "node:assert/strict";
import { it, type TestContext } from "node:test";
import type { FaultOrder } from "../genesys/fake/faults.ts";
import { customers } from "../genesys/fake/interactions.ts";
import { OPTIONS, type Otherwise, STAGING, Transfer, withOrganizations } from "./transfer.ts";

/** Two pages. */
const ROWS = 1_020;
const JOBS = "/api/v2/analytics/conversations/details/jobs";
const RESULTS = `GET ${JOBS}/{id}/results`;
const people = customers({ ...OPTIONS, rows: ROWS });

withOrganizations(
  "conversations from one organization to another",
  (place) => {
    const { fake } = place;
    const inbound = { type: "and", predicates: [{ dimension: "direction", value: "inbound" }] };
    const analytics = { dialect: "analytics", filters: [] };

    async function made(t: TestContext, otherwise: Otherwise = {}, ...faults: FaultOrder[]): Promise<Transfer> {
      const way = await Transfer.make(t, place, {
        ...otherwise,
        export: { ...analytics, ...otherwise.export },
        config: { policy: { presets: ["genesys-analytics"] }, ...otherwise.config },
      });
      way.secret(
        people.flatMap(({ email, externalId, phone, first, last }) => [email, externalId, phone, `${first} ${last}`]),
      );
      for (const fault of faults) fake.fault(fault);
      return way;
    }

    /** Each conversation is in the sandbox, once and masked, as the last run wrote it; nothing is left on the way. */
    async function assertDone(way: Transfer, rows = ROWS): Promise<void> {
      const manifest = (await way.manifests()).at(-1)!;
      assert.equal(manifest.rows, rows);
      const records = [...way.records().values()];
      assert.equal(records.length, manifest.rows);
      assert.deepEqual(records.toSorted(), await way.output(manifest));
      assert.deepEqual(await way.keys(STAGING), []);
      way.assertReportsRan();
      assert.ok(way.told(manifest.runId).length >= 1);
      assertNobody(records);
    }

    it("asks for the interval until which there is data, and the sandbox has nobody of it", async (t) => {
      const way = await made(t, { export: { segmentFilters: [inbound] } });
      const { stdout } = await way.ends(0, "--json");
      const [job, ...others] = way.jobs("conversations");
      assert.deepEqual(others, []);
      assert.equal(job!.deleted, true);
      assert.deepEqual(job!.request, {
        interval: "2026-11-16T00:00:00.000Z/2026-11-23T00:00:00.000Z",
        segmentFilters: [inbound],
        order: "asc",
        orderBy: "conversationStart",
      });
      const { imported, manifest } = JSON.parse(stdout);
      assert.deepEqual([imported.imported, imported.failed], [manifest.rows, 0]);
      assert.ok(manifest.rows > ROWS / 2 && manifest.rows < ROWS);
      assert.ok(Object.keys(fake.state().calls).every((one) => !one.includes("/data/export")));
      await assertDone(way, manifest.rows);
    });

    it("killed at every stage, also while it pages, it ends with each conversation once", async (t) => {
      const way = await made(t);
      for (const [endpoint, passing = 0] of [
        [`GET ${JOBS}/availability`],
        [`POST ${JOBS}`],
        [`GET ${JOBS}/{id}`],
        [RESULTS],
        [RESULTS, 1],
        [`DELETE ${JOBS}/{id}`],
        ["POST /api/v2/data/import"],
        ["GET /api/v2/data/import/{id}"],
      ] as const) {
        await way.kill(endpoint, "after", passing);
      }
      const { stdout } = await way.ends(0, "--json");
      const { imported, manifest } = JSON.parse(stdout);
      assert.deepEqual([imported.imported, way.jobs("import").length], [manifest.rows, 1]);
      // The public API takes no key: a job whose reply was not seen is asked for again. Nothing else is.
      assert.equal(way.jobs("conversations").length, 2);
      await assertDone(way);
    });

    it("a job that expires while it is read is followed by another one; a directory will do for staging", async (t) => {
      const expired = { kind: "state", state: "EXPIRED" } as const;
      const staging = { export: { staging: "./staging/" } };
      const way = await made(t, staging, { match: { endpoint: RESULTS, after: 1 }, fault: expired });
      await way.ends(0);
      assert.deepEqual(await way.work.files("staging"), []);
      assert.deepEqual(
        way.jobs("conversations").map(({ state }) => state),
        ["EXPIRED", "FULFILLED"],
      );
      await assertDone(way);
    });

    it("pages that come twice, are cut off, late or refused cost nothing but time", async (t) => {
      const way = await made(
        t,
        {},
        { match: { endpoint: RESULTS }, fault: { kind: "duplicatePage" } },
        { match: { endpoint: RESULTS, after: 1 }, fault: { kind: "malformed" } },
        { match: { endpoint: RESULTS, after: 2 }, fault: { kind: "expireToken" } },
        { match: { endpoint: RESULTS, after: 3 }, fault: { kind: "lost", when: "after" } },
        { match: { endpoint: RESULTS, after: 4 }, fault: { kind: "status", status: 503 } },
      );
      await way.ends(0);
      assert.equal(way.jobs("conversations").length, 1);
      await assertDone(way);
    });

    it("an interval in which nothing is commits an empty run, and imports nothing", async (t) => {
      const nothing = { type: "and", predicates: [{ dimension: "direction", value: "sideways" }] };
      const way = await made(t, { export: { segmentFilters: [nothing] } });
      const { stdout } = await way.ends(0, "--json");
      assert.deepEqual([JSON.parse(stdout).manifest.rows, way.jobs("import").length], [0, 0]);
      assert.deepEqual(await way.keys(STAGING), []);
    });

    it("a member that nobody knows and that looks sensitive ends with 3: nothing is masked", async (t) => {
      const hooks = { alert: [{ url: `${fake.url}/hooks/security` }] };
      const addField = { kind: "addField", name: "customerPhoneAlt" } as const;
      const way = await made(t, { config: { hooks } }, { match: { endpoint: `POST ${JOBS}` }, fault: addField });
      const { stderr } = await way.ends(3);
      assert.match(stderr, /customerPhoneAlt/);
      assert.deepEqual([(await way.manifests()).length, way.jobs("import").length, way.records().size], [0, 0, 0]);
      assert.equal(fake.state().hooks.filter(({ name }) => name === "security").length, 1);
    });
  },
  { rows: ROWS },
);

/** Neither anybody's name, numbers and addresses, nor a part of a text that has them. */
function assertNobody(records: readonly string[]): void {
  const texts = [...new Set(records.flatMap((record) => textsOf(JSON.parse(record))))];
  const all = texts.join("\n");
  // A name that stands in no other column of its row is not known for one within a subject.
  const known = texts.filter((text) => !text.startsWith("Re: contract of ")).join("\n");
  const digits = texts.map((text) => text.replace(/\D/g, "")).join(" ");
  assert.doesNotMatch(all, /CRM-\d/, "a customer's number is left");
  const addresses = new Set(people.map(({ email }) => email));
  for (const [address] of all.matchAll(/[\w.+-]+@[\w.-]+\w/g)) assert.ok(!addresses.has(address), "an address is left");
  for (const { first, last, phone, card } of people) {
    assert.ok(!known.includes(`${first} ${last}`), "a name is left");
    for (const number of [phone, card]) assert.ok(!digits.includes(number), "a number is left");
  }
}

function textsOf(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, one]) => [key, ...textsOf(one)]);
}
