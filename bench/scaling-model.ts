/**
 * docs/scaling.md's tables: service times measured by `maskline size`, carried to 64 cores and to 10 TB a night by
 * simulation.
 *
 *     node bench/scaling-model.ts --measure    first measure here, into bench/results/size-model.json (built program)
 *     node bench/scaling-model.ts              simulate and write the tables
 *     node bench/scaling-model.ts --check      only say whether the tables are those of the measurements
 */
import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs, promisify } from "node:util";
import { MARGIN } from "../src/size/advise.ts";
import { rateOf, undisturbed } from "../src/size/model.ts";
import type { Sized } from "../src/size/report.ts";
import { parquetData, type Shape } from "./data.ts";
import { node, root } from "./places.ts";
import { type Outcome, type Service, type Setting, simulate } from "./scaling/simulation.ts";
import { markdown } from "./table.ts";

const SHAPES = ["cdr", "transcript", "nested"] as const satisfies readonly Shape[];

/** What was measured, when and with what. */
export interface Measured {
  readonly date: string;
  readonly commit: string;
  readonly shapes: Readonly<Record<(typeof SHAPES)[number], Sized>>;
}

const RESULTS = join(import.meta.dirname, "results/size-model.json");
const PAGE = join(root, "docs/scaling.md");

const MB = 1e6;
const GB = 1e9;
const TB = 1e12;
const CORES = 64;
/** A window of eight hours. */
const NIGHT = 8 * 3600;
/** Assumed: a 64-core server's memory, and the stores and the network, where nothing else is said. */
const MEMORY_RATE = 100 * GB;
const SINK_RATE = 100 * GB;
const WAITING = 32 * 2 ** 20;
const IDEAL = { memoryRate: MEMORY_RATE, sinkRate: SINK_RATE, waitingBytes: WAITING };
/** Workers are added to a process as long as each gives so much of what one alone does. */
const WORTHWHILE = 0.8;

const execute = promisify(execFile);

/** Runs `maskline size` on each shape of the benchmark. */
async function measure(): Promise<Measured> {
  const shapes: Record<string, Sized> = {};
  for (const shape of SHAPES) {
    const input = await parquetData({ shape, size: "S" });
    const config = join(import.meta.dirname, `${shape}.yaml`);
    const args = [join(root, "dist/cli.js"), "size", "-c", config, "--input", input, "--time", "60s", "--json"];
    const { stdout } = await execute(node, args, { maxBuffer: 2 ** 24 });
    shapes[shape] = { ...(JSON.parse(stdout) as Sized) };
    process.stderr.write(`measured ${shape}\n`);
  }
  const { stdout: commit } = await execute("git", ["rev-parse", "--short", "HEAD"], { cwd: root });
  const date = new Date().toISOString().slice(0, 10);
  return { date, commit: commit.trim(), shapes: shapes as Measured["shapes"] };
}

/** What a batch takes, by the measurements' medians. */
function serviceOf({ measurements, findings }: Sized): Service {
  const { rowsPerBatch, workerSecondsPerRow } = measurements[0]!;
  return {
    rows: rowsPerBatch,
    worker: workerSecondsPerRow * rowsPerBatch,
    main: findings.scaling.shared * rowsPerBatch,
    outputBytes: findings.outputBytesPerRow * rowsPerBatch,
  };
}

const alone = (service: Service) => simulate(service, { ...IDEAL, processes: 1, workers: 1 }).rowsPerSecond;

function limitOf({ mainBusy, sinkBusy, slowed }: Outcome): string {
  if (sinkBusy > 0.95) return "sink";
  if (slowed > 1.05) return "memory bandwidth";
  return mainBusy > 0.9 ? "main thread" : "workers";
}

const thousands = (number: number) => `${Math.round(number / 1000).toLocaleString("en")} k`;
const times = (ratio: number) => `${ratio.toFixed(ratio < 10 ? 2 : 1)} ×`;
const percent = (share: number) => `${Math.round(100 * share)} %`;
const perSecond = (bytes: number) =>
  bytes >= GB ? `${(bytes / GB).toFixed(1)} GB/s` : `${Math.round(bytes / MB).toLocaleString("en")} MB/s`;

/** By name, what stands between the page's marks. */
function tables({ date, commit, shapes }: Measured): Record<string, string> {
  const { cdr } = shapes;
  return {
    measured: markdown({
      title: `What was measured (${date}, ${commit})`,
      header: [
        "work",
        "bytes of a row, in → out",
        "µs a row: worker",
        "writing thread",
        "writing thread, s/GB out",
        "peak memory",
      ],
      rows: Object.entries(shapes).map(([shape, { findings, measurements }]) => [
        shape,
        `${findings.inputBytesPerRow.toFixed(0)} → ${findings.outputBytesPerRow.toFixed(0)}`,
        (measurements[0]!.workerSecondsPerRow * 1e6).toFixed(2),
        (findings.scaling.shared * 1e6).toFixed(2),
        ((findings.scaling.shared / findings.outputBytesPerRow) * GB).toFixed(2),
        `${mebibytes(findings.memory.base)} + ${mebibytes(findings.memory.perWorker)} a worker`,
      ]),
    }),
    checked: markdown({
      title: "The simulation against the measurement",
      header: ["work", "workers", "measured rows/s, undisturbed", "simulated", "off by"],
      rows: Object.entries(shapes).flatMap(([shape, sized]) =>
        sized.measurements.map((one) => {
          const { rowsPerSecond } = simulate(serviceOf(sized), { ...IDEAL, processes: 1, workers: one.workers });
          const measured = undisturbed(one).rowsPerSecond;
          return [
            shape,
            String(one.workers),
            thousands(measured),
            thousands(rowsPerSecond),
            percent(rowsPerSecond / measured - 1),
          ];
        }),
      ),
    }),
    process: oneProcess(cdr),
    host: oneHost(cdr),
    sinks: sinks(cdr),
    night: night(shapes),
  };
}

