import type { LoadedConfig } from "./config/load.ts";
import type { Connections } from "./connections.ts";
import { usageError } from "./errors.ts";
import { exportConversations } from "./genesys/analytics.ts";
import { checkFiles } from "./genesys/check-files.ts";
import { CONVERSATION } from "./genesys/conversation-schema.ts";
import { exportSeed } from "./genesys/export.ts";
import { readSchema } from "./genesys/schemas.ts";
import type { Exported } from "./genesys/types.ts";
import { readLock } from "./lock-file.ts";
import type { Preparation, Surroundings } from "./prepare.ts";
import type { RunObserver } from "./run.ts";
import { SchemaGate } from "./schema-gate.ts";
import { openStore } from "./store/store.ts";

/** What a run is to mask. */
interface Inputs {
  readonly loaded: LoadedConfig;
  readonly preparation: Preparation;
  /** Undefined where the configuration names the inputs itself. */
  readonly exported?: Exported;
}

/** The inputs: those that the configuration names, or what is exported now, or was by an earlier try. */
export async function exportInputs(
  loaded: LoadedConfig,
  connections: Connections,
  dryRun: boolean,
  observer: RunObserver,
  { signal }: Surroundings,
): Promise<Inputs> {
  const { exporting, journal, stores } = connections;
  if (!exporting) return { loaded, preparation: {} };
  const { api, settings } = exporting;
  observer.stage("exporting");
  await using staging = openStore(settings.staging, stores);
  const bySeed = async () => {
    const gate = await SchemaGate.open(loaded);
    const before = await readSchema(api, settings, signal);
    gate.check(before, observer);
    requireExport(dryRun, journal.state.exported);
    const exported = journal.state.exported ?? (await exportSeed(api, settings, journal, observer, signal));
    const after = await readSchema(api, settings, signal);
    gate.recheck(before, after, exported.schemaVersion, observer);
    return exported;
  };
  const byPages = async () => {
    requireExport(dryRun, journal.state.exported);
    return journal.state.exported ?? (await exportConversations(api, settings, journal, staging, observer, signal));
  };
  const exported = await (settings.dialect === "seed" ? bySeed() : byPages());
  await checkFiles(exported, staging, signal);
  const input = exported.files.map(({ uri }) => uri);
  const declared = settings.dialect === "analytics" ? { declared: CONVERSATION } : {};
  return { loaded: { ...loaded, config: { ...loaded.config, input } }, preparation: declared, exported };
}

/** A job that exports is no dry run. */
function requireExport(dryRun: boolean, exported: Exported | undefined): void {
  if (dryRun && !exported)
    throw usageError(
      "preparing a dry run: nothing is exported yet, and asking for an export would write; the schema has passed; " +
        "maskline plan shows what would become of its fields",
    );
}
