/** Commands that only look, where Genesys Cloud exports: before there is an export, and after. */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, beforeEach, describe, it, type TestContext } from "node:test";
import { startFakeGenesys } from "../genesys/fake/server.ts";
import { cli, Workspace } from "../support/cli.ts";
import { S3_SKIPPED, startS3 } from "../support/s3-server.ts";

const server = await startS3();

describe("an export that is to come", { skip: server ? false : S3_SKIPPED }, async () => {
  if (!server) return;
  Object.assign(process.env, server.env);
  const fake = await startFakeGenesys({ rows: 60 });
  const bucket = `announced-${randomUUID()}`;
  await fake.makeBucket(bucket);
  beforeEach(() => fake.reset());
  after(async () => {
    await fake.stop();
    await server.stop();
  });

  const configured = async (t: TestContext, more: object = {}, policy: object = { presets: ["contact-center"] }) => {
    const work = await Workspace.make(t);
    const base = `s3://${bucket}/${randomUUID()}/`;
    const client = { id: { env: "GENESYS_ID" }, secret: { env: "GENESYS_SECRET" } };
    const exporting = { api: fake.url, login: fake.url, client, staging: `${base}staging/`, poll: { every: "20ms" } };
    const genesys = { export: { ...exporting, ...more }, buckets: { check: false } };
    await work.config({ input: [], output: `${base}out/{runId}/`, policy, genesys, metrics: { port: null } });
    const env = { ...server.env, GENESYS_ID: fake.client.id, GENESYS_SECRET: fake.client.secret };
    return async (...args: string[]) => {
      const { code, stdout, stderr } = await cli([...args, "-c", work.join("maskline.yaml"), "--json"], { env });
      return { code, stderr, said: stdout === "" ? undefined : JSON.parse(stdout) };
    };
  };
  const jobs = () => fake.state().jobs.length;

  it("is planned by its schema, and nothing is asked for but that", async (t) => {
    const maskline = await configured(t);
    const { code, said, stderr } = await maskline("plan");
    assert.equal(code, 0, stderr);
    assert.equal(said.state, "announced");
    const masks = Object.fromEntries(said.columns.map((one: { path: string; mask: string }) => [one.path, one.mask]));
    assert.equal(masks.cardNumber, "pan");
    assert.equal(masks.firstName, "token");
    assert.equal(masks.transcript, undefined);
    assert.equal(jobs(), 0);
  });

  it("stops a plan where a person must decide", async (t) => {
    const maskline = await configured(t, {}, { presets: [] });
    const { code, stderr } = await maskline("plan");
    assert.equal(code, 3);
    assert.match(stderr, /cardNumber/);
    assert.equal(jobs(), 0);
  });

  it("conversations are planned by their model", async (t) => {
    const maskline = await configured(t, { dialect: "analytics" }, { presets: ["genesys-analytics"] });
    const { code, said, stderr } = await maskline("plan");
    assert.equal(code, 0, stderr);
    assert.ok(said.columns.some((one: { path: string }) => one.path === "participants[].attributes{}"));
  });

  it("is approved by its schema; what is new then needs a decision", async (t) => {
    const maskline = await configured(t);
    const first = await maskline("drift");
    assert.equal(first.code, 3, first.stderr);
    assert.equal((await maskline("drift", "--approve")).code, 0);
    const { code, said, stderr } = await maskline("drift");
    assert.equal(code, 0, stderr);
    assert.equal(said.state, "unchanged");
    fake.fault({
      match: { path: "/api/v2/data/export/schemas" },
      fault: { kind: "addField", name: "customerPhoneAlt" },
    });
    const { code: changed, stderr: why } = await maskline("drift");
    assert.equal(changed, 3);
    assert.match(why, /customerPhoneAlt/);
    assert.equal(jobs(), 0);
  });

  it("passes its own gates once it is there, is approved by its files, and can be verified while they are", async (t) => {
    const maskline = await configured(t, { afterwards: "keep" });
    assert.equal((await maskline("drift", "--approve")).code, 0);
    const rehearsed = await maskline("run", "--dry-run");
    assert.equal(rehearsed.code, 2);
    assert.match(rehearsed.stderr, /nothing is exported yet/);
    const { code, said, stderr } = await maskline("run");
    assert.equal(code, 0, stderr);
    assert.equal(said.state, "committed");
    const verified = await maskline("verify");
    assert.equal(verified.code, 0, verified.stderr);
    assert.equal(verified.said.rows, said.manifest.rows);
    assert.equal((await maskline("plan")).said.runId, said.manifest.runId);
    const { code: drift, said: found } = await maskline("drift");
    assert.equal(drift, 0);
    assert.notEqual(found.inputs, 0);
    assert.equal((await maskline("drift", "--approve")).said.state, "approved");
  });

  it("what is gone cannot be verified, and it is said how to", async (t) => {
    const maskline = await configured(t);
    assert.equal((await maskline("run")).code, 0);
    const { code, stderr } = await maskline("verify");
    assert.equal(code, 2);
    assert.match(stderr, /--input/);
  });
});
