import { isNoBucket, nameOf, s3Error, statusOf } from "./s3-errors.ts";

/** What a bucket answers to a look. */
export type Answer<T> =
  | { readonly state: "said"; readonly value: T }
  /** There is none of what was asked for. */
  | { readonly state: "none" }
  | { readonly state: "denied" }
  /** The store does not know the question, or gives an answer to another one. */
  | { readonly state: "unknown" };

/** Errors by which stores say that they do not know a request. */
const UNKNOWN = new Set(["NotImplemented", "MethodNotAllowed", "UnsupportedOperation", "InvalidRequest"]);
/** Who asks is not known: no question of permissions. */
const CREDENTIALS = new Set(["InvalidAccessKeyId", "SignatureDoesNotMatch", "ExpiredToken", "InvalidToken"]);

/**
 * @param none - the error's name where there is nothing of what was asked for
 * @param question - undefined where the answer has not what was asked for: stores that do not know a subresource list the
 * bucket instead
 * @throws MasklineError when the bucket is not there, the credentials are wrong, or the store is down past its retries
 */
export async function ask<T>(
  bucket: string,
  signal: AbortSignal,
  question: () => Promise<T | undefined>,
  none?: string,
): Promise<Answer<T>> {
  signal.throwIfAborted();
  try {
    const value = await question();
    return value === undefined ? { state: "unknown" } : { state: "said", value };
  } catch (error) {
    signal.throwIfAborted();
    const name = nameOf(error);
    const status = statusOf(error);
    if (name === none) return { state: "none" };
    if (status === 403 && !CREDENTIALS.has(name) && name !== "RequestTimeTooSkewed") return { state: "denied" };
    const unknown = status === 501 || status === 405 || UNKNOWN.has(name) || (status === 404 && !isNoBucket(error));
    if (unknown && name !== "NotFound") return { state: "unknown" };
    throw s3Error(error, { what: `looking at the bucket s3://${bucket}`, side: "output", stage: "plan" });
  }
}
