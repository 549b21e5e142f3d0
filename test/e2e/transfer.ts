/**
 * Whole transfers: production and sandbox on one stand-in for Genesys Cloud, an S3 server for what lies between them, and
 * the command line in a process of its own. After every run, whatever its end, nothing that anybody reads of it may hold a
 * value of a record or a secret, and `/committed` may have been 200 only where all was committed.
 */
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { after, before, describe, it, type TestContext } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import type { JournalState } from "../../src/genesys/types.ts";
import type { Manifest } from "../../src/output/manifest.ts";
import { interactions, Schema } from "../genesys/fake/interactions.ts";
import { DEFAULTS, type FakeOptions } from "../genesys/fake/options.ts";
import { type FakeGenesys, startFakeGenesys } from "../genesys/fake/server.ts";
import { type CliResult, type RunningCli, startCli, Workspace } from "../support/cli.ts";
import { S3_SKIPPED, type S3Server, startS3 } from "../support/s3-server.ts";

/** As in the example of docs/genesys.md. */
export const STAGING = "prod-export-bucket-temp";
export const MASKED = "masked-data-bucket";
export const SANDBOX = "sandbox-01-prod-mirror";
export const REPORT = "daily-handle-time";
/** The window that the stand-in's clock gives. */
export const WEEK = [Date.parse(DEFAULTS.now) - 604_800_000, Date.parse(DEFAULTS.now)] as const;
export const DAY = "2026-11-20T00:00:00Z/2026-11-21T00:00:00Z";

export const CLIENTS = {
  production: { id: "5d0c9f3e-production-client", secret: "Zk7-production-secret-w2Qp" },
  sandbox: { id: "a81e44b7-sandbox-client", secret: "Hv3-sandbox-secret-m9Xe" },
};
const HOOK_SECRET = "Yt5-hook-secret-c4Rb";
export const ROUTING_KEY = "0a1b2c3d4e5f60718293a4b5c6d7e8f9";
const MASTER_KEY = "c1e7a94d05b86f23d7409b1ea65c38f2904e6db71a83c5f06d2be9510f7a48c3";
const SECRETS = [
  ...Object.values(CLIENTS).flatMap(({ id, secret }) => [id, secret, basic(id, secret)]),
  ...[HOOK_SECRET, ROUTING_KEY, MASTER_KEY, "fake-token-"],
];

/** Columns that the policy masks or the export leaves out: none of their values may come to the sandbox. */
const MASKED_COLUMNS =
  /^(?:firstName|lastName|phoneNumber|emailAddress|externalId|cardNumber|transcript|recordingContent)$/;

export const OPTIONS: FakeOptions = { ...DEFAULTS, rows: 120, files: 2, reports: [REPORT] };

export interface Place {
  readonly s3: S3Server;
  readonly fake: FakeGenesys;
  readonly client: S3Client;
}

/** Tests that share both servers, one after the other. */
export function withOrganizations(
  name: string,
  suite: (place: Place) => void,
  options: Partial<FakeOptions> = {},
): void {
  describe(name, async () => {
    const s3 = await startS3();
    if (!s3) {
      it("goes from one organization to another", { skip: S3_SKIPPED }, () => {});
      return;
    }
    const { endpoint, region, accessKeyId, secretAccessKey } = s3;
    const connection = { endpoint, region, accessKeyId, secretAccessKey };
    const clients = Object.values(CLIENTS);
    const fake = await startFakeGenesys({ ...OPTIONS, ...options, clients, s3: connection });
    const client = new S3Client({
      ...{ endpoint, region, forcePathStyle: true },
      credentials: { accessKeyId, secretAccessKey },
    });
    before(async () => {
      await fake.makeBucket(STAGING);
      await fake.makeBucket(MASKED);
    });
    after(async () => {
      client.destroy();
      await fake.stop();
      await s3.stop();
    });
    suite({ s3, fake, client });
  });
}

type Settings = Readonly<Record<string, unknown>>;

/** What a test has otherwise. */
export interface Otherwise {
  readonly export?: Settings;
  readonly import?: Settings;
  /** Beside them in `genesys`. */
  readonly genesys?: Settings;
  /** At the top. */
  readonly config?: Settings;
}

/** How a run ended, and what was seen of it meanwhile. */
export interface Ended extends CliResult {
  /** Statuses of `/committed` in their order, repeated ones once. */
  readonly committed: readonly number[];
  readonly metrics: string;
}

