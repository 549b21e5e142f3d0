import { mapAtOnce } from "../concurrency.ts";
import { failure, MasklineError, usageError } from "../errors.ts";
import type { Store } from "../store/store.ts";
import { displayUri, joinUri } from "../store/uri.ts";
import type { Manifest, RunIdentity } from "./manifest.ts";

/** Where a run keeps its records beneath the output. */
export function recordUri(output: string, runId: string, name: string): string {
  return joinUri(output, `_maskline/${runId}/${name}`);
}

/** May the outputs be written? Either this very run is committed already, or they are ours to write. */
export type Claim =
  | { readonly state: "committed"; readonly manifest: Manifest }
  | { readonly state: "claimed" /** Objects of a run of ours that died may be there. */; readonly replace: boolean };

/** Heads that are asked for at once. */
const AT_ONCE = 16;
/** A manifest larger than this is not ours. Bytes. */
const LARGEST = 256 * 1024 * 1024;

/**
 * Claims the outputs before the first byte is written, by a record that names them: so a retry knows the objects of a
 * run that died for its own, and nobody else's are overwritten.
 * @throws MasklineError (exit 2) when an object is there that this run did not write, unless `replace`
 */
export async function claimOutputs(
  store: Store,
  output: string,
  identity: RunIdentity,
  uris: readonly string[],
  replace: boolean,
  signal: AbortSignal,
): Promise<Claim> {
  const manifestUri = recordUri(output, identity.runId, "manifest.json");
  const claimUri = recordUri(output, identity.runId, "claim.json");
  const manifest = await readJson<Manifest>(store, manifestUri, signal);
  if (manifest && !replace && (await allThere(store, manifest, signal))) return { state: "committed", manifest };
  const ours = manifest !== undefined || (await store.head(claimUri, signal)) !== null;
  const existing = await present(store, uris, signal);
  const others = existing.length > 0 ? await committedBy(store, output, identity.runId, existing, signal) : [];
  // A claim of ours may be older than another run's commit of the same objects.
  const foreign = ours ? existing.filter((uri) => others.some(({ uris }) => uris.has(uri))) : existing;
  if (foreign.length > 0 && !replace) {
    const more = foreign.length > 1 ? ` (and ${foreign.length - 1} more)` : "";
    throw usageError(
      `claiming the outputs: ${displayUri(foreign[0]!)} is there already${more} and this run did not write it; ` +
        "choose another output, for instance with {runId} in it, or overwrite with --replace",
      { stage: "plan" },
    );
  }
  // A manifest must never speak of objects that are being overwritten, nor a report.
  if (ours) await withdraw(store, output, identity.runId, [...REPORTS, TOLD, "manifest.json"], signal);
  for (const { runId } of others) {
    await withdraw(store, output, runId, [...REPORTS, TOLD, "manifest.json", "claim.json"], signal);
  }
  await store.put(claimUri, Buffer.from(`${JSON.stringify({ ...identity, outputs: uris }, null, 2)}\n`), signal);
  if (ours) await store.removeAbandoned([...uris, claimUri, manifestUri, ...reportUris(output, identity)], signal);
  return { state: "claimed", replace: ours || replace };
}

/** What explains a run beside its manifest, by name. */
export type Reports = Readonly<Record<(typeof REPORTS)[number], string>>;

const REPORTS = ["report.html", "report.json"] as const;

function reportUris(output: string, { runId }: RunIdentity): string[] {
  return REPORTS.map((name) => recordUri(output, runId, name));
}

/** That the commit hooks were told. */
const TOLD = "told.json";
/** Milliseconds for taking back the reports of a run that could not be committed. */
const WITHDRAWAL_TIMEOUT = 30_000;

/** Writes the reports, and the manifest, once and last. Reports of a run that is not committed do not stay. */
export async function commit(
  store: Store,
  output: string,
  manifest: Manifest,
  reports: Reports,
  signal: AbortSignal,
): Promise<string> {
  const { runId } = manifest;
  const written: string[] = [];
  try {
    await mapAtOnce(REPORTS, AT_ONCE, async (name) => {
      // One that is there is that of the same run in another process, which may be committed already.
      const uri = recordUri(output, runId, name);
      if (await store.putIfAbsent(uri, Buffer.from(reports[name]), signal)) written.push(name);
    });
    return await commitManifest(store, output, manifest, signal);
  } catch (error) {
    // The run's own signal may be what ended it.
    const own = AbortSignal.timeout(WITHDRAWAL_TIMEOUT);
    const there = await store.head(recordUri(output, runId, "manifest.json"), own).catch(() => undefined);
    // Where nobody knows whether the manifest is there, what explains it stays.
    if (there === null) await withdraw(store, output, runId, written, own).catch(() => {});
    throw error;
  }
}

