import type * as Http from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { messageOf, usageError } from "../errors.ts";
import type { Metrics, RunState } from "./metrics.ts";

// An `import` reads all that it exports, among it what makes Node load its HTTP client, 20 ms.
const { createServer } = createRequire(import.meta.url)("node:http") as typeof Http;

/** What the endpoints tell of a run. */
export interface RunStatus {
  state: RunState;
  runId?: string;
  environment?: string;
  rows: number;
  plannedRows: number;
  /** The manifest's summary, once committed. */
  committed?: Readonly<Record<string, unknown>>;
}

/** `/livez`, `/readyz`, `/metrics`, `/committed` and a status page, while a run is under way. */
export class StatusServer {
  readonly #server: Http.Server;
  readonly #metrics: Metrics;
  readonly #status: RunStatus;

  private constructor(metrics: Metrics, status: RunStatus) {
    this.#metrics = metrics;
    this.#status = status;
    this.#server = createServer((request, response) => {
      // Whatever is asked, it must never end the run.
      const path = (request.url ?? "/").split("?", 1)[0]!;
      this.#answer(request.method ?? "GET", path, response).catch(() => response.destroy());
    });
    this.#server.requestTimeout = 10_000;
  }

  /** @throws MasklineError (exit 2) when the address cannot be listened on */
  static async start(
    address: { port: number; host: string },
    metrics: Metrics,
    status: RunStatus,
  ): Promise<StatusServer> {
    const status_ = new StatusServer(metrics, status);
    await new Promise<void>((resolve, reject) => {
      status_.#server.once("error", reject).listen(address.port, address.host, resolve);
    }).catch((error: unknown) => {
      throw usageError(
        `listening on ${address.host}:${address.port}: ${messageOf(error)}; set metrics.port to another, 0 for any free one, or null for none`,
        { cause: error },
      );
    });
    status_.#server.unref();
    return status_;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  async #answer(method: string, path: string, response: Http.ServerResponse): Promise<void> {
    if (method !== "GET" && method !== "HEAD") return send(response, 405, "text/plain", "only GET\n");
    const { state, committed, ...rest } = this.#status;
    switch (path) {
      case "/livez":
        return send(response, 200, "text/plain", "ok\n");
      case "/readyz":
        return state === "planning" || state === "failed"
          ? send(response, 503, "text/plain", `${state}\n`)
          : send(response, 200, "text/plain", "ok\n");
      case "/metrics":
        return send(response, 200, this.#metrics.registry.contentType, await this.#metrics.registry.metrics());
      case "/committed":
        return json(response, state === "committed" ? 200 : 503, committed ?? { state, ...rest });
      case "/":
        return send(response, 200, "text/html; charset=utf-8", page(this.#status));
      default:
        return send(response, 404, "text/plain", "there are /livez /readyz /metrics /committed /\n");
    }
  }
}

function json(response: Http.ServerResponse, status: number, body: unknown): void {
  send(response, status, "application/json", `${JSON.stringify(body)}\n`);
}

function send(response: Http.ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { "content-type": type, "cache-control": "no-store" }).end(body);
}

function page({ state, runId, environment, rows, plannedRows }: RunStatus): string {
  const share = plannedRows === 0 ? "" : ` (${((100 * rows) / plannedRows).toFixed(1)} %)`;
  return `<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="5"><title>maskline: ${state}</title>
<style>body{font:16px/1.5 system-ui;margin:2rem auto;max-width:40rem;padding:0 1rem}dt{color:#666}dd{margin:0 0 1rem;font-size:1.25rem}</style>
<h1>maskline</h1><dl><dt>state<dd>${state}<dt>run<dd>${runId ?? "not planned yet"}<dt>environment<dd>${escaped(environment ?? "")}
<dt>rows written<dd>${rows} of ${plannedRows}${share}</dl><p><a href="/metrics">metrics</a> · <a href="/committed">committed</a></p>
`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
