import { hash, randomUUID } from "node:crypto";
import { z } from "zod";
import type { Genesys, GenesysExport, GenesysImport } from "../config/genesys.ts";
import { failure, type MasklineError, usageError } from "../errors.ts";
import type { Store } from "../store/store.ts";
import { displayUri, joinUri } from "../store/uri.ts";
import type { ExportedFile, Journal, JournalState } from "./types.ts";

/** Everything that decides what is exported and where it goes: other settings have a journal of their own. */
export interface JournalKey {
  readonly environment: string;
  /** As configured, with its placeholders. */
  readonly output: string;
  readonly export: Omit<GenesysExport, "poll" | "afterwards"> | undefined;
  readonly import: Omit<GenesysImport, "poll" | "reports" | "allowPartial" | "allowOverwrite"> | undefined;
}

/** Secrets stand in it as the configuration has them: where they are to be had. */
export function journalKey(environment: string, output: string, genesys: Genesys): JournalKey {
  return {
    environment,
    output,
    export: genesys.export && without(genesys.export, "poll", "afterwards"),
    import: genesys.import && without(genesys.import, "poll", "reports", "allowPartial", "allowOverwrite"),
  };
}

function without<T extends object, K extends keyof T>(object: T, ...names: readonly K[]): Omit<T, K> {
  return Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name as K))) as Omit<T, K>;
}

const time = z.iso.datetime();
const count = z.int().nonnegative();
const file = z.strictObject({ uri: z.string(), size: count, sha256: z.string(), rows: count });
const job = {
  askedAt: time,
  attempt: z.int().positive().exactOptional(),
  id: z.string().exactOptional(),
  ended: z.string().exactOptional(),
};
const result = z.strictObject({
  jobId: z.string(),
  runId: z.string(),
  state: z.enum(["COMPLETED", "COMPLETED_WITH_PARTIAL_RESULTS"]),
  total: count,
  imported: count,
  skippedDuplicates: count,
  failed: count,
  errors: z.array(z.strictObject({ record: z.string(), code: z.string(), retryable: z.boolean() })),
});
const journal = z.strictObject({
  version: z.literal(1),
  id: z.uuid(),
  startedAt: time,
  interval: z.string().exactOptional(),
  export: z.strictObject(job).exactOptional(),
  pages: z
    .strictObject({ cursor: z.string().exactOptional(), files: z.array(file), done: z.boolean() })
    .exactOptional(),
  exported: z
    .strictObject({ jobId: z.string(), files: z.array(file), schemaVersion: z.string().exactOptional() })
    .exactOptional(),
  import: z.strictObject({ ...job, runId: z.string(), refused: result.exactOptional() }).exactOptional(),
  committed: z.strictObject({ runId: z.string(), output: z.string() }).exactOptional(),
  paused: z.array(z.strictObject({ name: z.string(), resume: z.string() })).exactOptional(),
  imported: result.exactOptional(),
  left: z.array(file).exactOptional(),
  finished: z.boolean().exactOptional(),
});

/** A journal larger than this is not ours. Bytes. */
const LARGEST = 256 * 1024 * 1024;

/**
 * The journal of these settings: one that is not finished is gone on with. A finished one of an interval is given back
 * as it is; where the window moves with the clock, another one takes its place.
 * @param directory - URI that ends in "/"; the same for every start, so neither day nor run stand in it
 * @param options - `fresh`: a new one in any case. Reports that the old one had paused stand in the new one too, and what
 * it had staged.
 * @throws MasklineError (exit 2) when it is damaged: whether its jobs run, a person must find out
 */
export async function openJournal(
  store: Store,
  directory: string,
  settings: JournalKey,
  { fresh }: { readonly fresh: boolean },
  signal: AbortSignal,
): Promise<Journal> {
  const uri = journalUri(directory, settings);
  const old = await readJournal(store, uri, signal);
  const past = old?.finished === true && settings.export?.interval === undefined;
  if (old && !fresh && !past) return new StoredJournal(store, uri, old);
  const left = old ? stillStaged(old) : [];
  const state: JournalState = {
    id: randomUUID(),
    startedAt: new Date().toISOString(),
    ...(old?.paused && old.paused.length > 0 && { paused: old.paused }),
    ...(left.length > 0 && { left }),
  };
  if (old) await store.put(uri, bytesOf(state), signal);
  // Of two processes that begin at once, both go on with the journal of the first.
  else if (!(await store.putIfAbsent(uri, bytesOf(state), signal))) {
    const first = await readJournal(store, uri, signal);
    if (!first)
      throw failure(`opening the journal ${displayUri(uri)}: another process removed it`, { stage: "export" });
    return new StoredJournal(store, uri, first);
  }
  return new StoredJournal(store, uri, state);
}

/** What nobody has cleaned yet. */
function stillStaged({ finished, exported, pages, left = [] }: JournalState): readonly ExportedFile[] {
  return finished ? left : [...left, ...((exported ?? pages)?.files ?? [])];
}

/** What the journal of these settings says, where there is one; nothing is written. */
export async function findJournal(
  store: Store,
  directory: string,
  settings: JournalKey,
  signal: AbortSignal,
): Promise<JournalState | undefined> {
  return await readJournal(store, journalUri(directory, settings), signal);
}

function journalUri(directory: string, settings: JournalKey): string {
  return joinUri(directory, `${hash("sha256", JSON.stringify(settings)).slice(0, 16)}.json`);
}

class StoredJournal implements Journal {
  readonly uri: string;
  readonly #store: Store;
  #state: JournalState;
  #last: Promise<void> = Promise.resolve();

  constructor(store: Store, uri: string, state: JournalState) {
    this.#store = store;
    this.uri = uri;
    this.#state = state;
  }

  get state(): JournalState {
    return this.#state;
  }

  async update(change: Partial<JournalState>, signal: AbortSignal): Promise<void> {
    const mine = this.#last.then(async () => {
      const state = { ...this.#state, ...change };
      await this.#store.put(this.uri, bytesOf(state), signal);
      this.#state = state;
    });
    this.#last = mine.catch(() => {});
    await mine;
  }
}

function bytesOf(state: JournalState): Uint8Array {
  return Buffer.from(`${JSON.stringify({ version: 1, ...state }, null, 2)}\n`);
}

async function readJournal(store: Store, uri: string, signal: AbortSignal): Promise<JournalState | undefined> {
  const object = await store.head(uri, signal);
  if (!object) return undefined;
  if (object.size > LARGEST) throw damaged(uri, `it has ${object.size} bytes`);
  const text = Buffer.from(await store.read(object, { start: 0, end: object.size }, signal)).toString("utf8");
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    throw damaged(uri, "it is no JSON");
  }
  const version = (content as { version?: unknown } | null)?.version;
  if (typeof version === "number" && version > 1) {
    throw usageError(
      `reading the journal ${displayUri(uri)}: its version ${version} is of a later maskline; use that one`,
      { stage: "export" },
    );
  }
  const { data, error } = journal.safeParse(content);
  if (!data) {
    const [issue] = error.issues;
    throw damaged(uri, `${issue!.path.join(".") || "it"}: ${issue!.message}`);
  }
  const { version: _, ...state } = data;
  return state;
}

function damaged(uri: string, how: string): MasklineError {
  return usageError(
    `reading the journal ${displayUri(uri)}: it is damaged (${how}), so nobody knows what was asked for already; ` +
      "see in the organizations whether an export or an import runs, resume the report jobs that stand still, then " +
      "remove this file: the next start begins anew",
    { stage: "export" },
  );
}
