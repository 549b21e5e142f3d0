import { setTimeout as pause } from "node:timers/promises";
import { Agent, type Dispatcher, request } from "undici";
import { withDeadline } from "../../store/deadline.ts";

/** A body, and the headers of an attempt, which may name its time. */
export interface Message {
  readonly body: string;
  readonly headers: () => Readonly<Record<string, string>>;
}

/** Milliseconds: the first pause, and the longest; each attempt doubles it. */
const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 15_000;

/** What is read of a reply at most, so that the connection ends well; it says nothing that we need. */
const REPLY_BYTES = 64 * 1024;
const REPLY_TIMEOUT = 1_000;

/** How an attempt ended. */
interface Reply {
  readonly said: string;
  readonly ok: boolean;
  readonly again: boolean;
  /** Milliseconds that the receiver asks to wait. */
  readonly wait: number;
}

/**
 * POSTs a message until a receiver takes it (2xx), refuses it, or `timeout` milliseconds are over for all attempts together.
 * Redirects are not followed: they would take the body elsewhere.
 * @returns why it was not taken, without any part of the URL; undefined where it was
 * @throws only what `signal` is aborted with
 */
export async function post(
  url: string,
  message: Message,
  timeout: number,
  signal: AbortSignal,
): Promise<string | undefined> {
  const agent = new Agent({ connect: { timeout }, headersTimeout: timeout, bodyTimeout: timeout });
  const end = performance.now() + timeout;
  let said = "no reply";
  let attempts = 0;
  try {
    return await withDeadline(signal, timeout, async (deadline) => {
      for (;;) {
        attempts++;
        const reply = await attempt(url, message, agent, deadline);
        if (reply.ok) return undefined;
        said = reply.said;
        const wait = Math.max(reply.wait, backoff(attempts));
        if (!reply.again || performance.now() + wait >= end) return explained(said, attempts);
        await pause(wait, undefined, { signal: deadline });
      }
    });
  } catch {
    // Before the deadline only the caller ends it.
    signal.throwIfAborted();
    return explained(`${said} within ${timeout / 1000} s`, attempts);
  } finally {
    await agent.destroy();
  }
}

async function attempt(url: string, message: Message, agent: Dispatcher, signal: AbortSignal): Promise<Reply> {
  const { body, headers } = message;
  try {
    const reply = await request(url, { method: "POST", body, headers: headers(), dispatcher: agent, signal });
    const { statusCode: status } = reply;
    await withDeadline(signal, REPLY_TIMEOUT, (soon) => reply.body.dump({ limit: REPLY_BYTES, signal: soon })).catch(
      () => {},
    );
    const ok = status >= 200 && status < 300;
    return { said: String(status), ok, again: isPassing(status), wait: retryAfter(reply.headers["retry-after"]) };
  } catch (error) {
    signal.throwIfAborted();
    const { code, name } = error as NodeJS.ErrnoException;
    return { said: `no reply (${code ?? name})`, ok: false, again: true, wait: 0 };
  }
}

/** Request timeout, too early, too many requests, and whatever is the server's fault. */
function isPassing(status: number): boolean {
  return status === 408 || status === 425 || status === 429 || status >= 500;
}

/** Milliseconds to wait: seconds, or a date (RFC 9110, 10.2.3). */
function retryAfter(header: string | string[] | undefined): number {
  const text = String(header ?? "").trim();
  const wait = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - Date.now();
  return Number.isNaN(wait) ? 0 : Math.max(0, wait);
}

/** Milliseconds; half of it is chance, so that many who fail together do not come again together. */
function backoff(attempts: number): number {
  const most = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (attempts - 1));
  return most / 2 + (Math.random() * most) / 2;
}

function explained(said: string, attempts: number): string {
  return attempts > 1 ? `${said}, ${attempts} attempts` : said;
}
