import { type GenesysExport, HEAVY_FIELDS } from "../config/genesys.ts";
import { failure } from "../errors.ts";
import { exportedOf } from "./exported.ts";
import { finishJob, type JobKind } from "./job.ts";
import { type S3Prefix, s3Prefix } from "./s3-prefix.ts";
import type { Api, ApiObserver, Exported, Journal } from "./types.ts";

const RUNNING = ["QUEUED", "PENDING"];
const ENDED = ["FULFILLED", "FAILED", "CANCELLED", "EXPIRED"];

/**
 * Where the bulk export writes to; to be asked for before anything else is done.
 * @throws MasklineError (exit 2) when it is no S3 prefix
 */
export function stagingOf({ staging, stagingRegion }: GenesysExport): S3Prefix {
  return s3Prefix(staging, stagingRegion, "reading genesys.export.staging");
}

/**
 * Has a window exported into the staging area; the same job again, whenever it is started again.
 * @throws MasklineError (exit 1) when the job ended without a result: the next start asks anew; (exit 5) when its
 * files cannot be the ones that were asked for; ApiError
 */
export async function exportSeed(
  api: Api,
  settings: GenesysExport,
  journal: Journal,
  observer: ApiObserver,
  signal: AbortSignal,
): Promise<Exported> {
  if (journal.state.exported) return journal.state.exported;
  const staging = stagingOf(settings);
  const { interval, poll, paths } = settings;
  const kind: JobKind = {
    ...{ job: "export", path: paths.export, running: RUNNING, ended: ENDED },
    body: exportPayload(settings),
    key: `${journal.state.id}-export`,
  };
  const note = (asked: NonNullable<typeof journal.state.export>, own: AbortSignal) =>
    journal.update({ export: asked, ...(interval !== undefined && { interval }) }, own);
  const { asked, reply } = await finishJob({ api, poll, observer, note }, kind, journal.state.export, signal);
  if (reply.state !== "FULFILLED") {
    await note({ ...asked, ended: reply.state }, signal);
    throw failure(
      `exporting: job ${asked.id} ended as ${reply.state}; see in the organization that exports why, then start ` +
        "again, which asks for another job",
      { stage: "export" },
    );
  }
  const exported = exportedOf(asked.id, reply, staging);
  await journal.update({ exported }, signal);
  return exported;
}

/** What an export is asked for with. */
export function exportPayload(settings: GenesysExport): object {
  const { entityType, interval, window, filters, include } = settings;
  const excludeFields = HEAVY_FIELDS.filter((field) => !include.includes(field));
  return {
    entityType,
    dateRange:
      interval === undefined
        ? { type: "FIFO", windowSizeSeconds: Math.ceil(window / 1000) }
        : { type: "INTERVAL", interval },
    destination: stagingOf(settings).location,
    filters,
    ...(excludeFields.length > 0 && { excludeFields }),
  };
}
