/** What a real store says of its buckets, and what becomes of objects there: encryption, tags, cleaning. */
import assert from "node:assert/strict";
import { randomBytes, randomUUID } from "node:crypto";
import { existsSync, mkdtempSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import {
  DeleteBucketPolicyCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  PutBucketAclCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  PutObjectTaggingCommand,
  PutPublicAccessBlockCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { checkBuckets } from "../../src/store/buckets.ts";
import { cleanStaged } from "../../src/store/clean.ts";
import { openStore } from "../../src/store/store.ts";
import { startFaultProxy } from "../support/fault-proxy.ts";
import { S3_SKIPPED, startS3 } from "../support/s3-server.ts";
import { bytes, hasCode, signal, whole } from "./contract.ts";

const server = await startS3();
if (server) Object.assign(process.env, server.env);

describe("staging at a real store", { skip: server ? false : S3_SKIPPED }, () => {
  if (!server) return;
  const admin = new S3Client({ endpoint: server.endpoint, region: server.region, forcePathStyle: true });
  const bucket = server.makeBucket(`staging-${randomUUID()}`);
  const base = async () => `s3://${await bucket}/${randomUUID()}/`;
  const nameOf = async (uri: string) => ({ Bucket: await bucket, Key: uri.slice(`s3://${await bucket}/`.length) });
  after(async () => {
    admin.destroy();
    await server.stop();
  });

  describe("a bucket", () => {
    const told = async (Bucket: string) => {
      const found = await checkBuckets([{ uri: `s3://${Bucket}/`, role: "staging" }], { allow: [] }, {}, signal);
      return found.map(({ severity, what }) => `${severity}: ${what}`);
    };
    const UNASKED = "warning: is at a store that does not have or tell its";

    it("passes when it is closed, with a warning of what the store does not tell", async () => {
      const [one = "", ...more] = await told(await bucket);
      assert.ok(one.startsWith(UNASKED), one);
      assert.match(one, /default encryption, public access block, owner/);
      assert.deepEqual(more, []);
    });

    for (const [name, principal, what] of [
      ["everybody", "*", "refused: has a policy that lets in everybody (statement S)"],
      ["everybody, as AWS", { AWS: ["*"] }, "refused: has a policy that lets in everybody (statement S)"],
      [
        "another tenant",
        { AWS: "arn:aws:iam::other:user/u" },
        "refused: has a policy that lets in account other (statement S)",
      ],
      ["a user of the same tenant", { AWS: "arn:aws:iam:::user/u" }, undefined],
    ] as const) {
      it(`is judged by its policy: ${name}`, async () => {
        const Bucket = await bucket;
        const Resource = [`arn:aws:s3:::${Bucket}/*`];
        const statement = { Sid: "S", Effect: "Allow", Principal: principal, Action: ["s3:GetObject"], Resource };
        const Policy = JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
        await admin.send(new PutBucketPolicyCommand({ Bucket, Policy }));
        try {
          const found = await told(Bucket);
          assert.deepEqual(found.slice(0, -1), what ? [what] : []);
        } finally {
          await admin.send(new DeleteBucketPolicyCommand({ Bucket }));
        }
      });
    }

    for (const [ACL, whom] of [
      ["public-read", "READ to everybody"],
      ["public-read-write", "READ to everybody, WRITE to everybody"],
      ["authenticated-read", "READ to everybody who has an AWS account"],
    ] as const) {
      it(`is refused with the ACL ${ACL}`, async () => {
        const Bucket = await server.makeBucket(`acl-${randomUUID()}`);
        await admin.send(new PutBucketAclCommand({ Bucket, ACL }));
        assert.deepEqual((await told(Bucket)).slice(0, -1), [`refused: has an ACL that grants ${whom}`]);
      });
    }

    it("with a public access block needs no warning of it", async () => {
      const Bucket = await server.makeBucket(`block-${randomUUID()}`);
      const all = {
        BlockPublicAcls: true,
        IgnorePublicAcls: true,
        BlockPublicPolicy: true,
        RestrictPublicBuckets: true,
      };
      await admin.send(new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration: all }));
      assert.deepEqual(await told(Bucket), [`${UNASKED} default encryption, owner`]);
    });

    it("that is not there is an error of its own", async () => {
      await assert.rejects(told("no-such-bucket-here"), hasCode("ERR_USAGE", 2, /s3:\/\/no-such.*no such bucket/));
    });
  });

  describe("encryption with KMS", { skip: server.kmsKeys.length > 0 ? false : "the server has no KMS keys" }, () => {
    const [kms = "", other = ""] = server.kmsKeys;
    const encryption = { kms };
    const open = (options = {}) => openStore("s3://any", { encryption, partSize: 5 << 20, ...options });

    it("is on everything that is written, small and large", async () => {
      await using store = open();
      const at = await base();
      const content = randomBytes(11 << 20);
      for (const [name, size] of [
        ["small", 10],
        ["empty", 0],
        ["large", content.length],
      ] as const) {
        const writer = await store.create(at + name, { expectedBytes: size, replace: false }, signal);
        await writer.write(content.subarray(0, size));
        const object = await writer.finish();
        assert.ok(content.subarray(0, size).equals(await store.read(object, whole(object), signal)), name);
      }
      await store.put(`${at}put`, bytes("x"), signal);
      assert.equal(await store.putIfAbsent(`${at}once`, bytes("x"), signal), true);
      assert.equal(await store.putIfAbsent(`${at}once`, bytes("y"), signal), false);
      for (const name of ["small", "empty", "large", "put", "once"]) {
        const head = await admin.send(new HeadObjectCommand(await nameOf(at + name)));
        assert.deepEqual([head.ServerSideEncryption, head.SSEKMSKeyId], ["aws:kms", kms], name);
      }
    });

    it("with a key that is not there is told as that", async () => {
      await using store = open({ encryption: { kms: "no-such-key" } });
      const at = await base();
      const wrong = hasCode("ERR_USAGE", 2, /^writing s3:.*the KMS key cannot be used; check that s3\.encryption/);
      await assert.rejects(store.put(`${at}o`, bytes("x"), signal), wrong);
      await assert.rejects(store.putIfAbsent(`${at}o`, bytes("x"), signal), wrong);
      const writer = await store.create(`${at}o`, { expectedBytes: 1, replace: false }, signal);
      await writer.write(bytes("x"));
      await assert.rejects(writer.finish(), wrong);
      await writer.abort();
      assert.deepEqual(await store.list(at, signal), []);
    });

    /** As stores say it that take the headers and do something else. */
    const SSE = "x-amz-server-side-encryption";
    for (const [name, headers, what] of [
      ["nothing", { [SSE]: null }, /the store encrypted it with nothing, not with KMS, and it was removed/],
      ["S3's own key", { [SSE]: "AES256" }, /the store encrypted it with AES256, not with KMS/],
      ["another key", { [`${SSE}-aws-kms-key-id`]: other }, /the store encrypted it with another KMS key/],
    ] as const) {
      it(`is looked at afterwards: an object encrypted with ${name} does not stay`, async (t) => {
        const proxy = await startFaultProxy(server.endpoint);
        t.after(() => proxy.stop());
        proxy.add({ on: "HeadObject", headers });
        await using store = open({ endpoint: proxy.endpoint });
        const at = await base();
        const wrong = hasCode("ERR_USAGE", 2, what);
        await assert.rejects(store.put(`${at}put`, bytes("x"), signal), wrong);
        await assert.rejects(store.putIfAbsent(`${at}once`, bytes("x"), signal), wrong);
        for (const size of [10, 6 << 20]) {
          const writer = await store.create(`${at}${size}`, { expectedBytes: size, replace: false }, signal);
          await writer.write(randomBytes(size));
          await assert.rejects(writer.finish(), wrong);
          await writer.abort();
        }
        assert.deepEqual(await store.list(at, signal), []);
      });
    }
  });

  describe("tags", () => {
    const tagsOf = async (uri: string) => {
      const { TagSet = [] } = await admin.send(new GetObjectTaggingCommand(await nameOf(uri)));
      return Object.fromEntries(TagSet.map(({ Key, Value }) => [Key, Value]));
    };

    it("are added beside those of others", async () => {
      await using store = openStore("s3://any", {});
      const uri = `${await base()}o`;
      await store.put(uri, bytes("x"), signal);
      const mine = [
        { Key: "team", Value: "a" },
        { Key: "maskline", Value: "old" },
      ];
      await admin.send(new PutObjectTaggingCommand({ ...(await nameOf(uri)), Tagging: { TagSet: mine } }));
      assert.equal(await store.tag(uri, { maskline: "committed", n: "1" }, signal), true);
      assert.equal(await store.tag(uri, { maskline: "committed", n: "1" }, signal), true);
      assert.deepEqual(await tagsOf(uri), { team: "a", maskline: "committed", n: "1" });
    });

    it("of an object that is not there are no error, of a bucket that is not there one", async () => {
      await using store = openStore("s3://any", {});
      assert.equal(await store.tag(`${await base()}none`, { a: "b" }, signal), false);
      await assert.rejects(
        store.tag("s3://no-such-bucket-here/o", { a: "b" }, signal),
        hasCode("ERR_USAGE", 2, /no such bucket/),
      );
    });

    it("are not for local files", async () => {
      await using store = openStore("/nowhere", {});
      await assert.rejects(
        store.tag("/nowhere/o", {}, signal),
        hasCode("ERR_USAGE", 2, /^tagging \/nowhere\/o: a local file/),
      );
    });
  });

  describe("cleaning", () => {
    const files = async (count: number, at?: string) => {
      const prefix = at ?? (await base());
      await using store = openStore(prefix, {});
      const made = Array.from({ length: count }, (_, n) => ({ uri: `${prefix}${n}.parquet` }));
      await Promise.all(made.map(({ uri }) => store.put(uri, bytes("x"), signal)));
      return { prefix, made, left: async () => (await openStore(prefix, {}).list(prefix, signal)).length };
    };

    it("deletes what was staged and nothing else; again, it finds nothing to do", async () => {
      const { prefix, made, left } = await files(20);
      await files(1, `${prefix}other/`);
      for (let n = 0; n < 2; n++) {
        assert.deepEqual(await cleanStaged(made, "delete", {}, signal), []);
        assert.equal(await left(), 1);
      }
    });

    it("tags what was staged, but for what is gone", async () => {
      const { made, left } = await files(3);
      const all = [...made, { uri: `${made[0]!.uri}-gone` }];
      assert.deepEqual(await cleanStaged(all, "tag", {}, signal), []);
      assert.deepEqual(await cleanStaged(all, "tag", {}, signal), []);
      assert.equal(await left(), 3);
      for (const { uri } of made) {
        const { TagSet } = await admin.send(new GetObjectTaggingCommand(await nameOf(uri)));
        assert.deepEqual(TagSet, [{ Key: "maskline", Value: "committed" }]);
      }
    });

    it("keeps all when it is to be kept", async () => {
      const { made, left } = await files(2);
      assert.deepEqual(await cleanStaged(made, "keep", {}, signal), []);
      assert.equal(await left(), 2);
    });

    it("deletes local files, too, and cannot tag them", async (t) => {
      const folder = mkdtempSync(join(tmpdir(), "maskline-clean-"));
      t.after(() => rm(folder, { recursive: true }));
      const file = join(folder, "a.parquet");
      writeFileSync(file, "x");
      const { made, left } = await files(1);
      await assert.rejects(cleanStaged([{ uri: file }], "tag", {}, signal), hasCode("ERR_USAGE", 2, /no tags/));
      assert.deepEqual(await cleanStaged([{ uri: file }, ...made, { uri: `${file}.gone` }], "delete", {}, signal), []);
      assert.equal(existsSync(file), false);
      assert.equal(await left(), 0);
    });

    it("warns where versions stay readable", async () => {
      const Bucket = await server.makeBucket(`versions-${randomUUID()}`);
      for (const Status of ["Enabled", "Suspended"] as const) {
        await admin.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status } }));
        const { made, left } = await files(1, `s3://${Bucket}/`);
        const [warning = "", ...more] = await cleanStaged(made, "delete", {}, signal);
        assert.match(warning, /^s3:\/\/versions-.* keeps versions: .*lifecycle rule \(NoncurrentVersionExpiration\)/);
        assert.deepEqual(more, []);
        assert.equal(await left(), 0);
      }
      const { Versions = [] } = await admin.send(new ListObjectVersionsCommand({ Bucket }));
      assert.ok(Versions.length > 0);
      assert.deepEqual(await cleanStaged([{ uri: `s3://${Bucket}/0.parquet` }], "tag", {}, signal), []);
    });

    it("fails, to be done again, while the store is down", async () => {
      const { made, left } = await files(12);
      const proxy = await startFaultProxy(server.endpoint);
      try {
        proxy.add({ on: "DeleteObject", after: 3, status: 503 });
        const options = { endpoint: proxy.endpoint, maxAttempts: 1 };
        await assert.rejects(cleanStaged(made, "delete", options, signal), hasCode("ERR_FAILURE", 1, /^removing s3:/));
        assert.ok((await left()) > 0);
        proxy.clear();
        assert.deepEqual(await cleanStaged(made, "delete", options, signal), []);
        assert.equal(await left(), 0);
      } finally {
        await proxy.stop();
      }
    });
  });
});
