/** Buckets that are looked at before anything is put into them. */
import { mapAtOnce } from "../concurrency.ts";
import { usageError } from "../errors.ts";
import type { BucketFinding, BucketRole } from "./bucket-finding.ts";
import type { StoreOptions } from "./store.ts";
import { parseUri } from "./uri.ts";

export interface CheckedUri {
  readonly uri: string;
  readonly role: BucketRole;
}

/** Buckets that are looked at at once, with half a dozen requests each. */
const AT_ONCE = 2;

/**
 * Who else gets at the buckets of these URIs: public access block, policy, ACL, owner; and whether they encrypt. On AWS
 * what cannot be told is refused; a compatible store is asked as far as it knows the questions. Local files have nothing to
 * ask: what maskline writes is its user's alone (mode 0600).
 * @param allow - AWS accounts (and canonical user ids) that may own a bucket or be named by its policy
 * @returns what is wrong, in the order of the URIs; a compatible store's buckets always have a warning
 * @throws MasklineError when a bucket is not there, the credentials are wrong (exit 2), or a store is down past its
 * retries (exit 1)
 */
export async function checkBuckets(
  uris: readonly CheckedUri[],
  { allow }: { readonly allow: readonly string[] },
  stores: StoreOptions,
  signal: AbortSignal,
): Promise<readonly BucketFinding[]> {
  const roles = new Map<string, Set<BucketRole>>();
  for (const { uri, role } of uris) {
    const location = parseUri(uri);
    if (location.scheme !== "s3") continue;
    roles.set(location.bucket, (roles.get(location.bucket) ?? new Set()).add(role));
  }
  if (roles.size === 0) return [];
  // Only here: the AWS SDK takes a quarter of a second to import.
  const [{ connectS3 }, { lookAtBucket }] = await Promise.all([import("./s3-client.ts"), import("./bucket-look.ts")]);
  const s3 = await connectS3(stores);
  try {
    const found = await mapAtOnce([...roles], AT_ONCE, async ([bucket, own]) => {
      const judgements = await lookAtBucket(s3, bucket, allow, signal);
      return judgements.map((one): BucketFinding => ({ bucket, roles: [...own], ...one }));
    });
    return found.flat();
  } finally {
    await s3.close();
  }
}

/**
 * @returns the warnings among the findings, a line each
 * @throws MasklineError (exit 2) when a bucket is refused; it names all that is wrong, and how each is put right
 */
export function requireClosed(findings: readonly BucketFinding[]): string[] {
  const lines = (severity: BucketFinding["severity"]) =>
    findings.filter((one) => one.severity === severity).map(explain);
  const refused = lines("refused");
  if (refused.length > 0) {
    throw usageError(
      `checking the buckets: ${refused.length === 1 ? "one thing is" : `${refused.length} things are`} wrong, and nothing was exported\n` +
        `${refused.map((line) => `  ${line}\n`).join("")}put that right; accounts that may have access are named in ` +
        "genesys.buckets.allow, and genesys.buckets.check: false takes the buckets as they are",
      { stage: "plan" },
    );
  }
  return lines("warning");
}

function explain({ bucket, roles, what, remedy }: BucketFinding): string {
  return `s3://${bucket} (${roles.join(" and ")}) ${what}: ${remedy}`;
}
