/** The HTTP endpoints of a run under way, and after it. */
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { cli, startCli, Workspace } from "../support/cli.ts";
import { BIG_POLICY, CALLS_CSV, CALLS_POLICY, writeCalls } from "./data.ts";

const ROWS = 300_000;

interface Sample {
  readonly name: string;
  readonly labels: string;
  readonly value: number;
}

/** Prometheus' text format; throws on a line that is none of it. */
function samples(text: string): Sample[] {
  return text
    .split("\n")
    .filter((line) => line !== "" && !/^# (?:HELP|TYPE) \w+ ./.test(line))
    .map((line) => {
      const match = /^([a-z_]+)(?:\{((?:[a-z_]+="(?:[^"\\]|\\.)*",?)+)\})? (\S+)$/.exec(line);
      assert.ok(match, `a line of no metric: ${line}`);
      const [, name = "", labels = "", value] = match;
      assert.ok(Number.isFinite(Number(value)), line);
      return { name, labels, value: Number(value) };
    });
}

function sum(all: readonly Sample[], name: string, labels = ""): number {
  const found = all.filter((one) => one.name === name && one.labels.includes(labels));
  assert.notEqual(found.length, 0, `${name} ${labels}`);
  return found.reduce((total, { value }) => total + value, 0);
}

describe("HTTP", () => {
  let directory: string;
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), "maskline-e2e-"));
    await writeCalls(join(directory, "calls.parquet"), ROWS, 30_720);
  });
  after(() => rm(directory, { recursive: true, force: true }));

  it("tells of a run while it goes on, and of its commit while it lingers", async (t) => {
    const work = await Workspace.make(t);
    await work.config({
      input: [join(directory, "calls.parquet")],
      policy: BIG_POLICY,
      metrics: { port: 0, host: "127.0.0.1", linger: "60s" },
    });
    const running = startCli(["run", "-c", work.join("maskline.yaml")]);
    const [, port] = await running.says(/"port":(\d+)/);
    const get = async (path: string, method = "GET") => {
      const response = await fetch(`http://127.0.0.1:${port}${path}`, { method });
      return { status: response.status, body: await response.text(), type: response.headers.get("content-type") ?? "" };
    };
    const states = new Set<string>();
    let text = "";
    for (;;) {
      assert.deepEqual(await get("/livez"), { status: 200, body: "ok\n", type: "text/plain" });
      const committed = await get("/committed");
      assert.match(committed.type, /application\/json/);
      const { state, rows, plannedRows } = JSON.parse(committed.body);
      assert.equal(committed.status, state === "committed" ? 200 : 503);
      states.add(state);
      text = (await get("/metrics")).body;
      for (const { name } of samples(text)) assert.match(name, /^maskline_/);
      if (state === "committed") break;
      assert.ok(rows <= plannedRows);
      const ready = await get("/readyz");
      if (state === "running") assert.equal(ready.status, 200);
      await sleep(20);
    }
    assert.ok(states.has("running"), [...states].join());

    const manifest = await work.manifest();
    const summary = JSON.parse((await get("/committed")).body);
    assert.equal(summary.runId, manifest.runId);
    assert.equal(summary.rows, ROWS);
    assert.deepEqual(summary.outputs, manifest.outputs);
    assert.match(summary.manifest, /_maskline\/.*\/manifest\.json$/);

    const all = samples((await get("/metrics")).body);
    assert.equal(sum(all, "maskline_rows_total"), ROWS);
    assert.equal(sum(all, "maskline_planned_rows"), ROWS);
    assert.equal(sum(all, "maskline_output_bytes_total"), manifest.outputs[0]?.bytes);
    assert.equal(sum(all, "maskline_parts_total"), Math.ceil(ROWS / 30_720));
    assert.equal(sum(all, "maskline_committed"), 1);
    assert.equal(sum(all, "maskline_worker_restarts_total"), 0);
    assert.equal(sum(all, "maskline_in_flight_bytes"), 0);
    assert.ok(sum(all, "maskline_input_bytes_total") > 0);
    assert.ok(sum(all, "maskline_last_commit_timestamp_seconds") > 1.7e9);
    for (const stage of ["decode", "mask", "encode"]) {
      assert.ok(sum(all, "maskline_stage_seconds_total", `stage="${stage}"`) > 0, stage);
    }
    for (const { path, mask, masked } of manifest.columns.filter((column) => column.masked > 0)) {
      assert.equal(sum(all, "maskline_masked_values_total", `column="${path}",mask="${mask}"`), masked);
    }
    assert.equal(sum(all, "maskline_detector_hits_total", 'detector="card"'), ROWS);
    assert.doesNotMatch(text, /Ada\d|Grace\d|1415555|411111/);

    const page = await get("/");
    assert.equal(page.status, 200);
    assert.match(page.body, /<h1>maskline<\/h1>/);
    assert.equal((await get("/nothing")).status, 404);
    assert.equal((await get("/metrics", "POST")).status, 405);
    assert.equal((await get("/livez", "HEAD")).status, 200);

    // A run that lingers is done: stopping it now takes nothing back.
    running.child.kill("SIGTERM");
    const { code, stderr } = await running.ended;
    assert.equal(code, 0, stderr);
  });

  it("a port that is taken: only one that was asked for must be had", async (t) => {
    const other = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => other.once("listening", resolve));
    t.after(() => other.close());
    const { port } = other.address() as { port: number };
    const work = await Workspace.make(t);
    await work.write("in/calls.csv", CALLS_CSV);
    await work.config({ policy: CALLS_POLICY, metrics: { port, host: "127.0.0.1" } });
    const { code, stderr } = await work.run();
    assert.equal(code, 2, stderr);
    assert.match(stderr, /listening on 127\.0\.0\.1:\d+: .*EADDRINUSE.*set metrics\.port to another/);
    assert.deepEqual(await work.files(), []);
  });

  it("without a word about it in the configuration a taken port is only warned of", async (t) => {
    // Held by this test, or by somebody else already: both will do.
    const other = createServer().listen(9464, "0.0.0.0");
    await new Promise((resolve) => other.once("listening", resolve).once("error", resolve));
    t.after(() => other.close());
    const work = await Workspace.make(t);
    await work.write("in/calls.csv", CALLS_CSV);
    await work.config({ policy: CALLS_POLICY, metrics: undefined });
    const { code, stderr } = await work.run();
    assert.equal(code, 0, stderr);
    assert.match(stderr, /"level":40.*listening on 0\.0\.0\.0:9464.*EADDRINUSE/);
  });

  it("port null serves nothing, and says nothing of it", async (t) => {
    const work = await Workspace.make(t);
    await work.write("in/calls.csv", CALLS_CSV);
    await work.config({ policy: CALLS_POLICY });
    const { code, stderr } = await cli(["run", "-c", work.join("maskline.yaml")]);
    assert.equal(code, 0);
    assert.doesNotMatch(stderr, /serving|listening/);
  });
});
