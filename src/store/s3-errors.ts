import { badInput, EXIT, failure, MasklineError, messageOf, type Stage, usageError } from "../errors.ts";
import { changed, codeOf, exists } from "./errors.ts";

/** What was being done when an error came, and for which side. */
export interface Doing {
  /** "reading s3://…" */
  readonly what: string;
  readonly side: "input" | "output";
  readonly stage?: Stage;
  /** What the role needs, where it is not what the side needs otherwise. */
  readonly permissions?: string;
}

const CREDENTIALS =
  "check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN or AWS_PROFILE, and AWS_ENDPOINT_URL_S3";
const KMS =
  "the KMS key cannot be used; check that s3.encryption names an enabled key of the bucket's region and that the role " +
  "may use it: kms:GenerateDataKey to write, kms:Decrypt to read and to write in parts";
const REGION = "set AWS_REGION to the bucket's region, and AWS_ENDPOINT_URL_S3 for a compatible store";

/** Errors a person has to put right: exit 2. By the store's or the SDK's name of them. */
const WRONG: Readonly<Record<string, string>> = {
  NoSuchBucket: "there is no such bucket; create it or correct the URI",
  InvalidBucketName: "that is no valid bucket name; correct the URI",
  CredentialsProviderError: `no AWS credentials were found; ${CREDENTIALS}`,
  TokenProviderError: `the AWS session has no valid token; log in again, or ${CREDENTIALS}`,
  InvalidAccessKeyId: `the store does not know the access key; ${CREDENTIALS}`,
  SignatureDoesNotMatch: `the secret key does not belong to the access key; ${CREDENTIALS}`,
  ExpiredToken: `the AWS session has expired; renew it, or ${CREDENTIALS}`,
  InvalidToken: `the AWS session token is not valid; ${CREDENTIALS}`,
  RequestTimeTooSkewed: "this machine's clock is off by more than the store accepts; set the clock",
  PermanentRedirect: `the bucket is in another region; ${REGION}`,
  AuthorizationHeaderMalformed: `the request was signed for another region; ${REGION}`,
  IllegalLocationConstraintException: `the bucket is in another region; ${REGION}`,
  NotImplemented: "the store does not support this request; try requestChecksumCalculation: when_required",
  XAmzContentSHA256Mismatch: "the store refuses the checksum; try requestChecksumCalculation: when_required",
};

export function statusOf(error: unknown): number | undefined {
  return (error as { $metadata?: { httpStatusCode?: number } } | undefined)?.$metadata?.httpStatusCode;
}

/** The error's name, as the store has it (`NoSuchKey`). */
export function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : "";
}

/** There is no such object, upload or bucket. HEAD has no body, so its errors have a status but no name. */
export function isNotFound(error: unknown): boolean {
  return statusOf(error) === 404;
}

export function isNoBucket(error: unknown): boolean {
  return nameOf(error) === "NoSuchBucket";
}

export function isPreconditionFailed(error: unknown): boolean {
  return statusOf(error) === 412;
}

/** The request may have been carried out although it failed: the answer was lost, or the store was unsure itself. */
export function isUncertain(error: unknown): boolean {
  const status = statusOf(error);
  return status === undefined || status >= 500;
}

/** What a failed request means to the user. Errors that are ours already pass. */
export function s3Error(error: unknown, { what, side, stage, permissions }: Doing): MasklineError {
  if (error instanceof MasklineError) return error;
  const details = { cause: error, stage: stage ?? (side === "input" ? "read" : "upload") } as const;
  const name = nameOf(error);
  const status = statusOf(error);
  const wrong =
    WRONG[name] ?? (/region is missing/i.test(messageOf(error)) ? `no region is set; ${REGION}` : undefined);
  // Ceph says InvalidAccessKeyId of a KMS key, too.
  if (status !== undefined && status < 500 && (name.startsWith("KMS.") || /\bkms\b/i.test(messageOf(error)))) {
    return usageError(`${what}: ${KMS} (${status} ${name})`, details);
  }
  if (wrong) return usageError(`${what}: ${wrong}`, details);
  if (status === 301) return usageError(`${what}: ${WRONG.PermanentRedirect}`, details);
  if (status === 401 || status === 403) {
    // Archived objects answer 403 too.
    if (name === "InvalidObjectState") return badInput(`${what}: the object is archived; restore it first`, details);
    const usual =
      side === "input" ? "s3:GetObject and s3:ListBucket" : "s3:PutObject, s3:GetObject and s3:AbortMultipartUpload";
    const need = permissions ?? usual;
    return usageError(
      `${what}: access denied (${status} ${name}); ${CREDENTIALS}, and that they allow ${need}`,
      details,
    );
  }
  if (side === "input" && (status === 412 || status === 416)) return changed(what, error);
  if (side === "output" && status === 412) return exists(what, error);
  if (side === "input" && status === 404) {
    return badInput(`${what}: there is no such object; check the name and that nobody removed it`, details);
  }
  if (status !== undefined && status >= 400 && status < 500 && status !== 429) {
    const refused = `the store refused the request (${status} ${name}: ${messageOf(error)}); check its settings`;
    return new MasklineError("ERR_FAILURE", EXIT.failure, `${what}: ${refused}`, details);
  }
  return failure(`${what}: ${unavailable(error, status, name)}`, details);
}

function unavailable(error: unknown, status: number | undefined, name: string): string {
  const attempts = (error as { $metadata?: { attempts?: number } })?.$metadata?.attempts;
  const times = attempts && attempts > 1 ? ` after ${attempts} attempts` : "";
  if (status !== undefined && status >= 400) return `the store answers ${status} ${name}${times}; run again later`;
  const reason = codeOf(error) ?? (name === "TimeoutError" ? "timeout" : messageOf(error));
  return `the store cannot be reached${times} (${reason}); check the network and AWS_ENDPOINT_URL_S3, then run again`;
}
