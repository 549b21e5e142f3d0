/**
 * `npm run bench:micro`: every kernel and every mask on columns of 4,096 values as a worker has them, beside the same
 * work done plainly, row by row: the kernels' twins, node:crypto, String.prototype.replace.
 *
 *     npm run bench:micro -- [--only digestHex,"mask token"] [--milliseconds 150] [--json FILE]
 *
 * Medians by mitata. The plain work starts from strings and ends with strings: decoding and encoding them, which a
 * pipeline by rows has to do as well, is not in its figures. GB/s is of the bytes read, for encoders of those written. `slow` marks a mask that takes more than
 * a microsecond a value.
 */
import { writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { do_not_optimize, measure } from "mitata";
import type { Pending } from "./micro/case.ts";
import { ROWS } from "./micro/columns.ts";
import { KERNEL_CASES, kernelsWithoutCase } from "./micro/kernels.ts";
import { MASK_CASES, masksWithoutCase } from "./micro/masks.ts";
import { keepDated, machine, markdown, type Table } from "./table.ts";

const { values } = parseArgs({
  options: {
    only: { type: "string" },
    milliseconds: { type: "string", default: "150" },
    json: { type: "string" },
  },
});

const milliseconds = Number(values.milliseconds);
if (!(milliseconds >= 1)) throw new RangeError("--milliseconds from 1: the least time for each of the two");

/** Nanoseconds of a value beyond which a mask is marked. */
const SLOW = 1000;

interface Result {
  readonly name: string;
  readonly on: string;
  readonly nsPerValue: number;
  readonly gigabytesPerSecond: number;
  readonly twinNsPerValue: number;
}

const only = values.only?.split(",");
const chosen = [...KERNEL_CASES, ...MASK_CASES].filter(({ name }) => only?.some((one) => name.includes(one)) ?? true);
if (chosen.length === 0) throw new RangeError(`--only ${values.only}: there is no such kernel or mask`);
const results: Result[] = [];
for (const pending of chosen) results.push(await measured(pending));
await report();

async function measured({ name, on, prepare }: Pending): Promise<Result> {
  const { values: count, bytes, run, twin } = prepare();
  const ns = await median(run);
  const result = {
    nsPerValue: ns / count,
    gigabytesPerSecond: bytes / ns,
    twinNsPerValue: (await median(twin)) / count,
  };
  console.error(`${name}, ${on}: ${result.nsPerValue.toFixed(1)} ns`);
  return { name, on, ...result };
}

/** Nanoseconds of a call. */
async function median(work: () => unknown): Promise<number> {
  const { p50 } = await measure(() => do_not_optimize(work()), { min_cpu_time: milliseconds * 1e6, min_samples: 5 });
  return p50;
}

async function report(): Promise<void> {
  const title = `Kernels and masks, columns of ${ROWS.toLocaleString("en")} values`;
  const isMask = ({ name }: Result) => name.startsWith("mask ");
  const missing = [...kernelsWithoutCase(), ...masksWithoutCase()];
  const tables = [
    tableOf(
      "Kernels",
      results.filter((one) => !isMask(one)),
    ),
    tableOf("Masks, with what a worker does around them", results.filter(isMask)),
  ];
  const text = [
    `# ${title}\n`,
    `Medians of at least ${milliseconds} ms each; ${machine()}.\n`,
    ...tables.filter(({ rows }) => rows.length > 0).map(markdown),
    `Not measured by themselves: ${missing.join(", ") || "none"}.\n`,
  ].join("\n");
  process.stdout.write(text);
  const result = { title, date: new Date().toISOString().slice(0, 10), node: process.version, milliseconds, results };
  if (values.json) await writeFile(values.json, `${JSON.stringify(result, null, 2)}\n`);
  if (!only) await keepDated("micro", text, result);
}

function tableOf(title: string, of: readonly Result[]): Table {
  const cells = ({ name, on, nsPerValue, gigabytesPerSecond, twinNsPerValue }: Result) => [
    `${name}, ${on}`,
    nsPerValue.toFixed(nsPerValue < 10 ? 2 : 0),
    gigabytesPerSecond > 0 ? gigabytesPerSecond.toFixed(2) : "",
    twinNsPerValue.toFixed(0),
    (twinNsPerValue / nsPerValue).toFixed(1),
    name.startsWith("mask ") && nsPerValue > SLOW ? "slow" : "",
  ];
  return { title, header: ["", "ns/value", "GB/s", "plain ns/value", "× plain", ""], rows: of.map(cells) };
}
