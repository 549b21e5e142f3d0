import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { masklineCommand } from "../configuration.ts";
import { type Contender, environment } from "../contender.ts";
import { gigabyteData } from "../data.ts";
import { FIRST_BYTE } from "../goals.ts";
import type { Options } from "../options.ts";
import { outDirectory } from "../places.ts";
import type { Findings } from "../report.ts";
import { interleaved, medianOf } from "../series.ts";
import { startSink } from "../sink.ts";

/** A file of 1 GB: from the start of the process to the first byte that it writes, or uploads. It is ended there. */
export async function firstByte({ runs, workers }: Options): Promise<Findings> {
  const input = await gigabyteData();
  const { size: inputBytes } = await stat(input);
  const contender = (name: string, toFirstByte: () => Promise<number>): Contender => ({
    name,
    // It is ended before a row can be counted.
    rows: 0,
    inputBytes,
    run: async () => ({
      usage: { wallSeconds: (await toFirstByte()) / 1000, cpuSeconds: 0, peakRssBytes: 0 },
      outcome: { rows: 0, bytes: 0 },
    }),
  });
  const contenders = [
    contender("written to a local file", () => locally(input, workers)),
    contender("received by an S3 server", () => uploaded(input, workers)),
  ];
  const series = await interleaved(contenders, runs);
  const rows = series.map((one) => [
    one.name,
    medianOf(one, "wallSeconds").toFixed(3),
    Math.max(...one.usages.map(({ wallSeconds }) => wallSeconds)).toFixed(3),
  ]);
  const gigabytes = (inputBytes / 1e9).toFixed(2);
  return {
    name: "first-byte",
    title: `Start to the first byte, a file of ${gigabytes} GB, ${workers} workers`,
    tables: [{ title: "First byte", header: ["", "median s", "slowest s"], rows }],
    figures: series.map((one) => ({
      name: `start to the first byte ${one.name}`,
      value: medianOf(one, "wallSeconds"),
      goal: FIRST_BYTE,
    })),
    series,
  };
}

/** Milliseconds from the start of the process. */
async function locally(input: string, workers: number): Promise<number> {
  const output = join(outDirectory, "first-byte/");
  await rm(output, { recursive: true, force: true });
  await mkdir(output, { recursive: true });
  try {
    return await timed(await masklineCommand("cdr", workers, {}, input, output), {}, async (signal) => {
      while (!(await hasBytes(output))) await sleep(2, undefined, { signal });
    });
  } finally {
    await rm(output, { recursive: true, force: true });
  }
}

/** The file has a temporary name until it is whole. */
async function hasBytes(directory: string): Promise<boolean> {
  for (const name of await readdir(directory)) {
    if (name.includes(".jsonl") && (await stat(join(directory, name))).size > 0) return true;
  }
  return false;
}

async function uploaded(input: string, workers: number): Promise<number> {
  await using sink = await startSink();
  const command = await masklineCommand("cdr", workers, {}, input, "s3://output/");
  return await timed(command, sink.env, () => sink.firstByte);
}

/** Milliseconds from the start of a process until something has come; then the process is killed. */
async function timed(
  [program, ...args]: readonly string[],
  env: Readonly<Record<string, string>>,
  come: (signal: AbortSignal) => Promise<void>,
): Promise<number> {
  const ended = new AbortController();
  const started = performance.now();
  const child = spawn(program!, args, {
    env: { ...process.env, ...environment, ...env },
    stdio: ["ignore", "ignore", "inherit"],
  });
  try {
    await Promise.race([come(ended.signal), failed(child)]);
    return performance.now() - started;
  } finally {
    ended.abort();
    if (child.exitCode === null && child.kill("SIGKILL")) await once(child, "exit");
  }
}

async function failed(child: ChildProcess): Promise<never> {
  const [code, signal] = await once(child, "exit");
  throw new Error(`waiting for the first byte: the process ended with ${code ?? signal}`);
}
