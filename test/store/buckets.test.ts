/** Looks at buckets as AWS answers them; what Ceph answers is in staging.test.ts. */
import assert from "node:assert/strict";
import { after, afterEach, describe, it } from "node:test";
import type { BucketFinding } from "../../src/store/bucket-finding.ts";
import { checkBuckets, requireClosed } from "../../src/store/buckets.ts";
import type { StoreOptions } from "../../src/store/store.ts";
import {
  type Asked,
  acl,
  blocks,
  OWN_ACCOUNT,
  type Reply,
  refusal,
  startScriptedAws,
} from "../support/scripted-aws.ts";
import { hasCode, signal } from "./contract.ts";

const PARTNER = "444455556666";
const STRANGER = "999988887777";
const ALL_USERS = "http://acs.amazonaws.com/groups/global/AllUsers";
const SIGNED_IN = "http://acs.amazonaws.com/groups/global/AuthenticatedUsers";

const aws = await startScriptedAws();
Object.assign(process.env, aws.env);
delete process.env.AWS_ACCOUNT_ID;

afterEach(() => {
  aws.set({});
  aws.asked.length = 0;
  aws.owner = OWN_ACCOUNT;
  aws.region = "us-east-1";
  delete process.env.AWS_ACCOUNT_ID;
});
after(() => aws.stop());

async function check(
  replies: Partial<Record<Asked, Reply>> = {},
  allow: readonly string[] = [],
  options: StoreOptions = { kind: "aws" },
): Promise<readonly BucketFinding[]> {
  aws.set(replies);
  return checkBuckets([{ uri: "s3://b/in/", role: "staging" }], { allow }, { maxAttempts: 1, ...options }, signal);
}

/** "severity look: what", in order. */
async function told(...args: Parameters<typeof check>): Promise<string[]> {
  return (await check(...args)).map(({ severity, look, what }) => `${severity} ${look}: ${what}`);
}

const policy = (Principal: unknown): Reply => ({
  body: JSON.stringify({ Statement: [{ Sid: "S1", Effect: "Allow", Principal, Action: "s3:GetObject" }] }),
});
const status = (isPublic: boolean): Reply => ({
  body: `<PolicyStatus><IsPublic>${String(isPublic).toUpperCase()}</IsPublic></PolicyStatus>`,
});

