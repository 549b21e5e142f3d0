/** analytics dialect: conversation details jobs, as in Genesys Cloud's public API. */
import { conversations } from "./conversations.ts";
import { faultOf } from "./faults.ts";
import { type Call, Refusal, type Reply, type Route } from "./http.ts";
import { type Job, standing } from "./jobs.ts";
import { type DetailsFilter, type DetailsPayload, detailsPayload, payloadOf } from "./payloads.ts";
import type { World } from "./world.ts";

type Json = Record<string, unknown>;

const PATH = "/api/v2/analytics/conversations/details/jobs";
const WAY = ["QUEUED", "PENDING", "FULFILLED"];
const DAY = 86_400_000;
const MOST_ON_A_PAGE = 1000;

export function detailsRoutes(world: World): readonly Route[] {
  const found = new Map<string, readonly Json[]>();

  return [
    {
      method: "POST",
      path: PATH,
      access: "token",
      handle: (call) => {
        const job = world.jobs.ask("conversations", WAY, payloadOf(detailsPayload, call), call);
        return { status: 202, body: { jobId: job.id } };
      },
    },
    {
      method: "GET",
      path: `${PATH}/availability`,
      access: "token",
      handle: () => ({ status: 200, body: { dataAvailabilityDate: world.options.now } }),
    },
    {
      method: "GET",
      path: `${PATH}/{id}`,
      access: "token",
      handle: (call) => {
        const job = world.jobs.find("conversations", call);
        job.look(call.faults);
        const { id: _, ...told } = standing(job, call.faults);
        const dates = {
          submissionDate: new Date(job.submitted).toISOString(),
          ...(job.done ? { completionDate: new Date().toISOString() } : {}),
          expirationDate: new Date(job.submitted + DAY).toISOString(),
        };
        return { status: 200, body: { ...told, ...dates } };
      },
    },
    {
      method: "GET",
      path: `${PATH}/{id}/results`,
      access: "token",
      handle: (call) => {
        const job = world.jobs.find<DetailsPayload>("conversations", call);
        job.meet(call.faults);
        if (!job.done) throw new Refusal(404, { message: `The results of a job that is ${job.state} are not there.` });
        const all = found.get(job.id) ?? matching(world, job.request);
        found.set(job.id, all);
        return page(world, job, all, call);
      },
    },
    {
      method: "DELETE",
      path: `${PATH}/{id}`,
      access: "token",
      handle: (call) => {
        world.jobs.find("conversations", call).deleted = true;
        return { status: 204 };
      },
    },
  ];
}

/** The cursor says where the next page begins, and differs from page to page even where that is the same. */
function page({ options }: World, job: Job, all: readonly Json[], { query, faults }: Call): Reply {
  const pageSize = Number(query.get("pageSize") ?? MOST_ON_A_PAGE);
  if (!Number.isInteger(pageSize) || pageSize < 1 || pageSize > MOST_ON_A_PAGE) throw invalid("pageSize");
  const cursor = query.get("cursor");
  const [id, offset, serial] = cursor === null ? [job.id, 0, 0] : fromCursor(cursor);
  if (id !== job.id) throw invalid("cursor");
  const next = faultOf(faults, "duplicatePage") ? offset : offset + pageSize;
  const more = next < all.length;
  return {
    status: 200,
    body: {
      conversations: all.slice(offset, offset + pageSize),
      ...(more ? { cursor: Buffer.from(JSON.stringify([id, next, serial + 1])).toString("base64url") } : {}),
      dataAvailabilityDate: options.now,
    },
  };
}

function fromCursor(cursor: string): [string, number, number] {
  try {
    return JSON.parse(Buffer.from(cursor, "base64url").toString()) as [string, number, number];
  } catch {
    throw invalid("cursor");
  }
}

function invalid(fieldName: string): Refusal {
  const details = [{ errorCode: "invalid.value", fieldName }];
  return new Refusal(400, { code: "invalid.value", message: `${fieldName} is not valid.`, details });
}

/** What a job finds: nothing that is later than what is available. */
function matching({ options, schema }: World, query: DetailsPayload): readonly Json[] {
  const [from, to] = query.interval.split("/").map(Date.parse);
  const { conversationFilters = [], segmentFilters = [], limit, order } = query;
  const found = conversations(from!, to!, schema.added, options)
    .filter(({ conversationStart }) => String(conversationStart) < options.now)
    .filter((one) => conversationFilters.every((filter) => holds(filter, one)))
    .filter((one) => segmentFilters.every((filter) => segmentsOf(one).some((segment) => holds(filter, segment))));
  return (order === "desc" ? found.toReversed() : found).slice(0, limit);
}

/** Each segment with what its session and its participant say. */
function segmentsOf(conversation: Json): readonly Json[] {
  return (conversation.participants as Json[]).flatMap((participant) =>
    (participant.sessions as Json[]).flatMap((session) =>
      (session.segments as Json[]).map((segment) => ({ ...participant, ...session, ...segment })),
    ),
  );
}

/** Predicates of dimensions are minded; those of properties and metrics hold always. */
function holds(filter: Pick<DetailsFilter, "type" | "clauses" | "predicates">, of: Json): boolean {
  const parts = [
    ...(filter.clauses ?? []).map((clause) => holds(clause, of)),
    ...(filter.predicates ?? []).map(({ dimension, operator = "matches", value }) => {
      if (dimension === undefined) return true;
      if (operator !== "matches") return (of[dimension] !== undefined) === (operator === "exists");
      return of[dimension] === (value ?? undefined);
    }),
  ];
  return filter.type === "and" ? parts.every(Boolean) : parts.some(Boolean);
}
