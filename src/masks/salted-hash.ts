import { hash } from "node:crypto";
import { z } from "zod";
import { ANY_SCALAR, declareMask } from "./mask.ts";
import { mapValues } from "./text.ts";

export const saltedHash = declareMask({
  name: "salted-hash",
  summary: "hex SHA-256 of value and environment hash: unkeyed, guessable, for comparison with what exists",
  options: {
    prefix: z.string().default("User_").describe("stands before the hex digits"),
    length: z.int().min(8).max(64).default(8).describe("hex digits of the hash"),
  },
  accepts: ANY_SCALAR,
  action: "text",
  counts: "all",
  compile: ({ prefix, length }, { environment }) => {
    const salt = hash("sha256", environment, "hex");
    return (column, kernels) =>
      mapValues(column, kernels, (value) => prefix + hash("sha256", value + salt, "hex").slice(0, length));
  },
});
