import type { GenesysImport } from "../config/genesys.ts";
import { failure } from "../errors.ts";
import { judgeImport } from "./imported.ts";
import { finishJob, isGone, type JobKind, watch } from "./job.ts";
import { type S3Prefix, s3Prefix } from "./s3-prefix.ts";
import type { Api, ApiObserver, AskedJob, ImportResult, Journal } from "./types.ts";

/** A run whose manifest is written. */
export interface Committed {
  readonly runId: string;
  readonly rows: number;
  /** The complete prefix beneath which its objects lie, and no others. */
  readonly output: string;
  readonly environment: string;
}

const RUNNING = ["QUEUED", "PENDING", "RUNNING"];
const DONE = ["COMPLETED", "COMPLETED_WITH_PARTIAL_RESULTS"];
const ENDED = [...DONE, "FAILED", "CANCELLED", "EXPIRED"];

/**
 * Where the import reads from; to be asked for before anything else is done.
 * @param output - may hold placeholders
 * @throws MasklineError (exit 2) when it is no S3 prefix
 */
export function importedFrom(output: string, { outputRegion }: Pick<GenesysImport, "outputRegion">): S3Prefix {
  return s3Prefix(output, outputRegion, "reading output, which genesys.import loads from");
}

/**
 * Has what was committed loaded into the target; the same job again, whenever it is started again. Counts must be
 * those of the manifest.
 * @throws MasklineError (exit 1) when the job ended without a result, or refused records that it may take later;
 * (exit 4) when counts differ or records were refused for good, unless `allowPartial`; the next start asks anew;
 * ApiError
 */
export async function importCommitted(
  api: Api,
  settings: GenesysImport,
  committed: Committed,
  journal: Journal,
  observer: ApiObserver,
  signal: AbortSignal,
): Promise<ImportResult> {
  const { runId } = committed;
  const { imported, import: before, id: window } = journal.state;
  if (imported?.runId === runId) return imported;
  const desk = {
    ...{ api, poll: settings.poll, observer },
    note: (asked: AskedJob, own: AbortSignal) => journal.update({ import: { ...asked, runId } }, own),
  };
  const kind: JobKind = {
    ...{ job: "import", path: settings.path, running: RUNNING, ended: ENDED },
    body: importPayload(settings, committed),
    key: `${window}-import-${runId}`,
  };
  let last: AskedJob | undefined = before;
  if (before && before.runId !== runId) {
    // Masked in another way since: two imports at once would mix both.
    if (before.id !== undefined && before.ended === undefined) await settle(desk, kind, before.id, signal);
    last = { ...before, ended: before.ended ?? "replaced" };
  }
  const { asked, reply } = await finishJob(desk, kind, last, signal);
  if (!DONE.includes(reply.state)) {
    await desk.note({ ...asked, ended: reply.state }, signal);
    throw failure(
      `importing run ${runId}: job ${asked.id} ended as ${reply.state}; see in the target organization why, then ` +
        "start again, which asks for another job",
      { stage: "import" },
    );
  }
  const { result, refusal } = judgeImport(reply, {
    ...{ jobId: asked.id, runId, rows: committed.rows, secret: window },
    ...{ allowPartial: settings.allowPartial, journal: journal.uri },
  });
  if (refusal) {
    const refused = result && { refused: result };
    await journal.update({ import: { ...asked, runId, ended: reply.state, ...refused } }, signal);
    throw refusal;
  }
  await journal.update({ imported: result }, signal);
  return result;
}

/** What an import is asked for with. */
export function importPayload(settings: GenesysImport, { output, environment }: Committed): object {
  const { environmentId = environment, entityType, overwriteExisting, skipDuplicates } = settings;
  return {
    ...{ environmentId, entityType, format: "JSON_LINES" },
    sourceLocation: importedFrom(output, settings).location,
    options: { overwriteExisting, skipDuplicates },
  };
}

/** Waits until an import of another run is over, however it ends. */
async function settle(
  desk: Parameters<typeof watch>[0],
  kind: JobKind,
  id: string,
  signal: AbortSignal,
): Promise<void> {
  await watch(desk, kind, id, signal).catch((error: unknown) => {
    if (!isGone(error)) throw error;
  });
}
