import { mapAtOnce } from "../concurrency.ts";
import { openStore, type StoreOptions } from "./store.ts";
import { type Location, parseUri } from "./uri.ts";

/** Requests under way at once. */
const AT_ONCE = 8;

/** Tag of staged objects whose masked form is committed; for a lifecycle rule. */
const COMMITTED = { maskline: "committed" };

/**
 * What becomes of staged objects once all is committed. Those that are gone already are fine, so it can be done again
 * after a failure.
 * @returns warnings, a line each: of buckets that keep what is deleted
 * @throws MasklineError when an object can be neither deleted nor tagged; others may have been
 */
export async function cleanStaged(
  files: readonly { readonly uri: string }[],
  how: "delete" | "tag" | "keep",
  stores: StoreOptions,
  signal: AbortSignal,
): Promise<readonly string[]> {
  if (how === "keep") return [];
  const located = files.map(({ uri }) => ({ uri, location: parseUri(uri) }));
  for (const group of Map.groupBy(located, ({ location }) => location.scheme).values()) {
    await using store = openStore(group[0]!.uri, stores);
    await mapAtOnce(group, AT_ONCE, async ({ uri }) => {
      if (how === "delete") await store.remove(uri, signal);
      else await store.tag(uri, COMMITTED, signal);
    });
    const uris = group.map(({ uri }) => uri);
    if (how === "delete") await store.removeAbandoned(uris, signal);
  }
  return how === "delete"
    ? warnOfVersions(
        located.map(({ location }) => location),
        stores,
        signal,
      )
    : [];
}

async function warnOfVersions(
  locations: readonly Location[],
  stores: StoreOptions,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const buckets = new Set(locations.flatMap((one) => (one.scheme === "s3" ? [one.bucket] : [])));
  if (buckets.size === 0) return [];
  const { keepsVersions } = await import("./bucket-versions.ts");
  const kept = await mapAtOnce([...buckets], AT_ONCE, async (bucket) => {
    const keeps = await keepsVersions(bucket, stores, signal);
    if (keeps === "no") return [];
    const what =
      keeps === "yes"
        ? "keeps versions: what was deleted can still be read there"
        : "does not tell whether it keeps versions (s3:GetBucketVersioning): what was deleted may still be read there";
    return [`s3://${bucket} (staging) ${what}; end them with a lifecycle rule (NoncurrentVersionExpiration)`];
  });
  return kept.flat();
}
