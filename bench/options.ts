import { parseArgs } from "node:util";
import { SHAPES, type Shape, SIZES, type Size } from "./data.ts";

/** What is to be measured, and on what. */
export interface Options {
  readonly scenario: Scenario;
  readonly shape: Shape;
  readonly size: Size;
  readonly runs: number;
  readonly workers: number;
  /** The contenders by name; all where it is not given. */
  readonly only: readonly string[] | undefined;
  /** Measure with discarded output too. */
  readonly discard: boolean;
}

export const HELP = `Usage: npm run bench -- [options]

maskline and its rivals on the same work, in turn within one run; medians, ratios and goals, printed and kept in bench/results/

  --shape cdr|transcript|nested   the data (default: cdr)
  --size S|M|L                    200 thousand, one or four million rows; nested an eighth of it (default: M)
  --runs N                        interleaved runs (default: 5)
  --workers N                     workers of ours, threads of theirs (default: 2)
  --only NAME,...                 maskline, maskline-plain, duckdb, clickhouse, rowwise, seed, decode (default: all)
  --discard                       with the output discarded too

In place of the comparison, one of:
  --growth       8 times the rows: time and memory
  --memory       row groups of 64 MiB uncompressed: peak memory against 1 GiB
  --scaling      one worker against two, on one row group and on sixteen
  --first-byte   a file of 1 GB: start to the first byte written and uploaded
  --s3           S3 to S3, against ClickHouse, on a gateway of its own

Examples:
  npm run bench -- --size L --only maskline,duckdb,clickhouse --discard
  npm run bench -- --shape nested --size L --runs 3
  npm run bench -- --growth --size M --runs 3`;

const SCENARIOS = ["growth", "memory", "scaling", "first-byte", "s3"] as const;
export type Scenario = "compare" | (typeof SCENARIOS)[number];

/** @throws RangeError or TypeError for options and values that are none of those there are */
export function optionsOf(args: readonly string[]): Options | "help" {
  const flag = { type: "boolean", default: false } as const;
  const { values } = parseArgs({
    args: [...args],
    options: {
      size: { type: "string", default: "M" },
      shape: { type: "string", default: "cdr" },
      runs: { type: "string", default: "5" },
      workers: { type: "string", default: "2" },
      only: { type: "string" },
      discard: flag,
      growth: flag,
      memory: flag,
      scaling: flag,
      "first-byte": flag,
      s3: flag,
      help: { ...flag, short: "h" },
    },
  });
  if (values.help) return "help";
  const shape = values.shape as Shape;
  const size = values.size as Size;
  const runs = Number(values.runs);
  const workers = Number(values.workers);
  if (!SHAPES.includes(shape) || !(size in SIZES) || !(runs >= 1) || !(workers >= 1)) {
    throw new RangeError(`--shape ${SHAPES.join("|")}, --size S|M|L, --runs and --workers from 1`);
  }
  const asked = SCENARIOS.filter((scenario) => values[scenario]);
  if (asked.length > 1) throw new RangeError(`one at a time of ${asked.map((one) => `--${one}`).join(", ")}`);
  const scenario = asked[0] ?? "compare";
  if (values.discard && (scenario === "first-byte" || scenario === "s3")) {
    throw new RangeError(`--${scenario} is about what is written: it cannot be discarded`);
  }
  const only = values.only?.split(",");
  return { scenario, shape, size, runs, workers, only, discard: values.discard };
}
