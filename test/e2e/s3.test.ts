/** Whole runs from and to a real S3 server, and what happens when it, the way to it or the process fails. */
import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it, type TestContext } from "node:test";
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import type { Manifest } from "../../src/output/manifest.ts";
import { type CliResult, cli, type RunningCli, startCli, Workspace } from "../support/cli.ts";
import { type FaultProxy, startFaultProxy } from "../support/fault-proxy.ts";
import { S3_SKIPPED, type S3Server, startS3 } from "../support/s3-server.ts";
import { BIG_POLICY, CALLS_CSV, CALLS_POLICY, writeCalls } from "./data.ts";

/** About 65 MB of output: several parts of a multipart upload. */
const ROWS = 150_000;

describe("S3", async () => {
  const server = await startS3();
  if (!server) {
    it("runs from and to S3", { skip: S3_SKIPPED }, () => {});
    return;
  }
  suite(server);
});

function suite(server: S3Server): void {
  const { accessKeyId, secretAccessKey, region } = server;
  const client = new S3Client({
    endpoint: server.endpoint,
    region,
    forcePathStyle: true,
    credentials: { accessKeyId, secretAccessKey },
  });
  let proxy: FaultProxy;
  let directory: string;
  let bucket: string;
  let expected: string;

  before(async () => {
    proxy = await startFaultProxy(server.endpoint);
    bucket = await server.makeBucket(`e2e-${process.pid}-${Date.now()}`);
    directory = await mkdtemp(join(tmpdir(), "maskline-e2e-"));
    const big = join(directory, "calls.parquet");
    await writeCalls(big, ROWS, 20_480);
    await put("in/2026/calls.parquet", await readFile(big));
    await put("in/2026/extra.csv", CALLS_CSV);
    const work = await Workspace.make({ after: () => {} } as unknown as TestContext);
    await work.config({ input: [big], policy: BIG_POLICY });
    const { code, stderr } = await work.run();
    assert.equal(code, 0, stderr);
    expected = await work.text("out/calls.jsonl");
    await rm(work.path, { recursive: true });
  });
  after(async () => {
    client.destroy();
    await proxy.stop();
    await server.stop();
    await rm(directory, { recursive: true, force: true });
  });

  async function put(Key: string, Body: string | Uint8Array): Promise<void> {
    await client.send(new PutObjectCommand({ Bucket: bucket, Key, Body }));
  }

  async function text(Key: string): Promise<string> {
    return await (await client.send(new GetObjectCommand({ Bucket: bucket, Key }))).Body!.transformToString();
  }

  async function keys(Prefix: string): Promise<string[]> {
    const { Contents } = await client.send(new ListObjectsV2Command({ Bucket: bucket, Prefix }));
    return (Contents ?? []).map(({ Key }) => Key!.slice(Prefix.length)).sort();
  }

  async function objects(prefix: string): Promise<string[]> {
    return (await keys(prefix)).filter((key) => !key.startsWith("_maskline/"));
  }

  async function manifests(prefix: string): Promise<Manifest[]> {
    const names = (await keys(prefix)).filter((key) => key.endsWith("/manifest.json"));
    return await Promise.all(names.map(async (name) => JSON.parse(await text(prefix + name)) as Manifest));
  }

  async function uploads(prefix: string): Promise<number> {
    const { Uploads } = await client.send(new ListMultipartUploadsCommand({ Bucket: bucket, Prefix: prefix }));
    return Uploads?.length ?? 0;
  }

  const through = (endpoint: string, more: Readonly<Record<string, string | undefined>> = {}) => ({
    env: { ...server.env, AWS_ENDPOINT_URL_S3: endpoint, ...more },
  });

  async function config(t: Pick<TestContext, "after">, prefix: string, settings: object = {}): Promise<string[]> {
    const work = await Workspace.make(t);
    const file = await work.config({
      input: [`s3://${bucket}/in/2026/calls.parquet`],
      output: `s3://${bucket}/${prefix}`,
      policy: BIG_POLICY,
      ...settings,
    });
    return ["run", "-c", file];
  }

  async function assertRight(prefix: string, { code, stderr }: CliResult): Promise<void> {
    assert.equal(code, 0, stderr);
    assert.deepEqual(await objects(prefix), ["calls.jsonl"]);
    assert.ok((await text(`${prefix}calls.jsonl`)) === expected, "the bytes of the local run");
    const [manifest, ...others] = await manifests(prefix);
    assert.deepEqual(others, []);
    assert.equal(manifest?.rows, ROWS);
  }

  async function assertNothingLeft(prefix: string, { stderr }: CliResult): Promise<void> {
    assert.doesNotMatch(stderr, /^ +at |1415555|411111/m);
    assert.ok(!stderr.includes(secretAccessKey));
    assert.deepEqual(await objects(prefix), []);
    assert.deepEqual(await manifests(prefix), []);
    assert.equal(await uploads(prefix), 0);
  }

  /** Resolves once so many requests of a kind have come through the proxy. */
  async function seen(operation: string, times: number, running: RunningCli): Promise<void> {
    const { setTimeout: sleep } = await import("node:timers/promises");
    while (proxy.seen.filter((one) => one === operation).length < times) {
      if (running.child.exitCode !== null) throw new Error(`it was too fast:\n${running.said()}`);
      await sleep(2);
    }
  }

  it("all that a run writes is encrypted with the key of s3.encryption", async (t) => {
    const [kms] = server.kmsKeys;
    if (kms === undefined) return t.skip("the server has no KMS keys");
    const input = [`s3://${bucket}/in/2026/extra.csv`];
    const settings = { input, policy: CALLS_POLICY, s3: { encryption: { kms } } };
    const { code, stderr } = await cli(await config(t, "kms/", settings), through(server.endpoint));
    assert.equal(code, 0, stderr);
    const written = await keys("kms/");
    assert.ok(written.length >= 5, `${written}`);
    for (const key of written) {
      const head = await client.send(new HeadObjectCommand({ Bucket: bucket, Key: `kms/${key}` }));
      assert.deepEqual([head.ServerSideEncryption, head.SSEKMSKeyId], ["aws:kms", kms], key);
    }
    const unknown = { ...settings, s3: { encryption: { kms: "no-such-key" } } };
    const refused = await cli(await config(t, "nokms/", unknown), through(server.endpoint));
    assert.equal(refused.code, 2, refused.stderr);
    assert.match(refused.stderr, /the KMS key cannot be used/);
    assert.deepEqual(await keys("nokms/"), []);
  });

  it("from S3 to S3 gives the bytes of a local run, and a second run finds it committed", async (t) => {
    const run = await config(t, "plain/");
    await assertRight("plain/", await cli(run, through(server.endpoint)));
    assert.equal(await uploads("plain/"), 0);
    const records = (await keys("plain/_maskline/")).map((key) => key.split("/")[1]);
    assert.deepEqual(records, ["claim.json", "manifest.json", "report.html", "report.json"]);
    const [report] = (await keys("plain/")).filter((key) => key.endsWith("/report.json"));
    assert.equal(JSON.parse(await text(`plain/${report}`)).rows, ROWS);
    const again = await cli([...run, "--json"], through(server.endpoint));
    assert.equal(again.code, 0, again.stderr);
    assert.equal(JSON.parse(again.stdout).again, true);
  });

  it("reads globs and prefixes, and writes to a local directory", async (t) => {
    for (const input of [`s3://${bucket}/in/`, `s3://${bucket}/in/*/*.{parquet,csv}`]) {
      const work = await Workspace.make(t);
      const file = await work.config({ input: [input], policy: { ...CALLS_POLICY, rules: BIG_POLICY.rules } });
      const { code, stderr } = await cli(["run", "-c", file], through(server.endpoint));
      assert.equal(code, 0, stderr);
      assert.deepEqual(await work.outputs(), ["2026/calls.jsonl", "2026/extra.jsonl"]);
      assert.ok((await work.text("out/2026/calls.jsonl")) === expected);
    }
  });

  it("plan and --dry-run write nothing", async (t) => {
    const [, ...rest] = await config(t, "dry/");
    assert.equal((await cli(["plan", ...rest], through(server.endpoint))).code, 0);
    assert.equal((await cli(["run", ...rest, "--dry-run"], through(server.endpoint))).code, 0);
    assert.deepEqual(await keys("dry/"), []);
  });

  it("another run's object is not overwritten without --replace", async (t) => {
    await put("taken/calls.jsonl", "mine\n");
    const run = await config(t, "taken/");
    const refused = await cli(run, through(server.endpoint));
    assert.equal(refused.code, 2, refused.stderr);
    assert.match(refused.stderr, /taken\/calls\.jsonl is there already/);
    assert.equal(await text("taken/calls.jsonl"), "mine\n");
    await assertRight("taken/", await cli([...run, "--replace"], through(server.endpoint)));
  });

  it("wrong credentials, no credentials, no such bucket or object: told apart, nothing written", async (t) => {
    const run = await config(t, "wrong/");
    const cases: readonly [ReturnType<typeof through>, readonly string[], number, RegExp][] = [
      [
        through(server.endpoint, { AWS_SECRET_ACCESS_KEY: "not-the-secret" }),
        [],
        2,
        /secret key does not belong|access denied/,
      ],
      [through(server.endpoint, { AWS_ACCESS_KEY_ID: "nobody" }), [], 2, /does not know the access key|access denied/],
      [
        through(server.endpoint, { AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined }),
        [],
        2,
        /no AWS credentials were found/,
      ],
      [through(server.endpoint), ["--input", "s3://no-such-bucket-anywhere/a.parquet"], 2, /there is no such bucket/],
      [through(server.endpoint), ["--input", "s3://no-such-bucket-anywhere/a/"], 2, /there is no such bucket/],
      [through(server.endpoint), ["--output", "s3://no-such-bucket-anywhere/a/"], 2, /there is no such bucket/],
      [through(server.endpoint), ["--input", `s3://${bucket}/in/gone.parquet`], 5, /nothing is at/],
      [through(server.endpoint), ["--input", `s3://${bucket}/nothing/`], 5, /nothing is at/],
    ];
    for (const [options, args, exit, message] of cases) {
      const result = await cli([...run, ...args], options);
      assert.equal(result.code, exit, result.stderr);
      assert.match(result.stderr, message);
      assert.doesNotMatch(result.stderr, /not-the-secret/);
      await assertNothingLeft("wrong/", result);
    }
  });

  it("nobody listening there ends with 1 after the retries", async (t) => {
    const run = await config(t, "closed/");
    const { code, stderr } = await cli(run, through("http://127.0.0.1:9", { AWS_MAX_ATTEMPTS: "3" }));
    assert.equal(code, 1, stderr);
    assert.match(stderr, /the store cannot be reached after 3 attempts \(ECONNREFUSED\); check the network/);
  });

  it("failures that pass cost nothing but time", async (t) => {
    proxy.clear();
    proxy.add({ on: "GetObject", status: 503, times: 2 });
    proxy.add({ on: "GetObject", cutAfter: 100_000, after: 3, times: 2 });
    proxy.add({ on: "UploadPart", status: 500, after: 1, times: 2 });
    proxy.add({ on: "UploadPart", reset: true, after: 4, times: 1 });
    proxy.add({ on: "CompleteMultipartUpload", loseAnswer: true, times: 1 });
    proxy.add({ on: "PutObject", loseAnswer: true, times: 1 });
    const run = await config(t, "flaky/");
    await assertRight("flaky/", await cli(run, through(proxy.endpoint)));
    assert.equal(await uploads("flaky/"), 0);
  });

  it("an UploadPart that fails past its retries ends with 1, and no upload is left", async (t) => {
    proxy.clear();
    proxy.add({ on: "UploadPart", status: 500, part: 3 });
    const run = await config(t, "refused/");
    const result = await cli(run, through(proxy.endpoint, { AWS_MAX_ATTEMPTS: "3" }));
    assert.equal(result.code, 1, result.stderr);
    assert.match(result.stderr, /writing s3:\/\/.*refused\/calls\.jsonl: the store answers 500/);
    await assertNothingLeft("refused/", result);
    proxy.clear();
    await assertRight("refused/", await cli(run, through(proxy.endpoint)));
  });

  it("a store that goes away in the middle ends with 1 within its retries, and the rerun is right", async (t) => {
    proxy.clear();
    const run = await config(t, "away/");
    const running = startCli(run, through(proxy.endpoint, { AWS_MAX_ATTEMPTS: "3" }));
    await seen("UploadPart", 2, running);
    proxy.refuseAll(true);
    const result = await running.ended;
    assert.equal(result.code, 1, result.stderr);
    assert.match(result.stderr, /the store cannot be reached|may be left/);
    assert.deepEqual(await objects("away/"), []);
    proxy.clear();
    await assertRight("away/", await cli(run, through(proxy.endpoint)));
  });

  it("a slow sink stops the reading and is waited for", async (t) => {
    proxy.clear();
    proxy.throttle(20 << 20);
    const run = await config(t, "slow/");
    await assertRight("slow/", await cli(run, through(proxy.endpoint)));
    proxy.clear();
  });

  it("SIGTERM in the middle aborts the upload", async (t) => {
    proxy.clear();
    proxy.throttle(10 << 20);
    const run = await config(t, "stopped/");
    const running = startCli(run, through(proxy.endpoint));
    await seen("UploadPart", 2, running);
    running.child.kill("SIGTERM");
    proxy.throttle(0);
    const result = await running.ended;
    assert.equal(result.code, 143, result.stderr);
    await assertNothingLeft("stopped/", result);
    await assertRight("stopped/", await cli(run, through(server.endpoint)));
  });

  it("kill -9 in the middle: nothing is visible, and the same command again ends right", async (t) => {
    proxy.clear();
    proxy.throttle(10 << 20);
    const run = await config(t, "killed/");
    const running = startCli(run, through(proxy.endpoint));
    await seen("UploadPart", 2, running);
    running.child.kill("SIGKILL");
    await running.ended;
    proxy.clear();
    assert.deepEqual(await objects("killed/"), []);
    await assertRight("killed/", await cli(run, through(server.endpoint)));
  });

  it("kill -9 before the manifest: the object is there, the run is not committed, and is taken for its own", async (t) => {
    proxy.clear();
    // The claim is the first object put, the manifest the second.
    proxy.add({ on: "PutObject", stall: true, after: 1 });
    const run = await config(t, "unfinished/");
    const running = startCli(run, through(proxy.endpoint));
    await seen("PutObject", 2, running);
    running.child.kill("SIGKILL");
    await running.ended;
    proxy.clear();
    assert.deepEqual(await objects("unfinished/"), ["calls.jsonl"]);
    assert.deepEqual(await manifests("unfinished/"), []);
    await assertRight("unfinished/", await cli(run, through(server.endpoint)));
  });

  it("two identical runs at once: one commits, the other agrees or fails cleanly, and the result is right", async (t) => {
    const run = await config(t, "twice/");
    const results = await Promise.all([0, 1].map(() => cli(run, through(server.endpoint))));
    const good = results.find(({ code }) => code === 0);
    assert.ok(good, results.map(({ stderr }) => stderr).join("\n"));
    for (const { code, stderr } of results) assert.ok(code === 0 || /^maskline: /m.test(stderr), stderr);
    await assertRight("twice/", good);
    assert.equal(await uploads("twice/"), 0);
  });

  it("an input replaced while it is read fails the run", async (t) => {
    proxy.clear();
    proxy.throttle(4 << 20);
    await put("in2/calls.parquet", await readFile(join(directory, "calls.parquet")));
    const run = await config(t, "changed/", { input: [`s3://${bucket}/in2/calls.parquet`] });
    const running = startCli(run, through(proxy.endpoint));
    await seen("GetObject", 2, running);
    await put("in2/calls.parquet", CALLS_CSV);
    proxy.throttle(0);
    const result = await running.ended;
    assert.equal(result.code, 1, result.stderr);
    assert.match(result.stderr, /in2\/calls\.parquet: the object changed while being read/);
    await assertNothingLeft("changed/", result);
    await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: "in2/calls.parquet" }));
  });
}
