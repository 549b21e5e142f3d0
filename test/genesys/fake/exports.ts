/** Seed dialect: what there is to export, and jobs that write it to a bucket as Parquet. */
import { createHash } from "node:crypto";
import { parquetByHyparquet } from "../../support/generate/writers.ts";
import { faultOf } from "./faults.ts";
import { Refusal, type Reply, type Route } from "./http.ts";
import { interactions } from "./interactions.ts";
import { type Job, standing } from "./jobs.ts";
import { type ExportPayload, exportPayload, payloadOf } from "./payloads.ts";
import type { World } from "./world.ts";

interface ExportFile {
  readonly key: string;
  readonly size: number;
  /** Hex. */
  readonly sha256: string;
  readonly rowCount: number;
}

interface Written {
  readonly files: readonly ExportFile[];
  readonly schemaVersion: string;
}

const PATH = "/api/v2/data/export";
const WAY = ["QUEUED", "PENDING", "FULFILLED"];

export function exportRoutes(world: World): readonly Route[] {
  const written = new Map<string, Promise<Written>>();

  /** Once for each job, when it is first seen to be done. */
  const write = (job: Job<ExportPayload>): Promise<Written> => {
    const known = written.get(job.id) ?? writeExport(world, job);
    written.set(job.id, known);
    return known;
  };

  return [
    {
      method: "GET",
      path: `${PATH}/schemas`,
      access: "token",
      handle: ({ query }) => schemasPage(world, Number(query.get("pageNumber") ?? "1")),
    },
    {
      method: "POST",
      path: PATH,
      access: "token",
      handle: (call) => {
        const payload = payloadOf(exportPayload, call);
        for (const { field } of payload.filters ?? []) {
          if (world.schema.columns.some(({ name }) => name === field)) continue;
          const details = [{ errorCode: "invalid.value", fieldName: "filters.field" }];
          throw new Refusal(400, { code: "invalid.value", message: "No such field.", details });
        }
        const job = world.jobs.ask("export", WAY, payload, call);
        return { status: 202, body: { ...standing(job, call.faults), selfUri: `${PATH}/${job.id}` } };
      },
    },
    {
      method: "GET",
      path: `${PATH}/{id}`,
      access: "token",
      handle: async (call) => {
        const job = world.jobs.find<ExportPayload>("export", call);
        job.look(call.faults);
        const result = job.done ? await write(job).catch((error: Error) => failed(job, error)) : undefined;
        const body = standing(job, call.faults);
        if (!result || body.state !== "FULFILLED") return { status: 200, body };
        return { status: 200, body: { ...body, ...(await misreported(world, job, result)) } };
      },
    },
  ];
}

/** A page for each entity: what matters may stand behind `nextUri`. */
function schemasPage({ schema }: World, page: number): Reply {
  const entities = [
    { name: "agent", version: "1", fields: [{ path: "agentId", type: "string" }] },
    {
      name: "interaction",
      version: schema.version,
      fields: schema.columns.map(({ name, type }) => ({ path: name, type })),
    },
  ];
  const nextUri = page < entities.length ? `${PATH}/schemas?pageNumber=${page + 1}` : undefined;
  return { status: 200, body: { entities: entities.slice(page - 1, page), ...(nextUri ? { nextUri } : {}) } };
}

async function writeExport(world: World, job: Job<ExportPayload>): Promise<Written> {
  const { options, schema, objects } = world;
  const { destination, excludeFields = [], filters = [], entityType } = job.request;
  const [from, to] = rangeOf(job.request, options.now);
  const all = interactions(schema.columns, from, to, options);
  const chosen = [...Array(options.rows).keys()].filter((row) =>
    filters.every(
      ({ field, operator, value }) => (String(all.get(field)?.[row]) === String(value)) === (operator === "EQ"),
    ),
  );
  const columns = schema.columns.filter(({ name }) => !excludeFields.some((excluded) => excluded === name));
  const rowsOfFile = Math.ceil(chosen.length / options.files);
  const { version: schemaVersion } = schema;

  const files: ExportFile[] = [];
  for (let part = 0; part < options.files; part++) {
    const rows = chosen.slice(part * rowsOfFile, (part + 1) * rowsOfFile);
    // Where there is nothing, there is no file.
    if (rows.length === 0) break;
    const entries = columns.map(({ name, element }) => [
      name,
      { ...element, values: rows.map((row) => all.get(name)![row]) },
    ]);
    const bytes = await parquetByHyparquet(Object.fromEntries(entries), options.rowGroup);
    const number = String(part).padStart(5, "0");
    const name = options.folders ? `part=${number}/data.parquet` : `part-${number}.parquet`;
    const key = `${destination.keyPrefix ?? ""}${entityType}-${job.id}/${name}`;
    await objects.put(destination.bucketName, key, bytes);
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    files.push({ key, size: bytes.length, sha256, rowCount: rows.length });
  }
  return { files, schemaVersion };
}

/** From and to, milliseconds since the epoch. */
function rangeOf({ dateRange }: ExportPayload, now: string): readonly [number, number] {
  if (dateRange.type === "FIFO") return [Date.parse(now) - dateRange.windowSizeSeconds * 1000, Date.parse(now)];
  const [from, to] = dateRange.interval.split("/").map(Date.parse);
  return [from!, to!];
}

function failed(job: Job, error: Error): undefined {
  job.end("FAILED", `The destination could not be written: ${error.name}`);
}

/** What is said of the files: the truth, but for the job's faults. */
async function misreported(world: World, job: Job<ExportPayload>, result: Written): Promise<Written> {
  const fault = faultOf(job.faults, "file");
  const file = fault && result.files[fault.index];
  if (!file) return result;
  const lies: Record<typeof fault.wrong, Partial<ExportFile>> = {
    sha256: { sha256: file.sha256.replace(/^./, (digit) => (digit === "0" ? "1" : "0")) },
    size: { size: file.size + 1 },
    rowCount: { rowCount: file.rowCount + 1 },
    missing: {},
  };
  if (fault.wrong === "missing") await world.objects.remove(job.request.destination.bucketName, file.key);
  return { ...result, files: result.files.with(fault.index, { ...file, ...lies[fault.wrong] }) };
}
