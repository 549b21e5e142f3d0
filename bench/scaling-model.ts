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
import { writerCount } from "../src/input/resources.ts";
import { MARGIN } from "../src/size/advise.ts";
import { rateOf, undisturbed } from "../src/size/model.ts";
import type { Sized } from "../src/size/report.ts";
import { parquetData, type Shape } from "./data.ts";
import { node, root } from "./places.ts";
import { type Outcome, type Service, simulate } from "./scaling/simulation.ts";
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
const ONE = { processes: 1, writers: 1 };
const IDEAL = { memoryRate: MEMORY_RATE, sinkRate: SINK_RATE, waitingBytes: WAITING };
/** Of a process that is one of several. */
const NODE = 16;

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
    main: findings.scaling.main * rowsPerBatch,
    writer: findings.scaling.writer * rowsPerBatch,
    outputBytes: findings.outputBytesPerRow * rowsPerBatch,
  };
}

const alone = (service: Service) => simulate(service, { ...IDEAL, ...ONE, workers: 1 }).rowsPerSecond;

/** With as many files as it can write at once. */
const manyFiles = (workers: number) => ({ workers, writers: writerCount(Number.POSITIVE_INFINITY, workers) });

function limitOf({ mainBusy, writerBusy, sinkBusy, slowed }: Outcome): string {
  if (sinkBusy > 0.95) return "sink";
  if (slowed > 1.05) return "memory bandwidth";
  if (mainBusy > 0.9) return "main thread";
  return writerBusy > 0.9 ? "writing" : "workers";
}

/** Workers that so many cores carry beside the main thread and those that write. */
function workersOn(cores: number, { worker, main, writer }: Service): number {
  return Math.max(1, Math.floor((cores * worker) / (worker + main + writer)));
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
        "writing it",
        "main thread",
        "writing, s/GB out",
        "main thread, s/GB out",
        "peak memory",
      ],
      rows: Object.entries(shapes).map(([shape, { findings, measurements }]) => [
        shape,
        `${findings.inputBytesPerRow.toFixed(0)} → ${findings.outputBytesPerRow.toFixed(0)}`,
        (measurements[0]!.workerSecondsPerRow * 1e6).toFixed(2),
        (findings.scaling.writer * 1e6).toFixed(2),
        (findings.scaling.main * 1e6).toFixed(2),
        ((findings.scaling.writer / findings.outputBytesPerRow) * GB).toFixed(2),
        ((findings.scaling.main / findings.outputBytesPerRow) * GB).toFixed(2),
        `${mebibytes(findings.memory.base)} + ${mebibytes(findings.memory.perWorker)} a worker`,
      ]),
    }),
    checked: markdown({
      title: "The simulation against the measurement",
      header: ["work", "workers", "measured rows/s, undisturbed", "simulated", "off by"],
      rows: Object.entries(shapes).flatMap(([shape, sized]) =>
        sized.measurements.map((one) => {
          const { rowsPerSecond } = simulate(serviceOf(sized), { ...IDEAL, ...ONE, workers: one.workers });
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
  const { scaling } = sized.findings;
  const law = (workers: number, objects: number) =>
    times(rateOf({ ...scaling, objects }, workers) / rateOf({ ...scaling, objects }, 1));
  return markdown({
    title: "One process, 1 to 64 workers",
    header: [
      "workers",
      ...["one file", "limit", "by the model of `size`"],
      ...["many files", "each", "main thread busy", "limit", "by the model"],
    ],
    rows: [1, 2, 4, 6, 8, 12, 16, 32, 64].map((workers) => {
      const single = simulate(service, { ...IDEAL, ...ONE, workers });
      const many = simulate(service, { ...IDEAL, processes: 1, ...manyFiles(workers) });
      const ratio = many.rowsPerSecond / one;
      return [
        String(workers),
        ...[times(single.rowsPerSecond / one), limitOf(single), law(workers, 1)],
        ...[times(ratio), percent(ratio / workers), percent(many.mainBusy), limitOf(many), law(workers, workers)],
      ];
    }),
  });
}

function oneHost(sized: Sized): string {
  const service = serviceOf(sized);
  const one = alone(service);
  return markdown({
    title: `${CORES} cores, cut into processes, many files`,
    header: ["processes × workers", "memory 100 GB/s", "limit", "memory 40 GB/s", "limit"],
    rows: [1, 2, 4, 8, 16].map((processes) => {
      const workers = workersOn(CORES / processes, service);
      const cells = [100 * GB, 40 * GB].flatMap((memoryRate) => {
        const outcome = simulate(service, { ...IDEAL, processes, ...manyFiles(workers), memoryRate });
        return [times(outcome.rowsPerSecond / one), limitOf(outcome)];
      });
      return [`${processes} × ${workers}`, ...cells];
    }),
  });
}

function sinks(sized: Sized): string {
  const service = serviceOf(sized);
  const bytes = service.outputBytes / service.rows;
  const workers = workersOn(CORES / 4, service);
  return markdown({
    title: `${CORES} cores, 4 × ${workers}, and a sink that takes so much`,
    header: ["sink", "written", "limit", "threads that write, busy"],
    rows: [0.125, 1.25, 3.125, 12.5].map((rate) => {
      const outcome = simulate(service, { ...IDEAL, processes: 4, ...manyFiles(workers), sinkRate: rate * GB });
      const gigabits = `${rate * 8} Gbit/s`;
      return [gigabits, perSecond(outcome.rowsPerSecond * bytes), limitOf(outcome), percent(outcome.writerBusy)];
    }),
  });
}

function night(shapes: Measured["shapes"]): string {
  return markdown({
    title: `10 TB in eight hours, many files, processes of up to ${NODE} cores`,
    header: ["work", "10 TB of", "rows", "rows/s", "processes × workers", "cores", "memory", "read", "written"],
    rows: Object.entries(shapes).flatMap(([shape, sized]) => {
      const service = serviceOf(sized);
      const { inputBytesPerRow, outputBytesPerRow, memory } = sized.findings;
      return [
        { what: "Parquet read", rows: (10 * TB) / inputBytesPerRow },
        { what: "JSON lines written", rows: (10 * TB) / outputBytesPerRow },
      ].map(({ what, rows }) => {
        const needed = rows / NIGHT;
        const rateWith = (workers: number) =>
          simulate(service, { ...IDEAL, processes: 1, ...manyFiles(workers) }).rowsPerSecond;
        const most = workersOn(NODE, service);
        const processes = Math.ceil((needed * MARGIN) / rateWith(most));
        let workers = 1;
        while (workers < most && processes * rateWith(workers) < needed * MARGIN) workers++;
        const cores = workers * (1 + (service.main + service.writer) / service.worker);
        const gibibytes = (processes * 1.25 * (memory.base + workers * memory.perWorker)) / 2 ** 30;
        return [
          shape,
          what,
          `${(rows / 1e9).toFixed(1)} G`,
          thousands(needed),
          `${processes} × ${workers}`,
          String(Math.ceil(processes * cores)),
          `${Math.ceil(gibibytes)} GiB`,
          perSecond(needed * inputBytesPerRow),
          perSecond(needed * outputBytesPerRow),
        ];
      });
    }),
  });
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
