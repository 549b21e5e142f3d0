import { Agent } from "undici";
import type { Stage } from "../errors.ts";
import { ApiError } from "./api-error.ts";
import { type Call, Client } from "./client.ts";
import { late } from "./fault.ts";
import { PACE, type Pace } from "./retry.ts";
import { type Terms, within } from "./terms.ts";
import { Token } from "./token.ts";
import type { ApiObserver, ApiRequest, RawApi } from "./types.ts";

export interface ApiSettings {
  /** Base URL; may have a path. */
  readonly api: string;
  /** Base URL of the login. */
  readonly login: string;
  /** OAuth client with the client credentials grant. */
  readonly client: { readonly id: string; readonly secret: string };
  /** Milliseconds for one call, its retries and waits for the rate limit included. */
  readonly timeout: number;
  /** Of maskline. */
  readonly version: string;
  /** What errors say failed. */
  readonly stage?: Stage;
  /** The longest reply that is taken. */
  readonly maxBytes?: number;
  readonly pace?: Pace;
}

/** Connections to one server. */
const CONNECTIONS = 8;
/** Milliseconds until a connection must stand, and between two signs of life of a reply. */
const CONNECT_TIMEOUT = 10_000;
const REPLY_TIMEOUT = 60_000;
const MAX_BYTES = 64 << 20;

/** The API of one organization, on connections of its own; nothing is sent before the first call. */
export function openApi(settings: ApiSettings, observer: ApiObserver): RawApi {
  const { client, login, timeout, pace = PACE } = settings;
  const agent = new Agent({
    connections: CONNECTIONS,
    connect: { timeout: CONNECT_TIMEOUT },
    headersTimeout: REPLY_TIMEOUT,
    bodyTimeout: REPLY_TIMEOUT,
    maxResponseSize: settings.maxBytes ?? MAX_BYTES,
  });
  const closing = new AbortController();
  const userAgent = `maskline/${settings.version}`;
  // The login has a rate limit of its own.
  const token = new Token(new Client(agent, observer, pace), { login, client, timeout, userAgent }, closing.signal);
  const http = new Client(agent, observer, pace);

  /** A token may be withdrawn before it expires: another one, once. */
  async function authorized(call: Call, terms: Terms): Promise<unknown> {
    const first = await token.get(terms.signal);
    try {
      return await http.call(bearing(call, first), terms);
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 401) throw error;
      token.drop(first);
    }
    const second = await token.get(terms.signal);
    observer.apiRetried(call.endpoint);
    return await http.call(bearing(call, second), terms);
  }

  async function inTime(call: Call, signal: AbortSignal): Promise<unknown> {
    return await within(timeout, signal, async (terms) => {
      try {
        return await authorized(call, terms);
      } catch (error) {
        // Its time ran out while it waited for its turn or for the token.
        if (error !== terms.signal.reason || signal.aborted) throw error;
        throw new ApiError(late(timeout, false), call);
      }
    });
  }

  return {
    call: (request, signal) => inTime(callOf(request, settings, userAgent), signal),
    callBytes: async (request, signal) =>
      (await inTime({ ...callOf(request, settings, userAgent), raw: true }, signal)) as Uint8Array,
    async close() {
      closing.abort(new DOMException("the API was closed", "AbortError"));
      await agent.destroy();
    },
  };
}

function callOf(request: ApiRequest, { api, stage = "export" }: ApiSettings, userAgent: string): Call {
  const { method, path, query = {}, body, headers = {}, endpoint } = request;
  if (!path.startsWith("/")) throw new TypeError(`the path of ${endpoint} does not start with /`);
  const url = new URL(api.replace(/\/+$/, "") + path);
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) url.searchParams.append(name, String(value));
  }
  return {
    ...{ endpoint, stage, method, url },
    idempotent: request.idempotent ?? (method !== "POST" && method !== "PATCH"),
    headers: {
      ...headers,
      accept: "application/json",
      "user-agent": userAgent,
      ...(body !== undefined && { "content-type": "application/json" }),
    },
    body: body === undefined ? undefined : JSON.stringify(body),
  };
}

function bearing(call: Call, token: string): Call {
  return { ...call, headers: { ...call.headers, authorization: `Bearer ${token}` } };
}
