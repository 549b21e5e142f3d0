import { z } from "zod";
import { secretSchema } from "./key.ts";
import { duration, httpUrl } from "./units.ts";

/** Hosts of Genesys Cloud's regions: `api.{host}` and `login.{host}` serve them (purecloud-platform-client-v2 262.0.0). */
export const REGIONS = [
  ...["mypurecloud.com", "mypurecloud.ie", "mypurecloud.com.au", "mypurecloud.jp", "mypurecloud.de"],
  ...["usw2", "cac1", "apne2", "euw2", "aps1", "sae1", "mec1", "apne3", "euc2", "mxc1", "apse1"].map(
    (name) => `${name}.pure.cloud`,
  ),
  "use2.us-gov-pure.cloud",
] as const;

const texts = z.string().min(1);
const path = z.string().regex(/^\/[^\s?#]*$/, "a path that starts with /");

/** An organization: where it answers, and as whom one calls. */
const organization = {
  region: z.enum(REGIONS).default("mypurecloud.com").describe("host of the organization's region"),
  api: httpUrl.optional().describe("base URL in place of https://api.{region}, for a gateway of one's own"),
  login: httpUrl.optional().describe("base URL in place of https://login.{region}"),
  client: z
    .strictObject({
      id: secretSchema.describe("of the OAuth client (client credentials grant)"),
      secret: secretSchema.describe("of the OAuth client; never inline"),
    })
    .describe("an OAuth client with the client credentials grant"),
};

const poll = z
  .strictObject({
    every: duration.prefault("2s").describe("first pause between two looks at a job; it doubles"),
    atMost: duration.prefault("1m").describe("longest pause"),
    deadline: duration.prefault("6h").describe("a job that has not ended by then is given up"),
  })
  .prefault({})
  .describe("how a job is waited for");

const filter = z.strictObject({ field: texts, operator: texts, value: z.union([z.string(), z.number(), z.boolean()]) });

/** Fields that are not asked for unless the policy masks them: unmasked in a bucket, they are the greatest harm. */
export const HEAVY_FIELDS = ["recordingContent", "transcript"] as const;

const INTERVAL = /^\d{4}-\d{2}-\d{2}T[\d:.]+Z\/\d{4}-\d{2}-\d{2}T[\d:.]+Z$/;

const exporting = z.strictObject({
  ...organization,
  dialect: z
    .enum(["seed", "analytics"])
    .default("seed")
    .describe("seed: bulk export jobs that write Parquet; analytics: the public API's conversation details jobs"),
  entityType: texts.default("interaction").describe("seed: what is exported"),
  window: duration.prefault("7d").describe("how far back, where there is no interval"),
  interval: z
    .string()
    .regex(INTERVAL, "two ISO 8601 times in UTC: 2026-11-16T00:00:00Z/2026-11-23T00:00:00Z")
    .refine((text) => Date.parse(text.split("/")[0]!) < Date.parse(text.split("/")[1]!), "it ends before it starts")
    .optional()
    .describe("from/to in UTC; the same interval is taken once, whatever happens"),
  filters: z.array(filter).default([]).describe("seed: which records, as the API has them"),
  conversationFilters: z.array(z.unknown()).default([]).describe("analytics: as the API has them"),
  segmentFilters: z.array(z.unknown()).default([]).describe("analytics: as the API has them"),
  include: z
    .array(z.enum(HEAVY_FIELDS))
    .default([])
    .describe("fields that are left out otherwise; each needs a rule or preset that masks it"),
  staging: z
    .string()
    .regex(/^(s3:\/\/|file:\/\/|\.{0,2}\/).*/, "s3://bucket/prefix/, or a directory")
    .describe("where the export's files lie until they are masked: s3://bucket/prefix/"),
  stagingRegion: texts.default("us-east-1").describe("AWS region of the staging bucket"),
  afterwards: z
    .enum(["delete", "tag", "keep"])
    .default("delete")
    .describe(
      "what becomes of the staged objects once all is committed; tag: maskline=committed, for a lifecycle rule",
    ),
  paths: z
    .strictObject({
      export: path.default("/api/v2/data/export"),
      schemas: path.default("/api/v2/data/export/schemas"),
    })
    .prefault({})
    .describe("seed: where it answers"),
  poll,
});

const importing = z
  .strictObject({
    ...organization,
    environmentId: texts.optional().describe("the sandbox; default: environment"),
    entityType: texts.default("interaction").describe("what the records are"),
    outputRegion: texts.default("us-east-1").describe("AWS region of the output's bucket"),
    overwriteExisting: z
      .boolean()
      .default(false)
      .describe("would break the sandbox's own test data; refused without allowOverwrite"),
    allowOverwrite: z.boolean().default(false).describe("confirms overwriteExisting"),
    skipDuplicates: z.literal(true).default(true).describe("a window that is imported again adds nothing twice"),
    allowPartial: z
      .boolean()
      .default(false)
      .describe("whether records that the target refuses may stay out; they are named by their hash"),
    reports: z
      .array(
        z.strictObject({
          name: texts.describe("for people"),
          pause: path.describe("POSTed before the import"),
          resume: path.describe("POSTed after it, whatever happened"),
        }),
      )
      .default([])
      .describe("automated report jobs of the target that must not run meanwhile"),
    path: path.default("/api/v2/data/import"),
    poll,
  })
  .refine((one) => !one.overwriteExisting || one.allowOverwrite, {
    path: ["overwriteExisting"],
    error: "overwriting breaks what the sandbox keeps on purpose; confirm it with allowOverwrite: true",
  });

const buckets = z
  .strictObject({
    check: z.boolean().default(true).describe("whether staging and output buckets are looked at first"),
    allow: z
      .array(texts)
      .default([])
      .describe("AWS account ids whose principals a bucket's policy may name, beside the bucket's own"),
  })
  .prefault({})
  .describe("S3 buckets that are open to others are refused before anything is exported");

/** `genesys`: an export before the run, an import after it. */
export const genesysSchema = z.strictObject({
  export: exporting.optional().describe("takes the input from an export job"),
  import: importing.optional().describe("loads what was committed into a sandbox"),
  buckets,
  timeout: duration.prefault("5m").describe("for one call, its retries and waits for the rate limit included"),
});

export type Genesys = z.output<typeof genesysSchema>;
export type GenesysExport = z.output<typeof exporting>;
export type GenesysImport = z.output<typeof importing>;
export type PollSettings = GenesysExport["poll"];
