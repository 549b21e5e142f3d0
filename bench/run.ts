/**
 * `npm run bench`: maskline and its rivals on the same work, in turn within one run, several times; medians, ratios and
 * goals as tables and, dated, in bench/results/.
 *
 *     npm run bench -- --size M --shape cdr --runs 5 --workers 2 [--only maskline,duckdb] [--discard]
 *     npm run bench -- --growth       8 times the rows: time and memory
 *     npm run bench -- --memory       row groups of 64 MiB uncompressed: peak memory against 1 GiB
 *     npm run bench -- --scaling      one worker against two, on one row group and on sixteen
 *     npm run bench -- --first-byte   a file of 1 GB: start to the first byte written and uploaded
 *     npm run bench -- --s3           S3 to S3, against ClickHouse, on a gateway of its own
 */
import { type Options, optionsOf, type Scenario } from "./options.ts";
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
await report(await scenarios[options.scenario](options), options);
