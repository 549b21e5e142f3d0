/** What happens to a run from outside: killed, stopped, the disk full, its input changed. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { appendFile, chmod, cp, mkdir, mkdtemp, readFile, rm, stat, utimes } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it, type TestContext } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { cli, filesBeneath, type RunningCli, startCli, Workspace } from "../support/cli.ts";
import { BIG_POLICY, CALLS_CSV, CALLS_POLICY, writeCalls } from "./data.ts";

const ROWS = 200_000;
const root = process.getuid?.() === 0;

let directory: string;
let big: string;
/** What an undisturbed run writes. */
let expected: Buffer;

before(async () => {
  directory = await mkdtemp(join(tmpdir(), "maskline-e2e-"));
  big = join(directory, "calls.parquet");
  await writeCalls(big, ROWS, 20_480);
  const work = await Workspace.make({ after: () => {} } as unknown as TestContext);
  await work.config({ input: [big], policy: BIG_POLICY });
  const { code, stderr } = await work.run();
  assert.equal(code, 0, stderr);
  expected = await work.read("out/calls.jsonl");
  await rm(work.path, { recursive: true });
  assert.equal(expected.toString("latin1").split("\n").length, ROWS + 1);
});
after(() => rm(directory, { recursive: true, force: true }));

async function prepared(t: Pick<TestContext, "after">, settings: object = {}): Promise<Workspace> {
  const work = await Workspace.make(t);
  await work.config({ input: [big], policy: BIG_POLICY, ...settings });
  return work;
}

/** Resolves while a run is in the middle of writing: its temporary file holds something. */
async function inTheMiddle(work: Workspace, running: RunningCli, name = "calls.jsonl"): Promise<string> {
  for (;;) {
    for (const file of await work.files()) {
      if (file.includes(`.${name}`) && file.endsWith(".tmp")) {
        const { size } = await stat(work.join("out", file)).catch(() => ({ size: 0 }));
        if (size > 1_000_000) return file;
      }
    }
    if (running.child.exitCode !== null) throw new Error(`it was too fast:\n${running.said()}`);
    await sleep(2);
  }
}

async function assertRerunIsRight(work: Workspace): Promise<void> {
  const { code, stderr } = await work.run();
  assert.equal(code, 0, stderr);
  assert.ok((await work.read("out/calls.jsonl")).equals(expected), "the bytes of an undisturbed run");
  assert.deepEqual(await work.outputs(), ["calls.jsonl"], "and nothing else, temporary files among it");
  const manifest = await work.manifest();
  assert.equal(manifest.rows, ROWS);
  assert.equal(manifest.outputs[0]?.bytes, expected.length);
}

