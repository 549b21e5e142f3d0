/** What a bucket's other settings say: judged from the answers alone. */
import type { Grant, PublicAccessBlockConfiguration, ServerSideEncryptionRule } from "@aws-sdk/client-s3";
import { type Judgement, refused } from "./bucket-finding.ts";

const BLOCKS = ["BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"] as const;

/** All four must be on; a bucket without a configuration has none. The account's own are not seen from here. */
export function judgePublicAccessBlock(
  bucket: string,
  configuration: PublicAccessBlockConfiguration | undefined,
): Judgement[] {
  const off = BLOCKS.filter((name) => configuration?.[name] !== true);
  if (off.length === 0) return [];
  const what =
    off.length === BLOCKS.length ? "does not block public access" : `does not block all public access (${off})`;
  const all = BLOCKS.map((name) => `${name}=true`).join();
  const command = `aws s3api put-public-access-block --bucket ${bucket} --public-access-block-configuration ${all}`;
  return [refused("public-access-block", what, command)];
}

const GROUPS = "http://acs.amazonaws.com/groups/";
const OPEN: Readonly<Record<string, string>> = {
  [`${GROUPS}global/AllUsers`]: "everybody",
  [`${GROUPS}global/AuthenticatedUsers`]: "everybody who has an AWS account",
};

/**
 * @param owner - canonical id of the bucket's owner
 * @param trusted - canonical ids that may have grants beside the owner
 */
export function judgeAcl(
  bucket: string,
  grants: readonly Grant[],
  owner: string,
  trusted: ReadonlySet<string>,
): Judgement[] {
  const whom = grants.flatMap(({ Grantee: grantee, Permission = "access" }) => {
    // S3's own log delivery writes, and reads nothing.
    if (grantee?.URI === `${GROUPS}s3/LogDelivery` && !/^(READ|FULL_CONTROL|WRITE_ACP)$/.test(Permission)) return [];
    if (grantee?.URI) return [`${Permission} to ${OPEN[grantee.URI] ?? "a group that is not known"}`];
    const id = grantee?.ID ?? "";
    if (id !== "" && (id === owner || trusted.has(id))) return [];
    return [`${Permission} to another account${/^[\w$-]+$/.test(id) ? ` (canonical id ${id})` : ""}`];
  });
  if (whom.length === 0) return [];
  const command = `aws s3api put-bucket-acl --bucket ${bucket} --acl private`;
  return [refused("acl", `has an ACL that grants ${[...new Set(whom)].join(", ")}`, command)];
}

/** Every bucket of AWS has a default encryption since January 2023. */
export function judgeEncryption(bucket: string, rules: readonly ServerSideEncryptionRule[]): Judgement[] {
  if (rules.some((rule) => rule.ApplyServerSideEncryptionByDefault?.SSEAlgorithm !== undefined)) return [];
  const aes = `'{"Rules":[{"ApplyServerSideEncryptionByDefault":{"SSEAlgorithm":"AES256"}}]}'`;
  const command = `aws s3api put-bucket-encryption --bucket ${bucket} --server-side-encryption-configuration ${aes}`;
  return [refused("encryption", "does not encrypt what is put into it", command)];
}
