import { setTimeout as sleep } from "node:timers/promises";
import type { GenesysExport } from "../config/genesys.ts";
import { failure } from "../errors.ts";
import type { Store } from "../store/store.ts";
import { joinUri } from "../store/uri.ts";
import { askForJob, availableInterval, fetchPage, JobLost, jobFulfilled, removeJob } from "./conversations-job.ts";
import { readPage } from "./page.ts";
import type { PageSource } from "./pages.ts";
import { pauses } from "./poll.ts";
import { cleanStaging, stagePages } from "./stage-pages.ts";
import type { Api, ApiObserver, AskedJob, Exported, ExportedFile, Journal, RawApi } from "./types.ts";

/** Jobs that one start asks for at most, one after the other. */
const ATTEMPTS = 3;
/** Bytes of JSON lines in a staged object, about. */
const OBJECT_BYTES = 64 << 20;
const NOTHING = { files: [], done: false } as const;

/**
 * Exports a window of conversations into the staging area, as JSON lines of what the API gave: each conversation once,
 * whatever happens between. Started again, it goes on after the last object that was finished. What an attempt leaves
 * behind that the journal does not name is removed.
 * @returns no files where nothing fell into the window
 * @throws MasklineError (exit 1) when no job gives all of its results: the next start asks anew; ApiError
 */
export async function exportConversations(
  api: RawApi,
  settings: GenesysExport,
  journal: Journal,
  store: Store,
  observer: ApiObserver,
  signal: AbortSignal,
  objectBytes: number = OBJECT_BYTES,
): Promise<Exported> {
  if (journal.state.exported) return journal.state.exported;
  const base = `${joinUri(settings.staging, journal.state.id)}/`;
  const interval = journal.state.interval ?? (await availableInterval(api, settings, signal));
  for (let attempts = 1; ; attempts++) {
    const job = await askedJob(api, settings, interval, journal, signal);
    try {
      const files = await results(job);
      const exported = { jobId: job.id, files };
      await journal.update({ exported }, signal);
      await removeJob(api, job.id, signal);
      return exported;
    } catch (error) {
      if (!(error instanceof JobLost)) throw error;
      await giveUp(error, job, attempts);
    }
  }

  async function results(job: Job): Promise<readonly ExportedFile[]> {
    const { files, done } = journal.state.pages ?? NOTHING;
    if (!(await cleanStaging(store, base, files, signal))) throw new JobLost("gone from the staging area");
    if (done) return files;
    await jobFulfilled(api, settings, job, observer, signal);
    return await stagePages(store, `${base}${job.attempt}/`, journal, sourceOf(job.id), objectBytes, signal);
  }

  function sourceOf(id: string): PageSource {
    const wait = pauses(settings.poll);
    return {
      fetch: (cursor) => fetchPage(api, id, cursor, signal),
      read: readPage,
      pause: async () => {
        await sleep(wait.next().value, undefined, { signal }).catch(() => signal.throwIfAborted());
      },
    };
  }

  /** Drops what is staged, as pages of two jobs do not fit together; ends all where another job would not help. */
  async function giveUp({ ended }: JobLost, { isOld, ...asked }: Job, attempts: number): Promise<void> {
    await journal.update({ export: { ...asked, ended }, pages: NOTHING }, signal);
    await cleanStaging(store, base, [], signal);
    const refused = ended === "FAILED" || ended === "CANCELLED";
    if (!refused && attempts < ATTEMPTS) return;
    throw failure(
      refused
        ? `exporting conversations: job ${asked.id} ended as ${ended}; see in the organization why, then start again, ` +
            "which asks for another job"
        : `exporting conversations: job ${asked.id} is ${ended}, as ${attempts - 1} before it were; take a smaller ` +
            "window; the next start asks anew",
      { stage: "export" },
    );
  }
}

/** A job that the API has accepted, by this start or by one before. */
type Job = AskedJob & { readonly id: string; readonly attempt: number; readonly isOld: boolean };

/** The job that was asked for last, or another one where that one has ended; noted before and after it is asked for. */
async function askedJob(
  api: Api,
  settings: GenesysExport,
  interval: string,
  journal: Journal,
  signal: AbortSignal,
): Promise<Job> {
  const last = journal.state.export;
  const { id, attempt = 1 } = last ?? {};
  if (last && last.ended === undefined && id !== undefined) return { ...last, id, attempt, isOld: true };
  const next = last ? attempt + (last.ended === undefined ? 0 : 1) : 1;
  const asked = { askedAt: new Date().toISOString(), attempt: next };
  await journal.update({ interval, export: asked, pages: NOTHING }, signal);
  const job = { ...asked, id: await askForJob(api, settings, interval, signal) };
  await journal.update({ export: job }, signal);
  return { ...job, isOld: false };
}
