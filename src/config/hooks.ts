import { z } from "zod";
import { secretSchema } from "./key.ts";
import { duration, httpUrl } from "./units.ts";

const hook = z
  .strictObject({
    url: z.union([httpUrl, secretSchema]).describe("POSTed to; Slack's is a secret: name where it is to be had"),
    format: z.enum(["json", "slack", "pagerduty"]).default("json").describe("shape of the body"),
    secret: secretSchema
      .optional()
      .describe("json, slack: signs the body with HMAC-SHA-256 (X-Maskline-Signature); pagerduty: the routing key"),
    timeout: duration.prefault("30s").describe("for all attempts together"),
  })
  .refine(({ format, secret }) => format !== "pagerduty" || secret !== undefined, {
    path: ["secret"],
    error: "pagerduty needs the integration's routing key",
  });

/** `hooks`: who is told. */
export const hooksSchema = z
  .strictObject({
    alert: z.array(hook).default([]).describe("told when a field needs a person's decision, or something leaked"),
    committed: z.array(hook).default([]).describe("told once all is committed: to drop caches, or to start a loader"),
  })
  .prefault({})
  .describe("webhooks");

export type Hook = z.output<typeof hook>;