describe("a run that is disturbed", () => {
  it("kill -9 in the middle: nothing is visible, and the same command again ends right", async (t) => {
    const work = await prepared(t);
    const running = startCli(["run", "-c", work.join("maskline.yaml")]);
    await inTheMiddle(work, running);
    running.child.kill("SIGKILL");
    assert.equal((await running.ended).signal, "SIGKILL");
    await assert.rejects(stat(work.join("out/calls.jsonl")), { code: "ENOENT" });
    assert.deepEqual(await work.manifests(), []);
    await assertRerunIsRight(work);
  });

  it("kill -9 between two objects: what was written is taken for its own", async (t) => {
    const work = await prepared(t, { input: ["./in/"], runtime: { workers: 2 } });
    await work.write("in/a.csv", CALLS_CSV);
    await cp(big, work.join("in/calls.parquet"));
    await work.config({ policy: { ...CALLS_POLICY, rules: BIG_POLICY.rules } });
    const running = startCli(["run", "-c", work.join("maskline.yaml")]);
    await inTheMiddle(work, running);
    while (!(await work.outputs()).includes("a.jsonl")) await sleep(2);
    running.child.kill("SIGKILL");
    await running.ended;
    const { code, stderr } = await work.run();
    assert.equal(code, 0, stderr);
    assert.ok((await work.read("out/calls.jsonl")).equals(expected));
    assert.deepEqual(await work.outputs(), ["a.jsonl", "calls.jsonl"]);
  });

  for (const [signal, exit] of [
    ["SIGTERM", 143],
    ["SIGINT", 130],
  ] as const) {
    it(`${signal} in the middle ends with ${exit} and leaves nothing; the same command again ends right`, async (t) => {
      const work = await prepared(t);
      const running = startCli(["run", "--json", "-c", work.join("maskline.yaml")]);
      await inTheMiddle(work, running);
      running.child.kill(signal);
      const { code, stderr, stdout } = await running.ended;
      assert.equal(code, exit, stderr);
      assert.match(stderr, new RegExp(`stopped by ${signal}; start the same command again`));
      assert.doesNotMatch(stderr, /^ +at /m);
      const { error } = JSON.parse(stdout);
      assert.deepEqual([error.code, error.retryable], ["ERR_STOPPED", true]);
      assert.deepEqual(await work.outputs(), []);
      assert.deepEqual(await work.manifests(), []);
      await assertRerunIsRight(work);
    });
  }

  it("SIGTERM while it is still planning ends with 143 too", async (t) => {
    const work = await prepared(t);
    const running = startCli(["run", "-c", work.join("maskline.yaml")]);
    // Not before its handlers stand: until then a signal does what signals do.
    await sleep(700);
    running.child.kill("SIGTERM");
    const { code, signal } = await running.ended;
    assert.ok(code === 143 || signal === "SIGTERM", `${code} ${signal}`);
    assert.deepEqual(await work.manifests(), []);
  });

  it("an input that is rewritten while it is read fails the run; the next one takes the new bytes", async (t) => {
    const work = await prepared(t, { input: ["./in/"] });
    await mkdir(work.join("in"));
    await cp(big, work.join("in/calls.parquet"));
    const running = startCli(["run", "-c", work.join("maskline.yaml")]);
    await inTheMiddle(work, running);
    await utimes(work.join("in/calls.parquet"), new Date(), new Date());
    const { code, stderr } = await running.ended;
    assert.equal(code, 1, stderr);
    assert.match(stderr, /calls\.parquet.*the object changed while being read; run again/);
    assert.deepEqual(await work.outputs(), []);
    assert.deepEqual(await work.manifests(), []);
    await assertRerunIsRight(work);
  });

  it("a text input that grows between its two readings fails the run", async (t) => {
    const work = await Workspace.make(t);
    const rows = Array.from({ length: 120_000 }, (_, index) => `c-${index},Sales,Ada,+14155550123,,1\n`);
    const path = await work.write("in/calls.csv", `${CALLS_CSV.split("\n")[0]}\n${rows.join("")}`);
    await work.config({ policy: CALLS_POLICY });
    const running = startCli(["run", "-c", work.join("maskline.yaml")]);
    await running.says(/"planned"/);
    await appendFile(path, "c-x,Sales,Ada,+14155550123,,1\n");
    const { code, stderr } = await running.ended;
    if (code === 0) return t.skip("it was faster than the change");
    assert.equal(code, 1, stderr);
    assert.match(stderr, /changed while being read/);
    assert.deepEqual(await work.outputs(), []);
  });
});

describe("an output that cannot be written", () => {
  it("a full disk says so, ends with 1 and leaves nothing", async (t) => {
    const work = await prepared(t);
    const disk = work.join("disk");
    await mkdir(disk);
    try {
      execFileSync("mount", ["-t", "tmpfs", "-o", "size=3m", "tmpfs", disk], { stdio: "pipe" });
    } catch {
      return t.skip("mounting a small disk is not permitted here");
    }
    try {
      const { code, stderr } = await work.run("--output", join(disk, "out/"));
      assert.equal(code, 1, stderr);
      assert.match(stderr, /writing .*calls\.jsonl: disk full; free space or choose another output, then run again/);
      const left = (await filesBeneath(disk)).filter((name) => !name.endsWith("/claim.json"));
      assert.deepEqual(left, []);
    } finally {
      execFileSync("umount", [disk]);
    }
  });

  it("a file size limit says so", async (t) => {
    try {
      execFileSync("prlimit", ["--version"], { stdio: "ignore" });
    } catch {
      return t.skip("prlimit (util-linux) is not here");
    }
    const work = await prepared(t);
    const args = ["run", "-c", work.join("maskline.yaml")];
    const { code, signal, stderr } = await cli(args, { prlimit: ["--fsize=2000000"] });
    assert.equal(code, 1, `${signal} ${stderr}`);
    assert.match(stderr, /calls\.jsonl: the file is larger than the file system or a limit allows/);
    assert.deepEqual(await work.outputs(), []);
  });

  it("a directory that may not be written to is wrong usage", async (t) => {
    const work = await Workspace.make(t);
    await work.write("in/calls.csv", CALLS_CSV);
    await mkdir(work.join("out"));
    await chmod(work.join("out"), 0o555);
    await chmod(await work.config({ policy: CALLS_POLICY }), 0o644);
    const { code, stderr } = await cli(["run", "-c", work.join("maskline.yaml")], root ? { uid: 65534 } : {});
    assert.equal(code, 2, stderr);
    assert.match(stderr, /no permission to write there/);
    assert.deepEqual(await work.files(), []);
  });

  it("a file where a directory is needed is wrong usage", async (t) => {
    const work = await Workspace.make(t);
    await work.write("in/calls.csv", CALLS_CSV);
    await work.write("out", "a file");
    await work.config({ policy: CALLS_POLICY });
    const { code, stderr } = await work.run();
    assert.equal(code, 2, stderr);
    assert.match(stderr, /a directory on its path is a file/);
    assert.equal((await readFile(work.join("out"))).toString(), "a file");
  });
});
