import { formatBytes } from "../config/bytes.ts";
import { count } from "../count.ts";
import { formatDuration } from "../observe/progress.ts";
import { type Advice, type Findings, type Load, MARGIN } from "./advise.ts";
import { rateOf, undisturbed } from "./model.ts";
import type { Measurement } from "./types.ts";

/** What `maskline size` found out; also its JSON document. */
export interface Sized {
  readonly host: { readonly cores: number; readonly memoryBytes: number };
  readonly sample: {
    readonly source: "generated" | "inputs" | "inputs, built-in policy";
    readonly objects: number;
    readonly rows: number;
    readonly bytes: number;
    readonly largestObjectRows: number;
  };
  readonly measurements: readonly Measurement[];
  readonly findings: Findings;
  readonly knee: { readonly workers: number; readonly rowsPerSecond: number };
  readonly load: (Load & { readonly margin: number; readonly advice: Advice }) | null;
  /** What to keep in mind, in words. */
  readonly notes: readonly string[];
}

/** The report for people: what was measured, the curve, what to request. */
export function sizeText(sized: Sized): string {
  return `${[
    ...introduction(sized),
    "",
    ...measured(sized.measurements),
    "",
    ...bars(sized),
    "",
    ...model(sized),
    ...(sized.load ? ["", ...request(sized.load, sized)] : []),
    ...sized.notes.flatMap((note) =>
      wrapped(note).map((line, index) => `${index === 0 ? "note " : "     "}    ${line}`),
    ),
  ].join("\n")}\n`;
}

const SOURCES = {
  generated: "generated calls, the preset contact-center; -c and --input measure your own",
  inputs: "the configuration's inputs and policy",
  "inputs, built-in policy": "your inputs, the preset contact-center; -c measures your own policy",
} as const;

function introduction({ host, sample, findings }: Sized): string[] {
  const objects = sample.objects === 1 ? "1 object" : `${whole(sample.objects)} objects`;
  return [
    `host     ${host.cores === 1 ? "1 core" : `${host.cores} cores`}, ${formatBytes(host.memoryBytes)}`,
    `sample   ${SOURCES[sample.source]}`,
    `         ${objects}, ${whole(sample.rows)} rows; bytes of a row: ${whole(findings.inputBytesPerRow)} in, ${whole(findings.outputBytesPerRow)} out`,
  ];
}

function measured(measurements: readonly Measurement[]): string[] {
  const header = [
    "workers",
    "rows/s",
    "undisturbed",
    "MB/s in",
    "MB/s out",
    "CPU s/M rows",
    "main",
    "write",
    "CPU s/GB out",
    "cores",
    "peak",
  ];
  const rows = measurements.map((one) => {
    const cpu = one.mainSecondsPerRow + one.writerSecondsPerRow + one.workerSecondsPerRow;
    return [
      String(one.workers),
      whole(one.rowsPerSecond),
      whole(undisturbed(one).rowsPerSecond),
      ((one.rowsPerSecond * one.inputBytesPerRow) / 1e6).toFixed(1),
      ((one.rowsPerSecond * one.outputBytesPerRow) / 1e6).toFixed(1),
      (cpu * 1e6).toFixed(2),
      (one.mainSecondsPerRow * 1e6).toFixed(2),
      (one.writerSecondsPerRow * 1e6).toFixed(2),
      ((cpu / one.outputBytesPerRow) * 1e9).toFixed(1),
      (cpu * one.rowsPerSecond).toFixed(2),
      formatBytes(one.peakBytes),
    ];
  });
  return rightAligned([header, ...rows]);
}

const BAR = 40;

