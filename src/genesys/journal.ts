import { randomUUID } from "node:crypto";
import { failure, usageError } from "../errors.ts";
import type { Store } from "../store/store.ts";
import { displayUri, joinUri, relativeTo } from "../store/uri.ts";
import { differing, generation, type JournalKey, nameOf } from "./journal-key.ts";
import { bytesOf, readJournal } from "./journal-record.ts";
import type { Journal, JournalState } from "./types.ts";

/**
 * The journal of these settings: one that is not finished is gone on with. A finished one of an interval is given back
 * as it is; where the window moves with the clock, another one follows it. Whoever opens it last holds it: an earlier
 * process stops at its next entry.
 * @param directory - URI that ends in "/"; the same for every start, so neither day nor run stand in it
 * @param options - `fresh`: a new one in any case. What the old one has under way at the target, has paused or has staged
 * stands in the new one too.
 * @throws MasklineError (exit 2) when it is damaged: whether its jobs run, a person must find out
 */
export async function openJournal(
  store: Store,
  directory: string,
  key: JournalKey,
  { fresh }: { readonly fresh: boolean },
  signal: AbortSignal,
): Promise<Journal> {
  const holder = { uri: joinUri(directory, `${nameOf(key)}.holder`), id: randomUUID() };
  await store.put(holder.uri, Buffer.from(holder.id), signal);
  const last = await lastJournal(store, directory, key, signal);
  if (last && !fresh && !isPast(last.state, key) && !isIdle(last.state, key)) {
    return new StoredJournal(store, last.uri, last.state, holder);
  }
  const uri = joinUri(directory, generation(key, (last?.number ?? 0) + 1));
  const state: JournalState = {
    id: randomUUID(),
    startedAt: new Date().toISOString(),
    settings: key.settings,
    ...carriedOver(last?.state),
  };
  // Of two processes that begin at once, both go on with the journal of the first.
  if (await store.putIfAbsent(uri, bytesOf(state), signal)) return new StoredJournal(store, uri, state, holder);
  const first = await readJournal(store, uri, signal);
  if (!first) throw failure(`opening the journal ${displayUri(uri)}: another process removed it`, { stage: "export" });
  return new StoredJournal(store, uri, first, holder);
}

/** Whether another one follows it. */
function isPast({ finished, settings }: JournalState, key: JournalKey): boolean {
  return finished === true && (!key.fixed || differing(settings, key.settings).length > 0);
}

/** Whether nothing was asked for yet, and other settings are wanted now: those may have been what was wrong. */
function isIdle(state: JournalState, key: JournalKey): boolean {
  const { export: exporting, import: importing, pages, exported, committed } = state;
  const begun = exporting ?? importing ?? pages ?? exported ?? committed;
  return begun === undefined && differing(state.settings, key.settings).length > 0;
}

/** What a fresh start must not forget: report jobs that stand still, an import that may run, files that are not masked. */
function carriedOver(old: JournalState | undefined): Partial<JournalState> {
  if (!old) return {};
  const { finished, exported, pages, left = [], paused = [], import: asked, committed, imported, masks } = old;
  const staged = finished ? left : [...left, ...((exported ?? pages)?.files ?? [])];
  return {
    ...(paused.length > 0 && { paused }),
    ...(staged.length > 0 && { left: staged }),
    ...(mayRun(old) && asked && { import: asked }),
    ...(imported && committed ? { masks: { runId: committed.runId, made: committed.made } } : masks && { masks }),
  };
}

/** Whether an import of it may be under way at the target. */
export function mayRun({ import: asked, imported }: JournalState): boolean {
  return asked !== undefined && asked.ended === undefined && imported === undefined;
}

/** @throws MasklineError (exit 2) where it is not finished and was begun with other settings */
export function requireSame({ state, uri }: Journal, key: JournalKey): void {
  const others = differing(state.settings, key.settings);
  if (others.length === 0) return;
  throw usageError(
    `going on with ${displayUri(uri)}: it is not finished, and ${others.map((name) => `genesys.${name}`).join(", ")} ` +
      `${others.length === 1 ? "was" : "were"} another when it was begun; start once more with what was, so that it ends, or give ` +
      "up what it began with --fresh",
    { stage: "export" },
  );
}

/** What the journal of these settings says, where there is one; nothing is written. */
export async function findJournal(
  store: Store,
  directory: string,
  key: JournalKey,
  signal: AbortSignal,
): Promise<JournalState | undefined> {
  const last = await lastJournal(store, directory, key, signal);
  return last && differing(last.state.settings, key.settings).length === 0 ? last.state : undefined;
}

/** The one that was begun last. */
async function lastJournal(
  store: Store,
  directory: string,
  key: JournalKey,
  signal: AbortSignal,
): Promise<{ readonly uri: string; readonly number: number; readonly state: JournalState } | undefined> {
  const numbers = (await store.list(directory, signal)).flatMap(({ uri }) => {
    const found = /^([0-9a-f]{16})-(\d{6,})\.json$/.exec(relativeTo(directory, uri));
    return found?.[1] === nameOf(key) ? [Number(found[2])] : [];
  });
  const number = Math.max(0, ...numbers);
  if (number === 0) return undefined;
  const uri = joinUri(directory, generation(key, number));
  const state = await readJournal(store, uri, signal);
  return state && { uri, number, state };
}

class StoredJournal implements Journal {
  readonly uri: string;
  readonly #store: Store;
  readonly #holder: Holder;
  #state: JournalState;
  #last: Promise<void> = Promise.resolve();

  constructor(store: Store, uri: string, state: JournalState, holder: Holder) {
    this.#store = store;
    this.uri = uri;
    this.#state = state;
    this.#holder = holder;
  }

  get state(): JournalState {
    return this.#state;
  }

  async update(change: Partial<JournalState>, signal: AbortSignal): Promise<void> {
    const mine = this.#last.then(async () => {
      await this.#requireHeld(signal);
      const state = { ...this.#state, ...change };
      await this.#store.put(this.uri, bytesOf(state), signal);
      this.#state = state;
    });
    this.#last = mine.catch(() => {});
    await mine;
  }

  /** @throws MasklineError (exit 1) where another process has opened it since: only one may write */
  async #requireHeld(signal: AbortSignal): Promise<void> {
    const { uri, id } = this.#holder;
    const object = await this.#store.head(uri, signal);
    const held = object && Buffer.from(await this.#store.read(object, { start: 0, end: object.size }, signal));
    if (held?.toString("utf8") === id) return;
    throw failure(
      `going on with ${displayUri(this.uri)}: another process does so now, so this one stops; let one run at a time ` +
        "(concurrencyPolicy: Forbid)",
      { stage: "export" },
    );
  }
}

/** Who may write a journal: whose id stands there. */
interface Holder {
  readonly uri: string;
  readonly id: string;
}
