/** What is looked at of a bucket. */
export type Look = "owner" | "public-access-block" | "policy" | "policy-status" | "acl" | "encryption" | "unasked";

/** What is wrong with a bucket, as far as one look tells. */
export interface Judgement {
  readonly look: Look;
  /** `refused`: nothing may be put into it; `warning`: a person should know. */
  readonly severity: "refused" | "warning";
  /** Continues "the bucket …". */
  readonly what: string;
  /** The setting or the command that puts it right. */
  readonly remedy: string;
}

export type BucketRole = "staging" | "output";

export interface BucketFinding extends Judgement {
  readonly bucket: string;
  /** What it is used for. */
  readonly roles: readonly BucketRole[];
}

export function refused(look: Look, what: string, remedy: string): Judgement {
  return { look, severity: "refused", what, remedy };
}

export function warning(look: Look, what: string, remedy: string): Judgement {
  return { look, severity: "warning", what, remedy };
}