/** Measured points and what the model says beyond them, up to twice the knee. */
function bars({ measurements, findings: { scaling }, knee }: Sized): string[] {
  const rates = new Map(measurements.map(undisturbed).map(({ workers, rowsPerSecond }) => [workers, rowsPerSecond]));
  const counts = new Set([...rates.keys(), knee.workers]);
  for (let workers = 1; workers <= 2 * knee.workers; workers *= 2) counts.add(workers);
  const lines = [...counts]
    .toSorted((a, b) => a - b)
    .map((workers) => ({ workers, rate: rates.get(workers) ?? rateOf(scaling, workers), seen: rates.has(workers) }));
  const most = Math.max(...lines.map(({ rate }) => rate));
  const texts = rightAligned(lines.map(({ workers, rate }) => [String(workers), whole(rate)]));
  return lines.map(({ workers, rate, seen }, index) => {
    const bar = (seen ? "█" : "░").repeat(Math.max(1, Math.round((rate / most) * BAR)));
    return `${texts[index]}  ${bar.padEnd(BAR)}  ${seen ? "measured" : "model"}${workers === knee.workers ? ", knee" : ""}`;
  });
}

function model({ findings: { scaling, memory }, knee }: Sized): string[] {
  const micro = (seconds: number) => `${(seconds * 1e6).toFixed(2)} µs`;
  const share = knee.rowsPerSecond / knee.workers / rateOf(scaling, 1);
  return [
    `model    a row takes ${micro(scaling.worker)} on a worker, ${micro(scaling.writer)} on a thread that writes and ${micro(scaling.main)} on the main thread;`,
    `         ${writing(scaling.objects)};`,
    `         each further worker adds ${micro(scaling.contention)} of contention${scaling.crosstalk > 0 ? ` and ${(scaling.crosstalk * 1e9).toFixed(2)} ns × workers of crosstalk` : ""}`,
    `knee     ${count(knee.workers, "worker")}, ${whole(knee.rowsPerSecond)} rows/s: each gives ${Math.round(share * 100)} % of one alone, with more of them each gives less`,
    `memory   ${formatBytes(memory.base)} and ${formatBytes(memory.perWorker)} a worker at the peak`,
  ];
}

function writing(objects: number): string {
  if (objects === 1) return "one object is written at a time, by one such thread";
  return `up to ${whole(objects)} objects are written at once, by one such thread for each four workers`;
}

function request({ rows, windowSeconds, advice }: NonNullable<Sized["load"]>, { findings }: Sized): string[] {
  const { shards, workers } = advice;
  const margin = Math.round((MARGIN - 1) * 100);
  return [
    `load     ${whole(rows)} rows in ${formatDuration(windowSeconds)}: ${whole(advice.neededRowsPerSecond)} rows/s, and ${margin} % for safety`,
    `request  ${shards === 1 ? "1 process" : `${whole(shards)} processes (shards)`} with ${count(workers, "worker")}${shards === 1 ? "" : " each"}`,
    `         cpu: "${advice.cpu}"   memory: ${advice.memoryLimitBytes / MIB}Mi`,
    `         runtime: { workers: ${workers}, memory: ${advice.runtimeMemoryBytes / MIB}MiB }`,
    `takes    ${formatDuration(advice.seconds)} undisturbed, reading ${rate(advice.readBytesPerSecond)} and writing ${rate(advice.writeBytesPerSecond)} in all:`,
    `         ${formatBytes(rows * findings.inputBytesPerRow)} in, ${formatBytes(rows * findings.outputBytesPerRow)} out; the stores and the network must carry that`,
  ];
}

const MIB = 1024 * 1024;

/** Lines of words, 100 characters at most. */
function wrapped(text: string): string[] {
  return text.match(/.{1,100}(?= |$)/g)!.map((line) => line.trim());
}

function rate(bytesPerSecond: number): string {
  return `${(bytesPerSecond / 1e6).toFixed(1)} MB/s`;
}

function whole(number: number): string {
  return Math.round(number).toLocaleString("en");
}

function rightAligned(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) => `  ${row.map((cell, column) => cell.padStart(widths[column]!)).join("  ")}`);
}
