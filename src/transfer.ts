import { type Connections, connect } from "./connections.ts";
import type { LoadedConfig } from "./config/load.ts";
import { messageOf, usageError } from "./errors.ts";
import { exportInputs } from "./exporting.ts";
import { checkRows } from "./genesys/check-files.ts";
import { checkTarget, importCommitted } from "./genesys/import.ts";
import { pauseReports, resumeReports } from "./genesys/reports.ts";
import type { ApiObserver } from "./genesys/types.ts";
import { type Committed, type Masked, maskAndCommit } from "./masking.ts";
import { readManifest, recordUri } from "./output/claim.ts";
import { outputPlace } from "./places.ts";
import { checkIncluded } from "./policy/vendor-schema.ts";
import { type Observer, prepare, type Surroundings } from "./prepare.ts";
import type { RunObserver, RunOptions } from "./run.ts";
import { checkBuckets, cleanStaged } from "./store/buckets.ts";
import { displayUri } from "./store/uri.ts";

/** Told of what happens between the organizations. */
export interface TransferObserver extends ApiObserver, Observer {
  /** A stage that only a transfer has begins. */
  stage(state: "exporting" | "importing"): void;
  warned(message: string): void;
}

/** Milliseconds for what has to be done even after the run's own signal ended it. */
const LAST_WORDS = 60_000;

/**
 * From one organization to another: schema gate → export → mask and commit → import → clean → tell. Each step that
 * cannot be undone stands in the journal, so that the same command goes on where an earlier one ended.
 */
export async function transfer(
  loaded: LoadedConfig,
  options: RunOptions,
  observer: RunObserver,
  surroundings: Surroundings,
  whenCommitted: (result: Committed) => Promise<void>,
): Promise<Masked> {
  checkTransfer(loaded);
  await using connections = await connect(loaded, options.fresh, observer, surroundings);
  const { journal } = connections;
  const { signal } = surroundings;
  return await resumingReports(connections, observer, signal, async () => {
    if (journal.state.finished) {
      const before = await committedBefore(connections, signal);
      await whenCommitted(before);
      return before;
    }
    await requireClosedBuckets(loaded, connections, observer, signal);
    const masked = journal.state.imported
      ? await committedBefore(connections, signal)
      : await maskExported(loaded, connections, options, observer, surroundings);
    if (masked.state === "dry-run") return masked;
    const result = await importInto(connections, masked, observer, signal);
    await clean(connections, observer, signal);
    await whenCommitted(result);
    await journal.update({ finished: true }, signal);
    return result;
  });
}

/**
 * What cannot work, before anybody is asked for anything.
 * @throws MasklineError (exit 2)
 */
function checkTransfer({ config, directory }: LoadedConfig): void {
  const { genesys, policy, output } = config;
  if (genesys?.export) checkIncluded(policy, genesys.export.include);
  if (genesys?.import) checkTarget(outputPlace(output, directory));
}

/** Whatever happens, the target's report jobs that were paused run again, those of an earlier try too. */
async function resumingReports<T>(
  { importing, journal }: Connections,
  observer: RunObserver,
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T> {
  const resume = async (own: AbortSignal) => {
    if (importing) await resumeReports(importing.api, importing.settings.reports, journal, own);
  };
  let result: T;
  try {
    result = await work();
  } catch (error) {
    // The run's own signal may be what ended it.
    await resume(AbortSignal.timeout(LAST_WORDS)).catch((other: unknown) => observer.warned(messageOf(other)));
    throw error;
  }
  await resume(signal);
  return result;
}

async function requireClosedBuckets(
  { config, directory }: LoadedConfig,
  { stores }: Connections,
  observer: RunObserver,
  signal: AbortSignal,
): Promise<void> {
  const { export: exported, buckets } = config.genesys!;
  if (!buckets.check) return;
  const places = [
    ...(exported ? [{ uri: exported.staging, role: "staging" as const }] : []),
    { uri: outputPlace(config.output, directory), role: "output" as const },
  ];
  for (const warning of await checkBuckets(places, buckets, stores, signal)) observer.warned(warning);
}

/** Export, where there is one → plan → mask → commit. */
async function maskExported(
  loaded: LoadedConfig,
  connections: Connections,
  options: RunOptions,
  observer: RunObserver,
  surroundings: Surroundings,
): Promise<Masked> {
  const { journal } = connections;
  const found = await exportInputs(loaded, connections, options.dryRun, observer, surroundings);
  const date = journal.state.startedAt.slice(0, 10);
  await using prepared = await prepare(found.loaded, observer, surroundings, { date, ...found.preparation });
  if (found.exported) checkRows(found.exported, prepared.plan.objects);
  const masked = await maskAndCommit(prepared, options, observer, surroundings);
  if (masked.state === "committed") {
    const { manifest, output } = masked;
    await journal.update({ committed: { runId: manifest.runId, output } }, surroundings.signal);
  }
  return masked;
}

/** What an earlier try committed, by its manifest. */
async function committedBefore({ journal, output: store }: Connections, signal: AbortSignal): Promise<Committed> {
  const { committed, interval, imported } = journal.state;
  const { runId, output } = committed ?? { runId: "", output: "" };
  const manifest = committed && (await readManifest(store, output, runId, signal));
  if (!manifest) {
    throw usageError(
      `going on with an earlier transfer${interval ? ` of ${interval}` : ""}: the manifest of run ${runId} is not at ` +
        `${displayUri(output)} any more; --fresh starts over`,
      { stage: "commit" },
    );
  }
  const manifestUri = recordUri(output, runId, "manifest.json");
  return { state: "committed", manifest, manifestUri, output, again: true, ...(imported && { imported }) };
}

/** Nothing is loaded into the sandbox while its report jobs run. */
async function importInto(
  { importing, journal }: Connections,
  masked: Committed,
  observer: RunObserver,
  signal: AbortSignal,
): Promise<Committed> {
  const { manifest, output } = masked;
  if (!importing || manifest.rows === 0) return masked;
  const { api, settings } = importing;
  observer.stage("importing");
  if (!journal.state.imported) {
    await pauseReports(api, settings.reports, journal, signal);
    const { runId, rows, environment } = manifest;
    await importCommitted(api, settings, { runId, rows, output, environment }, journal, observer, signal);
  }
  await resumeReports(api, settings.reports, journal, signal);
  return { ...masked, imported: journal.state.imported! };
}

/** Unmasked data does not stay in the staging area longer than it must. */
async function clean({ exporting, journal, stores }: Connections, observer: RunObserver, signal: AbortSignal): Promise<void> {
  if (!exporting) return;
  const { afterwards } = exporting.settings;
  const files = journal.state.exported?.files ?? [];
  for (const warning of await cleanStaged(files, afterwards, stores, signal)) observer.warned(warning);
}