describe("a bucket of AWS", () => {
  it("passes when it is closed, encrypted and the caller's", async () => {
    assert.deepEqual(await told(), []);
    assert.deepEqual(
      aws.asked.toSorted(),
      [
        "acl",
        "caller",
        "encryption",
        "head",
        `head ${OWN_ACCOUNT}`,
        "policy",
        "policyStatus",
        "publicAccessBlock",
      ].toSorted(),
    );
    assert.deepEqual(requireClosed([]), []);
  });

  it("is looked at once for all that it is used for, and local directories not at all", async () => {
    aws.set({ encryption: refusal(404, "ServerSideEncryptionConfigurationNotFoundError") });
    const uris = [
      { uri: "s3://b/in/", role: "staging" },
      { uri: "./out/", role: "output" },
      { uri: "s3://b/out/", role: "output" },
    ] as const;
    const found = await checkBuckets(uris, { allow: [] }, { kind: "aws" }, signal);
    assert.deepEqual(
      found.map(({ bucket, roles, look }) => [bucket, roles, look]),
      [["b", ["staging", "output"], "encryption"]],
    );
    aws.asked.length = 0;
    assert.deepEqual(await checkBuckets([uris[1]], { allow: [] }, {}, signal), []);
    assert.deepEqual(aws.asked, []);
  });

  const open: readonly (readonly [name: string, Partial<Record<Asked, Reply>>, ...expected: string[]])[] = [
    [
      "it has no public access block",
      { publicAccessBlock: refusal(404, "NoSuchPublicAccessBlockConfiguration") },
      "refused public-access-block: does not block public access",
    ],
    [
      "one of four blocks is off",
      { publicAccessBlock: blocks(true, false) },
      "refused public-access-block: does not block all public access (RestrictPublicBuckets)",
    ],
    [
      "all blocks are off",
      { publicAccessBlock: blocks(false) },
      "refused public-access-block: does not block public access",
    ],
    [
      "its policy is public",
      { policy: policy("*"), policyStatus: status(true) },
      "refused policy-status: has a policy that AWS calls public",
      "refused policy: has a policy that lets in everybody (statement S1)",
    ],
    [
      "AWS calls its policy public, whatever it looks like",
      { policy: policy({ AWS: OWN_ACCOUNT }), policyStatus: status(true) },
      "refused policy-status: has a policy that AWS calls public",
    ],
    [
      "its policy lets in a stranger",
      { policy: policy({ AWS: `arn:aws:iam::${STRANGER}:root` }), policyStatus: status(false) },
      `refused policy: has a policy that lets in account ${STRANGER} (statement S1)`,
    ],
    [
      "its ACL is open",
      { acl: acl([ALL_USERS, "READ"], [SIGNED_IN, "READ_ACP"]) },
      "refused acl: has an ACL that grants READ to everybody, READ_ACP to everybody who has an AWS account",
    ],
    [
      "its ACL names a stranger",
      { acl: acl(["ab".repeat(32), "FULL_CONTROL"]) },
      `refused acl: has an ACL that grants FULL_CONTROL to another account (canonical id ${"ab".repeat(32)})`,
    ],
    [
      "it does not encrypt",
      { encryption: refusal(404, "ServerSideEncryptionConfigurationNotFoundError") },
      "refused encryption: does not encrypt what is put into it",
    ],
  ];
  for (const [name, replies, ...expected] of open) {
    it(`is refused when ${name}`, async () => assert.deepEqual(await told(replies), expected));
  }

  it("may let S3 write its logs", async () => {
    const group = "http://acs.amazonaws.com/groups/s3/LogDelivery";
    assert.deepEqual(await told({ acl: acl([group, "WRITE"], [group, "READ_ACP"]) }), []);
    assert.deepEqual(await told({ acl: acl([group, "READ"]) }), [
      "refused acl: has an ACL that grants READ to a group that is not known",
    ]);
  });

  const PERMISSIONS: readonly (readonly [Asked, string, string])[] = [
    ["publicAccessBlock", "s3:GetBucketPublicAccessBlock", "public access block"],
    ["policyStatus", "s3:GetBucketPolicyStatus", "policy status"],
    ["policy", "s3:GetBucketPolicy", "policy"],
    ["acl", "s3:GetBucketAcl", "ACL"],
    ["encryption", "s3:GetEncryptionConfiguration", "default encryption"],
  ];
  for (const [asked, permission, name] of PERMISSIONS) {
    it(`is refused when its ${name} may not be looked at, with the permission that is missing`, async () => {
      const [one, ...more] = await check({ [asked]: refusal(403, "AccessDenied") });
      assert.deepEqual([one?.severity, one?.what, more], ["refused", `does not tell its ${name}`, []]);
      assert.equal(one?.remedy, `allow the role ${permission} on arn:aws:s3:::b`);
    });

    it(`is refused when its ${name} is not told for whatever reason`, async () => {
      const notUnderstood: readonly Reply[] = [
        refusal(501, "NotImplemented"),
        refusal(405, "MethodNotAllowed"),
        refusal(404, "NoSuchKey"),
        ...(asked === "policy" ? [] : [{ body: "<ListBucketResult><Name>b</Name></ListBucketResult>" }]),
      ];
      for (const reply of notUnderstood) {
        assert.deepEqual(
          (await check({ [asked]: reply })).map(({ severity, what }) => [severity, what]),
          [["refused", `does not tell its ${name}`]],
          JSON.stringify(reply),
        );
      }
    });

    it(`fails, to be run again, when its ${name} cannot be had for now`, async () => {
      await assert.rejects(
        check({ [asked]: refusal(503, "SlowDown") }),
        hasCode("ERR_FAILURE", 1, /looking at the bucket s3:\/\/b/),
      );
      await assert.rejects(check({ [asked]: "hang up" }), hasCode("ERR_FAILURE", 1, /cannot be reached/));
    });
  }

  it("is an error of its own when it is not there, or the credentials are wrong", async () => {
    const none = refusal(404, "NoSuchBucket");
    await assert.rejects(check({ acl: none }), hasCode("ERR_USAGE", 2, /no such bucket/));
    await assert.rejects(check({ policy: refusal(403, "InvalidAccessKeyId") }), hasCode("ERR_USAGE", 2, /access key/));
  });

  it("may be of an account that is allowed, and have it in its policy", async () => {
    aws.owner = PARTNER;
    const replies = { policy: policy({ AWS: [PARTNER, OWN_ACCOUNT] }), policyStatus: status(false) };
    assert.deepEqual(await told(replies, [PARTNER, OWN_ACCOUNT]), []);
    assert.ok(!aws.asked.includes("caller"), "STS is not needed");
  });

  it("may be in another region", async () => {
    aws.region = "eu-west-1";
    assert.deepEqual(await told(), []);
    aws.owner = STRANGER;
    assert.deepEqual(await told(), ["refused owner: belongs to another account than the caller"]);
  });

  it("of a stranger is refused", async () => {
    aws.owner = STRANGER;
    assert.deepEqual(await told({}, [PARTNER]), ["refused owner: belongs to another account than the caller"]);
    assert.deepEqual(
      aws.asked.filter((one) => one.startsWith("head")),
      ["head", `head ${PARTNER}`, `head ${OWN_ACCOUNT}`],
    );
  });

  it("that may not be listed is not taken for a stranger's", async () => {
    const [one, ...more] = await check({ head: { status: 403 } });
    assert.deepEqual(
      [one?.look, one?.what, one?.remedy, more],
      ["owner", "cannot be looked at", "allow the role s3:ListBucket on arn:aws:s3:::b", []],
    );
  });

  it("needs no STS where the account is known, and says so where STS fails", async () => {
    process.env.AWS_ACCOUNT_ID = OWN_ACCOUNT;
    assert.deepEqual(await told({ caller: "hang up" }), []);
    delete process.env.AWS_ACCOUNT_ID;
    await assert.rejects(check({ caller: "hang up" }), hasCode("ERR_FAILURE", 1, /STS.*set AWS_ACCOUNT_ID/));
    await assert.rejects(check({ caller: refusal(500, "InternalFailure") }), hasCode("ERR_FAILURE", 1, /STS/));
  });

  it("ends with the signal's reason", async () => {
    const reason = new Error("stop");
    await assert.rejects(
      checkBuckets([{ uri: "s3://b/", role: "output" }], { allow: [] }, {}, AbortSignal.abort(reason)),
      reason,
    );
  });
});

