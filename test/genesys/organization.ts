/** An organization's login and API: a real server that answers as a test says, and what it was asked. */
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import type { TestContext } from "node:test";
import { type ApiSettings, openApi } from "../../src/genesys/api.ts";
import type { ApiObserver, RawApi } from "../../src/genesys/types.ts";

export interface Asked {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly at: number;
}

export type Answer = (response: ServerResponse, request: IncomingMessage) => unknown;

/** Made up, and to be found nowhere. */
export const CLIENT = { id: "8f14e45f-ceea-467f-a0e6-9f5b6a1c2d3e", secret: "hush-hush-Wq93kd02mz" };
/** What vendors quote in their messages. */
export const VALUE = "Rosalindah +14155550100";
export const CONTEXT = "0b8f5c1e-8c6b-4d2a-9a64-2f1f6f3f9c11";
export const CORRELATION = "5d2f3a6c-1b7e-4f0d-8c9a-7e6b5a4d3c2b";

export const json =
  (status: number, body?: unknown, headers: Record<string, string> = {}): Answer =>
  (response) =>
    response
      .writeHead(status, { "content-type": "application/json", ...headers })
      .end(body === undefined ? "" : JSON.stringify(body));

/** Genesys Cloud's ErrorBody, with a value wherever there may be one. */
export const errorBody = (status: number, code: string, headers: Record<string, string> = {}): Answer =>
  json(
    status,
    {
      ...{ message: `value ${VALUE} is wrong`, code, status, contextId: CONTEXT },
      ...{ messageWithParams: "value {v} is wrong", messageParams: { v: VALUE } },
      details: [
        { errorCode: "invalid.value", fieldName: "interval" },
        { errorCode: VALUE, fieldName: "4155550100" },
      ],
      errors: [{ message: VALUE }],
      limit: { key: VALUE, namespace: VALUE, value: 1 },
    },
    { "ININ-Correlation-Id": CORRELATION, ...headers },
  );

/** Reads the request, then closes the connection without a word. */
export const hangUp: Answer = (response) => response.socket!.destroy();

/** Never answers. */
export const silence: Answer = () => {};

export interface Observed {
  readonly calls: string[];
  readonly retried: string[];
  readonly waited: number[];
}

export class Organization {
  readonly asked: Asked[] = [];
  /** Answers to calls of the API in order; the last one again and again. */
  answers: Answer[] = [json(200, { ok: true })];
  /** The same for the login. */
  logins: Answer[] = [];
  readonly observed: Observed = { calls: [], retried: [], waited: [] };
  readonly sockets = new Set<object>();
  url = "";
  #tokens = 0;

  static async start(t: TestContext): Promise<Organization> {
    const organization = new Organization();
    const server = createServer((request, response) => void organization.#answer(request, response));
    server.on("connection", (socket) => {
      organization.sockets.add(socket);
      socket.on("close", () => organization.sockets.delete(socket));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    organization.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    t.after(() => {
      server.closeAllConnections();
      server.close();
    });
    return organization;
  }

  /** A token of its own for each login. */
  token(life: number | undefined = 3600): Answer {
    return (response, request) =>
      json(200, { access_token: `token-${++this.#tokens}`, token_type: "bearer", expires_in: life })(response, request);
  }

  open(t: TestContext, settings: Partial<ApiSettings> = {}): RawApi {
    const { calls, retried, waited } = this.observed;
    const observer: ApiObserver = {
      apiCalled: (endpoint, status) => calls.push(`${endpoint} ${status}`),
      apiRetried: (endpoint) => retried.push(endpoint),
      apiWaited: (seconds) => waited.push(seconds),
      jobState: () => {},
    };
    const api = openApi(
      {
        ...{ api: this.url, login: this.url, client: CLIENT, timeout: 10_000, version: "1.2.3" },
        pace: { first: 2, longest: 10, margin: 1, attempts: 4 },
        ...settings,
      },
      observer,
    );
    t.after(() => api.close());
    return api;
  }

  /** Calls of the API, without those of the login. */
  get calls(): Asked[] {
    return this.asked.filter(({ url }) => url !== "/oauth/token");
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = "", url = "", headers } = request;
    this.asked.push({ ...{ method, url, headers, body: await text(request) }, at: performance.now() });
    const script = url === "/oauth/token" ? this.logins : this.answers;
    const answer = (script.length > 1 ? script.shift() : script[0]) ?? this.token();
    await answer(response, request);
  }
}
