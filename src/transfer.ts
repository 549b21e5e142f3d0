import type { Genesys } from "./config/genesys.ts";
import type { LoadedConfig } from "./config/load.ts";
import { type Connections, connect } from "./connections.ts";
import { messageOf, usageError } from "./errors.ts";
import { inputsOf } from "./exporting.ts";
import { stagingOf } from "./genesys/export.ts";
import { importCommitted, importedFrom } from "./genesys/import.ts";
import { mayRun, openJournal, requireSame } from "./genesys/journal.ts";
import { pauseReports, resumeReports } from "./genesys/reports.ts";
import type { ApiObserver, Journal, JournalState } from "./genesys/types.ts";
import { loadKeys } from "./keys/load.ts";
import { type Committed, type Masked, type MaskingOptions, maskAndCommit } from "./masking.ts";
import { readManifest, recordUri } from "./output/claim.ts";
import { makingOf } from "./output/manifest.ts";
import { outputPlace } from "./places.ts";
import type { Drift } from "./policy/drift.ts";
import { checkIncluded } from "./policy/included.ts";
import { lintPolicy } from "./policy/lint-policy.ts";
import { type Observer, prepare, type Surroundings } from "./prepare.ts";
import { rehearse } from "./rehearsal.ts";
import type { RunObserver, RunOptions } from "./run.ts";
import { checkBuckets, requireClosed } from "./store/buckets.ts";
import { cleanStaged } from "./store/clean.ts";
import { displayUri } from "./store/uri.ts";

/** Told of what happens between the organizations. */
export interface TransferObserver extends ApiObserver, Observer {
  /** A stage that only a transfer has begins. */
  stage(state: "exporting" | "importing"): void;
  /** With what an earlier start exported, by this job. */
  goingOn(exportJob: string): void;
  warned(message: string): void;
  /** Fields differ from the approved ones. */
  drifted(drifts: readonly Drift[]): void;
}

/** Milliseconds for what has to be done even after the run's own signal ended it. */
const LAST_WORDS = 60_000;

/**
 * From one organization to another: schema gate → export → mask and commit → import → clean → tell. Each step that
 * cannot be undone stands in the journal, so that the same command goes on where an earlier one ended.
 * @param whenCommitted - tells; only then is it finished
 */
export async function transfer(
  loaded: LoadedConfig,
  genesys: Genesys,
  options: RunOptions,
  observer: RunObserver,
  surroundings: Surroundings,
  whenCommitted: (result: Committed) => Promise<void>,
): Promise<Masked> {
  const { signal } = surroundings;
  const made = await checkTransfer(loaded, genesys, options, surroundings);
  await using connections = await connect(loaded, genesys, observer, surroundings);
  if (options.dryRun) {
    await requireClosedBuckets(loaded, connections, genesys, observer, signal);
    return await rehearse(loaded, connections, options, observer, surroundings);
  }
  const { directory, key } = connections.journal;
  const journal = await openJournal(connections.output, directory, key, options, signal);
  return await resumingReports(connections, journal, observer, signal, async () => {
    if (journal.state.finished) {
      const before = await finishedBefore(connections, journal, made, options, signal);
      await whenCommitted(before);
      return before;
    }
    requireSame(journal, key);
    await requireClosedBuckets(loaded, connections, genesys, observer, signal);
    await cleanLeft(connections, journal, observer, signal);
    const masked = goesOn(journal.state, made, options)
      ? await committedBefore(connections, journal, signal)
      : await maskInputs(loaded, connections, journal, made, options, observer, surroundings);
    const result = await importInto(connections, journal, masked, observer, signal);
    await clean(connections, journal, observer, signal);
    await whenCommitted(result);
    await journal.update({ finished: true }, signal);
    return result;
  });
}

/**
 * What cannot work, before anybody is asked for anything.
 * @returns a digest of how things are masked now
 * @throws MasklineError (exit 2)
 */
