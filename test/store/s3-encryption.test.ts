import assert from "node:assert/strict";
import { it } from "node:test";
import { requireEncrypted } from "../../src/store/s3-encryption.ts";
import { hasCode } from "./contract.ts";

const ID = "1234abcd-12ab-34cd-56ef-1234567890ab";
const ARN = `arn:aws:kms:us-east-1:111122223333:key/${ID}`;
const ALIAS = "arn:aws:kms:us-east-1:111122223333:alias/masked";

it("an object is encrypted as asked, whatever names the key", () => {
  for (const [asked, shown] of [
    [ID, ARN],
    [ARN, ARN],
    [ARN, ID],
    ["testkey-1", "testkey-1"],
    // Which key an alias stands for only KMS can tell.
    ["alias/masked", ARN],
    [ALIAS, ARN],
  ] as const) {
    for (const by of ["aws:kms", "aws:kms:dsse"] as const) {
      requireEncrypted("writing", { ServerSideEncryption: by, SSEKMSKeyId: shown }, { kms: asked });
    }
  }
  requireEncrypted("writing", {}, undefined);
});

it("an object that is encrypted otherwise is refused", () => {
  const other = ARN.replace("1234abcd", "ffffffff");
  for (const [head, asked] of [
    [{}, ID],
    [{ SSEKMSKeyId: ARN }, ID],
    [{ ServerSideEncryption: "AES256", SSEKMSKeyId: ARN }, ID],
    [{ ServerSideEncryption: "aws:kms" }, ID],
    [{ ServerSideEncryption: "aws:kms" }, "alias/masked"],
    [{ ServerSideEncryption: "aws:kms", SSEKMSKeyId: other }, ID],
    [{ ServerSideEncryption: "aws:kms", SSEKMSKeyId: other }, ARN],
    [{ ServerSideEncryption: "aws:kms", SSEKMSKeyId: ARN }, ID.slice(1)],
    [{ ServerSideEncryption: "aws:kms", SSEKMSKeyId: ARN.replace("us-east-1", "eu-west-1") }, ARN],
  ] as const) {
    assert.throws(
      () => requireEncrypted("writing", head, { kms: asked }),
      hasCode("ERR_USAGE", 2, /^writing: the store encrypted it with /),
      JSON.stringify(head),
    );
  }
});
