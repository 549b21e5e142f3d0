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

const SCENARIOS = ["growth", "memory", "scaling", "first-byte", "s3"] as const;
export type Scenario = "compare" | (typeof SCENARIOS)[number];

/** @throws RangeError for values that are none of those there are */
export function optionsOf(args: readonly string[]): Options {
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
    },
  });
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