describe("a bucket of a compatible store", () => {
  const compatible = (replies: Partial<Record<Asked, Reply>>) => told(replies, [], {});
  const unasked = (lacks: string) => `warning unasked: is at a store that does not have or tell its ${lacks}`;
  const lacking = { publicAccessBlock: refusal(501, "NotImplemented"), encryption: refusal(501, "NotImplemented") };

  it("passes with a warning of what it does not know", async () => {
    assert.deepEqual(await compatible(lacking), [unasked("public access block, default encryption, owner")]);
    assert.deepEqual(await compatible({}), [unasked("owner")]);
    assert.ok(!aws.asked.includes("caller") && !aws.asked.includes("head"));
    const minio = {
      publicAccessBlock: refusal(404, "NoSuchPublicAccessBlockConfiguration"),
      encryption: refusal(404, "ServerSideEncryptionConfigurationNotFoundError"),
    };
    assert.deepEqual(await compatible(minio), [unasked("public access block, default encryption, owner")]);
  });

  it("is refused for what it tells: an open policy or ACL", async () => {
    assert.deepEqual(
      (await compatible({ ...lacking, policy: policy("*") }))[0],
      "refused policy: has a policy that lets in everybody (statement S1)",
    );
    assert.match((await compatible({ ...lacking, acl: acl([ALL_USERS, "READ"]) }))[0] ?? "", /^refused acl/);
    assert.match(
      (await compatible({ policy: refusal(405, "MethodNotAllowed"), policyStatus: status(true) }))[0] ?? "",
      /^refused policy-status/,
    );
    assert.deepEqual(
      await compatible({ policy: policy({ AWS: "arn:aws:iam:::user/own" }), policyStatus: status(true) }),
      [unasked("owner")],
    );
  });

  it("is refused where it may not be looked at", async () => {
    assert.deepEqual(
      (await compatible({ policy: refusal(403, "AccessDenied") }))[0],
      "refused policy: does not tell its policy",
    );
  });

  it("is AWS's where the endpoint has a name of AWS's", async () => {
    const { connectS3 } = await import("../../src/store/s3-client.ts");
    for (const [endpoint, isAws] of [
      ["https://s3.eu-west-1.amazonaws.com", true],
      ["https://bucket.vpce-1a2b-5c.s3.us-east-1.vpce.amazonaws.com", true],
      ["https://s3.dualstack.cn-north-1.amazonaws.com.cn:443/", true],
      ["https://s3.eu-west-1.api.aws", true],
      ["https://amazonaws.com.example.com", false],
      ["https://minio.example.com/amazonaws.com", false],
      ["http://127.0.0.1:9000", false],
    ] as const) {
      const s3 = await connectS3({ endpoint });
      assert.equal(s3.isAws, isAws, endpoint);
      await s3.close();
    }
  });
});

describe("what is wrong with buckets", () => {
  it("is one error with all of it, what closes each, and the way out", async () => {
    const replies = { publicAccessBlock: blocks(false), acl: acl([ALL_USERS, "READ"]) };
    const found = await check(replies);
    assert.throws(
      () => requireClosed(found),
      hasCode(
        "ERR_USAGE",
        2,
        /^checking the buckets: 2 things are wrong.*\n {2}s3:\/\/b \(staging\) does not block public access: aws s3api put-public-access-block --bucket b .*\n {2}s3:\/\/b .*put-bucket-acl --bucket b --acl private\n.*genesys\.buckets\.allow.*genesys\.buckets\.check: false/,
      ),
    );
  });

  it("is a line where it is a warning", async () => {
    const lines = requireClosed(await check({}, [], {}));
    assert.deepEqual(lines, [
      "s3://b (staging) is at a store that does not have or tell its owner: see to them yourself",
    ]);
  });
});