export interface Running extends Omit<RunningCli, "ended"> {
  /** @throws AssertionError where it said what it must not */
  readonly ended: Promise<Ended>;
  /** What an endpoint of the run answers. */
  get(path: string): Promise<{ readonly status: number; readonly text: string }>;
}

let transfers = 0;

/** A configuration of its own, beneath prefixes of its own, and a stand-in that has just been started. */
export class Transfer {
  readonly fake: FakeGenesys;
  readonly client: S3Client;
  /** Of its objects in both buckets. */
  prefix: string;
  readonly work: Workspace;
  readonly #s3: S3Server;
  readonly #values: Set<string>;

  private constructor({ fake, client, s3 }: Place, work: Workspace, prefix: string) {
    this.fake = fake;
    this.client = client;
    this.prefix = prefix;
    this.work = work;
    this.#s3 = s3;
    this.#values = textsOf(WEEK, () => true);
    for (const text of textsOf(rangeOf(DAY), () => true)) this.#values.add(text);
  }

  static async make(t: TestContext, place: Place, otherwise: Otherwise = {}): Promise<Transfer> {
    place.fake.reset();
    const transfer = new Transfer(place, await Workspace.make(t), `way-${++transfers}/`);
    await transfer.configure(otherwise);
    return transfer;
  }

  /** Values that must not be anywhere but in the output, beside those of the stand-in's interactions. */
  secret(values: Iterable<string>): void {
    for (const value of values) this.#values.add(value);
  }

  async configure(otherwise: Otherwise = {}): Promise<void> {
    const { url } = this.fake;
    const organization = (name: string) => ({
      ...{ api: url, login: url },
      client: { id: { env: `${name}_ID` }, secret: { env: `${name}_SECRET` } },
      poll: { every: "50ms", atMost: "200ms" },
    });
    const schedule = `/api/v2/analytics/reporting/schedules/${REPORT}`;
    await this.work.config({
      environment: SANDBOX,
      input: [],
      output: `s3://${MASKED}/${this.prefix}{runId}/`,
      policy: { presets: ["contact-center", "pci-dss"] },
      genesys: {
        export: {
          ...organization("PRODUCTION"),
          filters: [{ field: "direction", operator: "EQ", value: "INBOUND" }],
          staging: `s3://${STAGING}/${this.prefix}`,
          ...otherwise.export,
        },
        import: {
          ...organization("SANDBOX"),
          reports: [{ name: REPORT, pause: `${schedule}/pause`, resume: `${schedule}/resume` }],
          ...otherwise.import,
        },
        ...otherwise.genesys,
      },
      hooks: { committed: [{ url: `${url}/hooks/cache`, secret: { env: "HOOK_SECRET" } }] },
      metrics: { port: 0, host: "127.0.0.1" },
      runtime: { workers: 1 },
      ...otherwise.config,
    });
  }

  get env(): Record<string, string> {
    const { production, sandbox } = CLIENTS;
    return {
      ...this.#s3.env,
      ...{ MASKLINE_KEY: MASTER_KEY, HOOK_SECRET, ROUTING_KEY, MASKLINE_DEBUG: "1" },
      ...{ PRODUCTION_ID: production.id, PRODUCTION_SECRET: production.secret },
      ...{ SANDBOX_ID: sandbox.id, SANDBOX_SECRET: sandbox.secret },
    };
  }

  start(args: readonly string[] = [], env: Readonly<Record<string, string>> = {}): Running {
    const command = ["run", "-c", this.work.join("maskline.yaml"), ...args];
    const running = startCli(command, { cwd: this.work.path, env: { ...this.env, ...env } });
    const port = running.says(/"port":(\d+)/).then(
      ([, found]) => found,
      () => undefined,
    );
    const get = async (path: string) => {
      const response = await fetch(`http://127.0.0.1:${await port}${path}`);
      return { status: response.status, text: await response.text() };
    };
    const committed: number[] = [];
    const said = { pages: "", metrics: "" };
    let looks = 0;
    const watch = async () => {
      while ((await port) !== undefined && running.child.exitCode === null && running.child.signalCode === null) {
        const { status, text } = await get("/committed");
        if (committed.at(-1) !== status) {
          committed.push(status);
          said.pages += text;
        }
        if (looks++ % 8 === 0) said.metrics = (await get("/metrics")).text;
        await sleep(20);
      }
    };
    // It ends with the process that it asks.
    const watched = watch().catch(() => {});
    const check = async (): Promise<Ended> => {
      const result = await running.ended;
      await watched;
      const ended = { ...result, committed, metrics: said.metrics };
      await this.#assertSilent({ ...result, ...said }, Object.values(env));
      return ended;
    };
    const ended = check();
    ended.catch(() => {});
    const { child, said: saidSoFar, says } = running;
    return { child, said: saidSoFar, says, ended, get };
  }

