/** The other side of `Api` as docs/genesys.md has it, in memory: jobs, report jobs, and faults on demand. */
import { ApiError } from "../../src/genesys/api-error.ts";
import type { Api, ApiRequest } from "../../src/genesys/types.ts";

/** What a job says at each look, the last for ever; `gone`: 404. */
export type Script = readonly (({ readonly state: string } & Readonly<Record<string, unknown>>) | "gone")[];

export interface AskedFor {
  readonly id: string;
  readonly key: string;
  readonly path: string;
  readonly body: unknown;
  readonly script: Script;
  looks: number;
}

export class JobsApi implements Api {
  readonly jobs: AskedFor[] = [];
  readonly paused = new Set<string>();
  readonly calls: ApiRequest[] = [];
  /** Asked before (without effect) and after (the reply is lost) each call; throws to do harm. */
  harm: (moment: "before" | "after", request: ApiRequest) => void = () => {};
  readonly #script: (path: string, attempt: number) => Script;

  /** @param script - of the attempt-th job (from 0) that is asked for at a path */
  constructor(script: (path: string, attempt: number) => Script) {
    this.#script = script;
  }

  async call(request: ApiRequest, signal: AbortSignal): Promise<unknown> {
    signal.throwIfAborted();
    this.calls.push(request);
    this.harm("before", request);
    const answer = this.#answer(request);
    this.harm("after", request);
    // As over a wire: nothing is shared.
    return answer === undefined ? undefined : JSON.parse(JSON.stringify(answer));
  }

  async close(): Promise<void> {}

  keys(path: string): string[] {
    return this.jobs.filter((job) => job.path === path).map(({ key }) => key);
  }

  /** Whether nothing of a job can happen any more. */
  hasEnded({ script, looks }: AskedFor): boolean {
    return looks >= script.length - 1;
  }

  #answer({ method, path, body, headers, idempotent }: ApiRequest): unknown {
    const report = /^\/reports\/(.+)\/(pause|resume)$/.exec(path);
    if (method === "POST" && report) {
      if (report[2] === "pause") this.paused.add(report[1]!);
      else this.paused.delete(report[1]!);
      return undefined;
    }
    if (method === "POST") {
      const key = headers?.["Idempotency-Key"];
      if (key === undefined || idempotent !== true) throw new Error("a job is asked for in a way that makes two of it");
      let job = this.jobs.find((one) => one.key === key && one.path === path);
      if (!job) {
        const attempt = this.jobs.filter((one) => one.path === path).length;
        const script = this.#script(path, attempt);
        job = { id: `job-${this.jobs.length + 1}`, key, path, body, script, looks: -1 };
        this.jobs.push(job);
      }
      return { id: job.id, state: "QUEUED", selfUri: `${path}/${job.id}` };
    }
    const job = this.jobs.find((one) => path === `${one.path}/${one.id}`);
    if (!job) throw notFound();
    job.looks = Math.min(job.looks + 1, job.script.length - 1);
    const reply = job.script[job.looks]!;
    if (reply === "gone") throw notFound();
    return { id: job.id, ...reply };
  }
}

function notFound(): ApiError {
  const url = new URL("https://api.example.com/");
  const failed = { endpoint: "exportJob", url, stage: "export", idempotent: true } as const;
  return new ApiError({ status: 404, cure: "person", effect: false }, failed);
}