async function checkTransfer(
  { config, directory }: LoadedConfig,
  { export: exporting, import: importing }: Genesys,
  { replace }: RunOptions,
  { env, version }: Surroundings,
): Promise<string> {
  const keys = await loadKeys(config.key, directory, env);
  lintPolicy(config.policy, config.environment);
  if (exporting) checkIncluded(config.policy, exporting.include);
  if (exporting?.dialect === "seed") stagingOf(exporting);
  if (importing) importedFrom(outputPlace(config.output, directory), importing);
  if (exporting && exporting.interval === undefined && !replace && !/\{(?:date|runId)\}/.test(config.output)) {
    throw usageError(
      "reading output: each window of genesys.export would be written over the last one, which is refused; put {runId} or " +
        "{date} into it, or run with --replace",
    );
  }
  return makingOf(config, keys, version);
}

/** Whether what an earlier start committed is gone on with: an import that was asked for is followed whatever has changed. */
function goesOn(state: JournalState, made: string, { replace }: RunOptions): boolean {
  const { committed, imported, import: asked } = state;
  if (!committed) return false;
  return (
    imported !== undefined ||
    (mayRun(state) && asked?.runId === committed.runId) ||
    (committed.made === made && !replace)
  );
}

/**
 * Whatever happens, the target's report jobs that were paused run again, those of an earlier start too; but not while an import
 * may still be loading: then the next start, which follows it, resumes them.
 */
async function resumingReports<T>(
  { importing }: Connections,
  journal: Journal,
  observer: TransferObserver,
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
    const { paused = [], import: asked } = journal.state;
    if (mayRun(journal.state) && paused.length > 0) {
      observer.warned(
        `the import job ${asked!.id ?? "that was asked for"} may still run, so ${paused.map(({ name }) => `"${name}"`).join(", ")} ` +
          "stay paused: start the same command again, which follows it and resumes them",
      );
    } else {
      // The run's own signal may be what ended it.
      await resume(AbortSignal.timeout(LAST_WORDS)).catch((other: unknown) => observer.warned(messageOf(other)));
    }
    const { exported, pages, finished } = journal.state;
    const staged = finished ? 0 : ((exported ?? pages)?.files.length ?? 0);
    if (staged > 0) {
      observer.warned(
        `${staged} exported ${staged === 1 ? "file stays" : "files stay"} in the staging area, not masked, for the next start; ` +
          "--fresh deletes them",
      );
    }
    throw error;
  }
  await resume(signal);
  return result;
}

async function requireClosedBuckets(
  { config, directory }: LoadedConfig,
  { exporting, stores }: Connections,
  { buckets }: Genesys,
  observer: TransferObserver,
  signal: AbortSignal,
): Promise<void> {
  if (!buckets.check) return;
  const output = { uri: outputPlace(config.output, directory), role: "output" } as const;
  const staging = exporting ? [{ uri: exporting.settings.staging, role: "staging" } as const] : [];
  const findings = await checkBuckets([...staging, output], buckets, stores, signal);
  for (const warning of requireClosed(findings)) observer.warned(warning);
}

/** Export, where there is one → plan → mask → commit. */
async function maskInputs(
  loaded: LoadedConfig,
  connections: Connections,
  journal: Journal,
  made: string,
  options: MaskingOptions,
  observer: RunObserver,
  surroundings: Surroundings,
): Promise<Committed> {
  const inputs = await inputsOf(loaded, connections, journal, observer, surroundings);
  const date = journal.state.startedAt.slice(0, 10);
  await using prepared = await prepare(inputs.loaded, observer, surroundings, {
    ...inputs.preparation,
    writes: true,
    date,
  });
  inputs.check(prepared.plan.objects.map(({ input }) => input));
  const masked = await maskAndCommit(prepared, options, observer, surroundings);
  if (masked.state !== "committed") throw new TypeError("a dry run commits nothing");
  const { manifest, output } = masked;
  await journal.update({ committed: { runId: manifest.runId, output, made } }, surroundings.signal);
  return { ...masked, journal: journal.uri };
}

