import { ANY_SCALAR, declareMask, literally } from "./mask.ts";
import { mapValues } from "./text.ts";

export const replace = declareMask({
  name: "replace",
  summary: "a fixed text in place of every value",
  options: (z) => ({ with: z.string().describe("the text to write") }),
  accepts: ANY_SCALAR,
  action: "text",
  counts: "all",
  results: (options) => literally(options.with),
  compile: (options) => (column, kernels) => mapValues(column, kernels, () => options.with),
});