const mebibytes = (bytes: number) => `${Math.round(bytes / 2 ** 20)} MiB`;

function oneProcess(sized: Sized): string {
  const service = serviceOf(sized);
  const one = alone(service);
  return markdown({
    title: "One process, 1 to 64 workers",
    header: ["workers", "simulated", "each", "main thread busy", "limit", "by the model of `size`"],
    rows: [1, 2, 4, 6, 8, 12, 16, 32, 64].map((workers) => {
      const outcome = simulate(service, { ...IDEAL, processes: 1, workers });
      const law = rateOf(sized.findings.scaling, workers) / rateOf(sized.findings.scaling, 1);
      const ratio = outcome.rowsPerSecond / one;
      return [
        String(workers),
        times(ratio),
        percent(ratio / workers),
        percent(outcome.mainBusy),
        limitOf(outcome),
        times(law),
      ];
    }),
  });
}

function oneHost(sized: Sized): string {
  const service = serviceOf(sized);
  const one = alone(service);
  return markdown({
    title: `${CORES} cores, cut into processes`,
    header: ["processes × workers", "memory 100 GB/s", "limit", "memory 40 GB/s", "limit"],
    rows: [1, 2, 4, 8, 16].map((processes) => {
      // A core of each is the main thread's.
      const workers = CORES / processes - 1;
      const cells = [100 * GB, 40 * GB].flatMap((memoryRate) => {
        const outcome = simulate(service, { ...IDEAL, processes, workers, memoryRate });
        return [times(outcome.rowsPerSecond / one), limitOf(outcome)];
      });
      return [`${processes} × ${workers}`, ...cells];
    }),
  });
}

function sinks(sized: Sized): string {
  const service = serviceOf(sized);
  const bytes = service.outputBytes / service.rows;
  const setting: Setting = { ...IDEAL, processes: 8, workers: 7 };
  return markdown({
    title: `${CORES} cores, 8 × 7, and a sink that takes so much`,
    header: ["sink", "written", "limit", "main threads busy"],
    rows: [0.125, 1.25, 3.125, 12.5].map((rate) => {
      const outcome = simulate(service, { ...setting, sinkRate: rate * GB });
      const gigabits = `${rate * 8} Gbit/s`;
      return [gigabits, perSecond(outcome.rowsPerSecond * bytes), limitOf(outcome), percent(outcome.mainBusy)];
    }),
  });
}

function night(shapes: Measured["shapes"]): string {
  return markdown({
    title: "10 TB in eight hours",
    header: ["work", "10 TB of", "rows", "rows/s", "processes × workers", "cores", "memory", "read", "written"],
    rows: Object.entries(shapes).flatMap(([shape, sized]) => {
      const service = serviceOf(sized);
      const { inputBytesPerRow, outputBytesPerRow, memory } = sized.findings;
      const { workers, rowsPerSecond, mainBusy } = worthwhile(service);
      return [
        { what: "Parquet read", rows: (10 * TB) / inputBytesPerRow },
        { what: "JSON lines written", rows: (10 * TB) / outputBytesPerRow },
      ].map(({ what, rows }) => {
        const needed = rows / NIGHT;
        const processes = Math.ceil((needed * MARGIN) / rowsPerSecond);
        const gibibytes = (processes * 1.25 * (memory.base + workers * memory.perWorker)) / 2 ** 30;
        return [
          shape,
          what,
          `${(rows / 1e9).toFixed(1)} G`,
          thousands(needed),
          `${processes} × ${workers}`,
          String(Math.ceil(processes * (workers + mainBusy))),
          `${Math.ceil(gibibytes)} GiB`,
          perSecond(needed * inputBytesPerRow),
          perSecond(needed * outputBytesPerRow),
        ];
      });
    }),
  });
}

/** The most workers of a process that still give enough each. */
function worthwhile(service: Service): Outcome & { readonly workers: number } {
  const one = alone(service);
  let best = { workers: 1, ...simulate(service, { ...IDEAL, processes: 1, workers: 1 }) };
  for (let workers = 2; workers < CORES; workers++) {
    const outcome = simulate(service, { ...IDEAL, processes: 1, workers });
    if (outcome.rowsPerSecond < WORTHWHILE * workers * one) break;
    best = { workers, ...outcome };
  }
  return best;
}

/** The page with the tables between its marks: `<!-- name -->` … `<!-- end -->`. */
export function withTables(page: string, measured: Measured): string {
  return Object.entries(tables(measured)).reduce((text, [name, table]) => {
    const block = new RegExp(`(<!-- ${name} -->\n)[\\s\\S]*?(<!-- end -->)`);
    if (!block.test(text)) throw new Error(`docs/scaling.md has no <!-- ${name} -->`);
    return text.replace(block, (_, start: string, end: string) => `${start}\n${table}\n${end}`);
  }, page);
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: { measure: { type: "boolean", default: false }, check: { type: "boolean", default: false } },
  });
  if (values.measure) await writeFile(RESULTS, `${JSON.stringify(await measure(), null, 2)}\n`);
  const measured = JSON.parse(await readFile(RESULTS, "utf8")) as Measured;
  const page = await readFile(PAGE, "utf8");
  const current = withTables(page, measured);
  if (!values.check) await writeFile(PAGE, current);
  else if (current !== page) {
    process.stderr.write("docs/scaling.md has other tables than the measurements give: node bench/scaling-model.ts\n");
    process.exitCode = 1;
  }
}
