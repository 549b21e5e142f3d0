/** What is known of an export before it is made, and of one that an earlier start made: for commands that only look. */
import type { LoadedConfig } from "./config/load.ts";
import { connect } from "./connections.ts";
import { type DriftResult, drift, requireApproval, stateOf } from "./drift.ts";
import { usageError } from "./errors.ts";
import { exportedInputs, type Inputs } from "./exporting.ts";
import { CONVERSATION_FIELDS } from "./genesys/conversation-schema.ts";
import { findJournal } from "./genesys/journal.ts";
import { journalKey } from "./genesys/journal-key.ts";
import { readSchema } from "./genesys/schemas.ts";
import type { ApiObserver } from "./genesys/types.ts";
import { writeLock } from "./lock-file.ts";
import { journalPlace, located } from "./places.ts";
import { lockOf } from "./policy/lock.ts";
import { type Observer, type Surroundings, storeOptions } from "./prepare.ts";
import { type ComparedSchema, SchemaGate } from "./schema-gate.ts";
import { openStore } from "./store/store.ts";
import { joinUri } from "./store/uri.ts";

/** Files, and how they are to be prepared. */
type Files = Pick<Inputs, "loaded" | "preparation">;

const QUIET: Observer & ApiObserver = {
  ...{ storeRetried: () => {}, workerRestarted: () => {}, jobState: () => {} },
  ...{ apiCalled: () => {}, apiRetried: () => {}, apiWaited: () => {} },
};

/** The files to look at: those that the configuration names, or what an earlier start exported and is still there. */
async function filesOf(loaded: LoadedConfig, { signal }: Surroundings): Promise<Files | undefined> {
  const { config, directory } = loaded;
  const { genesys, environment, output } = config;
  if (!genesys?.export) return { loaded, preparation: {} };
  const stores = storeOptions(config, QUIET);
  const place = journalPlace(output, environment, directory);
  await using journals = openStore(place, stores);
  const state = await findJournal(journals, place, journalKey(environment, output, genesys), signal);
  const [first] = state?.exported?.files ?? [];
  if (!state?.exported || !first) return undefined;
  await using staging = openStore(first.uri, stores);
  // They go together, once they are masked.
  if (!(await staging.head(first.uri, signal))) return undefined;
  const base = joinUri(located(genesys.export.staging, directory), state.id);
  const { loaded: files, preparation } = exportedInputs(loaded, genesys.export.dialect, state.exported, base);
  return { loaded: files, preparation: { ...preparation, date: state.startedAt.slice(0, 10) } };
}

/** @throws MasklineError (exit 2) where there are none */
export async function requireFiles(loaded: LoadedConfig, surroundings: Surroundings): Promise<Files> {
  const files = await filesOf(loaded, surroundings);
  if (files) return files;
  throw usageError(
    "finding the inputs: what Genesys Cloud exported is not there: it is deleted once all is committed, unless " +
      "genesys.export.afterwards is keep or tag; name files with --input",
    { stage: "plan" },
  );
}

/** What a plan can be made of. */
export async function filesOrSchema(
  loaded: LoadedConfig,
  surroundings: Surroundings,
): Promise<{ readonly files: Files } | { readonly schema: ComparedSchema }> {
  const files = await filesOf(loaded, surroundings);
  return files ? { files } : { schema: await announcedSchema(loaded, surroundings) };
}

/** The schema that an export will have; nothing else is asked for. */
async function announcedSchema(loaded: LoadedConfig, surroundings: Surroundings): Promise<ComparedSchema> {
  const { genesys } = loaded.config;
  if (!genesys?.export) throw new TypeError("nothing is exported");
  const gate = await SchemaGate.open(loaded);
  if (genesys.export.dialect === "analytics") return gate.compareFields(CONVERSATION_FIELDS);
  // The target is not asked for anything here.
  await using connections = await connect(loaded, { ...genesys, import: undefined }, QUIET, surroundings);
  const { api, settings } = connections.exporting!;
  return gate.compare(await readSchema(api, settings, surroundings.signal));
}

/**
 * As `drift`, where Genesys Cloud exports: its schema is compared, and the files of an export where there are some; they are
 * approved before a schema is.
 * @throws MasklineError (exit 3) where a column that is to be approved has no decision yet
 */
export async function driftOfExport(
  loaded: LoadedConfig,
  approve: boolean,
  surroundings: Surroundings,
): Promise<DriftResult> {
  const files = await filesOf(loaded, surroundings);
  const ofFiles = files && (await drift(files.loaded, approve, surroundings, files.preparation));
  if (ofFiles && approve) return ofFiles;
  const { name, lock, approved, leaves, drifts } = await announcedSchema(loaded, surroundings);
  const found = { lock, inputs: ofFiles?.inputs ?? 0, schema: name, columns: ofFiles?.columns ?? leaves.length };
  if (approve) {
    const open = new Set(leaves.flatMap(({ path, mask }) => (mask === "pause" ? [path] : [])));
    requireApproval(
      `deciding the fields of ${name}`,
      drifts.filter(({ path }) => open.has(path)),
    );
    await writeLock(lock, lockOf([leaves]));
    return { state: "approved", ...found, changes: drifts };
  }
  const seen = new Set(ofFiles?.changes.map(({ path, kind }) => `${kind} ${path}`));
  const changes = [...(ofFiles?.changes ?? []), ...drifts.filter(({ path, kind }) => !seen.has(`${kind} ${path}`))];
  return { state: approved ? stateOf(changes) : "no-lock", ...found, changes };
}
