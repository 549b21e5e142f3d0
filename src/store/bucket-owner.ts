import { HeadBucketCommand } from "@aws-sdk/client-s3";
import { failure, messageOf } from "../errors.ts";
import { ask } from "./bucket-ask.ts";
import { type Judgement, refused } from "./bucket-finding.ts";
import type { S3 } from "./s3-client.ts";

/** Milliseconds until STS must have answered. */
const TIMEOUT = 20_000;

/**
 * The account that a bucket of AWS belongs to: the caller's own or one of those allowed. S3 names the owner to nobody, but
 * refuses a request that expects another one.
 */
export async function findOwner(
  s3: S3,
  bucket: string,
  allow: readonly string[],
  signal: AbortSignal,
): Promise<{ readonly account?: string; readonly judgements: readonly Judgement[] }> {
  const head = (expected: object) =>
    ask(bucket, signal, () =>
      s3.client.send(new HeadBucketCommand({ Bucket: bucket, ...expected }), { abortSignal: signal }),
    );
  // A HEAD has no text: without this, a permission that is missing would look like another's bucket.
  if ((await head({})).state !== "said") {
    return {
      judgements: [refused("owner", "cannot be looked at", `allow the role s3:ListBucket on arn:aws:s3:::${bucket}`)],
    };
  }
  for await (const account of candidates(s3, allow, signal)) {
    if ((await head({ ExpectedBucketOwner: account })).state === "said") return { account, judgements: [] };
  }
  const remedy = "check its name, or name its account in genesys.buckets.allow";
  return { judgements: [refused("owner", "belongs to another account than the caller", remedy)] };
}

/** STS comes last: a host without a way to the internet may not reach it. */
async function* candidates(s3: S3, allow: readonly string[], signal: AbortSignal): AsyncGenerator<string> {
  const { accountId } = await s3.client.config.credentials();
  if (accountId) yield accountId;
  yield* allow.filter((one) => /^\d{12}$/.test(one));
  yield await askCaller(s3, signal);
}

/** The account whose credentials these are. Needs no permission. */
async function askCaller({ client }: S3, signal: AbortSignal): Promise<string> {
  const { GetCallerIdentityCommand, STSClient } = await import("@aws-sdk/client-sts");
  const { credentials, region, maxAttempts } = client.config;
  const requestHandler = { connectionTimeout: 5_000, requestTimeout: TIMEOUT, throwOnRequestTimeout: true };
  const sts = new STSClient({ credentials, region, maxAttempts, requestHandler });
  try {
    const { Account: account } = await sts.send(new GetCallerIdentityCommand({}), { abortSignal: signal });
    if (!account) throw new Error("it names none");
    return account;
  } catch (error) {
    signal.throwIfAborted();
    throw failure(
      `asking AWS STS for the caller's account: ${messageOf(error)}; run again, or set AWS_ACCOUNT_ID where STS cannot be reached`,
      { stage: "plan", cause: error },
    );
  } finally {
    sts.destroy();
  }
}
