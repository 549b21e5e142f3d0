import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { type LoadedConfig, parseConfig } from "./config/load.ts";
import { gate } from "./drift.ts";
import { badInput, usageError } from "./errors.ts";
import { configure, prepare, type Surroundings } from "./prepare.ts";
import { advise, type Findings, MARGIN, memoryFor } from "./size/advise.ts";
import { generated, POLICY } from "./size/generate.ts";
import { measure, medians, schedule, workerCounts } from "./size/measure.ts";
import { fitMemory, fitScaling, kneeOf, rateOf, undisturbed } from "./size/model.ts";
import { notesOn } from "./size/notes.ts";
import type { Sized } from "./size/report.ts";
import { samplePlan } from "./size/sample.ts";
import type { Measurement, Work } from "./size/types.ts";

export interface SizeOptions {
  /** Undefined for maskline.yaml where there is one, and the preset where not. */
  readonly config: string | undefined;
  readonly input: readonly string[] | undefined;
  /** Of measuring, about. */
  readonly seconds: number;
  /** Default: the inputs' own. */
  readonly rows: number | undefined;
  readonly windowSeconds: number | undefined;
  readonly cores: number | undefined;
}

/** What sizing needs to know of the host beyond the cores. */
export interface Host {
  /** Bytes that may be taken. */
  readonly memoryBytes: number;
}

/** Called before each measurement. */
export type OnProbe = (workers: number, seconds: number, number: number, of: number) => void;

/** Output of one round that a worker is given, in bytes: some seconds of work. */
const ROUND = 1024 ** 3;
/** The share of the host's memory that a measurement may take. */
const MEMORY_SHARE = 0.75;

/** Plan → sample → measure with 1, 2, … workers → fit → advice. Writes nothing but generated data. */
export async function size(
  options: SizeOptions,
  host: Host,
  surroundings: Surroundings,
  onProbe: OnProbe,
): Promise<Sized> {
  const { source, configuration } = await configurationOf(options, surroundings);
  const wanted = loadOf(options, source);
  await using data = source === "generated" ? await generated() : undefined;
  const work = await plan(configuration, data?.path, host, surroundings);
  const { plan: whole } = work;
  const largestObjectRows = whole.objects.reduce((most, { input }) => Math.max(most, input.rows), 0);
  // While one thread writes the largest, others write the rest: so many have work all along.
  const objects = Math.max(1, Math.floor(whole.rows / largestObjectRows));
  const measurements = await measureAll(work, objects, options.seconds, host, onProbe, surroundings);
  const findings = findingsOf(measurements, objects);
  const load = wanted ? { ...wanted, rows: wanted.rows ?? whole.rows } : null;
  const knee = kneeOf(findings.scaling);
  const sized = {
    host: { cores: surroundings.cores, memoryBytes: host.memoryBytes },
    sample: {
      source,
      objects: whole.objects.length,
      rows: whole.rows,
      bytes: whole.bytes,
      largestObjectRows,
    },
    measurements,
    findings,
    knee: { workers: knee, rowsPerSecond: rateOf(findings.scaling, knee) },
    load: load && { ...load, margin: MARGIN, advice: advise(load, findings, work) },
  };
  return { ...sized, notes: notesOn(sized) };
}

interface Source {
  readonly source: Sized["sample"]["source"];
  readonly configuration: LoadedConfig;
}

/** The key of a measurement is a random one: the output is thrown away. */
const KEY = "MASKLINE_SIZE_KEY";

async function configurationOf({ config, input }: SizeOptions, surroundings: Surroundings): Promise<Source> {
  const file = config ?? (existsSync(resolve(surroundings.directory, "maskline.yaml")) ? "maskline.yaml" : undefined);
  if (file !== undefined) {
    return { source: "inputs", configuration: await configure(file, input ? { input } : {}, surroundings) };
  }
  const { directory } = surroundings;
  const preset = parseConfig(POLICY, "the built-in policy", input ? { input } : {});
  return { source: input ? "inputs, built-in policy" : "generated", configuration: { config: preset, directory } };
}

async function plan(
  { config, directory }: LoadedConfig,
  generatedData: string | undefined,
  { memoryBytes }: Host,
  surroundings: Surroundings,
): Promise<Work> {
  const own = {
    ...config,
    ...(generatedData !== undefined && { input: [generatedData] }),
    key: { env: KEY },
    runtime: { ...config.runtime, workers: "auto" as const, memory: Math.floor(memoryBytes * MEMORY_SHARE) },
  };
  const env = { ...surroundings.env, [KEY]: randomBytes(32).toString("hex") };
  const ignore = { storeRetried: () => {}, workerRestarted: () => {} };
  await using prepared = await prepare({ config: own, directory }, ignore, { ...surroundings, env });
  gate(prepared);
  if (prepared.plan.rows === 0) throw badInput("measuring: the inputs hold no rows; name others with --input");
  const { pool: _, writers: _w, shares: __, stores: ___, [Symbol.asyncDispose]: ____, ...work } = prepared;
  return work;
}

/** The load as far as it was said; a configuration's inputs say their rows themselves. */
function loadOf({ rows, windowSeconds, cores }: SizeOptions, source: Source["source"]) {
  if (windowSeconds !== undefined && rows === undefined && source === "generated") {
    throw usageError("--window wants --rows too: generated data says nothing of your load");
  }
  if (windowSeconds === undefined && rows !== undefined) {
    throw usageError("--rows wants --window too: the time that they must be done in, such as 4h");
  }
  return windowSeconds === undefined ? undefined : { rows, windowSeconds, cores };
}

async function measureAll(
  work: Work,
  objects: number,
  seconds: number,
  { memoryBytes }: Host,
  onProbe: OnProbe,
  { cores, version, signal }: Surroundings,
): Promise<Measurement[]> {
  const counts = workerCounts(cores);
  const { turns, seconds: each } = schedule(seconds, counts.length);
  const all: Measurement[] = [];
  for (let turn = 0; turn < turns; turn++) {
    for (const workers of counts) {
      onProbe(workers, each, all.length + 1, turns * counts.length);
      const task = { work: enough(work, workers, memoryBytes), objects, workers, seconds: each, version };
      all.push(await measure(task, signal));
    }
  }
  return medians(all);
}

/** As much of the work as so many workers are busy with for a while, with the memory that they need for it. */
function enough(work: Work, workers: number, hostMemory: number): Work {
  const own: Work = { ...work, plan: samplePlan(work.plan, workers * ROUND) };
  const memory = Math.min(memoryFor(own, workers), Math.floor(hostMemory * MEMORY_SHARE));
  return { ...own, config: { ...work.config, runtime: { ...work.config.runtime, memory } } };
}

function findingsOf(measurements: readonly Measurement[], objects: number): Findings {
  const middle = (of: (one: Measurement) => number) =>
    measurements.map(of).toSorted((a, b) => a - b)[(measurements.length - 1) >> 1]!;
  const serial = {
    main: middle((one) => one.mainSecondsPerRow),
    writer: middle((one) => one.writerSecondsPerRow),
    objects,
  };
  return {
    scaling: fitScaling(measurements.map(undisturbed), serial),
    memory: fitMemory(measurements),
    inputBytesPerRow: middle((one) => one.inputBytesPerRow),
    outputBytesPerRow: middle((one) => one.outputBytesPerRow),
    startSeconds: Math.max(...measurements.map((one) => one.startSeconds)),
  };
}
