/**
 * `npm run bench`: maskline and its rivals on the same work, in turn within one run, several times; medians, ratios and
 * goals as tables and, dated, in bench/results/. `npm run bench -- --help` says what there is.
 */
import { HELP, type Options, optionsOf, type Scenario } from "./options.ts";
import { type Findings, report } from "./report.ts";
import { compare } from "./scenarios/compare.ts";
import { firstByte } from "./scenarios/first-byte.ts";
import { growth } from "./scenarios/growth.ts";
import { memory } from "./scenarios/memory.ts";
import { s3 } from "./scenarios/s3.ts";
import { scaling } from "./scenarios/scaling.ts";

const scenarios: Readonly<Record<Scenario, (options: Options) => Promise<Findings>>> = {
  compare,
  growth,
  memory,
  scaling,
  "first-byte": firstByte,
  s3,
};

const options = optionsOf(process.argv.slice(2));
if (options === "help") console.log(HELP);
else await report(await scenarios[options.scenario](options), options);
