/**
 * `npm run bench:profile`: where a run's time goes, by stage, by kernel, by function, and by column.
 *
 *     npm run bench:profile -- --size M --shape cdr --workers 2 [--interval 500] [--top 25] [--json FILE]
 *
 * V8 samples every JavaScript thread of a whole run of the built program (`node --cpu-prof`). What it cannot see are
 * its own helper threads (compiler, garbage collector) and those of libuv, which read and write files: they are the
 * difference to the process's CPU time. Samples are time on the clock, in which a thread that waits for a core looks
 * busy: where they add up to more than the process's CPU time, they are scaled down to it. The sampler notes every
 * function that is compiled, so start-up looks about a third dearer than it is.
 *
 * The profiles stay in bench/data/profile/samples/ until the next run; Chrome's DevTools open them.
 */
import { writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { parquetData, rowsOf, SHAPES, type Shape, SIZES, type Size } from "./data.ts";
import { columnCosts } from "./profile/columns.ts";
import { configurationOf, KEY, profiledRun } from "./profile/run.ts";
import type { Sample } from "./profile/samples.ts";
import { functionOf, IDLE, isKernel, loaderOf, START_UP, stageOf } from "./profile/stages.ts";
import { keepDated, machine, markdown, type Table } from "./table.ts";

const { values } = parseArgs({
  options: {
    size: { type: "string", default: "M" },
    shape: { type: "string", default: "cdr" },
    workers: { type: "string", default: "2" },
    interval: { type: "string", default: "500" },
    top: { type: "string", default: "25" },
    json: { type: "string" },
  },
});

const shape = values.shape as Shape;
const size = values.size as Size;
const workers = Number(values.workers);
const top = Number(values.top);
const interval = Number(values.interval);
if (!SHAPES.includes(shape) || !(size in SIZES) || !(workers >= 1) || !(interval >= 1) || !(top >= 1)) {
  throw new RangeError(
    `--shape ${SHAPES.join("|")}, --size S|M|L, --workers, --interval (microseconds) and --top from 1`,
  );
}
const rows = rowsOf({ shape, size });

/** Rows of the start-up's table. */
const LOADERS = 12;

/** Seconds on the clock by name, largest first. */
type Shares = readonly { readonly name: string; readonly seconds: number }[];

const input = await parquetData({ shape, size });
const configuration = await configurationOf(shape, workers);
const { samples, ...usage } = await profiledRun(configuration, input, interval);
const busy = samples.filter((sample) => stageOf(sample) !== IDLE);
const total = sum(busy);
const onCpu = Math.min(1, usage.cpuSeconds / total);
const shares = {
  stages: sharesOf(busy, (sample) => `${stageOf(sample)} (${sample.thread})`),
  kernels: sharesOf(
    busy.filter(({ stack }) => isKernel(stack[0]!)),
    functionOf,
  ),
  loading: sharesOf(
    busy.filter((sample) => stageOf(sample) === START_UP),
    loaderOf,
  ),
  functions: sharesOf(busy, (sample) => `${functionOf(sample)} (${stageOf(sample)})`),
};
const costs = await columnCosts(configuration, input, KEY);
await report();

function sharesOf(of: readonly Sample[], key: (sample: Sample) => string): Shares {
  const sums = new Map<string, number>();
  for (const sample of of) sums.set(key(sample), (sums.get(key(sample)) ?? 0) + sample.microseconds / 1e6);
  return [...sums].map(([name, seconds]) => ({ name, seconds })).sort((a, b) => b.seconds - a.seconds);
}

function sum(of: readonly Sample[]): number {
  return of.reduce((seconds, { microseconds }) => seconds + microseconds / 1e6, 0);
}

async function report(): Promise<void> {
  const title = `Profile of ${shape}, ${rows.toLocaleString("en")} rows, ${workers} workers`;
  const waiting = (thread: Sample["thread"]) =>
    sum(samples.filter((sample) => sample.thread === thread && stageOf(sample) === IDLE)).toFixed(2);
  const text = [
    `# ${title}\n`,
    `One run; ${machine()}.\n`,
    `${usage.wallSeconds.toFixed(2)} s on the clock, ${usage.cpuSeconds.toFixed(2)} s of CPU in the whole process, ` +
      `${total.toFixed(2)} s sampled in its JavaScript threads, which besides were idle for ${waiting("main")} s (main) ` +
      `and ${waiting("worker")} s (workers together).\n`,
    markdown(tableOf("By stage", shares.stages)),
    markdown(tableOf("By kernel function", shares.kernels)),
    markdown(tableOf("Start-up, by who loads", shares.loading.slice(0, LOADERS))),
    markdown(tableOf(`By function, the first ${top}`, shares.functions.slice(0, top))),
    markdown(columnTable()),
  ].join("\n");
  process.stdout.write(text);
  // The long tail is in the profiles themselves.
  const functions = shares.functions.filter(({ seconds }) => seconds >= total / 1000);
  const result = {
    title,
    date: new Date().toISOString().slice(0, 10),
    node: process.version,
    rows,
    usage,
    ...shares,
    functions,
    costs,
  };
  if (values.json) await writeFile(values.json, `${JSON.stringify(result, null, 2)}\n`);
  await keepDated(`profile-${shape}-${size}`, text, result);
}

function tableOf(title: string, entries: Shares): Table {
  const cells = ({ name, seconds }: Shares[number]) => [
    name,
    `${((seconds / total) * 100).toFixed(1)} %`,
    (seconds * onCpu).toFixed(2),
    (((seconds * onCpu) / rows) * 1e9).toFixed(0),
  ];
  return { title, header: ["", "share", "CPU s", "ns/row"], rows: entries.map(cells) };
}

function columnTable(): Table {
  const { columns, decoding } = costs;
  const sorted = columns.toSorted((a, b) => b.masking + b.encoding - a.masking - a.encoding);
  const all = (what: "masking" | "encoding") => columns.reduce((total, column) => total + column[what], 0).toFixed(0);
  return {
    title: "By column, in one thread, each column alone",
    header: ["", "type", "mask", "mask ns/row", "encode ns/row"],
    rows: [
      ...sorted.map(({ column, type, mask, masking, encoding }) => [
        ...[column, type, mask, masking.toFixed(0), encoding.toFixed(0)],
      ]),
      ["all columns", "", "", all("masking"), all("encoding")],
      ["decoding them", "", "", "", decoding.toFixed(0)],
    ],
  };
}