  async run(...args: readonly string[]): Promise<Ended> {
    return await this.start(args).ended;
  }

  /** @throws AssertionError where it did not end so */
  async ends(code: number, ...args: readonly string[]): Promise<Ended> {
    const ended = await this.run(...args);
    assert.equal(ended.code, code, ended.stderr);
    return ended;
  }

  /** Kills the process once this call is held, before or after it took effect; the call itself goes on. */
  async kill(endpoint: string, when: "before" | "after", calls = 0): Promise<void> {
    const [method] = endpoint.split(" ", 1);
    this.fake.fault({ match: { method: method!, endpoint, after: calls }, fault: { kind: "hold", when } });
    const running = this.start();
    await this.held(running);
    running.child.kill("SIGKILL");
    await running.ended;
    this.fake.release();
  }

  /** Resolves once a call of this run is held. */
  async held(running: Running): Promise<void> {
    const early = running.ended.then(({ stderr }) => assert.fail(`it ended before a call was held:\n${stderr}`));
    early.catch(() => {});
    await Promise.race([this.fake.untilHeld(), early]);
  }

  async #assertSilent(said: Readonly<Record<string, unknown>>, more: readonly string[]): Promise<void> {
    const records = await Promise.all(
      (await this.keys(MASKED))
        .filter((key) => key.includes("_maskline/"))
        .map(async (key) => [key, await this.text(MASKED, key)] as const),
    );
    const hooks = this.fake.state().hooks.map(({ text }) => ["a webhook", text.replaceAll(ROUTING_KEY, "")] as const);
    const secrets = [...SECRETS, this.#s3.secretAccessKey, ...more.filter((one) => /secret/i.test(one))];
    for (const [where, text] of [...Object.entries(said), ...records, ...hooks]) {
      if (typeof text !== "string") continue;
      for (const secret of secrets) assert.ok(!text.includes(secret), `${where} holds a secret`);
      for (const value of this.#values) {
        const found = text.includes(value) || text.includes(JSON.stringify(value).slice(1, -1));
        assert.ok(!found, `${where} holds a value of a record`);
      }
    }
  }

  jobs(kind: "export" | "import" | "conversations") {
    return this.fake.state().jobs.filter((job) => job.kind === kind);
  }

  /** Calls of an endpoint. */
  calls(endpoint: string): number {
    return this.fake.state().calls[endpoint] ?? 0;
  }

  records(environment = SANDBOX): Map<string, string> {
    return new Map(this.fake.records(environment));
  }

