import { hash } from "node:crypto";
import { hashColumn } from "./digest.ts";
import { ANY_SCALAR, declareMask, literally } from "./mask.ts";
import { memoised } from "./memo.ts";

export const saltedHash = declareMask({
  name: "salted-hash",
  summary: "hex SHA-256 of value and environment hash: unkeyed, guessable, for comparison with what exists",
  options: (z) => ({
    prefix: z.string().default("User_").describe("stands before the hex digits"),
    length: z.int().min(8).max(64).default(8).describe("hex digits of the hash"),
  }),
  accepts: ANY_SCALAR,
  action: "text",
  counts: "all",
  results: ({ prefix, length }) => `${literally(prefix)}[0-9a-f]{${length}}`,
  compile: ({ prefix, length }, { environment }) => {
    const salt = hash("sha256", environment, "hex");
    return memoised((column, kernels) => hashColumn(column, salt, { prefix, digits: length }, kernels));
  },
});
