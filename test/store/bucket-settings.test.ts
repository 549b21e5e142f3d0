/** Settings of a bucket, judged without one. */
import assert from "node:assert/strict";
import { it } from "node:test";
import type { Grant } from "@aws-sdk/client-s3";
import fc from "fast-check";
import { judgeAcl, judgeEncryption, judgePublicAccessBlock } from "../../src/store/bucket-settings.ts";

const OWNER = "0f".repeat(32);
const PARTNER = "ab".repeat(32);

it("a public access block is whole only with all four", () => {
  const setting = fc.constantFrom(true, false, undefined);
  const names = ["BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"] as const;
  const four = fc.record({
    BlockPublicAcls: setting,
    IgnorePublicAcls: setting,
    BlockPublicPolicy: setting,
    RestrictPublicBuckets: setting,
  });
  fc.assert(
    fc.property(four, (given) => {
      const off = names.filter((name) => !given[name]);
      const judged = judgePublicAccessBlock("b", given as Record<string, boolean>);
      assert.equal(judged.length, off.length === 0 ? 0 : 1);
      if (off.length > 0 && off.length < 4) for (const name of off) assert.ok(judged[0]?.what.includes(name), name);
    }),
  );
  assert.equal(judgePublicAccessBlock("b", undefined).length, 1);
});

it("an ACL is closed only if each grant is the owner's or a trusted account's", () => {
  const good: readonly Grant[] = [
    { Grantee: { Type: "CanonicalUser", ID: OWNER }, Permission: "FULL_CONTROL" },
    { Grantee: { Type: "CanonicalUser", ID: PARTNER }, Permission: "READ" },
    { Grantee: { Type: "Group", URI: "http://acs.amazonaws.com/groups/s3/LogDelivery" }, Permission: "WRITE" },
  ];
  const bad: readonly Grant[] = [
    { Grantee: { Type: "Group", URI: "http://acs.amazonaws.com/groups/global/AllUsers" }, Permission: "READ_ACP" },
    {
      Grantee: { Type: "Group", URI: "http://acs.amazonaws.com/groups/global/AuthenticatedUsers" },
      Permission: "WRITE",
    },
    { Grantee: { Type: "Group", URI: "http://example.com/all" }, Permission: "READ" },
    { Grantee: { Type: "Group", URI: "http://acs.amazonaws.com/groups/s3/LogDelivery" }, Permission: "FULL_CONTROL" },
    { Grantee: { Type: "CanonicalUser", ID: "cd".repeat(32) }, Permission: "READ" },
    { Grantee: { Type: "AmazonCustomerByEmail", EmailAddress: "a@example.com" }, Permission: "READ" },
    { Grantee: { Type: "CanonicalUser", ID: "" }, Permission: "READ" },
    { Permission: "READ" },
    {},
  ];
  const judge = (grants: readonly Grant[], owner = OWNER) => judgeAcl("b", grants, owner, new Set([PARTNER]));
  for (const grant of bad) assert.equal(judge([grant])[0]?.severity, "refused", JSON.stringify(grant));
  assert.equal(judge(bad, "")[0]?.severity, "refused");
  fc.assert(
    fc.property(fc.subarray([...good]), fc.subarray([...bad]), (some, open) => {
      const judged = judge([...some, ...open]);
      assert.equal(judged.length, open.length === 0 ? 0 : 1);
    }),
  );
  // Nothing of a person in what is said.
  assert.doesNotMatch(judge(bad)[0]?.what ?? "", /example\.com/);
});

it("a default encryption is one with an algorithm", () => {
  for (const rules of [[], [{}], [{ BucketKeyEnabled: true }], [{ ApplyServerSideEncryptionByDefault: undefined }]]) {
    assert.equal(judgeEncryption("b", rules as []).length, 1);
  }
  for (const SSEAlgorithm of ["AES256", "aws:kms", "aws:kms:dsse"] as const) {
    assert.deepEqual(judgeEncryption("b", [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm } }]), []);
  }
});
