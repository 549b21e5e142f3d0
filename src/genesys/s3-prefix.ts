import { usageError } from "../errors.ts";
import { displayUri, parseUri } from "../store/uri.ts";

/** A bucket, or all beneath a prefix in it. */
export interface S3Prefix {
  /** With trailing slash; empty for all of the bucket. */
  readonly keyPrefix: string;
  readonly bucket: string;
  /** As the API has it: without a prefix where there is none. */
  readonly location: {
    readonly type: "AWS_S3";
    readonly bucketName: string;
    readonly region: string;
    readonly keyPrefix?: string;
  };
}

/**
 * @param doing - what an error's message starts with
 * @throws MasklineError (exit 2) when the URI is none of S3
 */
export function s3Prefix(uri: string, region: string, doing: string): S3Prefix {
  const location = parseUri(uri);
  if (location.scheme !== "s3") {
    throw usageError(`${doing}: ${displayUri(uri)} is not where the other side could go; use s3://bucket/prefix/`);
  }
  const { bucket, key } = location;
  const keyPrefix = key === "" || key.endsWith("/") ? key : `${key}/`;
  return {
    ...{ bucket, keyPrefix },
    location: { type: "AWS_S3", bucketName: bucket, region, ...(keyPrefix !== "" && { keyPrefix }) },
  };
}
