/** Seed dialect: jobs that load JSON lines into the record store of an environment. */
import { faultOf } from "./faults.ts";
import { Refusal, type Route } from "./http.ts";
import { type Job, standing } from "./jobs.ts";
import type { Line } from "./objects.ts";
import { type ImportPayload, importPayload, payloadOf } from "./payloads.ts";
import type { World } from "./world.ts";

/** A sandbox: what was imported into it. */
export interface Environment {
  /** The JSON of each record, by its id. */
  readonly records: Map<string, string>;
  overwritten: number;
  /** What should not have been: reports that ran while records were imported. */
  readonly violations: string[];
}

interface Imported {
  total: number;
  imported: number;
  skippedDuplicates: number;
  failed: number;
  readonly errors: { id: string; error: { code: string; message: string; retryable: boolean } }[];
}

const PATH = "/api/v2/data/import";
const WAY = ["QUEUED", "PENDING", "RUNNING", "COMPLETED"];

export function importRoutes(world: World): readonly Route[] {
  const loaded = new Map<string, Promise<Imported>>();

  /** Once for each job, when it is first seen to be done. */
  const load = (job: Job<ImportPayload>): Promise<Imported> => {
    const known = loaded.get(job.id) ?? loadImport(world, job);
    loaded.set(job.id, known);
    return known;
  };

  return [
    {
      method: "POST",
      path: PATH,
      access: "token",
      handle: async (call) => {
        const payload = payloadOf(importPayload, call);
        if (!payload.options.skipDuplicates && !payload.options.overwriteExisting) await refuseExisting(world, payload);
        const job = world.jobs.ask("import", WAY, payload, call);
        if (job.asked === 1) noteRunningReports(world, job);
        return { status: 202, body: { ...standing(job, call.faults), selfUri: `${PATH}/${job.id}` } };
      },
    },
    {
      method: "GET",
      path: `${PATH}/{id}`,
      access: "token",
      handle: async (call) => {
        const job = world.jobs.find<ImportPayload>("import", call);
        job.look(call.faults);
        // Loaded before it says so; then, with what was refused, it is in another state for good.
        const result =
          job.done || loaded.has(job.id) ? await load(job).catch((error: Error) => failed(job, error)) : undefined;
        const body = standing(job, call.faults);
        if (!result || !body.state.startsWith("COMPLETED")) return { status: 200, body };
        const by = faultOf(job.faults, "importCount")?.by ?? 0;
        return { status: 200, body: { ...body, ...result, imported: result.imported + by } };
      },
    },
  ];
}

async function loadImport(world: World, job: Job<ImportPayload>): Promise<Imported> {
  const { environmentId, sourceLocation, options } = job.request;
  const environment = world.environment(environmentId);
  const refuse = faultOf(job.faults, "refuse") ?? { records: 0, retryable: false };
  const result: Imported = { total: 0, imported: 0, skippedDuplicates: 0, failed: 0, errors: [] };
  const fail = (id: string, code: string, message: string, retryable: boolean) => {
    result.failed++;
    result.errors.push({ id, error: { code, message, retryable } });
  };

  for await (const line of world.objects.lines(sourceLocation.bucketName, sourceLocation.keyPrefix ?? "")) {
    result.total++;
    const id = idOf(line, world.options.idField);
    if (id === undefined) {
      fail(line.at, "invalid.record", `not an object with ${world.options.idField}`, false);
    } else if (environment.records.has(id) && !options.overwriteExisting) {
      result.skippedDuplicates++;
    } else if (result.failed < refuse.records) {
      fail(id, refuse.retryable ? "service.unavailable" : "invalid.value", "the record was refused", refuse.retryable);
    } else {
      if (environment.records.has(id)) environment.overwritten++;
      environment.records.set(id, line.text);
      result.imported++;
    }
  }
  if (result.failed > 0) job.end("COMPLETED_WITH_PARTIAL_RESULTS");
  return result;
}

function idOf({ text }: Line, field: string): string | undefined {
  try {
    const id = (JSON.parse(text) as Record<string, unknown> | null)?.[field];
    return typeof id === "string" && id !== "" ? id : undefined;
  } catch {
    return undefined;
  }
}

/** @throws Refusal 409 where a record exists */
async function refuseExisting(world: World, { environmentId, sourceLocation }: ImportPayload): Promise<void> {
  const { records } = world.environment(environmentId);
  for await (const line of world.objects.lines(sourceLocation.bucketName, sourceLocation.keyPrefix ?? "")) {
    if (records.has(idOf(line, world.options.idField) ?? "")) {
      throw new Refusal(409, { code: "duplicate.record", message: "A record exists already." });
    }
  }
}

function failed(job: Job, error: Error): undefined {
  job.end("FAILED", `The source could not be read: ${error.name}`);
}

/** Each report that is not paused while an import is under way. */
function noteRunningReports(world: World, { id, request }: Job<ImportPayload>): void {
  for (const [name, state] of world.reports) {
    if (state === "running") noteViolation(world, request.environmentId, id, name);
  }
}

function noteViolation(world: World, environmentId: string, id: string, report: string): void {
  world.environment(environmentId).violations.push(`import ${id} ran while report ${report} was not paused`);
}

/** A report was resumed: too early, where an import is under way. */
export function noteResumed(world: World, report: string): void {
  for (const job of world.jobs.all) {
    const under = job.kind === "import" && WAY.slice(0, -1).includes(job.state);
    if (under) noteViolation(world, (job.request as ImportPayload).environmentId, job.id, report);
  }
}
