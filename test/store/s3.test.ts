import assert from "node:assert/strict";
import { randomBytes, randomUUID } from "node:crypto";
import { after, afterEach, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { ListMultipartUploadsCommand, S3Client } from "@aws-sdk/client-s3";
import { openStore, type StoreOptions } from "../../src/store/store.ts";
import { partSizeFor } from "../../src/store/writing-memory.ts";
import { startFaultProxy } from "../support/fault-proxy.ts";
import { S3_SKIPPED, startS3 } from "../support/s3-server.ts";
import { bytes, contract, hasCode, type Subject, signal, whole } from "./contract.ts";

const server = await startS3();
const proxy = server ? await startFaultProxy(server.endpoint) : undefined;
if (server) Object.assign(process.env, server.env);

describe("parts of an upload", () => {
  it("fit 10,000 with a margin of four, and are of 5 MiB at least", () => {
    const MiB = 1 << 20;
    assert.equal(partSizeFor(0, 8 * MiB), 8 * MiB);
    assert.equal(partSizeFor(0, 1), 5 * MiB);
    for (const expected of [1e9, 1e11, 3e12]) {
      const size = partSizeFor(expected, 8 * MiB);
      assert.ok(size % MiB === 0 && size >= 8 * MiB && (expected * 4) / size <= 10_000);
    }
  });
});

describe("S3 store", { skip: server && proxy ? false : S3_SKIPPED }, () => {
  if (!server || !proxy) return;
  const bucket = server.makeBucket(`store-${randomUUID()}`);
  const admin = new S3Client({ endpoint: server.endpoint, region: server.region, forcePathStyle: true });
  const open = (options: StoreOptions = {}) => openStore("s3://any", options);
  const retried: string[] = [];
  const fast = {
    endpoint: proxy.endpoint,
    maxAttempts: 3,
    requestTimeout: 2_000,
    partSize: 5 << 20,
    onRetry: (operation: string) => retried.push(operation),
  };

  async function subject(options: StoreOptions = {}): Promise<Subject> {
    const prefix = `${randomUUID()}/`;
    const Bucket = await bucket;
    return {
      store: open(options),
      base: `s3://${Bucket}/${prefix}`,
      leftovers: async () => {
        const { Uploads = [] } = await admin.send(new ListMultipartUploadsCommand({ Bucket, Prefix: prefix }));
        return Uploads.map((upload) => `${upload.Key} ${upload.UploadId}`);
      },
    };
  }
  const faulty = () => subject(fast);

  afterEach(() => {
    proxy.clear();
    retried.length = 0;
  });
  after(async () => {
    admin.destroy();
    await proxy.stop();
    await server.stop();
  });

  contract(subject);

  describe("errors", () => {
    const withEnvironment = async (changes: Record<string, string | undefined>, action: () => Promise<unknown>) => {
      const before = { ...process.env };
      for (const [name, value] of Object.entries(changes)) {
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      }
      try {
        await action();
      } finally {
        for (const name of Object.keys(changes)) {
          if (before[name] === undefined) delete process.env[name];
          else process.env[name] = before[name];
        }
      }
    };
    const everyCallFails = async (code: string, exit: number, text: RegExp, bucketName?: string) => {
      await using store = open();
      const base = `s3://${bucketName ?? (await bucket)}/errors/`;
      const object = { uri: `${base}o`, size: 1, etag: '"x"' };
      const body = bytes("x");
      const create = async () => {
        const writer = await store.create(object.uri, { expectedBytes: 1, replace: true }, signal);
        await writer.write(body);
        await writer.finish().finally(() => writer.abort().catch(() => {}));
      };
      for (const call of [
        () => store.list(base, signal),
        () => store.list(object.uri, signal),
        () => store.read(object, whole(object), signal),
        create,
        () => store.put(object.uri, body, signal),
        () => store.putIfAbsent(object.uri, body, signal),
      ]) {
        await assert.rejects(call(), hasCode(code, exit, text), String(call));
      }
    };

    it("says that the secret is wrong", () =>
      withEnvironment({ AWS_SECRET_ACCESS_KEY: "wrong" }, () =>
        everyCallFails("ERR_USAGE", 2, /s3:\/\/.*: (the secret key does not belong|access denied).*AWS_SECRET/),
      ));

    it("says that the access key is unknown", () =>
      withEnvironment({ AWS_ACCESS_KEY_ID: "nobody" }, () =>
        everyCallFails("ERR_USAGE", 2, /(does not know the access key|access denied).*AWS_ACCESS_KEY_ID/),
      ));

    it("says that there are no credentials", () =>
      withEnvironment({ AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined }, () =>
        everyCallFails("ERR_USAGE", 2, /no AWS credentials were found; check AWS_ACCESS_KEY_ID/),
      ));

    it("says that there is no such bucket", async () => {
      await using store = open();
      const base = "s3://no-such-bucket-here/";
      const noBucket = hasCode("ERR_USAGE", 2, /no such bucket; create it/);
      for (const pattern of [base, `${base}*`, `${base}o`]) await assert.rejects(store.list(pattern, signal), noBucket);
      await assert.rejects(store.put(`${base}o`, bytes("x"), signal), noBucket);
      const object = { uri: `${base}o`, size: 1, etag: '"x"' };
      await assert.rejects(store.read(object, whole(object), signal), noBucket);
      const writer = await store.create(object.uri, { expectedBytes: 1, replace: false }, signal);
      await assert.rejects(writer.finish(), noBucket);
      await writer.abort();
    });

    it("gives up on a closed port after bounded retries", async () => {
      const gone = await startFaultProxy(server.endpoint);
      await gone.stop();
      await using store = open({ ...fast, endpoint: gone.endpoint });
      await assert.rejects(
        store.list("s3://bucket/", signal),
        hasCode("ERR_FAILURE", 1, /cannot be reached after 3 attempts \(ECONNREFUSED\)/),
      );
      assert.deepEqual(retried, ["ListObjectsV2", "ListObjectsV2"]);
    });

    it("signs for us-east-1 where an endpoint is set and no region", () =>
      withEnvironment({ AWS_REGION: undefined, AWS_DEFAULT_REGION: undefined }, async () => {
        await using store = open();
        assert.deepEqual(await store.list(`s3://${await bucket}/nothing/`, signal), []);
      }));
  });

  it("shares a client between stores of the same options until the last is closed", async () => {
    const options = {};
    const [one, two] = [open(options), open(options)];
    const base = `s3://${await bucket}/nothing/`;
    await Promise.all([one.list(base, signal), two.list(base, signal)]);
    await one.close();
    await one.close();
    assert.deepEqual(await two.list(base, signal), []);
    await assert.rejects(one.list(base, signal), /closed/);
    await two.close();
  });

  it("lists more objects than one page holds", async () => {
    const { store, base } = await subject();
    const names = Array.from({ length: 1_050 }, (_, n) => `${base}${n}`);
    for (let n = 0; n < names.length; n += 50) {
      await Promise.all(names.slice(n, n + 50).map((name) => store.put(name, bytes("x"), signal)));
    }
    const uris = (await store.list(base, signal)).map((object) => object.uri);
    assert.deepEqual(uris, names.sort());
    await store.close();
  });

  it("stores metadata", async () => {
    const { store, base } = await subject();
    const options = { expectedBytes: 1, replace: false, metadata: { "run-id": "r1" } };
    const writer = await store.create(`${base}o`, options, signal);
    await writer.finish();
    const { HeadObjectCommand } = await import("@aws-sdk/client-s3");
    const Key = `${base}o`.slice(`s3://${await bucket}/`.length);
    const head = await admin.send(new HeadObjectCommand({ Bucket: await bucket, Key }));
    assert.equal(head.Metadata?.["run-id"], "r1");
  });

  it("writes without checksums where a store refuses them", async () => {
    const { store, base } = await subject({ requestChecksumCalculation: "when_required", partSize: 5 << 20 });
    const content = randomBytes(6 << 20);
    const writer = await store.create(`${base}o`, { expectedBytes: 1, replace: false }, signal);
    await writer.write(content);
    const object = await writer.finish();
    assert.ok(content.equals(await store.read(object, whole(object), signal)));
  });

  it("retries a part that fails for a while, and counts it", async () => {
    const { store, base, leftovers } = await faulty();
    proxy.add({ on: "UploadPart", part: 2, times: 1, status: 503 });
    proxy.add({ on: "UploadPart", part: 1, times: 2, reset: true });
    const content = randomBytes(11 << 20);
    const writer = await store.create(`${base}o`, { expectedBytes: content.length, replace: false }, signal);
    await writer.write(content);
    const object = await writer.finish();
    assert.ok(content.equals(await store.read(object, whole(object), signal)));
    assert.deepEqual(retried, ["UploadPart", "UploadPart", "UploadPart"]);
    assert.deepEqual(await leftovers(), []);
  });

  for (const harm of [{ status: 500 }, { status: 503 }, { reset: true }, { stall: true }] as const) {
    it(`ends promptly when a part fails past its retries while the source is stalled: ${JSON.stringify(harm)}`, async () => {
      const { store, base, leftovers } = await faulty();
      proxy.add({ on: "UploadPart", part: 2, ...harm });
      const writer = await store.create(`${base}o`, { expectedBytes: 1, replace: false }, signal);
      await writer.write(randomBytes(11 << 20));
      // The source is stalled: nobody writes while the part fails.
      const start = performance.now();
      const expected = hasCode("ERR_FAILURE", 1, /^writing s3:.*(answers 50[03]|cannot be reached).* after 3 attempts/);
      while (proxy.seen.filter((operation) => operation === "UploadPart").length < 4) await sleep(10);
      await assert.rejects(writer.finish(), expected);
      await assert.rejects(writer.write(bytes("x")), expected);
      await assert.rejects(writer.finish(), expected);
      assert.ok(performance.now() - start < 9_000);
      await writer.abort();
      await writer.abort();
      assert.deepEqual(await leftovers(), []);
      assert.equal(await store.head(`${base}o`, signal), null);
    });
  }

  it("wakes a writer that waits for room when a part fails", async () => {
    const { store, base, leftovers } = await faulty();
    proxy.add({ on: "UploadPart", status: 500 });
    const writer = await store.create(`${base}o`, { expectedBytes: 1, replace: false }, signal);
    const fill = async (): Promise<void> => {
      for (;;) await writer.write(randomBytes(1 << 20));
    };
    await assert.rejects(fill(), hasCode("ERR_FAILURE", 1));
    await writer.abort();
    assert.deepEqual(await leftovers(), []);
  });

  it("holds a bounded number of bytes while the store does not answer", async () => {
    const { store, base } = await subject({ ...fast, requestTimeout: 60_000 });
    proxy.add({ on: "UploadPart", stall: true });
    const writer = await store.create(`${base}o`, { expectedBytes: 1, replace: false }, signal);
    let accepted = 0;
    const fill = async (): Promise<void> => {
      for (;;) {
        await writer.write(randomBytes(1 << 20));
        accepted += 1 << 20;
      }
    };
    const filling = assert.rejects(fill(), hasCode("ERR_ABORTED", 1));
    await sleep(500);
    assert.ok(accepted <= 24 << 20, `${accepted}`);
    const start = performance.now();
    await writer.abort();
    await filling;
    assert.ok(performance.now() - start < 5_000);
  });

  for (const on of ["CompleteMultipartUpload", "PutObject"] as const) {
    it(`knows its own object again when the answer to ${on} is lost`, async () => {
      const { store, base, leftovers } = await faulty();
      proxy.add({ on, times: 1, loseAnswer: true });
      const content = randomBytes(on === "PutObject" ? 100 : 6 << 20);
      const writer = await store.create(`${base}o`, { expectedBytes: 1, replace: false }, signal);
      await writer.write(content);
      const object = await writer.finish();
      assert.ok(content.equals(await store.read(object, whole(object), signal)));
      assert.deepEqual(await leftovers(), []);
    });
  }

  it("wins a conditional creation whose answer is lost", async () => {
    const { store, base } = await faulty();
    proxy.add({ on: "PutObject", times: 1, loseAnswer: true });
    assert.equal(await store.putIfAbsent(`${base}o`, bytes("x"), signal), true);
    assert.equal(await store.putIfAbsent(`${base}o`, bytes("x"), signal), false);
  });

  it("removes its own object when aborted after a commit without an answer", async () => {
    const { store, base, leftovers } = await faulty();
    proxy.add({ on: "CompleteMultipartUpload", loseAnswer: true });
    proxy.add({ on: "HeadObject", after: 2, times: 3, status: 500 });
    const writer = await store.create(`${base}o`, { expectedBytes: 1, replace: false }, signal);
    await writer.write(randomBytes(6 << 20));
    await assert.rejects(writer.finish(), hasCode("ERR_FAILURE", 1));
    assert.notEqual(await open().head(`${base}o`, signal), null);
    await writer.abort();
    assert.equal(await store.head(`${base}o`, signal), null);
    assert.deepEqual(await leftovers(), []);
  });

  it("does not overwrite a large object that came meanwhile", async () => {
    const { store, base, leftovers } = await faulty();
    const writer = await store.create(`${base}o`, { expectedBytes: 1, replace: false }, signal);
    await writer.write(randomBytes(6 << 20));
    await store.put(`${base}o`, bytes("here"), signal);
    await assert.rejects(writer.finish(), hasCode("ERR_EXISTS", 2));
    await writer.abort();
    assert.equal((await store.head(`${base}o`, signal))?.size, 4);
    assert.deepEqual(await leftovers(), []);
  });

  it("reads on where an answer broke off", async () => {
    const { store, base } = await faulty();
    const content = randomBytes(3 << 20);
    await store.put(`${base}o`, content, signal);
    const object = (await store.head(`${base}o`, signal))!;
    proxy.add({ on: "GetObject", times: 1, cutAfter: 1_000_000 });
    proxy.add({ on: "GetObject", times: 1, cutAfter: 1_000_000 });
    const got = await store.read(object, { start: 10, end: content.length - 10 }, signal);
    assert.ok(content.subarray(10, -10).equals(got));
    assert.deepEqual(retried, ["GetObject", "GetObject"]);
  });

  it("gives up on answers that always break off", async () => {
    const { store, base } = await faulty();
    await store.put(`${base}o`, randomBytes(100_000), signal);
    const object = (await store.head(`${base}o`, signal))!;
    proxy.add({ on: "GetObject", cutAfter: 10 });
    await assert.rejects(
      store.read(object, whole(object), signal),
      hasCode("ERR_FAILURE", 1, /reading bytes 0-100000/),
    );
  });

  it("ends a read that takes too long, and reads on", async () => {
    const { store, base } = await subject({ ...fast, requestTimeout: 60_000, readTimeout: 300 });
    await store.put(`${base}o`, bytes("content"), signal);
    const object = (await store.head(`${base}o`, signal))!;
    proxy.add({ on: "GetObject", times: 2, stall: true });
    assert.equal(new TextDecoder().decode(await store.read(object, whole(object), signal)), "content");
    proxy.clear();
    proxy.add({ on: "GetObject", stall: true });
    await assert.rejects(store.read(object, whole(object), signal), hasCode("ERR_FAILURE", 1, /timeout|no end after/));
  });

  it("keeps no connection busy after reads that failed", async () => {
    const { store, base } = await subject({ ...fast, connections: 2 });
    await store.put(`${base}o`, randomBytes(2 << 20), signal);
    const object = (await store.head(`${base}o`, signal))!;
    for (let n = 0; n < 5; n++) {
      const stop = new AbortController();
      proxy.add({ on: "GetObject", times: 1, latency: 20 });
      const reading = store.read(object, whole(object), stop.signal);
      setTimeout(() => stop.abort(new Error("stop")), 22);
      await reading.catch((error: Error) => assert.equal(error.message, "stop"));
    }
    assert.equal((await store.read(object, whole(object), signal)).length, 2 << 20);
  });

  it("is not disturbed by latency or a slow line", async () => {
    const { store, base } = await faulty();
    proxy.add({ on: "UploadPart", latency: 200 });
    proxy.throttle(40 << 20);
    const content = randomBytes(11 << 20);
    const writer = await store.create(`${base}o`, { expectedBytes: content.length, replace: false }, signal);
    await writer.write(content);
    const object = await writer.finish();
    assert.ok(content.equals(await store.read(object, whole(object), signal)));
    assert.deepEqual(retried, []);
  });

  it("fails after bounded retries when every connection is refused, then works again", async () => {
    const { store, base } = await faulty();
    proxy.refuseAll(true);
    await assert.rejects(store.put(`${base}o`, bytes("x"), signal), hasCode("ERR_FAILURE", 1, /cannot be reached/));
    proxy.refuseAll(false);
    await store.put(`${base}o`, bytes("x"), signal);
  });
});