  /** Complete keys beneath the prefix. */
  async keys(bucket: string): Promise<string[]> {
    const { Contents = [] } = await this.client.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: this.prefix }));
    return Contents.map(({ Key = "" }) => Key);
  }

  async text(bucket: string, key: string): Promise<string> {
    const { Body } = await this.client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    return (await Body?.transformToString()) ?? "";
  }

  async put(bucket: string, name: string, body: string | Uint8Array): Promise<void> {
    await this.client.send(new PutObjectCommand({ Bucket: bucket, Key: `${this.prefix}${name}`, Body: body }));
  }

  /** Of every run that is committed, the first first. */
  async manifests(): Promise<Manifest[]> {
    const keys = (await this.keys(MASKED)).filter((key) => key.endsWith("/manifest.json"));
    const all = await Promise.all(keys.map(async (key) => JSON.parse(await this.text(MASKED, key)) as Manifest));
    return all.toSorted((a, b) => (a.finishedAt < b.finishedAt ? -1 : 1));
  }

  /** What the journals say: of each environment and place that one of the last window. */
  async journals(): Promise<JournalState[]> {
    const keys = (await this.keys(MASKED)).filter((key) => /_maskline\/genesys\/[^/]+\.json$/.test(key));
    const last = new Map(keys.toSorted().map((key) => [key.slice(0, key.lastIndexOf("-")), key]));
    return await Promise.all(
      [...last.values()].map(async (key) => JSON.parse(await this.text(MASKED, key)) as JournalState),
    );
  }

  /** Lines of what a run wrote, sorted. */
  async output({ outputs }: Manifest): Promise<string[]> {
    const texts = await Promise.all(
      outputs.map(async ({ uri }) => this.text(MASKED, decodeURIComponent(new URL(uri).pathname.slice(1)))),
    );
    return texts.flatMap((text) => text.split("\n").filter((line) => line !== "")).toSorted();
  }

  /**
   * All is where it belongs: the sandbox has exactly what the last run wrote and nothing that is not masked, the staging
   * area is empty, reports run and never ran meanwhile, the journal is finished, and the hook was told with a valid signature.
   */
  async assertDone({ interval, violations = 0 }: { interval?: string; violations?: number } = {}): Promise<Manifest> {
    const manifests = await this.manifests();
    const manifest = manifests.at(-1)!;
    assert.ok(manifest.rows > 0);
    assert.deepEqual([...this.records().values()].toSorted(), await this.output(manifest));
    this.assertMasked(interval === undefined ? WEEK : rangeOf(interval));
    assert.deepEqual(await this.keys(STAGING), []);
    this.assertReportsRan(violations);
    for (const journal of await this.journals()) {
      assert.equal(journal.finished, true);
      assert.deepEqual(journal.paused ?? [], []);
    }
    const told = this.told(manifest.runId);
    assert.ok(told.length >= 1, "nobody was told");
    assert.equal(new Set(told.map(({ headers }) => headers["idempotency-key"])).size, 1);
    return manifest;
  }

  assertReportsRan(violations = 0): void {
    const { reports, environments } = this.fake.state();
    assert.deepEqual(reports, { [REPORT]: "running" });
    const noted = Object.values(environments).flatMap((one) => one.violations);
    assert.equal(noted.length, violations, noted.join("; "));
  }

  /** No value of a column that is masked is in the sandbox, neither as a value nor within another. */
  assertMasked(range: readonly [number, number], environment = SANDBOX): void {
    const source = textsOf(range, (name) => MASKED_COLUMNS.test(name), 1);
    assert.ok(source.size > 300);
    for (const text of this.records(environment).values()) {
      for (const value of Object.values(JSON.parse(text) as Settings)) {
        assert.ok(!source.has(String(value)), "an unmasked value is in the sandbox");
      }
      for (const value of source) {
        if (value.length >= 6) assert.ok(!text.includes(value), "an unmasked value is in the sandbox");
      }
    }
  }

  /** What the commit hook was told of a run; every signature must be right. */
  told(runId?: string) {
    const all = this.fake.state().hooks.filter(({ name }) => name === "cache");
    for (const { headers, text } of all) {
      const [, at, mac] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(headers["x-maskline-signature"] ?? "") ?? [];
      assert.equal(createHmac("sha256", HOOK_SECRET).update(`${at}.${text}`).digest("hex"), mac);
    }
    return all.filter(({ body }) => runId === undefined || (body as { runId?: string }).runId === runId);
  }
}

export function rangeOf(interval: string): readonly [number, number] {
  const [from, to] = interval.split("/").map(Date.parse);
  return [from!, to!];
}

/** What the columns of these names hold in the window. */
export function valuesOf(...columns: readonly string[]): Set<string> {
  return textsOf(WEEK, (name) => columns.includes(name));
}

/** Texts of the interactions of a time, those that are long enough not to be anywhere by chance. */
function textsOf(
  [from, to]: readonly [number, number],
  wanted: (column: string) => boolean,
  shortest = 6,
): Set<string> {
  const found = new Set<string>();
  for (const [name, values] of interactions(new Schema().columns, from, to, OPTIONS)) {
    if (!wanted(name) || name === "direction") continue;
    for (const value of values) {
      const text = Buffer.isBuffer(value) ? value.toString("latin1") : value;
      if (typeof text === "string" && text.length >= shortest) found.add(text);
    }
  }
  return found;
}

function basic(id: string, secret: string): string {
  return Buffer.from(`${id}:${secret}`).toString("base64");
}
