/** `maskline size` as a command: what it prints, what it refuses, that it writes nothing. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Sized } from "../../src/size/report.ts";
import { cli, startCli, Workspace } from "../support/cli.ts";

/** The shortest that it can measure: two seconds for each count of workers. */
const QUICK = ["--time", "1s"];

const csv = (rows: number) =>
  `call,phoneNumber,note\n${Array.from({ length: rows }, (_, row) => `${row},+14155550${100 + (row % 900)},fine\n`).join("")}`;

async function workspace(t: Parameters<typeof Workspace.make>[0]): Promise<Workspace> {
  const made = await Workspace.make(t);
  await made.write("in/calls.csv", csv(20_000));
  await made.config({ policy: { presets: ["contact-center"] } });
  return made;
}

test("measures the configuration's inputs and says what a load needs, as JSON", async (t) => {
  const place = await workspace(t);
  const args = ["size", "-c", place.join("maskline.yaml"), "--rows", "4G", "--window", "4h", "--json", ...QUICK];
  // The key is not wanted: nothing is written.
  const { code, stdout, stderr } = await cli([...args, "--chart", "size.svg"], {
    cwd: place.path,
    env: { MASKLINE_KEY: undefined },
  });
  assert.equal(code, 0, stderr);
  const sized = JSON.parse(stdout) as Sized;
  assert.deepEqual([sized.sample.source, sized.sample.objects, sized.sample.rows], ["inputs", 1, 20_000]);
  assert.equal(sized.measurements[0]?.workers, 1);
  for (const one of sized.measurements) {
    assert.ok(one.rowsPerSecond > 0 && one.peakBytes > 2 ** 26 && one.mainSecondsPerRow > 0, JSON.stringify(one));
    assert.ok(one.workerSecondsPerRow > one.mainSecondsPerRow / 100);
  }
  const { load, knee } = sized;
  assert.ok(knee.workers >= 1 && load && load.advice.shards >= 1 && load.advice.workers <= Math.max(1, knee.workers));
  assert.equal(load.advice.memoryLimitBytes % 2 ** 28, 0);
  assert.match(stderr, /measuring 1 of \d+: workers 1/);
  assert.match(await place.text("size.svg"), /^<svg [\s\S]*<circle [\s\S]*<\/svg>\n$/);
  assert.deepEqual(await place.files(), []);
});

test("measures generated calls where there is no configuration, as text without colours", async (t) => {
  const place = await Workspace.make(t);
  const { code, stdout, stderr } = await cli(["size", "--quiet", ...QUICK], { cwd: place.path });
  assert.equal(code, 0, stderr);
  assert.match(stdout, /^host .*\nsample +generated calls/);
  assert.match(stdout, /^ +1 +[\d,]+ +[\d,]+ .* MiB$/m);
  assert.match(stdout, /^ +1 +[\d,]+ +█+ +measured/m);
  assert.match(stdout, /^knee +\d+ workers?, [\d,]+ rows\/s/m);
  assert.ok(!stdout.includes("\x1b"));
  assert.equal(stderr, "");
  assert.deepEqual(await place.files("."), []);
});

test("measures inputs without a configuration by the preset", async (t) => {
  const place = await Workspace.make(t);
  await place.write("calls.csv", csv(5_000));
  const { code, stdout, stderr } = await cli(["size", "--input", "calls.csv", "--window", "1m", ...QUICK], {
    cwd: place.path,
  });
  assert.equal(code, 0, stderr);
  assert.match(stdout, /your inputs, the preset contact-center/);
  assert.match(stdout, /^load +5,000 rows in 1 min/m);
  assert.match(stdout, /^request +1 process with 1 worker$/m);
  assert.match(stdout, /^note +the largest object has 5,000 rows/m);
});

const refusals: readonly { name: string; args: readonly string[]; exit: number; says: RegExp }[] = [
  { name: "rows that are no number", args: ["--rows", "many"], exit: 2, says: /--rows many: a number of rows/ },
  { name: "a window without a unit", args: ["--window", "4"], exit: 2, says: /--window 4: a duration such as/ },
  { name: "a window over generated data", args: ["--window", "4h"], exit: 2, says: /--window wants --rows/ },
  { name: "rows without a window", args: ["--rows", "4G"], exit: 2, says: /--rows wants --window/ },
  { name: "no cores", args: ["--cores", "0"], exit: 2, says: /--cores 0/ },
  { name: "an option that is none", args: ["--row", "4"], exit: 2, says: /unknown option.*--row/ },
  { name: "a configuration that is not there", args: ["-c", "none.yaml"], exit: 2, says: /none\.yaml/ },
  { name: "inputs that are not there", args: ["--input", "none.csv"], exit: 5, says: /nothing is at/ },
];

for (const { name, args, exit, says } of refusals) {
  test(`refuses ${name} before it measures`, async (t) => {
    const place = await Workspace.make(t);
    const { code, stderr, stdout } = await cli(["size", ...args, "--json"], { cwd: place.path });
    assert.equal(code, exit, stderr);
    assert.match(stderr, says);
    assert.ok(!stderr.includes("measuring"));
    assert.equal((JSON.parse(stdout) as { exit: number }).exit, exit);
  });
}

test("a field that needs a decision stops it as it stops a run", async (t) => {
  const place = await Workspace.make(t);
  await place.write("in/calls.csv", "call,birthDate\n1,1970-01-01\n");
  await place.config({ policy: {} });
  const { code, stderr } = await cli(["size", "-c", place.join("maskline.yaml"), ...QUICK]);
  assert.equal(code, 3, stderr);
  assert.match(stderr, /birthDate/);
});

test("inputs without a row are refused", async (t) => {
  const place = await Workspace.make(t);
  await place.write("calls.csv", "call,note\n");
  const { code, stderr } = await cli(["size", "--input", "calls.csv", ...QUICK], { cwd: place.path });
  assert.equal(code, 5, stderr);
  assert.match(stderr, /no rows/);
});

test("SIGTERM stops it and its measurement", async (t) => {
  const place = await workspace(t);
  const running = startCli(["size", "-c", place.join("maskline.yaml"), "--time", "5m"], { cwd: place.path });
  await running.says(/measuring 1 of/);
  running.child.kill("SIGTERM");
  const { code, stderr } = await running.ended;
  assert.equal(code, 143, stderr);
  assert.match(stderr, /stopped by SIGTERM/);
});
