import type { Genesys } from "./config/genesys.ts";
import type { LoadedConfig } from "./config/load.ts";
import { type Connections, connect } from "./connections.ts";
import { messageOf, usageError } from "./errors.ts";
import { exportedInputs, inputsOf } from "./exporting.ts";
import { stagingOf } from "./genesys/export.ts";
import { importCommitted, importedFrom } from "./genesys/import.ts";
import { findJournal, openJournal } from "./genesys/journal.ts";
import { pauseReports, resumeReports } from "./genesys/reports.ts";
import { readSchema } from "./genesys/schemas.ts";
import type { ApiObserver, Journal } from "./genesys/types.ts";
import { loadKeys } from "./keys/load.ts";
import { type Committed, type Masked, type MaskingOptions, maskAndCommit } from "./masking.ts";
import { readManifest, recordUri } from "./output/claim.ts";
import { outputPlace } from "./places.ts";
import type { Drift } from "./policy/drift.ts";
import { checkIncluded } from "./policy/included.ts";
import { lintPolicy } from "./policy/lint-policy.ts";
import { type Observer, prepare, type Surroundings } from "./prepare.ts";
import type { RunObserver, RunOptions } from "./run.ts";
import { SchemaGate } from "./schema-gate.ts";
import { checkBuckets, requireClosed } from "./store/buckets.ts";
import { cleanStaged } from "./store/clean.ts";
import { displayUri, joinUri } from "./store/uri.ts";

/** Told of what happens between the organizations. */
export interface TransferObserver extends ApiObserver, Observer {
  /** A stage that only a transfer has begins. */
  stage(state: "exporting" | "importing"): void;
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
  await checkTransfer(loaded, genesys, surroundings);
  await using connections = await connect(loaded, genesys, observer, surroundings);
  if (options.dryRun) return await rehearse(loaded, connections, options, observer, surroundings);
  const { directory, key } = connections.journal;
  const journal = await openJournal(connections.output, directory, key, options, signal);
  return await resumingReports(connections, journal, observer, signal, async () => {
    if (journal.state.finished) return await tellAgain(connections, journal, whenCommitted, signal);
    await requireClosedBuckets(loaded, connections, genesys, observer, signal);
    await forget(connections, journal, observer, signal);
    const masked = journal.state.imported
      ? await committedBefore(connections, journal, signal)
      : await maskInputs(loaded, connections, journal, options, observer, surroundings);
    const result = await importInto(connections, journal, masked, observer, signal);
    await clean(connections, journal, observer, signal);
    await whenCommitted(result);
    await journal.update({ finished: true }, signal);
    return result;
  });
}

/**
 * What cannot work, before anybody is asked for anything.
 * @throws MasklineError (exit 2)
 */
async function checkTransfer(
  { config, directory }: LoadedConfig,
  genesys: Genesys,
  { env }: Surroundings,
): Promise<void> {
  const { export: exporting, import: importing } = genesys;
  await loadKeys(config.key, directory, env);
  lintPolicy(config.policy, config.environment);
  if (exporting) checkIncluded(config.policy, exporting.include);
  if (exporting?.dialect === "seed") stagingOf(exporting);
  if (importing) importedFrom(outputPlace(config.output, directory), importing);
}

/** Whatever happens, the target's report jobs that were paused run again, those of an earlier try too. */
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
    // The run's own signal may be what ended it.
    await resume(AbortSignal.timeout(LAST_WORDS)).catch((other: unknown) => observer.warned(messageOf(other)));
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
  options: MaskingOptions,
  observer: RunObserver,
  surroundings: Surroundings,
): Promise<Committed> {
  const inputs = await inputsOf(loaded, connections, journal, observer, surroundings);
  const date = journal.state.startedAt.slice(0, 10);
  await using prepared = await prepare(inputs.loaded, observer, surroundings, { ...inputs.preparation, date });
  inputs.check(prepared.plan.objects.map(({ input }) => input));
  const masked = await maskAndCommit(prepared, options, observer, surroundings);
  if (masked.state !== "committed") throw new TypeError("a dry run commits nothing");
  const { manifest, output } = masked;
  await journal.update({ committed: { runId: manifest.runId, output } }, surroundings.signal);
  return masked;
}

/**
 * Everything but writing: asking for an export would write. Masks what an earlier start exported.
 * @throws MasklineError (exit 2) where nothing is exported yet and all else is well
 */
async function rehearse(
  loaded: LoadedConfig,
  { exporting, output, journal: { directory, key } }: Connections,
  options: MaskingOptions,
  observer: RunObserver,
  surroundings: Surroundings,
): Promise<Masked> {
  const { signal } = surroundings;
  if (exporting?.settings.dialect === "seed") {
    const gate = await SchemaGate.open(loaded);
    gate.check(await readSchema(exporting.api, exporting.settings, signal), observer);
  }
  const state = exporting && (await findJournal(output, directory, key, signal));
  if (exporting && !state?.exported) {
    throw usageError(
      "preparing a dry run: nothing is exported yet, and asking for an export would write; what can be seen before it is " +
        "well. Name files with --input to try the policy on them",
    );
  }
  const inputs = state?.exported
    ? exportedInputs(
        loaded,
        exporting!.settings.dialect,
        state.exported,
        joinUri(exporting!.settings.staging, state.id),
      )
    : { loaded, preparation: {} };
  await using prepared = await prepare(inputs.loaded, observer, surroundings, inputs.preparation);
  return await maskAndCommit(prepared, options, observer, surroundings);
}

/** What is finished is not done again; who could not be told of it is told. */
async function tellAgain(
  connections: Connections,
  journal: Journal,
  whenCommitted: (result: Committed) => Promise<void>,
  signal: AbortSignal,
): Promise<Committed> {
  const before = await committedBefore(connections, journal, signal);
  await whenCommitted(before);
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
  return { state: "committed", manifest, manifestUri, output, again: true, ...(imported && { imported }) };
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
  if (!importing || rows === 0) return masked;
  const { api, settings } = importing;
  observer.stage("importing");
  await pauseReports(api, settings.reports, journal, signal);
  const committed = { runId, rows, environment, output: masked.output };
  const imported = await importCommitted(api, settings, committed, journal, observer, signal);
  await resumeReports(api, settings.reports, journal, signal);
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

/** Nor does that which a fresh start put aside. */
async function forget(
  { exporting, stores }: Connections,
  journal: Journal,
  observer: TransferObserver,
  signal: AbortSignal,
): Promise<void> {
  const { left = [] } = journal.state;
  if (!exporting || left.length === 0) return;
  const warnings = await cleanStaged(left, exporting.settings.afterwards, stores, signal);
  for (const warning of warnings) observer.warned(warning);
  await journal.update({ left: [] }, signal);
}
