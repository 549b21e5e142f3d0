/** Jobs of every kind: asked for once, looked at until they end. */
import { isDeepStrictEqual } from "node:util";
import { type Fault, faultOf } from "./faults.ts";
import { type Call, Refusal } from "./http.ts";
import { type FakeOptions, randomFor } from "./options.ts";

export type JobKind = "export" | "import" | "conversations";

const ENDED_BADLY = ["FAILED", "CANCELLED", "EXPIRED"];

export class Job<Request = unknown> {
  readonly id: string;
  readonly kind: JobKind;
  readonly request: Request;
  readonly client: string;
  readonly idempotencyKey: string | undefined;
  readonly submitted = Date.now();
  /** POSTs that this job was the answer to. */
  asked = 1;
  /** By a DELETE: nobody finds it any more. */
  deleted = false;
  /** What it met so far, of its POSTs and of looks at it. */
  readonly faults: Fault[] = [];
  readonly #way: readonly string[];
  readonly #pace: FakeOptions["jobs"];
  #looks = 0;
  #ended: { readonly state: string; readonly errorMessage: string | undefined } | undefined;

  constructor(
    id: string,
    kind: JobKind,
    way: readonly string[],
    pace: FakeOptions["jobs"],
    request: Request,
    by: Call,
  ) {
    this.id = id;
    this.kind = kind;
    this.request = request;
    this.client = by.client;
    this.idempotencyKey = by.headers["idempotency-key"];
    this.#way = way;
    this.#pace = pace;
  }

  /** Counts a look; faults of that call are the job's from now on. */
  look(faults: readonly Fault[]): void {
    this.#looks++;
    this.meet(faults);
  }

  meet(faults: readonly Fault[]): void {
    this.faults.push(...faults);
    const fault = faultOf(faults, "state");
    if (fault && ENDED_BADLY.includes(fault.state)) this.end(fault.state, fault.errorMessage);
  }

  /** Where it stands: a step for each so many looks, and none sooner than so many milliseconds after the last. */
  get state(): string {
    if (this.#ended) return this.#ended.state;
    const { polls, ms } = this.#pace;
    const last = this.#way.length - 1;
    const byLooks = polls === 0 ? last : Math.floor(this.#looks / polls);
    const byTime = ms === 0 ? last : Math.floor((Date.now() - this.submitted) / ms);
    return this.#way[Math.min(byLooks, byTime, last)]!;
  }

  /** Whether it came to the last state of its way. */
  get done(): boolean {
    return this.state === this.#way.at(-1);
  }

  get errorMessage(): string | undefined {
    return this.#ended?.errorMessage;
  }

  /** In this state for good. */
  end(state: string, errorMessage?: string): void {
    this.#ended = { state, errorMessage };
  }
}

/** Id, state and error message as an answer says them. */
export function standing(job: Job, faults: readonly Fault[]): { id: string; state: string; errorMessage?: string } {
  const told = faultOf(faults, "state");
  const errorMessage = job.errorMessage;
  return { id: job.id, state: told?.state ?? job.state, ...(errorMessage ? { errorMessage } : {}) };
}

export class Jobs {
  readonly all: Job[] = [];
  readonly #options: FakeOptions;

  constructor(options: FakeOptions) {
    this.#options = options;
  }

  /**
   * The job that a POST asks for: a new one, or that of the same client's same `Idempotency-Key`.
   * @param way - its states in their order
   * @throws Refusal 409 where the key is another request's
   */
  ask<Request>(kind: JobKind, way: readonly string[], request: Request, call: Call): Job<Request> {
    const key = call.headers["idempotency-key"];
    const same = this.all.find(
      (job) => job.kind === kind && key !== undefined && job.idempotencyKey === key && job.client === call.client,
    ) as Job<Request> | undefined;
    if (same && !isDeepStrictEqual(same.request, request)) {
      throw new Refusal(409, { message: "The Idempotency-Key is that of a request with another body." });
    }
    const id = randomFor(this.#options.seed, "job", this.all.length).uuid();
    const job = same ?? new Job(id, kind, way, this.#options.jobs, request, call);
    if (same) same.asked++;
    else this.all.push(job);
    job.meet(call.faults);
    return job;
  }

  /**
   * The job that a call is about.
   * @throws Refusal 404
   */
  find<Request>(kind: JobKind, call: Call): Job<Request> {
    const job = this.all.find((one) => one.kind === kind && one.id === call.params.id && !one.deleted);
    if (!job) throw new Refusal(404, { message: "The requested job was not found." });
    return job as Job<Request>;
  }
}
