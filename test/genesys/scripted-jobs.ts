/** A server of conversation details jobs that answers as a test scripts it: real HTTP, pages of texts as they stand. */
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { after } from "node:test";
import { openApi } from "../../src/genesys/api.ts";
import type { RawApi } from "../../src/genesys/types.ts";
import { Told } from "./settings.ts";

const JOBS = "/api/v2/analytics/conversations/details/jobs";

/** An answer in place of the usual one. */
export interface Answer {
  readonly status?: number;
  /** JSON, or what should be. */
  readonly text?: string;
}

export interface Asked {
  readonly job: string;
  readonly cursor: string | null;
  /** How often this page of this job was asked for, from 1. */
  readonly time: number;
  /** What would be answered. */
  readonly usual: string;
}

export class ScriptedJobs {
  /** The JSON of the conversations of each page. */
  pages: string[][] = [];
  available = "2026-11-23T00:00:00.000Z";
  /** Of a job's states, the last one stays. */
  states: string[] = ["QUEUED", "FULFILLED"];
  onJob: (job: string) => Answer | undefined = () => undefined;
  onState: (job: string) => Answer | undefined = () => undefined;
  onResults: (asked: Asked) => Answer | undefined | Promise<Answer | undefined> = () => undefined;
  onDelete: () => Answer | undefined = () => undefined;
  readonly calls: string[] = [];
  readonly bodies: unknown[] = [];
  readonly #times = new Map<string, number>();
  readonly #looks = new Map<string, number>();
  api!: RawApi;

  static async start(): Promise<ScriptedJobs> {
    const jobs = new ScriptedJobs();
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const url = new URL(request.url!, "http://host");
        void jobs.#answer(request.method!, url, Buffer.concat(chunks).toString(), response);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const pace = { first: 1, longest: 1, margin: 0, attempts: 2 };
    const client = { id: "id", secret: "secret" };
    jobs.api = openApi({ api: base, login: base, client, timeout: 60_000, version: "0", pace }, new Told());
    after(async () => {
      await jobs.api.close();
      server.closeAllConnections();
      server.close();
    });
    return jobs;
  }

  /** A page as the API writes it. */
  page(index: number, cursor?: string): string {
    const onward = cursor ?? (index + 1 < this.pages.length ? `page-${index + 1}` : undefined);
    const rest = onward === undefined ? "" : `,"cursor":${JSON.stringify(onward)}`;
    return `{"conversations":[${(this.pages[index] ?? []).join(",")}]${rest},"dataAvailabilityDate":"${this.available}"}`;
  }

  async #answer(method: string, url: URL, body: string, response: ServerResponse): Promise<void> {
    const { status = 200, text = "" } = await this.#route(method, url, body);
    response.writeHead(status, { "content-type": "application/json" });
    response.end(text);
  }

  async #route(method: string, url: URL, body: string): Promise<Answer> {
    if (url.pathname === "/oauth/token")
      return { text: '{"access_token":"t","token_type":"bearer","expires_in":3600}' };
    this.calls.push(`${method} ${url.pathname.slice(JOBS.length)}${url.search}`);
    const [, job = "", results] = url.pathname.slice(JOBS.length).split("/");
    if (job === "availability") return { text: `{"dataAvailabilityDate":"${this.available}"}` };
    if (method === "POST") {
      this.bodies.push(JSON.parse(body));
      const id = `job-${this.bodies.length}`;
      return this.onJob(id) ?? { status: 202, text: `{"jobId":"${id}"}` };
    }
    if (method === "DELETE") return this.onDelete() ?? { status: 204 };
    if (results === undefined) {
      const look = this.#looks.get(job) ?? 0;
      this.#looks.set(job, look + 1);
      const state = this.states[Math.min(look, this.states.length - 1)];
      return this.onState(job) ?? { text: `{"state":"${state}"}` };
    }
    const cursor = url.searchParams.get("cursor");
    const key = `${job} ${cursor}`;
    const time = (this.#times.get(key) ?? 0) + 1;
    this.#times.set(key, time);
    const usual = this.page(Number(cursor?.replace(/\D+/, "") ?? 0));
    return (await this.onResults({ job, cursor, time, usual })) ?? { text: usual };
  }
}
