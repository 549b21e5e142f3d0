import type { Genesys, GenesysExport, GenesysImport } from "./config/genesys.ts";
import type { LoadedConfig } from "./config/load.ts";
import { openApi } from "./genesys/api.ts";
import { type JournalKey, journalKey } from "./genesys/journal-key.ts";
import type { ApiObserver, RawApi } from "./genesys/types.ts";
import { loadSecret } from "./keys/secret.ts";
import { journalPlace, located } from "./places.ts";
import { type Observer, type Surroundings, storeOptions } from "./prepare.ts";
import { openStore, type Store, type StoreOptions } from "./store/store.ts";

/** The longest reply: a page of a thousand conversations, large ones. */
const MAX_BYTES = 256 << 20;

/** What a transfer holds open: both organizations, and the store of its output, where the journal lies. */
export interface Connections extends AsyncDisposable {
  readonly exporting: { readonly api: RawApi; readonly settings: GenesysExport } | undefined;
  readonly importing: { readonly api: RawApi; readonly settings: GenesysImport } | undefined;
  readonly output: Store;
  readonly stores: StoreOptions;
  readonly journal: { readonly directory: string; readonly key: JournalKey };
}

/** Opens what the configuration names. Nothing is sent yet, but for secrets that lie elsewhere. */
export async function connect(
  { config, directory }: LoadedConfig,
  genesys: Genesys,
  observer: Observer & ApiObserver,
  { env, version }: Surroundings,
): Promise<Connections> {
  const stores = storeOptions(config, observer);
  await using opened = new AsyncDisposableStack();
  const organization = async <T extends GenesysExport | GenesysImport>(settings: T, stage: "export" | "import") => {
    const { region, api, login, client } = settings;
    const id = await loadSecret(client.id, directory, env);
    const secret = await loadSecret(client.secret, directory, env);
    const bases = { api: api ?? `https://api.${region}`, login: login ?? `https://login.${region}` };
    const own = { ...bases, client: { id, secret }, timeout: genesys.timeout, version, stage, maxBytes: MAX_BYTES };
    return { api: opened.adopt(openApi(own, observer), (one) => one.close()), settings };
  };
  const exported = genesys.export && { ...genesys.export, staging: located(genesys.export.staging, directory) };
  const exporting = exported && (await organization(exported, "export"));
  const importing = genesys.import && (await organization(genesys.import, "import"));
  const place = journalPlace(config.output, config.environment, directory);
  const output = opened.use(openStore(place, stores));
  const journal = { directory: place, key: journalKey(config.environment, config.output, genesys) };
  const held = opened.move();
  return { exporting, importing, output, stores, journal, [Symbol.asyncDispose]: () => held.disposeAsync() };
}
