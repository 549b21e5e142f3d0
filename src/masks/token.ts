import { z } from "zod";
import { canonicalForm } from "./canonical.ts";
import { hmacSha256 } from "./hmac.ts";
import { ANY_SCALAR, declareMask } from "./mask.ts";
import { mapValues } from "./text.ts";

export const token = declareMask({
  name: "token",
  summary: "a keyed token, the same for the same value within an environment and domain (HMAC-SHA-256)",
  options: {
    domain: z.string().min(1).default("default").describe("values of one domain share tokens: person, phone, email, …"),
    prefix: z.string().default("User_").describe("stands before the hex digits"),
    length: z.int().min(8).max(64).default(16).describe("hex digits of the token"),
  },
  accepts: ANY_SCALAR,
  action: "text",
  counts: "all",
  compile: ({ domain, prefix, length }, context) => {
    const tokenOf = hmacSha256(context.domainKey(domain), length);
    const canonical = canonicalForm(domain);
    return (column, kernels) => mapValues(column, kernels, (value) => prefix + tokenOf(canonical(value)));
  },
});
