/** What the stand-in for Genesys Cloud exports to S3 and imports from there. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, describe, it, type TestContext } from "node:test";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { parquetMetadataAsync, parquetReadObjects } from "hyparquet";
import { S3_SKIPPED, type S3Server, startS3 } from "../support/s3-server.ts";
import { type Answer, type Ask, asker, EXPORT, followed, IMPORT, started, WEEK } from "./ask.ts";
import type { Fault, FaultOrder } from "./fake/faults.ts";
import type { FakeOptions } from "./fake/options.ts";
import type { FakeGenesys } from "./fake/server.ts";

interface ExportFile {
  readonly key: string;
  readonly size: number;
  readonly sha256: string;
  readonly rowCount: number;
}

type Row = Record<string, unknown>;

describe("S3", async () => {
  const server = await startS3();
  if (!server) {
    it("exports to S3 and imports from it", { skip: S3_SKIPPED }, () => {});
    return;
  }
  suite(server);
});

function suite(server: S3Server): void {
  const { endpoint, accessKeyId, secretAccessKey, region } = server;
  const s3 = { endpoint, accessKeyId, secretAccessKey, region };
  const credentials = { accessKeyId, secretAccessKey };
  const client = new S3Client({ endpoint, region, forcePathStyle: true, credentials });
  let bucket: string;
  let serial = 0;

  before(async () => {
    bucket = await server.makeBucket(`fake-${process.pid}-${Date.now()}`);
  });
  after(async () => {
    client.destroy();
    await server.stop();
  });

  const start = (t: TestContext, options: Partial<FakeOptions> = {}) => started(t, { s3, ...options });
  const prefix = () => `t${serial++}/`;

  async function bytesOf(Key: string): Promise<Uint8Array> {
    const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key }));
    return Body!.transformToByteArray();
  }
  async function put(Key: string, Body: string | Uint8Array): Promise<void> {
    await client.send(new PutObjectCommand({ Bucket: bucket, Key, Body }));
  }
  async function keysBeneath(Prefix: string): Promise<string[]> {
    const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: bucket, Prefix }));
    return Contents.map(({ Key }) => Key!);
  }

  /** Rows of an exported file, as an independent reader has them, and its number of row groups. */
  async function read(key: string): Promise<{ rows: Row[]; rowGroups: number }> {
    const file = (await bytesOf(key)).slice().buffer as ArrayBuffer;
    const { row_groups } = await parquetMetadataAsync(file);
    return { rows: await parquetReadObjects({ file, utf8: false }), rowGroups: row_groups.length };
  }

  const wish = (change: object = {}) => ({
    entityType: "interaction",
    dateRange: { type: "INTERVAL", interval: WEEK },
    destination: { type: "AWS_S3", bucketName: bucket, region, keyPrefix: prefix() },
    ...change,
  });
  async function exported(call: Ask, payload: object): Promise<{ states: readonly string[]; answer: Answer }> {
    const { status, body } = await call("POST", EXPORT, payload);
    assert.equal(status, 202, JSON.stringify(body));
    return followed(call, body.selfUri);
  }
  async function rowsOf({ body }: Answer): Promise<Row[]> {
    const files = await Promise.all((body.files as ExportFile[]).map(({ key }) => read(key)));
    return files.flatMap(({ rows }) => rows);
  }

  const load = (keyPrefix: string, options: object = {}, environmentId = "sandbox-01") => ({
    environmentId,
    entityType: "interaction",
    format: "JSON_LINES",
    sourceLocation: { type: "AWS_S3", bucketName: bucket, region, keyPrefix },
    options: { overwriteExisting: false, skipDuplicates: true, ...options },
  });
  async function imported(call: Ask, payload: object): Promise<Answer & { readonly states: readonly string[] }> {
    const { status, body } = await call("POST", IMPORT, payload);
    assert.equal(status, 202, JSON.stringify(body));
    const { states, answer } = await followed(call, body.selfUri);
    return { ...answer, states };
  }
  const records = (from: number, to: number, extra = "") =>
    Array.from({ length: to - from }, (_, i) => `{"conversationId":"c-${from + i}","n":${i}${extra}}\n`).join("");

  describe("an export", () => {
    it("writes Parquet files beneath the prefix that are what is said of them, with the columns of the schema", async (t) => {
      const call = await asker(await start(t));
      const payload = wish();
      const { states, answer } = await exported(call, payload);
      assert.deepEqual(states, ["PENDING", "FULFILLED"]);
      const { files, schemaVersion } = answer.body as { files: ExportFile[]; schemaVersion: string };
      assert.deepEqual(
        (await keysBeneath(payload.destination.keyPrefix)).toSorted(),
        files.map(({ key }) => key),
      );
      const { body } = await call("GET", `${EXPORT}/schemas?pageNumber=2`);
      assert.equal(schemaVersion, body.entities[0].version);
      const paths = body.entities[0].fields.map(({ path }: { path: string }) => path);
      let total = 0;
      for (const { key, size, sha256, rowCount } of files) {
        const bytes = await bytesOf(key);
        assert.deepEqual([bytes.length, createHash("sha256").update(bytes).digest("hex")], [size, sha256]);
        const { rows, rowGroups } = await read(key);
        assert.equal(rows.length, rowCount);
        assert.deepEqual(Object.keys(rows[0]!), paths);
        assert.ok(rowGroups > 1);
        total += rowCount;
      }
      assert.deepEqual([files.length, total], [3, 300]);
    });

    it("has the interactions of the interval, the same for the same seed", async (t) => {
      const rows = await rowsOf((await exported(await asker(await start(t)), wish())).answer);
      const [from, to] = WEEK.split("/");
      for (const { startTime } of rows) {
        const time = (startTime as Date).toISOString();
        assert.ok(from! <= time && time < to!);
      }
      assert.ok(rows.some(({ firstName }) => /[^ -ÿ]/.test(String(firstName))));
      assert.equal(new Set(rows.map(({ conversationId }) => conversationId)).size, 300);
      // FIFO looks back from the end of the data.
      const fifo = { dateRange: { type: "FIFO", windowSizeSeconds: 604_800 } };
      const again = await exported(await asker(await start(t, { files: 1 })), wish(fifo));
      assert.deepEqual(await rowsOf(again.answer), rows);
      const other = await exported(await asker(await start(t, { seed: 2 })), wish());
      assert.notDeepEqual(await rowsOf(other.answer), rows);
    });

    it("leaves out what filters and excludeFields say, and nothing else changes", async (t) => {
      const call = await asker(await start(t));
      const all = await rowsOf((await exported(call, wish())).answer);
      assert.ok(all.every((row) => row.recordingContent instanceof Uint8Array));
      const filters = [{ field: "direction", operator: "EQ", value: "INBOUND" }];
      const excludeFields = ["recordingContent", "transcript"];
      const some = await rowsOf((await exported(call, wish({ filters, excludeFields }))).answer);
      const expected = all
        .filter(({ direction }) => direction === "INBOUND")
        .map(({ recordingContent: _, transcript: __, ...rest }) => rest);
      assert.ok(expected.length > 0 && expected.length < all.length);
      assert.deepEqual(some, expected);
    });

    it("fails where the bucket is not there", async (t) => {
      const destination = { type: "AWS_S3", bucketName: "there-is-no-such-bucket", region };
      const { answer } = await exported(await asker(await start(t)), wish({ destination }));
      assert.deepEqual([answer.body.state, answer.body.files], ["FAILED", undefined]);
      assert.match(answer.body.errorMessage, /NoSuchBucket/);
    });

    it("is written once, however often it is asked for after a lost reply", async (t) => {
      const fake = await start(t);
      const call = await asker(fake);
      const payload = wish();
      fake.fault({ match: { method: "POST", path: EXPORT }, fault: { kind: "lost", when: "after" } });
      await assert.rejects(call("POST", EXPORT, payload, { "idempotency-key": "k" }), TypeError);
      const { body } = await call("POST", EXPORT, payload, { "idempotency-key": "k" });
      const { answer } = await followed(call, body.selfUri);
      assert.equal((await keysBeneath(payload.destination.keyPrefix)).length, answer.body.files.length);
      assert.equal(fake.state().jobs.length, 1);
    });

    for (const name of ["customerPhoneAlt", "loyaltyTier"]) {
      it(`has the field ${name} that came while the job was under way`, async (t) => {
        const fake = await start(t);
        const call = await asker(fake);
        const { answer: old } = await exported(call, wish());
        fake.fault({ match: { endpoint: `GET ${EXPORT}/{id}` }, fault: { kind: "addField", name } });
        const { answer } = await exported(call, wish());
        assert.notEqual(answer.body.schemaVersion, old.body.schemaVersion);
        const rows = await rowsOf(answer);
        assert.ok(rows.some((row) => /\d/.test(String(row[name])) === (name === "customerPhoneAlt")));
        assert.deepEqual(
          rows.map(({ [name]: _, ...rest }) => rest),
          await rowsOf(old),
        );
      });
    }

    it("has a renamed field's values under its other name", async (t) => {
      const fake = await start(t);
      const call = await asker(fake);
      const before = await rowsOf((await exported(call, wish())).answer);
      fake.fault({ fault: { kind: "renameField", from: "cardNumber", to: "paymentCard" } });
      const rows = await rowsOf((await exported(call, wish())).answer);
      assert.deepEqual(
        rows.map(({ cardNumber, paymentCard }) => [cardNumber, paymentCard]),
        before.map(({ cardNumber }) => [undefined, cardNumber]),
      );
    });

    for (const wrong of ["sha256", "size", "rowCount", "missing"] as const) {
      it(`has a file whose ${wrong} is not as said, where that was ordered`, async (t) => {
        const fake = await start(t);
        const call = await asker(fake);
        fake.fault({ match: { method: "POST", path: EXPORT }, fault: { kind: "file", wrong, index: 1 } });
        const { answer } = await exported(call, wish());
        const truths = await Promise.all((answer.body.files as ExportFile[]).map(differences));
        assert.deepEqual(truths, [[], [wrong], []]);
      });
    }

    async function differences({ key, size, sha256, rowCount }: ExportFile): Promise<string[]> {
      const bytes = await bytesOf(key).catch(() => undefined);
      if (!bytes) return ["missing"];
      const real = { size: bytes.length, sha256: createHash("sha256").update(bytes).digest("hex") };
      const { rows } = await read(key);
      return [
        ...(real.size === size ? [] : ["size"]),
        ...(real.sha256 === sha256 ? [] : ["sha256"]),
        ...(rows.length === rowCount ? [] : ["rowCount"]),
      ];
    }
  });

  describe("an import", () => {
    it("loads every object of JSON lines beneath the prefix, but none of a tool's", async (t) => {
      const fake = await start(t);
      const keyPrefix = prefix();
      await put(`${keyPrefix}a.jsonl`, records(0, 3));
      await put(`${keyPrefix}b/b.jsonl.gz`, Buffer.concat([gzipSync(records(3, 5)), gzipSync(records(5, 6))]));
      await put(
        `${keyPrefix}c.jsonl.zst`,
        Buffer.concat([zstdCompressSync(records(6, 8)), zstdCompressSync(records(8, 9))]),
      );
      await put(`${keyPrefix}_maskline/x.jsonl`, records(100, 110));
      await put(`${keyPrefix}b/_temporary/0/x.jsonl`, records(100, 110));
      await put(`${keyPrefix}report.json`, "{}");
      const { states, body } = await imported(await asker(fake), load(keyPrefix));
      assert.deepEqual(states, ["PENDING", "RUNNING", "COMPLETED"]);
      const { id: _, ...result } = body;
      const counts = { total: 9, imported: 9, skippedDuplicates: 0, failed: 0, errors: [] };
      assert.deepEqual(result, { state: "COMPLETED", ...counts });
      assert.deepEqual(
        fake.state().environments["sandbox-01"]?.ids,
        Array.from({ length: 9 }, (__, i) => `c-${i}`),
      );
      const { body: there } = await (await asker(fake))("GET", "/__control/records/sandbox-01");
      assert.deepEqual(there[3], { conversationId: "c-3", n: 0 });
    });

    it("skips what an environment has already, and knows nothing of another environment", async (t) => {
      const fake = await start(t);
      const call = await asker(fake);
      const [one, two] = [prefix(), prefix()];
      await put(`${one}a.jsonl`, records(0, 4));
      await put(`${two}a.jsonl`, records(2, 6, ',"new":true'));
      await imported(call, load(one));
      const { body } = await imported(call, load(two));
      assert.deepEqual([body.total, body.imported, body.skippedDuplicates], [4, 2, 2]);
      assert.ok(!fake.records("sandbox-01").get("c-2")!.includes("new"));
      assert.equal((await imported(call, load(two, {}, "sandbox-02"))).body.imported, 4);
      const { body: replaced } = await imported(call, load(two, { overwriteExisting: true }));
      assert.equal(replaced.imported, 4);
      const { count, overwritten } = fake.state().environments["sandbox-01"]!;
      assert.deepEqual([count, overwritten], [6, 4]);
      assert.ok(fake.records("sandbox-01").get("c-2")!.includes("new"));
    });

    it("is 409 where a record exists and duplicates are not to be skipped", async (t) => {
      const fake = await start(t);
      const call = await asker(fake);
      const keyPrefix = prefix();
      await put(`${keyPrefix}a.jsonl`, records(0, 2));
      assert.equal((await imported(call, load(keyPrefix, { skipDuplicates: false }))).body.imported, 2);
      const again = await call("POST", IMPORT, load(keyPrefix, { skipDuplicates: false }));
      assert.deepEqual([again.status, again.body.code], [409, "duplicate.record"]);
    });

    it("identifies records by the field that it was told, and names those that have none by their line", async (t) => {
      const fake = await start(t, { idField: "interactionId" });
      const keyPrefix = prefix();
      await put(`${keyPrefix}a.jsonl`, '{"interactionId":"i-1"}\n{"conversationId":"c-1"}\nnot JSON\n');
      const { body } = await imported(await asker(fake), load(keyPrefix));
      assert.equal(body.state, "COMPLETED_WITH_PARTIAL_RESULTS");
      assert.deepEqual(
        body.errors.map(({ id }: { id: string }) => id),
        [`${keyPrefix}a.jsonl line 2`, `${keyPrefix}a.jsonl line 3`],
      );
      assert.deepEqual(fake.state().environments["sandbox-01"]?.ids, ["i-1"]);
    });

    /** An import of ten records that meets a fault. */
    async function faulty(t: TestContext, fault: Fault, match: FaultOrder["match"] = { method: "POST", path: IMPORT }) {
      const fake = await start(t);
      const call = await asker(fake);
      const keyPrefix = prefix();
      await put(`${keyPrefix}a.jsonl`, records(0, 10));
      fake.fault({ match, fault });
      const { body } = await imported(call, load(keyPrefix));
      return { fake, call, keyPrefix, body, count: fake.state().environments["sandbox-01"]?.count ?? 0 };
    }

    it("refuses records where that was ordered, and takes them the next time", async (t) => {
      const { call, keyPrefix, body, count } = await faulty(t, { kind: "refuse", records: 2, retryable: true });
      assert.equal(body.state, "COMPLETED_WITH_PARTIAL_RESULTS");
      assert.deepEqual([body.total, body.imported, body.failed, count], [10, 8, 2, 8]);
      assert.deepEqual(
        body.errors.map(({ id, error }: { id: string; error: { retryable: boolean } }) => [id, error.retryable]),
        [
          ["c-0", true],
          ["c-1", true],
        ],
      );
      const { body: next } = await imported(call, load(keyPrefix));
      assert.deepEqual([next.state, next.imported, next.skippedDuplicates], ["COMPLETED", 2, 8]);
    });

    it("tells another count than it imported, where that was ordered", async (t) => {
      const { body, count } = await faulty(t, { kind: "importCount", by: -1 });
      assert.deepEqual([body.state, body.total, body.imported, count], ["COMPLETED", 10, 9, 10]);
    });

    it("fails, where that was ordered, and nothing is imported", async (t) => {
      const match = { endpoint: `GET ${IMPORT}/{id}`, after: 1 };
      const { body, count } = await faulty(t, { kind: "state", state: "FAILED", errorMessage: "as ordered" }, match);
      assert.deepEqual([body.state, body.errorMessage, body.imported, count], ["FAILED", "as ordered", undefined, 0]);
    });

    it("notes reports that are not paused meanwhile", async (t) => {
      const keyPrefix = prefix();
      await put(`${keyPrefix}a.jsonl`, records(0, 1));
      const schedule = (call: Ask, name: string, what: string) =>
        call("POST", `/api/v2/analytics/reporting/schedules/${name}/${what}`);
      const violations = (fake: FakeGenesys) => fake.state().environments["sandbox-01"]?.violations ?? [];

      const fake = await start(t, { reports: ["daily", "hourly"] });
      const call = await asker(fake);
      await schedule(call, "hourly", "pause");
      await imported(call, load(keyPrefix));
      assert.equal(violations(fake).length, 1);
      assert.match(violations(fake)[0]!, /report daily was not paused/);

      fake.reset();
      const next = await asker(fake);
      for (const name of ["daily", "hourly"]) await schedule(next, name, "pause");
      const { body } = await next("POST", IMPORT, load(keyPrefix));
      await schedule(next, "hourly", "resume");
      await followed(next, body.selfUri);
      await schedule(next, "daily", "resume");
      assert.equal(violations(fake).length, 1);
      assert.match(violations(fake)[0]!, /report hourly/);
    });
  });
}
