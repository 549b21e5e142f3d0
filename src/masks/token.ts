import { canonicalColumn } from "./canonical.ts";
import { hmacColumn } from "./digest.ts";
import { ANY_SCALAR, declareMask, literally } from "./mask.ts";
import { memoised } from "./memo.ts";

export const token = declareMask({
  name: "token",
  summary: "a keyed token, the same for the same value within an environment and domain (HMAC-SHA-256)",
  options: (z) => ({
    domain: z.string().min(1).default("default").describe("values of one domain share tokens: person, phone, email, …"),
    prefix: z.string().default("User_").describe("stands before the hex digits"),
    length: z.int().min(8).max(64).default(16).describe("hex digits of the token"),
  }),
  accepts: ANY_SCALAR,
  action: "text",
  keyed: true,
  counts: "all",
  results: ({ prefix, length }) => `${literally(prefix)}[0-9a-f]{${length}}`,
  joins: ({ domain }) => ({ domain }),
  compile: ({ domain, prefix, length }, context) => {
    const key = context.domainKey(domain);
    const canonical = canonicalColumn(domain);
    return memoised((column, kernels) =>
      hmacColumn(canonical(column, kernels), key, { prefix, digits: length }, kernels),
    );
  },
});
