import type { LoadedConfig } from "./config/load.ts";
import type { Connections } from "./connections.ts";
import { exportConversations } from "./genesys/analytics.ts";
import { CONVERSATION_FIELDS } from "./genesys/conversation-schema.ts";
import { exportSeed } from "./genesys/export.ts";
import { checkFiles, checkRows } from "./genesys/exported.ts";
import { readSchema } from "./genesys/schemas.ts";
import type { Exported, Journal } from "./genesys/types.ts";
import type { Inspected } from "./input/inspect.ts";
import type { Preparation, Surroundings } from "./prepare.ts";
import { gateSchema, SchemaGate } from "./schema-gate.ts";
import { openStore } from "./store/store.ts";
import { joinUri } from "./store/uri.ts";
import type { TransferObserver } from "./transfer.ts";

/** What a run is to mask. */
export interface Inputs {
  readonly loaded: LoadedConfig;
  readonly preparation: Preparation;
  /** @throws MasklineError (exit 5) where the inputs, once their footers are read, are not what was exported */
  check(inputs: readonly Pick<Inspected, "object" | "rows">[]): void;
}

/** The inputs: those that the configuration names, or what is exported now, or was by an earlier try. */
export async function inputsOf(
  loaded: LoadedConfig,
  { exporting, stores }: Connections,
  journal: Journal,
  observer: TransferObserver,
  { signal }: Surroundings,
): Promise<Inputs> {
  if (!exporting) return { loaded, preparation: {}, check: () => {} };
  if (journal.state.exported) observer.goingOn(journal.state.exported.jobId);
  else observer.stage("exporting");
  const { api, settings } = exporting;
  await using staging = openStore(settings.staging, stores);
  const gate = await gateBeforeExport(loaded, exporting, observer, signal);
  const exported =
    settings.dialect === "seed"
      ? await exportSeed(api, settings, journal, observer, signal)
      : await exportConversations(api, settings, journal, staging, observer, signal);
  await gate.after(exported);
  const checked = await checkFiles(exported, staging, signal);
  return {
    ...exportedInputs(loaded, settings.dialect, exported, joinUri(settings.staging, journal.state.id)),
    check: (inputs) => checkRows(exported, checked, inputs),
  };
}

/** A configuration with exported files for its inputs. */
export function exportedInputs(
  loaded: LoadedConfig,
  dialect: "seed" | "analytics",
  { files }: Exported,
  base: string,
): Pick<Inputs, "loaded" | "preparation"> {
  const config = { ...loaded.config, input: files.map(({ uri }) => uri) };
  const declared = dialect === "analytics" ? [{ base: `${base}/`, fields: CONVERSATION_FIELDS }] : [];
  return { loaded: { ...loaded, config }, preparation: { declared, folder: folderOf(config.input) } };
}

/** The innermost folder of all: files of one name in several folders must not become one. */
function folderOf(uris: readonly string[]): string {
  const above = (uri: string) => uri.slice(0, uri.lastIndexOf("/", uri.length - 2) + 1);
  let folder = above(uris[0] ?? "");
  while (!uris.every((uri) => uri.startsWith(folder))) folder = above(folder);
  return folder;
}

/**
 * Nothing is exported while a field needs a person's decision: of the schema that the API announces, or of its model of
 * conversations.
 * @returns what to call after the job: the schema may have changed meanwhile
 */
export async function gateBeforeExport(
  loaded: LoadedConfig,
  { api, settings }: NonNullable<Connections["exporting"]>,
  observer: TransferObserver,
  signal: AbortSignal,
): Promise<{ after(exported: Exported): Promise<void> }> {
  const gate = await SchemaGate.open(loaded);
  if (settings.dialect === "analytics") {
    gateSchema(gate.compareFields(CONVERSATION_FIELDS));
    return { after: async () => {} };
  }
  const before = await readSchema(api, settings, signal);
  gate.check(before, observer);
  return {
    after: async ({ schemaVersion }) =>
      gate.recheck(before, await readSchema(api, settings, signal), schemaVersion, observer),
  };
}
