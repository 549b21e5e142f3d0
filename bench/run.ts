/**
 * `npm run bench`: maskline and its rivals on the same work, in turn within one run, several times; medians and ratios
 * as a table and, dated, in bench/results/.
 *
 *     npm run bench -- --size M --shape cdr --runs 5 --workers 2 [--only maskline,duckdb]
 *     npm run bench -- --growth      8 times the rows: time and memory
 *     npm run bench -- --memory      row groups of 64 MiB uncompressed: peak memory against 1 GiB
 */
import { mkdir, rm, stat, writeFile } from "node:fs/promises";
import { availableParallelism, totalmem } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type Contender, maskline, rivals } from "./contenders.ts";
import { type DataSpec, rowsOf, SHAPES, type Shape, SIZES, type Size } from "./data.ts";
import { countLines, measure, median, type Usage } from "./measure.ts";

const { values } = parseArgs({
  options: {
    size: { type: "string", default: "M" },
    shape: { type: "string", default: "cdr" },
    runs: { type: "string", default: "5" },
    workers: { type: "string", default: "2" },
    only: { type: "string" },
    growth: { type: "boolean", default: false },
    memory: { type: "boolean", default: false },
  },
});

const shape = values.shape as Shape;
const size = values.size as Size;
const runs = Number(values.runs);
const workers = Number(values.workers);
if (!SHAPES.includes(shape) || !(size in SIZES) || !(runs >= 1) || !(workers >= 1)) {
  throw new RangeError("--shape cdr|transcript, --size S|M|L, --runs and --workers from 1");
}

const MIB = 1024 * 1024;

/** What one contender took, run by run, and what went in and out. */
interface Series {
  readonly name: string;
  readonly rows: number;
  readonly inputBytes: number;
  outputBytes: number;
  readonly usages: Usage[];
}

if (values.growth) await growth();
else if (values.memory) await memory();
else await compare();

async function compare(): Promise<void> {
  const spec: DataSpec = { shape, size };
  const only = values.only?.split(",");
  const contenders = [await maskline(spec, workers), ...(await rivals(spec, workers))].filter(
    ({ name }) => only?.includes(name) ?? true,
  );
  const series = await interleaved(contenders.map((contender) => ({ contender, rows: rowsOf(spec) })));
  const table = [
    ["", "wall s", "CPU s", "rows/s", "MB/s in", "MB/s out", "peak MiB", `× ${series[0]!.name}`],
    ...series.map((one) => row(one, series[0]!)),
  ];
  await report(
    `${shape}-${size}`,
    `${shape}, ${rowsOf(spec).toLocaleString("en")} rows, ${workers} workers`,
    table,
    series,
  );
}

async function growth(): Promise<void> {
  const specs: readonly DataSpec[] = [
    { shape, size },
    { shape, size, times: 8 },
  ];
  const entrants = await Promise.all(
    specs.map(async (spec) => ({ contender: await maskline(spec, workers), rows: rowsOf(spec) })),
  );
  const [small, large] = await interleaved(entrants);
  const time = medianOf(large!, "wallSeconds") / medianOf(small!, "wallSeconds");
  const rss = medianOf(large!, "peakRssBytes") / medianOf(small!, "peakRssBytes");
  const table = [
    ["rows", "wall s", "peak MiB"],
    ...[small!, large!].map((one) => [
      one.rows.toLocaleString("en"),
      medianOf(one, "wallSeconds").toFixed(2),
      (medianOf(one, "peakRssBytes") / MIB).toFixed(0),
    ]),
    ["ratio", time.toFixed(2), `${rss.toFixed(2)} (bar 1.10)`],
  ];
  await report(`growth-${shape}-${size}`, `${shape}, 8 times the rows, ${workers} workers`, table, [small!, large!]);
}

