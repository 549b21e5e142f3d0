import type { Secret } from "./config/key.ts";
import type { LoadedConfig } from "./config/load.ts";
import { httpUrl } from "./config/units.ts";
import { EXIT, MasklineError, messageOf, usageError } from "./errors.ts";
import type { ImportResult } from "./genesys/types.ts";
import { loadSecret } from "./keys/secret.ts";
import type { Committed } from "./masking.ts";
import type { Alert } from "./observe/webhooks/event.ts";
import type { Hook } from "./observe/webhooks/tell.ts";
import { isTold, noteTold } from "./output/claim.ts";
import { type Observer, type Surroundings, storeOptions } from "./prepare.ts";
import { openStore } from "./store/store.ts";

/** What an alert is about, by the exit code of what happened; of other failures, only an import's are told. */
const KINDS: Readonly<Record<number, Alert["kind"]>> = { [EXIT.drift]: "drift", [EXIT.verification]: "leak" };

/** What an import did, without whom it refused. */
function countsOf({ jobId, total, imported, skippedDuplicates, failed }: ImportResult) {
  return { jobId, total, imported, skippedDuplicates, failed };
}

/** The webhooks of a configuration, with their secrets. */
export class Hooks {
  readonly #loaded: LoadedConfig;
  readonly #observer: Observer;
  readonly #alert: readonly Hook[];
  readonly #committed: readonly Hook[];

  private constructor(loaded: LoadedConfig, observer: Observer, alert: readonly Hook[], committed: readonly Hook[]) {
    this.#loaded = loaded;
    this.#observer = observer;
    this.#alert = alert;
    this.#committed = committed;
  }

  /** @throws MasklineError (exit 2) where a secret is not to be had */
  static async open(loaded: LoadedConfig, observer: Observer, { env }: Surroundings): Promise<Hooks> {
    const { alert, committed } = loaded.config.hooks;
    const resolved = (hooks: typeof alert) =>
      Promise.all(
        hooks.map(async ({ url, secret, ...hook }): Promise<Hook> => {
          const own = { ...hook, url: typeof url === "string" ? url : await hookUrl(url, loaded, env) };
          return { ...own, ...(secret && { secret: await loadSecret(secret, loaded.directory, env) }) };
        }),
      );
    return new Hooks(loaded, observer, await resolved(alert), await resolved(committed));
  }

  /**
   * Tells once that a run is committed; who could not be told is told by the next start.
   * @throws MasklineError (exit 1) naming whom
   */
  async committed({ manifest, manifestUri, output, imported }: Committed, signal: AbortSignal): Promise<void> {
    if (this.#committed.length === 0) return;
    await using store = openStore(output, storeOptions(this.#loaded.config, this.#observer));
    const { runId, environment, rows, finishedAt } = manifest;
    const told = { runId, importJob: imported?.jobId };
    if (await isTold(store, output, told, signal)) return;
    const outputs = manifest.outputs.map(({ uri, rows, bytes, sha256 }) => ({ uri, rows, bytes, sha256 }));
    const event = { event: "committed", runId, environment, rows, outputs, manifest: manifestUri, finishedAt } as const;
    const { tell } = await import("./observe/webhooks/tell.ts");
    await tell(this.#committed, { ...event, ...(imported && { imported: countsOf(imported) }) }, signal);
    await noteTold(store, output, told, signal);
  }

  /**
   * Tells of what a person must look at.
   * @returns what went wrong in telling, which must not hide what it is about
   */
  async alert(error: unknown): Promise<string | undefined> {
    if (this.#alert.length === 0 || !(error instanceof MasklineError)) return undefined;
    const kind = error.stage === "import" && error.exit !== EXIT.usage ? "import" : KINDS[error.exit];
    if (kind === undefined) return undefined;
    const { environment } = this.#loaded.config;
    const [summary = ""] = error.message.split("\n", 1);
    const event = { event: "alert", kind, environment, summary, occurredAt: new Date().toISOString() } as const;
    // The run's own signal may be what ended it; each hook has its own deadline.
    const { tell } = await import("./observe/webhooks/tell.ts");
    return await tell(this.#alert, { ...event, findings: error.findings }, new AbortController().signal).then(
      () => undefined,
      messageOf,
    );
  }
}

/** Slack's and others' URLs are secrets themselves. */
async function hookUrl(secret: Secret, { directory }: LoadedConfig, env: Surroundings["env"]): Promise<string> {
  const { data } = httpUrl.safeParse(await loadSecret(secret, directory, env));
  if (data !== undefined) return data;
  throw usageError("reading a webhook's URL: what is there is no https:// URL", { stage: "notify" });
}