async function commitManifest(store: Store, output: string, manifest: Manifest, signal: AbortSignal): Promise<string> {
  const uri = recordUri(output, manifest.runId, "manifest.json");
  const body = Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`);
  if (await store.putIfAbsent(uri, body, signal)) return uri;
  const other = await readJson<Manifest>(store, uri, signal);
  if (other && JSON.stringify(other.outputs) === JSON.stringify(manifest.outputs)) return uri;
  throw failure(`committing ${displayUri(uri)}: another process committed this run with other outputs`, {
    stage: "commit",
    retryable: false,
  });
}

/** Removes records of a run in this order, those that are there. */
async function withdraw(
  store: Store,
  output: string,
  runId: string,
  names: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  for (const name of names) {
    const uri = recordUri(output, runId, name);
    if (await store.head(uri, signal)) await store.remove(uri, signal);
  }
}

/** What a run committed, or undefined. */
export async function readManifest(
  store: Store,
  output: string,
  runId: string,
  signal: AbortSignal,
): Promise<Manifest | undefined> {
  return await readJson<Manifest>(store, recordUri(output, runId, "manifest.json"), signal);
}

async function readJson<T>(store: Store, uri: string, signal: AbortSignal): Promise<T | undefined> {
  const object = await store.head(uri, signal);
  if (!object || object.size > LARGEST) return undefined;
  try {
    return JSON.parse(
      Buffer.from(await store.read(object, { start: 0, end: object.size }, signal)).toString("utf8"),
    ) as T;
  } catch (error) {
    if (error instanceof MasklineError) throw error;
    // Cut short by a crash: not there.
    return undefined;
  }
}

async function allThere(store: Store, { outputs }: Manifest, signal: AbortSignal): Promise<boolean> {
  const heads = await mapAtOnce(outputs, AT_ONCE, ({ uri }) => store.head(uri, signal));
  return heads.every((head, index) => head?.size === outputs[index]!.bytes);
}

async function present(store: Store, uris: readonly string[], signal: AbortSignal): Promise<string[]> {
  const heads = await mapAtOnce(uris, AT_ONCE, (uri) => store.head(uri, signal));
  return uris.filter((_, index) => heads[index] !== null);
}

/** Other runs whose manifests name objects that are there. */
async function committedBy(
  store: Store,
  output: string,
  own: string,
  existing: readonly string[],
  signal: AbortSignal,
): Promise<{ runId: string; uris: ReadonlySet<string> }[]> {
  const records = await store.list(`${joinUri(output, "_maskline")}/`, signal);
  const manifests = records.filter(({ uri }) => uri.endsWith("/manifest.json"));
  const found = await mapAtOnce(manifests, AT_ONCE, async ({ uri }) => {
    const manifest = await readJson<Manifest>(store, uri, signal);
    const runId = uri.split("/").at(-2)!;
    return { runId, uris: new Set(manifest?.outputs?.map((one) => one.uri)) };
  });
  return found.filter(({ runId, uris }) => runId !== own && existing.some((uri) => uris.has(uri)));
}

/** Whether the commit hooks were told of a run, and of this import of it. */
export async function isTold(
  store: Store,
  output: string,
  { runId, importJob }: Told,
  signal: AbortSignal,
): Promise<boolean> {
  const told = await readJson<Told>(store, recordUri(output, runId, TOLD), signal);
  return told !== undefined && told.importJob === importJob;
}

export async function noteTold(store: Store, output: string, told: Told, signal: AbortSignal): Promise<void> {
  const body = Buffer.from(`${JSON.stringify({ ...told, at: new Date().toISOString() })}\n`);
  await store.put(recordUri(output, told.runId, TOLD), body, signal);
}

/** What the hooks were told of. */
interface Told {
  readonly runId: string;
  readonly importJob?: string | undefined;
}
