import { onAbort } from "../store/deadline.ts";
import { ApiError } from "./api-error.ts";
import type { Call, Client } from "./client.ts";
import { type Terms, within } from "./terms.ts";

/** An OAuth client with the client credentials grant, and where it logs in. */
export interface Login {
  /** Base URL. */
  readonly login: string;
  readonly client: { readonly id: string; readonly secret: string };
  /** Milliseconds for one request with its retries. */
  readonly timeout: number;
  readonly userAgent: string;
}

interface Held {
  readonly token: string;
  /** By `performance.now`. */
  readonly renewAt: number;
}

/** A token is renewed so long before it expires, or a tenth of its life where that is less. Milliseconds. */
const MARGIN = 60_000;
/** The shortest life that Genesys Cloud gives a token, assumed where a reply names none. Seconds. */
const SHORTEST_LIFE = 300;

const REFUSED =
  "the OAuth client is refused; check client.id, client.secret, its grant (client credentials) and region";

/** The token of one client: asked for once for all who wait for it, and kept until shortly before it expires. */
export class Token {
  readonly #http: Client;
  readonly #login: Login;
  /** Aborts when nobody needs a token any more. */
  readonly #closing: AbortSignal;
  #held: Held | undefined;
  #asked: Promise<Held> | undefined;

  constructor(http: Client, login: Login, closing: AbortSignal) {
    this.#http = http;
    this.#login = login;
    this.#closing = closing;
  }

  /** @throws ApiError (exit 2) when the client is refused, with neither its id nor its secret; the reason of `signal` */
  async get(signal: AbortSignal): Promise<string> {
    if (this.#held && performance.now() < this.#held.renewAt) return this.#held.token;
    // Not with the signal of who asks first: others may wait for it, too.
    this.#asked ??= within(this.#login.timeout, this.#closing, (terms) => this.#ask(terms)).finally(() => {
      this.#asked = undefined;
    });
    return (await unlessAborted(this.#asked, signal)).token;
  }

  /** The API does not accept it any more. */
  drop(token: string): void {
    if (this.#held?.token === token) this.#held = undefined;
  }

  async #ask(terms: Terms): Promise<Held> {
    const { login, client, userAgent } = this.#login;
    const call: Call = {
      ...{ endpoint: "token", stage: "configure", idempotent: true, method: "POST" },
      url: new URL(`${login.replace(/\/+$/, "")}/oauth/token`),
      headers: {
        accept: "application/json",
        authorization: `Basic ${Buffer.from(`${client.id}:${client.secret}`, "utf8").toString("base64")}`,
        "content-type": "application/x-www-form-urlencoded",
        "user-agent": userAgent,
      },
      body: "grant_type=client_credentials",
      advice: { 400: REFUSED, 401: REFUSED, 403: REFUSED, 404: "nobody logs in there; check region and login" },
    };
    const asked = performance.now();
    const { access_token: token, expires_in: life } = ((await this.#http.call(call, terms)) ?? {}) as Reply;
    if (typeof token !== "string" || !/^[\x21-\x7e]+$/.test(token)) {
      const fault = { problem: "its reply holds no token", cure: "person", effect: false } as const;
      throw new ApiError(fault, call, "check region and login");
    }
    const lives = 1000 * (typeof life === "number" && life >= 0 ? life : SHORTEST_LIFE);
    this.#held = { token, renewAt: asked + lives - Math.min(MARGIN, lives / 10) };
    return this.#held;
  }
}

interface Reply {
  readonly access_token?: unknown;
  readonly expires_in?: unknown;
}

async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  let stopListening = (): void => {};
  const aborted = new Promise<never>((_, reject) => {
    stopListening = onAbort(signal, () => reject(signal.reason));
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    stopListening();
  }
}
