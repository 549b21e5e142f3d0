import { z } from "zod";
import type { GenesysExport } from "../config/genesys.ts";
import { failure, type MasklineError } from "../errors.ts";
import { withDeadline } from "../store/deadline.ts";
import { poll } from "./poll.ts";
import type { Api, ApiObserver, RawApi } from "./types.ts";

const JOBS = "/api/v2/analytics/conversations/details/jobs";
const RUNNING = ["QUEUED", "PENDING"];
const ENDED = ["FULFILLED", "FAILED", "CANCELLED", "EXPIRED"];
/** Conversations of a page: the most that the API gives. */
const PAGE_SIZE = 1000;
/** Milliseconds for the removal of a job that is not needed any more. */
const REMOVAL_TIMEOUT = 30_000;

const availability = z.looseObject({
  dataAvailabilityDate: z.string().refine((date) => !Number.isNaN(Date.parse(date))),
});
/** An id becomes part of a path. */
const accepted = z.looseObject({ jobId: z.string().regex(/^(?!\.+$)[\w.:-]{1,200}$/) });
const status = z.looseObject({ state: z.string() });

/** A job, or its results, that the API has no more: another one must be asked for. */
export class JobLost extends Error {
  /** How it ended: its state, or `gone`. */
  readonly ended: string;

  constructor(ended: string) {
    super(ended);
    this.name = "JobLost";
    this.ended = ended;
  }
}

/**
 * The interval to export, `from/to`: that of the settings, or what lies back from now, as far as there is data.
 * @throws MasklineError (exit 1, retryable) while the API has not all data of it yet; ApiError
 */
export async function availableInterval(api: Api, settings: GenesysExport, signal: AbortSignal): Promise<string> {
  const endpoint = "conversationsAvailability";
  const reply = await api.call({ method: "GET", path: `${JOBS}/availability`, endpoint }, signal);
  const { data } = availability.safeParse(reply);
  if (!data) throw unreadable("asking until when there are conversations", "dataAvailabilityDate");
  const until = Date.parse(data.dataAvailabilityDate);
  const { interval, window } = settings;
  if (interval === undefined) {
    const end = Math.min(Date.now(), until);
    return `${new Date(end - window).toISOString()}/${new Date(end).toISOString()}`;
  }
  const [, to = ""] = interval.split("/");
  if (Date.parse(to) <= until) return interval;
  throw failure(
    `exporting the conversations of ${interval}: there is data until ${new Date(until).toISOString()} only; start again later`,
    { stage: "export" },
  );
}

/** Asks for a job and gives its id. It only reads: one that is asked for twice does no harm. */
export async function askForJob(
  api: Api,
  { conversationFilters, segmentFilters }: GenesysExport,
  interval: string,
  signal: AbortSignal,
): Promise<string> {
  const body = {
    ...{ interval, order: "asc", orderBy: "conversationStart" },
    ...(conversationFilters.length > 0 && { conversationFilters }),
    ...(segmentFilters.length > 0 && { segmentFilters }),
  };
  const reply = await api.call(
    { method: "POST", path: JOBS, endpoint: "conversationsJobs", body, idempotent: true },
    signal,
  );
  const { data } = accepted.safeParse(reply);
  if (data) return data.jobId;
  throw unreadable("asking for conversations", "jobId");
}

/**
 * Waits until a job has its results.
 * @throws JobLost when it has ended without them, or is there no more; MasklineError (exit 1) past the deadline; ApiError
 */
export async function jobFulfilled(
  api: Api,
  settings: GenesysExport,
  { id, isOld }: { readonly id: string; readonly isOld: boolean },
  observer: ApiObserver,
  signal: AbortSignal,
): Promise<void> {
  const look = async (until: AbortSignal) => {
    const reply = await api.call({ method: "GET", path: `${JOBS}/${id}`, endpoint: "conversationsJob" }, until);
    const { data } = status.safeParse(reply);
    if (data) return data;
    throw unreadable(`looking at the conversations job ${id}`, "state");
  };
  const watched = { job: "conversations", id, look, running: RUNNING, ended: ENDED } as const;
  const { state } = await poll(watched, settings.poll, observer, signal).catch((error: unknown) => {
    // One that was accepted just now may take a moment to be seen.
    throw isOld && isStatus(error, 404, 410) ? new JobLost("gone") : error;
  });
  if (state !== "FULFILLED") throw new JobLost(state);
}

/**
 * The bytes of a page of a job's results.
 * @param cursor - of the page before; none asks for the first
 * @throws JobLost when they have expired; ApiError
 */
export async function fetchPage(
  api: RawApi,
  id: string,
  cursor: string | undefined,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const query = { pageSize: PAGE_SIZE, cursor };
  try {
    return await api.callBytes(
      { method: "GET", path: `${JOBS}/${id}/results`, endpoint: "conversationsResults", query },
      signal,
    );
  } catch (error) {
    // A cursor that the API itself gave is refused once it is too old.
    throw isStatus(error, 404, 410, ...(cursor === undefined ? [] : [400])) ? new JobLost("gone") : error;
  }
}

/** Removes a job, if it can be done: the API does it itself at some time. */
export async function removeJob(api: Api, id: string, signal: AbortSignal): Promise<void> {
  const request = { method: "DELETE", path: `${JOBS}/${id}`, endpoint: "conversationsJob" } as const;
  await withDeadline(signal, REMOVAL_TIMEOUT, (own) => api.call(request, own)).catch(() => signal.throwIfAborted());
}

function isStatus(error: unknown, ...statuses: readonly number[]): boolean {
  const { status: found } = error as { readonly status?: unknown };
  return statuses.some((one) => one === found);
}

function unreadable(doing: string, member: string): MasklineError {
  return failure(`${doing}: the reply has no ${member} that can be read; is genesys.export.api the right one?`, {
    stage: "export",
  });
}
