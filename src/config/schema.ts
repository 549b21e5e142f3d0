import { z } from "zod";
import { MASKS } from "../masks/index.ts";
import { PRESETS } from "../policy/presets.ts";
import { genesysSchema } from "./genesys.ts";
import { hooksSchema } from "./hooks.ts";
import { keySchema } from "./key.ts";
import { byteSize, duration, share } from "./units.ts";

const target = {
  field: z.string().min(1).optional().describe("matches a leaf's name, any case, * for any characters"),
  path: z
    .string()
    .min(1)
    .optional()
    .describe("matches a leaf's whole path: . for a struct, [] for a list, {} or {key pattern} for a map"),
};

const texts = z.string().min(1);

const when = z
  .strictObject({
    field: texts
      .optional()
      .describe("the nearest field of that name, in the same struct or one around it; without it, the value itself"),
    is: z
      .union([texts.transform((one) => [one]), z.array(texts).min(1)])
      .describe("what it holds, any case: a text with * for any characters, a /regular expression/, or one of several"),
  })
  .optional()
  .describe("the rule is for values only where this holds; others go on to the next rule");

/** One rule shape a mask: the fields every rule has and the mask's own options. */
const rules = MASKS.map((mask) =>
  z
    .strictObject({ ...target, mask: z.literal(mask.name), when, ...mask.options(z) })
    .describe(mask.summary)
    .refine((rule) => (rule.field === undefined) !== (rule.path === undefined), {
      error: "a rule names either field or path",
    })
    .superRefine((rule, context) => {
      const message = mask.problem?.(rule);
      if (message) context.addIssue({ code: "custom", message });
    }),
);

const rule = z.discriminatedUnion("mask", rules as unknown as [(typeof rules)[0], ...typeof rules]);

const unmatched = z.enum(["pause", "drop", "scan", "keep"]);

const presetNames = Object.keys(PRESETS) as [keyof typeof PRESETS, ...(keyof typeof PRESETS)[]];

const policy = z.strictObject({
  presets: z.array(z.enum(presetNames)).default([]).describe("bundled rules, after your own"),
  rules: z.array(rule).default([]).describe("the first match wins"),
  unmatched: z
    .strictObject({
      sensitive: unmatched.default("pause").describe("leaves whose name looks sensitive"),
      text: unmatched.default("scan").describe("other text"),
      other: unmatched.default("keep").describe("numbers, dates, booleans"),
    })
    .prefault({})
    .describe("leaves that no rule and no preset names: pause stops the run (exit 3), nothing is written"),
});

const settings = z.strictObject({
  environment: z.string().min(1).describe("name of the sandbox; another environment gets other tokens"),
  key: keySchema.describe("master key of the tokens, at least 32 bytes; never inline"),
  input: z
    .union([
      z
        .string()
        .min(1)
        .transform((one) => [one]),
      z.array(z.string().min(1)),
    ])
    .default([])
    .describe("paths, globs, file:// or s3:// URIs; relative to the configuration"),
  output: z.string().min(1).describe("directory or prefix; {environment}, {date} and {runId} expand"),
  compression: z.enum(["none", "gzip", "zstd"]).default("none").describe("of the output objects"),
  int64: z
    .enum(["number", "string"])
    .default("number")
    .describe("64-bit integers and decimals as exact JSON numbers, or quoted for readers that use doubles"),
  policy,
  verify: share
    .prefault("1%")
    .describe("rows that are compared with what was written of them, before anything is committed; full is all"),
  lock: z
    .string()
    .min(1)
    .default("maskline.lock.json")
    .describe("the approved schema; written by maskline drift --approve"),
  s3: z
    .strictObject({
      checksums: z
        .enum(["when_supported", "when_required"])
        .default("when_supported")
        .describe("CRC32 on uploads; when_required for stores that refuse it"),
      encryption: z
        .union([z.literal("bucket"), z.strictObject({ kms: texts.describe("id, alias or ARN of the KMS key") })])
        .default("bucket")
        .describe(
          "of all that is written: the bucket's own, or SSE-KMS with a key; what is not encrypted so is no output",
        ),
    })
    .prefault({})
    .describe("credentials, region and endpoint come from the usual AWS variables"),
  genesys: genesysSchema.optional().describe("Genesys Cloud: an export before the run, an import after it"),
  hooks: hooksSchema,
  runtime: z
    .strictObject({
      workers: z
        .union([z.literal("auto"), z.int().min(1).max(1024)], { error: "auto, or a number from 1 to 1024" })
        .default("auto")
        .describe("worker threads; auto is the number of usable cores"),
      memory: byteSize.prefault("1GiB").describe("what a run may take; the plan refuses inputs that cannot fit"),
      onBadInput: z
        .enum(["fail", "skip"])
        .default("fail")
        .describe("skip: an unreadable input is named in the manifest and left out"),
      stallTimeout: duration.prefault("5m").describe("a worker that gives no batch for so long is given up"),
    })
    .prefault({})
    .describe("resources"),
  metrics: z
    .strictObject({
      port: z.int().min(0).max(65535).nullable().default(9464).describe("HTTP port; 0 for any free one, null for none"),
      host: z.string().default("0.0.0.0").describe("address to listen on"),
      linger: duration.prefault("0s").describe("how long the endpoint stays after the run, for a last scrape"),
    })
    .optional()
    .describe("Prometheus metrics, health and the committed signal over HTTP"),
});

/** These are said with whatever else is wrong. */
function isMap({ value }: { readonly value: unknown }): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * Every setting, declared once: types, checks, defaults, the JSON Schema for editors and the reference in docs/ come
 * from here.
 */
export const configSchema = settings
  .refine(({ input, genesys }) => input?.length !== 0 || genesys?.export !== undefined, {
    path: ["input"],
    error: "nothing is named that is to be read; where Genesys Cloud exports it, say how in genesys.export",
    when: isMap,
  })
  .refine(({ input, genesys }) => !input?.length || genesys?.export === undefined, {
    path: ["input"],
    error: "genesys.export gives the input; take one of the two out",
    when: isMap,
  })
  .refine(({ s3, output }) => typeof s3?.encryption !== "object" || !output || /^s3:\/\//i.test(output), {
    path: ["s3", "encryption"],
    error: "the output is a local directory, which no KMS key encrypts; take this out, or write to s3://",
    when: isMap,
  });

/** The configuration after parsing: complete, in base units (bytes, milliseconds). */
export type Config = z.output<typeof configSchema>;

/** One of the user's rules, complete with its mask's defaults. */
export type Rule = Config["policy"]["rules"][number];