/**
 * What is finished is not done again; who could not be told of it is told.
 * @throws MasklineError (exit 2) where it would not be the same now
 */
async function finishedBefore(
  connections: Connections,
  journal: Journal,
  made: string,
  { replace }: RunOptions,
  signal: AbortSignal,
): Promise<Committed> {
  const before = await committedBefore(connections, journal, signal);
  if (replace || journal.state.committed?.made !== made) {
    throw usageError(
      `going on with ${displayUri(journal.uri)}: the interval was committed as run ${before.manifest.runId}, ` +
        `${replace ? "and what was exported of it is gone" : "under another policy, key or version"}; --fresh exports it again`,
      { stage: "plan" },
    );
  }
  return before;
}

/** What an earlier start committed, by its manifest. */
async function committedBefore(
  { output: store }: Connections,
  { state: { committed, imported }, uri }: Journal,
  signal: AbortSignal,
): Promise<Committed> {
  const { runId, output } = committed ?? { runId: "", output: "" };
  const manifest = committed && (await readManifest(store, output, runId, signal));
  if (!manifest) {
    throw usageError(
      `going on with what ${displayUri(uri)} says: the manifest of its run ${runId} is gone; --fresh starts over`,
      { stage: "commit" },
    );
  }
  const manifestUri = recordUri(output, runId, "manifest.json");
  const found = { state: "committed", manifest, manifestUri, output, again: true, journal: uri } as const;
  return { ...found, ...(imported && { imported }) };
}

/** Nothing is loaded into the sandbox while its report jobs run. */
async function importInto(
  { importing }: Connections,
  journal: Journal,
  masked: Committed,
  observer: TransferObserver,
  signal: AbortSignal,
): Promise<Committed> {
  const { runId, rows, environment } = masked.manifest;
  // Of nothing, nothing can be imported.
  if (!importing || rows === 0 || journal.state.imported) return masked;
  const { api, settings } = importing;
  observer.stage("importing");
  await pauseReports(api, settings.reports, journal, signal);
  const committed = { runId, rows, environment, output: masked.output };
  const imported = await importCommitted(api, settings, committed, journal, observer, signal);
  const { masks, committed: own } = journal.state;
  if (masks && own && imported.skippedDuplicates > 0 && masks.made !== own.made) {
    observer.warned(
      `${imported.skippedDuplicates} records were in the target already and keep what they were given before (last by run ` +
        `${masks.runId}): policy, key or version are others since. Delete them in the target to have them masked as now`,
    );
  }
  // At the end it is tried again: neither what is staged nor those who wait have to do with it.
  await resumeReports(api, settings.reports, journal, signal).catch((error: unknown) =>
    observer.warned(messageOf(error)),
  );
  return { ...masked, imported };
}

/** Unmasked data does not stay in the staging area longer than it must. */
async function clean(
  { exporting, stores }: Connections,
  { state: { exported } }: Journal,
  observer: TransferObserver,
  signal: AbortSignal,
): Promise<void> {
  if (!exporting || !exported) return;
  const warnings = await cleanStaged(exported.files, exporting.settings.afterwards, stores, signal);
  for (const warning of warnings) observer.warned(warning);
}

/** Nor does that which a fresh start put aside, which was never committed. */
async function cleanLeft(
  { exporting, stores }: Connections,
  journal: Journal,
  observer: TransferObserver,
  signal: AbortSignal,
): Promise<void> {
  const { left = [] } = journal.state;
  if (!exporting || left.length === 0) return;
  const how = exporting.settings.afterwards === "keep" ? "keep" : "delete";
  for (const warning of await cleanStaged(left, how, stores, signal)) observer.warned(warning);
  await journal.update({ left: [] }, signal);
}
