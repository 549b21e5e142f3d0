import type { LoadedConfig } from "./config/load.ts";
import type { Connections } from "./connections.ts";
import { usageError } from "./errors.ts";
import { exportedInputs, gateBeforeExport } from "./exporting.ts";
import { checkFiles } from "./genesys/exported.ts";
import { findJournal } from "./genesys/journal.ts";
import { type Masked, type MaskingOptions, maskAndCommit } from "./masking.ts";
import { prepare, type Surroundings } from "./prepare.ts";
import type { RunObserver } from "./run.ts";
import { openStore } from "./store/store.ts";
import { joinUri } from "./store/uri.ts";

/**
 * A transfer without writing: asking for an export would write, so what an earlier start exported is masked, once the gates
 * are passed.
 * @throws MasklineError (exit 2) where nothing is exported yet and all else is well
 */
export async function rehearse(
  loaded: LoadedConfig,
  { exporting, output, stores, journal: { directory, key } }: Connections,
  options: MaskingOptions,
  observer: RunObserver,
  surroundings: Surroundings,
): Promise<Masked> {
  const { signal } = surroundings;
  if (!exporting) return await maskInputs({ loaded, preparation: {} }, options, observer, surroundings);
  const { settings } = exporting;
  await gateBeforeExport(loaded, exporting, observer, signal);
  const state = await findJournal(output, directory, key, signal);
  if (!state?.exported || state.finished) {
    throw usageError(
      "preparing a dry run: nothing is exported yet, and asking for an export would write; the schema has passed. Name files " +
        "with --input to try the policy on them",
    );
  }
  await using staging = openStore(settings.staging, stores);
  await checkFiles(state.exported, staging, signal);
  const inputs = exportedInputs(loaded, settings.dialect, state.exported, joinUri(settings.staging, state.id));
  return await maskInputs(inputs, options, observer, surroundings);
}

async function maskInputs(
  { loaded, preparation }: ReturnType<typeof exportedInputs>,
  options: MaskingOptions,
  observer: RunObserver,
  surroundings: Surroundings,
): Promise<Masked> {
  await using prepared = await prepare(loaded, observer, surroundings, preparation);
  return await maskAndCommit(prepared, options, observer, surroundings);
}
