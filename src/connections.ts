import type { LoadedConfig } from "./config/load.ts";
import type { GenesysExport, GenesysImport } from "./config/genesys.ts";
import { openApi } from "./genesys/api.ts";
import { openJournal } from "./genesys/journal.ts";
import type { Api, Journal } from "./genesys/types.ts";
import { loadSecret } from "./keys/secret.ts";
import { journalPlace } from "./places.ts";
import { type Surroundings, storeOptions } from "./prepare.ts";
import { openStore, type Store, type StoreOptions } from "./store/store.ts";
import type { TransferObserver } from "./transfer.ts";

/** What a transfer holds open: both organizations, the journal of what was done so far, the output's store. */
export interface Connections extends AsyncDisposable {
  readonly exporting: { readonly api: Api; readonly settings: GenesysExport } | undefined;
  readonly importing: { readonly api: Api; readonly settings: GenesysImport } | undefined;
  readonly journal: Journal;
  readonly output: Store;
  readonly stores: StoreOptions;
}

/** @param fresh whether the journal of an earlier try is forgotten */
export async function connect(
  loaded: LoadedConfig,
  fresh: boolean,
  observer: TransferObserver,
  surroundings: Surroundings,
): Promise<Connections> {
  const { config, directory } = loaded;
  const { genesys, environment, input } = config;
  const stores = storeOptions(config, observer);
  await using opened = new AsyncDisposableStack();
  const organization = async ({ region, api, login, client }: GenesysExport | GenesysImport) => {
    const [id, secret] = await Promise.all([
      loadSecret(client.id, directory, surroundings.env),
      loadSecret(client.secret, directory, surroundings.env),
    ]);
    const settings = {
      api: api ?? `https://api.${region}`,
      login: login ?? `https://login.${region}`,
      client: { id, secret },
      timeout: genesys!.timeout,
      version: surroundings.version,
    };
    return opened.adopt(openApi(settings, observer), (one) => one.close());
  };
  const { export: exported, import: imported } = genesys!;
  const exporting = exported && { api: await organization(exported), settings: exported };
  const importing = imported && { api: await organization(imported), settings: imported };
  const place = journalPlace(config.output, environment, directory);
  const output = opened.use(openStore(place, stores));
  const key = { environment, input, output: config.output, export: exported, import: imported };
  const journal = await openJournal(output, place, key, { fresh }, surroundings.signal);
  const held = opened.move();
  return { exporting, importing, journal, output, stores, [Symbol.asyncDispose]: () => held.disposeAsync() };
}
