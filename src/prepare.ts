import { resolve } from "node:path";
import { type LoadedConfig, loadConfig, type Overrides } from "./config/load.ts";
import type { Config } from "./config/schema.ts";
import { type Declared, inspect, type Quarantined } from "./input/inspect.ts";
import { makePlan, type Plan } from "./input/plan.ts";
import { type Shares, sharesOf, workerCount, writerCount } from "./input/resources.ts";
import { loadKeys } from "./keys/load.ts";
import { readLock } from "./lock-file.ts";
import { identify, type RunIdentity } from "./output/manifest.ts";
import { Writers } from "./output/writers.ts";
import { expand, fromHere, located, outputPlace } from "./places.ts";
import { type Contents, contentReason, judge } from "./policy/content.ts";
import { Decider } from "./policy/decide.ts";
import { compare, type Drift, type LiveInput } from "./policy/drift.ts";
import type { Leaf } from "./policy/leaves.ts";
import { isHashed } from "./policy/lint-cards.ts";
import { lintPolicy } from "./policy/lint-policy.ts";
import { lockedLeaves } from "./policy/lock.ts";
import { underPreviousKey } from "./policy/overlap.ts";
import { type Samples, sampleInputs } from "./sample.ts";
import type { StoreOptions } from "./store/store.ts";
import { displayUri } from "./store/uri.ts";
import { WorkerPool } from "./worker/pool.ts";

/** What the process gives a command; nothing below looks at `process` itself. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly directory: string;
  readonly version: string;
  readonly cores: number;
  readonly signal: AbortSignal;
}

/** A run up to the point where something would be written. */
export interface Prepared extends AsyncDisposable {
  readonly config: Config;
  readonly plan: Plan;
  readonly quarantined: readonly Quarantined[];
  readonly identity: RunIdentity;
  /** The output prefix with its placeholders filled in. */
  readonly output: string;
  readonly pool: WorkerPool;
  readonly writers: Writers;
  /** What the content of some leaves shows. */
  readonly samples: Samples;
  readonly lock: {
    readonly file: string;
    readonly live: readonly LiveInput[];
    /** How the inputs differ from what was approved; undefined where nothing was. */
    readonly drifts: readonly Drift[] | undefined;
  };
  readonly shares: Shares;
  readonly stores: StoreOptions;
  /** What a person should know although nothing stops the run. */
  readonly warnings: readonly string[];
}

/** Called on what happens below the command. */
export interface Observer {
  storeRetried(operation: string): void;
  workerRestarted(): void;
}

/** The configuration with what the command line says instead, relative to where it was said. */
export async function configure(
  file: string,
  overrides: Overrides,
  { directory }: Surroundings,
): Promise<LoadedConfig> {
  return await loadConfig(file, fromHere(overrides, directory));
}

/** How a command wants it prepared. */
export interface Preparation {
  /** It will be written: a thread that does so starts while there is little to do. */
  readonly writes?: boolean;
  /** The leaves whose content is looked at. Default: the undecided, and those that become hashes without a key. */
  readonly sampled?: "undecided" | "all";
  /** What `{date}` in the output stands for. Default: today, in UTC. */
  readonly date?: string;
  /** Prefixes whose JSON lines have known fields. */
  readonly declared?: readonly Declared[];
  /** Inputs beneath it are named from there; otherwise from where their pattern begins. */
  readonly folder?: string;
}

/** The stores' settings. Those of one process share a client. */
export function storeOptions({ s3 }: Config, observer: Observer): StoreOptions {
  return {
    requestChecksumCalculation: s3.checksums,
    ...(s3.encryption !== "bucket" && { encryption: s3.encryption }),
    onRetry: (operation) => observer.storeRetried(operation),
  };
}

/** Configuration → key → inputs → sample → plan → drift. */
export async function prepare(
  { config, directory }: LoadedConfig,
  observer: Observer,
  { env, version, cores, signal }: Surroundings,
  {
    writes = false,
    sampled = "undecided",
    date = new Date().toISOString().slice(0, 10),
    declared = [],
    folder,
  }: Preparation = {},
): Promise<Prepared> {
  const { environment, policy, runtime, compression, int64, verify } = config;
  const keys = await loadKeys(config.key, directory, env);
  const { key, previous, warnings } = keys;
  const stores = storeOptions(config, observer);
  const pool = new WorkerPool({
    workers: workerCount(runtime.workers, cores, runtime.memory),
    setup: { environment, key: key.bytes, ...(previous && { previousKey: previous.bytes }), verify },
    stallTimeout: runtime.stallTimeout,
    onWorkerDeath: () => observer.workerRestarted(),
  });
  const most = writerCount(Number.POSITIVE_INFINITY, pool.workers);
  const writers = new Writers(stores, outputPlace(config.output, directory), most);
  if (writes) writers.start();
  const close = async () => {
    await Promise.all([pool.close(), writers[Symbol.asyncDispose]()]);
  };
  try {
    // While the threads start: the analysis of patterns takes as long.
    const warned = lintPolicy(policy, environment);
    const patterns = config.input.map((pattern) => located(pattern, directory));
    const rules = new Decider(policy);
    const lockFile = resolve(directory, config.lock);
    const { inputs, quarantined } = await inspect(patterns, runtime.onBadInput, pool, stores, signal, declared, folder);
    const written = { compression, quoteInt64: int64 === "string", previous };
    const approved = await readLock(lockFile);
    const looks = rules.looks || approved !== undefined;
    const wanted = (leaf: Leaf) => sampled === "all" || (looks && rules.isOpen(leaf)) || isHashed(rules.decide(leaf));
    const samples = await sampleInputs(inputs, wanted, pool, runtime.memory, stores, signal);
    const contents = new Map([...samples].map(([path, own]) => [path, judge(own)]));
    const decider = new Decider(policy, contents);
    const plan = makePlan(inputs, decider, written, warned, samples);
    const identity = identify(
      config,
      keys,
      inputs.map(({ object }) => object),
      version,
    );
    const output = expand(outputPlace(config.output, directory), { ...identity, date });
    const shares = sharesOf(plan, output, pool.workers, runtime.memory);
    const live = liveInputs(plan, contents);
    const lock = { file: lockFile, live, drifts: approved && compare(approved, live) };
    return {
      ...{ config, plan, quarantined, identity, samples, lock, output, pool, writers, shares, stores, warnings },
      [Symbol.asyncDispose]: close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The inputs' leaves as the lock has them: those that are read, not what is made of them while keys are changed. */
function liveInputs({ objects }: Plan, contents: Contents): LiveInput[] {
  const looks = new Map([...contents].flatMap(([path, { whole }]) => (whole ? [[path, contentReason(whole)]] : [])));
  return objects.map(({ input, leaves }) => ({
    input: displayUri(input.object.uri),
    leaves: lockedLeaves(
      leaves.filter(({ decision }) => !underPreviousKey(decision)),
      looks,
    ),
  }));
}
