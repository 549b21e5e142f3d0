import { z } from "zod";
import type { PollSettings } from "../config/genesys.ts";
import { failure } from "../errors.ts";
import { ApiError } from "./api-error.ts";
import { poll } from "./poll.ts";
import type { Api, ApiObserver, AskedJob } from "./types.ts";

/** A kind of job: how it is asked for and how it ends. */
export interface JobKind {
  readonly job: "export" | "import";
  /** POSTed to; a job is beneath it. */
  readonly path: string;
  readonly body: unknown;
  /** What stands before the attempt's number in the Idempotency-Key. */
  readonly key: string;
  readonly running: readonly string[];
  readonly ended: readonly string[];
}

/** What the API says of a job, unchecked but for its state. */
export type JobReply = z.output<typeof reply>;

/** Where jobs are asked for, waited for and noted. */
export interface Desk {
  readonly api: Api;
  readonly poll: PollSettings;
  readonly observer: ApiObserver;
  /** Stores what was asked for durably before it resolves. */
  note(asked: AskedJob, signal: AbortSignal): Promise<void>;
}

const reply = z.looseObject({ state: z.string() });
/** An id becomes part of a path. */
const accepted = z.looseObject({ id: z.string().regex(/^(?!\.+$)[\w.:-]{1,200}$/) });

/** Jobs that one start asks for at most, one after the other. */
const ATTEMPTS = 3;

/**
 * Asks for a job and waits for its end. Noted before and after the POST, and under an Idempotency-Key, so that after
 * a lost reply or a crash the same job is found again. Another one is asked for only where the one before has ended:
 * expired, or gone from where an earlier start had left it.
 * @param last - what was asked for before
 * @throws MasklineError (exit 1) when job after job expires; ApiError
 */
export async function finishJob(
  desk: Desk,
  kind: JobKind,
  last: AskedJob | undefined,
  signal: AbortSignal,
): Promise<{ readonly asked: AskedJob & { readonly id: string }; readonly reply: JobReply }> {
  let asked = last;
  for (let attempts = 1; ; attempts++) {
    if (!asked || asked.ended !== undefined) {
      asked = { askedAt: new Date().toISOString(), attempt: (asked ? (asked.attempt ?? 1) : 0) + 1 };
      await desk.note(asked, signal);
    }
    // A job that was accepted just now may take a moment to be seen; asking for another one would make two of it.
    const isOld = asked.id !== undefined;
    const id = asked.id ?? (await ask(desk.api, kind, asked, signal));
    const known: AskedJob & { readonly id: string } = { ...asked, id };
    if (!isOld) await desk.note(known, signal);
    const found = await watch(desk, kind, id, signal).catch((error: unknown) => {
      if (!isGone(error)) throw error;
      if (isOld) return undefined;
      throw failure(
        `looking at the ${kind.job} job ${id}: it was accepted and is not to be found; start again, which asks for ` +
          "another one if it still is not",
        { stage: kind.job, cause: error },
      );
    });
    if (found && found.state !== "EXPIRED") return { asked: known, reply: found };
    asked = { ...known, ended: found?.state ?? "gone" };
    await desk.note(asked, signal);
    if (attempts >= ATTEMPTS) {
      throw failure(
        `waiting for the ${kind.job} job ${id}: it expired, as ${attempts - 1} before it did; ask the vendor why, or ` +
          "take a smaller window; the next start asks anew",
        { stage: kind.job },
      );
    }
  }
}

/** Waits for the end of a job that was asked for. */
export async function watch(
  { api, poll: settings, observer }: Omit<Desk, "note">,
  { job, path, running, ended }: JobKind,
  id: string,
  signal: AbortSignal,
): Promise<JobReply> {
  const look = async (until: AbortSignal): Promise<JobReply> => {
    const body = await api.call({ method: "GET", path: `${path}/${id}`, endpoint: `${job}Job` }, until);
    const { data } = reply.safeParse(body);
    if (data) return data;
    throw failure(`looking at the ${job} job ${id}: the reply names no state; is ${path} the right path?`, {
      stage: job,
    });
  };
  return await poll({ job, id, look, running, ended }, settings, observer, signal);
}

async function ask(
  api: Api,
  { job, path, body, key }: JobKind,
  { attempt = 1 }: AskedJob,
  signal: AbortSignal,
): Promise<string> {
  const headers = { "Idempotency-Key": `${key}-${attempt}` };
  const reply = await api.call({ method: "POST", path, endpoint: job, body, headers, idempotent: true }, signal);
  const { data } = accepted.safeParse(reply);
  if (data) return data.id;
  throw failure(`asking for an ${job}: the reply names no job that could be looked at; is ${path} the right path?`, {
    stage: job,
    retryable: false,
  });
}

/** Whether the API knows no such job. */
export function isGone(error: unknown): boolean {
  return error instanceof ApiError && (error.status === 404 || error.status === 410);
}
