import type { Agent } from "undici";
import { ApiError, type Failed } from "./api-error.ts";
import { Budget } from "./budget.ts";
import { exchange, isOk, type Message, type Reply, textOf } from "./exchange.ts";
import { type Fault, faultOf, faultThrown, late, seconds } from "./fault.ts";
import { backoff, later, type Pace } from "./retry.ts";
import { fits, type Terms, wait } from "./terms.ts";
import type { ApiObserver } from "./types.ts";

/** A message, and what is to be known of it when it fails. */
export interface Call extends Message, Failed {
  /** The reply is wanted as it came. */
  readonly raw?: boolean;
}

/** What an attempt brought. */
type Outcome = { readonly value: unknown } | { readonly fault: Fault };

/**
 * Calls one server, keeping to its rate limit. The one place that tries again: where the call is idempotent, where
 * nothing was sent, and after a 429, which says that nothing was done.
 */
export class Client {
  readonly #agent: Agent;
  readonly #observer: ApiObserver;
  readonly #pace: Pace;
  readonly #budget = new Budget();

  constructor(agent: Agent, observer: ApiObserver, pace: Pace) {
    this.#agent = agent;
    this.#observer = observer;
    this.#pace = pace;
  }

  /**
   * The parsed JSON of a 2xx reply, undefined where it has no body; of a raw call its bytes.
   * @throws ApiError, or the reason of the caller's signal
   */
  async call(call: Call, terms: Terms): Promise<unknown> {
    let failed = 0;
    for (let last: Fault | undefined; ; ) {
      await this.#admit(call, terms, last);
      if (last) this.#observer.apiRetried(call.endpoint);
      const outcome = await this.#attempt(call, terms);
      if ("value" in outcome) return outcome.value;
      last = outcome.fault;
      const refused = last.status === 429;
      const pause = refused ? 0 : Math.max(backoff(this.#pace, ++failed), last.retryAfter ?? 0);
      const harmless = call.idempotent || refused || (last.status === undefined && !last.effect);
      if (last.cure !== "time" || !harmless || failed >= this.#pace.attempts || !fits(terms, pause)) {
        throw new ApiError(last, call);
      }
      // A refusal holds for every call: it is waited for where calls are admitted.
      if (refused) this.#budget.refused(later(this.#pace, last.retryAfter ?? backoff(this.#pace, 1)));
      else await wait(pause, terms.signal);
    }
  }

  /** Waits until the rate limit lets the call pass. */
  async #admit(call: Call, terms: Terms, last: Fault | undefined): Promise<void> {
    for (let pause = this.#budget.pause(); pause > 0; pause = this.#budget.pause()) {
      if (!fits(terms, pause)) throw tooLong(call, terms, last, pause);
      const since = performance.now();
      try {
        await wait(pause, terms.signal);
      } finally {
        this.#observer.apiWaited((performance.now() - since) / 1000);
      }
    }
    // What was not sent cannot be lost.
    terms.signal.throwIfAborted();
  }

  async #attempt(call: Call, { signal, caller, timeout }: Terms): Promise<Outcome> {
    this.#budget.sent();
    let reply: Reply | undefined;
    try {
      reply = await exchange(this.#agent, call, signal);
      return outcomeOf(reply, call);
    } catch (error) {
      if (caller.aborted) throw caller.reason;
      return { fault: signal.aborted ? late(timeout, true) : faultThrown(error) };
    } finally {
      this.#budget.ended(reply?.headers);
      this.#observer.apiCalled(call.endpoint, String(reply?.status ?? "error"));
    }
  }
}

function outcomeOf(reply: Reply, { raw }: Call): Outcome {
  if (!isOk(reply.status)) return { fault: faultOf(reply) };
  if (raw) return { value: reply.bytes ?? new Uint8Array() };
  const text = textOf(reply);
  if (!text) return { value: undefined };
  try {
    return { value: JSON.parse(text) };
  } catch {
    // Its message would quote the reply.
    return { fault: { ...faultOf(reply), problem: "its reply is not JSON", cure: "time", effect: true } };
  }
}

function tooLong(call: Call, { timeout }: Terms, last: Fault | undefined, pause: number): ApiError {
  const fault: Fault = last ?? { problem: "the rate limit is used up", cure: "time", effect: false };
  const asked = `it wants to be left alone for ${seconds(pause)} s, which the timeout of ${seconds(timeout)} s does not allow`;
  return new ApiError(fault, call, `${asked}; run again later, or raise genesys.timeout`);
}
