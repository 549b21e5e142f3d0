/** Who may call, and how often: tokens of the client credentials grant, and a rate limit for each of them. */
import type { Call, Reply, Route } from "./http.ts";
import { Refusal } from "./http.ts";
import type { Client, FakeOptions } from "./options.ts";

export class Tokens {
  readonly #clients: readonly Client[];
  readonly #lifetime: number;
  readonly #issued = new Map<string, { readonly client: string; expiresAt: number }>();

  constructor(options: FakeOptions) {
    this.#clients = options.clients;
    this.#lifetime = options.expiresIn;
  }

  readonly routes: readonly Route[] = [
    { method: "POST", path: "/oauth/token", access: "open", handle: (call) => this.#issue(call) },
  ];

  #issue(call: Call): Reply {
    if (new URLSearchParams(call.text).get("grant_type") !== "client_credentials") {
      return { status: 400, body: { error: "unsupported_grant_type", description: "grant type not supported" } };
    }
    const given = /^Basic (.+)$/i.exec(call.headers.authorization ?? "")?.[1] ?? "";
    const pair = Buffer.from(given, "base64").toString();
    const client = this.#clients.find(({ id, secret }) => `${id}:${secret}` === pair);
    if (!client) {
      const description = "authentication failed";
      return { status: 401, body: { error: "invalid_client", description, error_description: description } };
    }
    const token = `fake-token-${client.id}-${this.#issued.size + 1}`;
    this.#issued.set(token, { client: client.id, expiresAt: Date.now() + this.#lifetime * 1000 });
    return { status: 200, body: { access_token: token, token_type: "bearer", expires_in: this.#lifetime } };
  }

  /**
   * Id of the client that calls.
   * @throws Refusal 401
   */
  check(headers: Call["headers"]): string {
    const token = bearer(headers);
    if (!token)
      throw new Refusal(401, { message: "No authentication bearer token specified in authorization header." });
    const known = this.#issued.get(token);
    if (!known) throw new Refusal(401, { code: "bad.credentials", message: "Invalid login credentials." });
    if (known.expiresAt > Date.now()) return known.client;
    throw new Refusal(401, { code: "credentials.expired", message: "The supplied token has expired." });
  }

  expire(headers: Call["headers"]): void {
    const known = this.#issued.get(bearer(headers) ?? "");
    if (known) known.expiresAt = 0;
  }
}

function bearer(headers: Call["headers"]): string | undefined {
  return /^Bearer (.+)$/i.exec(headers.authorization ?? "")?.[1];
}

/** Windows of a fixed length, each of which begins with a call; a token has its own. */
export class RateLimit {
  readonly #allowed: number;
  readonly #window: number;
  readonly #counts = new Map<string, { count: number; until: number }>();

  constructor({ rateLimit }: FakeOptions) {
    this.#allowed = rateLimit.allowed;
    this.#window = rateLimit.window;
  }

  /** Counts a call. `over` is thrown where it is one too many. */
  count(headers: Call["headers"]): { readonly headers: Record<string, string>; readonly over: Refusal | undefined } {
    const key = bearer(headers) ?? "";
    const known = this.#counts.get(key);
    const entry = known && known.until > Date.now() ? known : { count: 0, until: Date.now() + this.#window };
    this.#counts.set(key, entry);
    entry.count++;
    const reset = String(Math.max(0, Math.round((entry.until - Date.now()) / 1000)));
    const rate = {
      "inin-ratelimit-count": String(entry.count),
      "inin-ratelimit-allowed": String(this.#allowed),
      "inin-ratelimit-reset": reset,
    };
    if (entry.count <= this.#allowed) return { headers: rate, over: undefined };
    const over = new Refusal(429, {
      message: `Rate limit exceeded the maximum. Retry the request in [${reset}] seconds`,
      limit: { key: "token.rate.per.minute", namespace: "platform.api", value: this.#allowed },
      headers: { "retry-after": reset },
    });
    return { headers: rate, over };
  }
}
