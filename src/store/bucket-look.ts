/** The looks at a bucket, and what they come to. */
import {
  GetBucketAclCommand,
  GetBucketEncryptionCommand,
  GetBucketPolicyCommand,
  GetBucketPolicyStatusCommand,
  GetPublicAccessBlockCommand,
} from "@aws-sdk/client-s3";
import { type Answer, ask } from "./bucket-ask.ts";
import { type Judgement, type Look, refused, warning } from "./bucket-finding.ts";
import { findOwner } from "./bucket-owner.ts";
import { judgePolicy } from "./bucket-policy.ts";
import { judgeAcl, judgeEncryption, judgePublicAccessBlock } from "./bucket-settings.ts";
import type { S3 } from "./s3-client.ts";

/** What a role must be allowed for each look, and what it is called. */
const LOOKS: Readonly<Record<Exclude<Look, "owner" | "unasked">, { permission: string; name: string }>> = {
  "public-access-block": { permission: "s3:GetBucketPublicAccessBlock", name: "public access block" },
  "policy-status": { permission: "s3:GetBucketPolicyStatus", name: "policy status" },
  policy: { permission: "s3:GetBucketPolicy", name: "policy" },
  acl: { permission: "s3:GetBucketAcl", name: "ACL" },
  encryption: { permission: "s3:GetEncryptionConfiguration", name: "default encryption" },
};

/** @param allow - accounts and canonical user ids that may own the bucket or be named by it */
export async function lookAtBucket(
  s3: S3,
  bucket: string,
  allow: readonly string[],
  signal: AbortSignal,
): Promise<readonly Judgement[]> {
  const answers = await askAll(s3, bucket, signal);
  if (!s3.isAws) return judgeCompatible(bucket, answers, allow);
  const { account, judgements } = await findOwner(s3, bucket, allow, signal);
  return [...judgements, ...judgeAws(bucket, answers, new Set([...allow, ...(account ? [account] : [])]))];
}

type Answers = Awaited<ReturnType<typeof askAll>>;

async function askAll({ client }: S3, bucket: string, abortSignal: AbortSignal) {
  const input = { Bucket: bucket };
  const at = { abortSignal };
  const about = <T>(question: () => Promise<T | undefined>, none?: string) => ask(bucket, abortSignal, question, none);
  const [block, status, policy, acl, encryption] = await Promise.all([
    about(async () => {
      const { PublicAccessBlockConfiguration: all = {} } = await client.send(
        new GetPublicAccessBlockCommand(input),
        at,
      );
      return Object.values(all).some((one) => one !== undefined) ? all : undefined;
    }, "NoSuchPublicAccessBlockConfiguration"),
    about(
      async () => (await client.send(new GetBucketPolicyStatusCommand(input), at)).PolicyStatus?.IsPublic,
      "NoSuchBucketPolicy",
    ),
    about(async () => (await client.send(new GetBucketPolicyCommand(input), at)).Policy, "NoSuchBucketPolicy"),
    about(async () => {
      const { Owner, Grants = [] } = await client.send(new GetBucketAclCommand(input), at);
      return Owner?.ID === undefined ? undefined : { owner: Owner.ID, grants: Grants };
    }),
    about(
      async () =>
        (await client.send(new GetBucketEncryptionCommand(input), at)).ServerSideEncryptionConfiguration?.Rules,
      "ServerSideEncryptionConfigurationNotFoundError",
    ),
  ]);
  return { "public-access-block": block, "policy-status": status, policy, acl, encryption };
}

/** Whatever is not answered is refused. */
function judgeAws(bucket: string, answers: Answers, trusted: ReadonlySet<string>): Judgement[] {
  const block = answers["public-access-block"];
  const encryption = answers.encryption;
  const isPublic = answers["policy-status"].state === "said" && answers["policy-status"].value;
  return [
    ...unanswered(answers).map((look) =>
      refused(look, `does not tell its ${LOOKS[look].name}`, allowing(bucket, look)),
    ),
    ...(isSettled(block) ? judgePublicAccessBlock(bucket, saidBy(block)) : []),
    ...(isPublic
      ? [refused("policy-status", "has a policy that AWS calls public", "take out what lets everybody in")]
      : []),
    ...judgeGrants(bucket, answers, trusted),
    ...(isSettled(encryption) ? judgeEncryption(bucket, saidBy(encryption) ?? []) : []),
  ];
}

/**
 * A compatible store decides by policy and ACL alone; what it has no notion of is told. Its own word for a policy that is
 * public counts where these cannot be read: Ceph calls every policy public that names a principal.
 */
function judgeCompatible(bucket: string, answers: Answers, allow: readonly string[]): Judgement[] {
  const owner = saidBy(answers.acl)?.owner;
  // Ceph: accounts are tenants, and most users are of the one without a name.
  const tenant = owner?.includes("$") ? owner.slice(0, owner.indexOf("$")) : "";
  const denied = unanswered(answers).filter((look) => answers[look].state === "denied");
  const unread = !isSettled(answers.policy) || !isSettled(answers.acl);
  const isPublic = unread && saidBy(answers["policy-status"]) === true;
  const lacks = unanswered(answers).filter((look) => answers[look].state === "unknown");
  const block = saidBy(answers["public-access-block"]);
  if (isSettled(answers["public-access-block"]) && judgePublicAccessBlock(bucket, block).length > 0) {
    lacks.push("public-access-block");
  }
  if (answers.encryption.state === "none") lacks.push("encryption");
  const named = [...lacks.map((look) => LOOKS[look].name), "owner"].join(", ");
  return [
    ...denied.map((look) => refused(look, `does not tell its ${LOOKS[look].name}`, allowing(bucket, look))),
    ...(isPublic
      ? [refused("policy-status", "has a policy that the store calls public", "let its policy and ACL be read")]
      : []),
    ...judgeGrants(bucket, answers, new Set([...allow, tenant])),
    warning("unasked", `is at a store that does not have or tell its ${named}`, "see to them yourself"),
  ];
}

function judgeGrants(bucket: string, { policy, acl }: Answers, trusted: ReadonlySet<string>): Judgement[] {
  const own = saidBy(acl);
  const named = own ? new Set([...trusted, own.owner]) : trusted;
  const document = saidBy(policy);
  return [
    ...(document === undefined ? [] : judgePolicy(document, named)),
    ...(own ? judgeAcl(bucket, own.grants, own.owner, trusted) : []),
  ];
}

function unanswered(answers: Answers): (keyof Answers)[] {
  return (Object.keys(answers) as (keyof Answers)[]).filter((look) => !isSettled(answers[look]));
}

function isSettled({ state }: Answer<unknown>): boolean {
  return state === "said" || state === "none";
}

function saidBy<T>(answer: Answer<T>): T | undefined {
  return answer.state === "said" ? answer.value : undefined;
}

function allowing(bucket: string, look: keyof Answers): string {
  return `allow the role ${LOOKS[look].permission} on arn:aws:s3:::${bucket}`;
}