async function memory(): Promise<void> {
  const spec: DataSpec = { shape, size, rowGroups: "64MiB" };
  const [one] = await interleaved([{ contender: await maskline(spec, workers), rows: rowsOf(spec) }]);
  const peak = Math.max(...one!.usages.map(({ peakRssBytes }) => peakRssBytes)) / MIB;
  const table = [
    ["rows", "peak MiB", "bar"],
    [one!.rows.toLocaleString("en"), peak.toFixed(0), peak <= 1024 ? "within 1024" : "above 1024"],
  ];
  await report(`memory-${shape}-${size}`, `${shape}, row groups of 64 MiB, ${workers} workers`, table, [one!]);
}

/** Everyone once, then everyone again: what disturbs the machine disturbs all alike. */
async function interleaved(entrants: readonly { contender: Contender; rows: number }[]): Promise<Series[]> {
  const series = await Promise.all(
    entrants.map(async ({ contender: { name, input }, rows }): Promise<Series> => {
      const { size: inputBytes } = await stat(input);
      return { name, rows, inputBytes, outputBytes: 0, usages: [] };
    }),
  );
  const scratch = join(import.meta.dirname, "data/usage.txt");
  const env = { MASKLINE_KEY: "benchmark-key-0123456789abcdef-0123456789" };
  for (let run = 0; run < runs; run++) {
    for (const [index, { contender, rows }] of entrants.entries()) {
      await rm(contender.output, { recursive: true, force: true });
      const usage = await measure(contender.command, scratch, env);
      series[index]!.usages.push(usage);
      const outputs = await contender.outputs();
      series[index]!.outputBytes = await checked(contender, outputs, rows);
      await rm(contender.output, { recursive: true, force: true });
      console.error(`${run + 1}/${runs} ${contender.name} ${usage.wallSeconds.toFixed(2)} s`);
    }
  }
  return series;
}

/** Bytes written; throws unless the rows are all there. */
async function checked({ name, command }: Contender, outputs: readonly string[], rows: number): Promise<number> {
  if (outputs.length === 0) {
    if (name === "decode") return 0;
    throw new Error(`${name} left no output: ${command.join(" ")}`);
  }
  let lines = 0;
  let bytes = 0;
  for (const path of outputs) {
    lines += await countLines(path);
    bytes += (await stat(path)).size;
  }
  if (lines !== rows) throw new Error(`${name} wrote ${lines} rows of ${rows}`);
  return bytes;
}

function medianOf({ usages }: Series, what: keyof Usage): number {
  return median(usages.map((usage) => usage[what]));
}

function row(one: Series, first: Series): string[] {
  const wall = medianOf(one, "wallSeconds");
  return [
    one.name,
    wall.toFixed(2),
    medianOf(one, "cpuSeconds").toFixed(2),
    Math.round(one.rows / wall).toLocaleString("en"),
    (one.inputBytes / 1e6 / wall).toFixed(1),
    (one.outputBytes / 1e6 / wall).toFixed(1),
    (medianOf(one, "peakRssBytes") / MIB).toFixed(0),
    (wall / medianOf(first, "wallSeconds")).toFixed(2),
  ];
}

async function report(
  name: string,
  title: string,
  table: readonly (readonly string[])[],
  series: readonly Series[],
): Promise<void> {
  const [header, ...rows] = table;
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const markdown = [
    `# ${title}`,
    "",
    `Medians of ${runs} interleaved runs; ${availableParallelism()} cores, ${Math.round(totalmem() / 1024 / MIB)} GiB, Node ${process.version}.`,
    "",
    line(header!),
    line(header!.map((_, index) => (index === 0 ? "---" : "---:"))),
    ...rows.map(line),
    "",
  ].join("\n");
  process.stdout.write(markdown);
  const directory = join(import.meta.dirname, "results");
  await mkdir(directory, { recursive: true });
  const date = new Date().toISOString().slice(0, 10);
  const result = { title, date, runs, workers, cores: availableParallelism(), node: process.version, series };
  await writeFile(join(directory, `${date}-${name}.md`), markdown);
  await writeFile(join(directory, `${date}-${name}.json`), `${JSON.stringify(result, null, 2)}\n`);
}
