/** From one organization to another, as it should go: what is asked for, what comes there, who is told, and the same again. */
import assert from "node:assert/strict";
import { it } from "node:test";
import { startFakeGenesys } from "../genesys/fake/server.ts";
import {
  CLIENTS,
  DAY,
  MASKED,
  OPTIONS,
  REPORT,
  SANDBOX,
  STAGING,
  Transfer,
  WEEK,
  withOrganizations,
} from "./transfer.ts";

withOrganizations("from one organization to another", (place) => {
  const { fake } = place;

  it("asks for exactly what docs/genesys.md says, and the sandbox has the masked records and no others", async (t) => {
    const way = await Transfer.make(t, place, {
      export: { staging: `s3://${STAGING}/` },
      config: { output: `s3://${MASKED}/v2/interactions/`, metrics: { port: 0, host: "127.0.0.1", linger: "60s" } },
    });
    way.prefix = "";
    // The import is stopped before and after it took effect: until it says how it ended, nothing is committed.
    for (const match of [
      { method: "POST", path: "/api/v2/data/import" },
      { endpoint: "GET /api/v2/data/import/{id}" },
    ]) {
      fake.fault({ match, fault: { kind: "hold", when: "after" } });
    }
    // The example's prefix is that of every window.
    const running = way.start(["--json", "--replace"]);
    for (const state of ["importing", "importing"]) {
      await way.held(running);
      assert.deepEqual(fake.state().reports, { [REPORT]: "paused" });
      const { status, text } = await running.get("/committed");
      assert.deepEqual([status, JSON.parse(text).state], [503, state]);
      fake.release();
    }
    await running.says(/committed: run/);
    const page = await running.get("/committed");
    const { text: metrics } = await running.get("/metrics");
    running.child.kill("SIGTERM");
    const { code, stdout, stderr, committed } = await running.ended;
    assert.equal(code, 0, stderr);
    assert.deepEqual(committed, [503, 200]);

    const [exported, ...otherExports] = way.jobs("export");
    const [imported, ...otherImports] = way.jobs("import");
    assert.deepEqual([otherExports, otherImports], [[], []]);
    assert.deepEqual(exported!.request, {
      entityType: "interaction",
      dateRange: { type: "FIFO", windowSizeSeconds: 604800 },
      destination: { type: "AWS_S3", bucketName: "prod-export-bucket-temp", region: "us-east-1" },
      filters: [{ field: "direction", operator: "EQ", value: "INBOUND" }],
      excludeFields: ["recordingContent", "transcript"],
    });
    assert.deepEqual(imported!.request, {
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
    });
    assert.deepEqual(
      [exported!.client, imported!.client].map((id) => id.split("-")[1]),
      ["production", "sandbox"],
    );

    const manifest = await way.assertDone();
    const { rows, runId } = manifest;
    const [journal] = await way.journals();
    const counts = { total: rows, imported: rows, skippedDuplicates: 0, failed: 0 };
    const result = { jobId: imported!.id, runId, state: "COMPLETED", ...counts, errors: [] };
    assert.deepEqual(journal!.imported, result);
    const document = JSON.parse(stdout);
    assert.deepEqual(document.imported, result);
    assert.deepEqual([document.state, document.again, document.manifest], ["committed", false, manifest]);
    assert.deepEqual([page.status, JSON.parse(page.text).imported], [200, result]);

    const told = way.told();
    assert.equal(told.length, 1);
    const { body } = told[0]!;
    const { id: _, ...event } = body as Record<string, unknown>;
    assert.deepEqual(event, {
      ...{ event: "committed", version: 1, occurredAt: manifest.finishedAt, environment: SANDBOX, runId, rows },
      ...{ manifest: document.manifestUri, imported: { jobId: imported!.id, ...counts } },
      outputs: manifest.outputs.map(({ uri, rows, bytes, sha256 }) => ({ uri, rows, bytes, sha256 })),
    });
    for (const line of [
      'maskline_api_requests_total{endpoint="export",status="202"} 1',
      'maskline_api_requests_total{endpoint="import",status="202"} 1',
      "maskline_committed 1",
    ]) {
      assert.ok(metrics.includes(`${line}\n`), `${line}\n${metrics}`);
    }
    const { seen } = fake.state();
    const order = seen.map(({ endpoint }) => endpoint).filter((one) => /^POST (?!\/oauth)/.test(one));
    assert.deepEqual(
      order.map((one) => one.split("/").at(-1)),
      ["export", "pause", "import", "resume", "{name}"],
    );
  });

  it("a window taken twice imports nothing twice", async (t) => {
    const way = await Transfer.make(t, place);
    await way.ends(0);
    const first = way.records();
    const { stdout, stderr } = await way.ends(0, "--json");
    assert.match(stderr, /imported +0 of \d+ records, \d+ were there already/);
    const { imported, manifest } = JSON.parse(stdout);
    assert.deepEqual([imported.total, imported.imported, imported.skippedDuplicates], [first.size, 0, first.size]);
    assert.deepEqual(way.records(), first);
    const { environments } = fake.state();
    assert.equal(environments[SANDBOX]!.overwritten, 0);
    assert.deepEqual([way.jobs("export").length, way.jobs("import").length], [2, 2]);
    assert.notEqual(way.jobs("export")[0]!.idempotencyKey, way.jobs("export")[1]!.idempotencyKey);
    await way.assertDone();
    assert.equal(way.told(manifest.runId).length, 1);
    assert.equal(way.told().length, 2);
  });

  it("an interval is taken once; --fresh takes it again", async (t) => {
    const way = await Transfer.make(t, place, { export: { interval: DAY } });
    await way.ends(0);
    const { dateRange } = way.jobs("export")[0]!.request as { dateRange: unknown };
    assert.deepEqual(dateRange, { type: "INTERVAL", interval: DAY });
    const before = fake.state().calls;
    const again = await way.ends(0, "--json");
    assert.match(again.stderr, /already committed: run/);
    assert.equal(JSON.parse(again.stdout).again, true);
    assert.deepEqual(fake.state().calls, before);
    await way.assertDone({ interval: DAY });
    assert.equal(way.told().length, 1);

    const fresh = await way.ends(0, "--fresh", "--json");
    assert.deepEqual([way.jobs("export").length, way.jobs("import").length], [2, 2]);
    assert.equal(JSON.parse(fresh.stdout).imported.imported, 0);
    await way.assertDone({ interval: DAY });
  });

  it("two environments have other tokens for the same people", async (t) => {
    const way = await Transfer.make(t, place);
    await way.ends(0);
    await way.configure({ config: { environment: "sandbox-02" } });
    await way.ends(0);
    const [one, other] = [way.records(), way.records("sandbox-02")];
    assert.deepEqual([...one.keys()].toSorted(), [...other.keys()].toSorted());
    way.assertMasked(WEEK, "sandbox-02");
    const tokens = { firstName: 0, lastName: 0, emailAddress: 0, externalId: 0 };
    for (const [id, text] of one) {
      const [left, right] = [JSON.parse(text), JSON.parse(other.get(id)!)];
      for (const name of Object.keys(tokens) as (keyof typeof tokens)[]) {
        if (left[name] === null) continue;
        assert.notEqual(left[name], right[name], name);
        tokens[name]++;
      }
      assert.deepEqual([left.queueName, left.startTime], [right.queueName, right.startTime]);
    }
    for (const [name, count] of Object.entries(tokens)) assert.ok(count > 20, name);
    // The journals of both lie apart.
    assert.equal((await way.journals()).length, 2);
  });

  it("an export in which nothing is commits an empty run, and imports nothing", async (t) => {
    const way = await Transfer.make(t, place, {
      export: { filters: [{ field: "direction", operator: "EQ", value: "SIDEWAYS" }] },
    });
    const { stdout } = await way.ends(0, "--json");
    assert.equal(JSON.parse(stdout).manifest.rows, 0);
    assert.equal(way.jobs("import").length, 0);
    assert.deepEqual(await way.keys(STAGING), []);
    assert.equal(way.told().length, 1);
    await way.ends(0);
    assert.equal(way.jobs("export").length, 2);
  });

  it("files of one name in several folders stay apart", async (t) => {
    const { endpoint, region, accessKeyId, secretAccessKey } = place.s3;
    const s3 = { endpoint, region, accessKeyId, secretAccessKey };
    const other = await startFakeGenesys({ ...OPTIONS, clients: Object.values(CLIENTS), folders: true, s3 });
    t.after(() => other.stop());
    const way = await Transfer.make(t, { ...place, fake: other });
    await way.ends(0);
    const { outputs } = await way.assertDone();
    const names = outputs.map(({ uri }) => uri.split("/").slice(-2).join("/"));
    assert.deepEqual(names, ["part=00000/data.jsonl", "part=00001/data.jsonl"]);
  });

  it("loads what somebody else exported, without an export of its own", async (t) => {
    const way = await Transfer.make(t, place);
    await way.configure({ export: { afterwards: "keep" }, genesys: { import: undefined } });
    await way.ends(0);
    fake.reset();
    await way.configure({
      config: { input: [`s3://${STAGING}/${way.prefix}`] },
      genesys: { export: undefined },
    });
    await way.ends(0);
    assert.equal(way.jobs("export").length, 0);
    assert.equal(way.calls("GET /api/v2/data/export/schemas"), 0);
    assert.equal(way.jobs("import").length, 1);
    const [manifest] = await way.manifests();
    assert.deepEqual([...way.records().values()].toSorted(), await way.output(manifest!));
    way.assertMasked(WEEK);
    way.assertReportsRan();
    // An input of somebody else's is not ours to remove.
    assert.equal((await way.keys(STAGING)).length, 2);
    const { stdout } = await way.ends(0, "--json");
    assert.equal(JSON.parse(stdout).imported.imported, 0);
  });

  it("without Genesys, the commit hook starts whichever loader there is", async (t) => {
    const way = await Transfer.make(t, place);
    await way.work.write("in/calls.csv", "id,firstName,phoneNumber\n1,Rosalindah,+14155550123\n2,Bartholomewx,\n");
    way.secret(["Rosalindah", "Bartholomewx", "+14155550123"]);
    await way.configure({ config: { input: ["./in/"], genesys: undefined } });
    fake.fault({ match: { path: "/hooks/" }, fault: { kind: "status", status: 400 } });
    const down = await way.ends(1);
    assert.match(down.stderr, /telling the webhooks of what was committed: 1 of 1 did not take it/);
    const { stdout } = await way.ends(0, "--json");
    const { again, manifest, manifestUri } = JSON.parse(stdout);
    assert.equal(again, true);
    const told = way.told();
    assert.equal(told.length, 1);
    const body = told[0]!.body as Record<string, unknown>;
    assert.deepEqual([body.runId, body.rows, body.manifest], [manifest.runId, 2, manifestUri]);
    assert.equal(body.imported, undefined);
    // Told once is enough.
    await way.ends(0);
    assert.equal(way.told().length, 1);
    assert.deepEqual(Object.keys(fake.state().calls), ["POST /hooks/{name}"]);
  });
});
