/** The bodies that are taken, member by member: anything else is 400. */
import { z } from "zod";
import { type Call, Refusal } from "./http.ts";

const text = z.string().min(1);
const interval = z
  .string()
  .regex(/^\d{4}-\d\d-\d\dT[\d:.]+Z\/\d{4}-\d\d-\d\dT[\d:.]+Z$/)
  .refine((value) => {
    const [from, to] = value.split("/").map(Date.parse);
    return from! < to!;
  }, "ends before it starts");

const location = z.strictObject({
  type: z.literal("AWS_S3"),
  bucketName: z.string().regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/),
  region: z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/),
  keyPrefix: z
    .string()
    .regex(/^[^/].*\/$/, "without a leading slash, with a trailing one")
    .optional(),
});

export const exportPayload = z.strictObject({
  entityType: z.literal("interaction"),
  dateRange: z.discriminatedUnion("type", [
    z.strictObject({ type: z.literal("FIFO"), windowSizeSeconds: z.int().positive() }),
    z.strictObject({ type: z.literal("INTERVAL"), interval }),
  ]),
  destination: location,
  filters: z
    .array(
      z.strictObject({
        field: text,
        operator: z.enum(["EQ", "NE"]),
        value: z.union([z.string(), z.number(), z.boolean()]),
      }),
    )
    .optional(),
  excludeFields: z.array(z.enum(["recordingContent", "transcript"])).optional(),
});
export type ExportPayload = z.output<typeof exportPayload>;

export const importPayload = z.strictObject({
  environmentId: text,
  entityType: z.literal("interaction"),
  format: z.literal("JSON_LINES"),
  sourceLocation: location,
  options: z.strictObject({ overwriteExisting: z.boolean(), skipDuplicates: z.boolean() }),
});
export type ImportPayload = z.output<typeof importPayload>;

const operator = z.enum(["matches", "exists", "notExists"]).optional();
const predicate = z.strictObject({
  type: z.enum(["dimension", "property", "metric"]).optional(),
  dimension: text.optional(),
  propertyType: z.enum(["bool", "integer", "real", "date", "string", "uuid"]).optional(),
  property: text.optional(),
  metric: text.optional(),
  operator,
  value: z.string().nullable().optional(),
  range: z.record(z.enum(["gt", "gte", "lt", "lte"]), z.number()).optional(),
});
const join = z.enum(["and", "or"]);
const filter = z
  .strictObject({
    type: join,
    clauses: z.array(z.strictObject({ type: join, predicates: z.array(predicate).min(1) })).optional(),
    predicates: z.array(predicate).optional(),
  })
  .refine((one) => (one.clauses ?? one.predicates ?? []).length > 0, "needs clauses or predicates");

/** AsyncConversationQuery. */
export const detailsPayload = z.strictObject({
  interval,
  order: z.enum(["asc", "desc", "unordered"]).optional(),
  orderBy: z.enum(["conversationStart", "conversationEnd", "segmentStart", "segmentEnd"]).optional(),
  limit: z.int().positive().optional(),
  startOfDayIntervalMatching: z.boolean().optional(),
  conversationFilters: z.array(filter).optional(),
  segmentFilters: z.array(filter).optional(),
  evaluationFilters: z.array(filter).optional(),
  surveyFilters: z.array(filter).optional(),
  resolutionFilters: z.array(filter).optional(),
});
export type DetailsPayload = z.output<typeof detailsPayload>;
export type DetailsFilter = z.output<typeof filter>;

/**
 * The body of a call as a payload.
 * @throws Refusal 400; its details name the members that are wrong
 */
export function payloadOf<T>(schema: z.ZodType<T>, call: Call): T {
  if (!/^application\/json\b/.test(call.headers["content-type"] ?? "")) {
    throw new Refusal(400, { message: "The request body has to be application/json." });
  }
  const parsed = schema.safeParse(jsonOf(call.text));
  if (parsed.success) return parsed.data;
  throw new Refusal(400, {
    code: "invalid.value",
    message: "The request body is not valid.",
    details: parsed.error.issues.flatMap((issue) => {
      const at = issue.path.join(".");
      if (issue.code !== "unrecognized_keys") return [{ errorCode: issue.message, fieldName: at }];
      return issue.keys.map((key) => ({ errorCode: "unknown.member", fieldName: at ? `${at}.${key}` : key }));
    }),
  });
}

function jsonOf(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new Refusal(400, { message: "The request body is not JSON." });
  }
}
