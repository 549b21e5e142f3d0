import { randomBytes, randomUUID } from "node:crypto";
import { access, open, rename, rm } from "node:fs/promises";
import { dirname, isAbsolute, join, relative, resolve } from "node:path";
import { parseConfig } from "./config/load.ts";
import { nearest } from "./config/nearest.ts";
import { configSchema } from "./config/schema.ts";
import { count } from "./count.ts";
import { usageError } from "./errors.ts";
import { inspect } from "./input/inspect.ts";
import { makePlan } from "./input/plan.ts";
import { workerCount } from "./input/resources.ts";
import { directoryOf, located } from "./places.ts";
import { judge } from "./policy/content.ts";
import { Decider } from "./policy/decide.ts";
import type { Leaf } from "./policy/leaves.ts";
import { lintPolicy } from "./policy/lint-policy.ts";
import { PRESETS } from "./policy/presets.ts";
import type { ChosenPreset, PresetName } from "./policy/propose/fitting-presets.ts";
import { type ProposedColumn, propose } from "./policy/propose/propose.ts";
import { configurationText } from "./policy/propose/text.ts";
import type { Surroundings } from "./prepare.ts";
import { sampleInputs } from "./sample.ts";
import type { Warning } from "./types.ts";
import { WorkerPool } from "./worker/pool.ts";

/** What `maskline init` is to propose, and where it goes. */
export interface InitOptions {
  readonly input: readonly string[];
  /** Where it is written; undefined: nowhere. */
  readonly file: string | undefined;
  readonly output?: string;
  readonly environment: string;
  /** In place of those that fit. */
  readonly preset?: readonly string[];
  readonly force?: boolean;
}

/** What was proposed. */
export interface InitResult {
  readonly file: string | null;
  readonly environment: string;
  readonly objects: number;
  readonly rows: number;
  readonly presets: readonly ChosenPreset[];
  /** Every column; where its mask is `pause`, a person must decide. */
  readonly columns: readonly ProposedColumn[];
  readonly warnings: readonly Warning[];
  /** The whole file. */
  readonly configuration: string;
}

/**
 * Inputs' own schemas and a sample of their rows → a configuration, written whole or not at all. No key is needed.
 * @throws MasklineError (exit 2) where the file is there already, (exit 5) where an input cannot be read
 */
export async function init(options: InitOptions, { directory, cores, signal }: Surroundings): Promise<InitResult> {
  const { environment, force = false } = options;
  const file = options.file === undefined ? undefined : resolve(directory, options.file);
  const asked = options.preset?.map(presetNamed);
  if (environment === "") throw usageError("proposing a configuration: --environment needs a name");
  if (file !== undefined && !force && (await isThere(file))) throw taken(options.file!);
  const home = file === undefined ? directory : dirname(file);
  const runtime = configSchema.shape.runtime.parse(undefined);
  const stores = { requestChecksumCalculation: configSchema.shape.s3.parse(undefined).checksums, onRetry: () => {} };
  const pool = new WorkerPool({
    workers: workerCount(runtime.workers, cores, runtime.memory),
    // Nothing is masked here: any key will do.
    setup: { environment, key: randomBytes(32), verify: 1 },
    stallTimeout: runtime.stallTimeout,
  });
  try {
    const patterns = options.input.map((one) => located(one, directory));
    const { inputs } = await inspect(patterns, "fail", pool, stores, signal);
    const fields = inputs.map((one) => one.fields);
    const sample = (wanted: (leaf: Leaf) => boolean) =>
      sampleInputs(inputs, wanted, pool, runtime.memory, stores, signal);
    const all = await sample(() => true);
    const { decider } = propose(fields, all, asked);
    // A plan looks further into the few columns that are undecided then: it must find there what is found here.
    const samples = new Map([...all, ...(await sample((leaf) => decider.isOpen(leaf)))]);
    const proposal = propose(fields, samples, asked);
    const rows = inputs.reduce((sum, one) => sum + one.rows, 0);
    const configuration = configurationText(
      {
        environment,
        input: options.input.map((one) => fromHome(one, located(one, directory), home)),
        output:
          options.output === undefined
            ? "./masked/{environment}/"
            : fromHome(options.output, located(directoryOf(options.output), directory), home),
        found: `${count(inputs.length, "object")}, ${count(rows, "row")} when this was proposed`,
        hasSchema: await isThere(join(home, "maskline.schema.json")),
      },
      proposal,
    );
    const unread = inputs.some((one) => one.rows > 0) && samples.size === 0;
    const { policy } = parseConfig(configuration, options.file ?? "the proposal");
    const contents = new Map([...samples].map(([path, own]) => [path, judge(own)]));
    const written = { compression: "none", quoteInt64: false } as const;
    const { warnings } = makePlan(inputs, new Decider(policy, contents), written, lintPolicy(policy, environment));
    if (file !== undefined) await writeNew(file, configuration, force, options.file!);
    const { presets, columns } = proposal;
    const blind: Warning[] = unread ? [{ message: UNREAD }] : [];
    const found = { environment, objects: inputs.length, rows, presets, columns, configuration };
    return { file: options.file ?? null, ...found, warnings: [...blind, ...warnings] };
  } finally {
    await pool.close();
  }
}

const UNREAD =
  "no value could be read, so that only names and types are behind this: is the input damaged? maskline run --dry-run says where";

function presetNamed(name: string): PresetName {
  const names = Object.keys(PRESETS);
  if (names.includes(name)) return name as PresetName;
  throw usageError(`--preset ${name} is none of ${names.join(", ")}${nearest(name, names)}`);
}

/** As the configuration says it: relative to itself, unless it was said as an absolute path or a URI. */
function fromHome(said: string, absolute: string, home: string): string {
  if (isAbsolute(said) || absolute === said || !isAbsolute(absolute)) return absolute;
  const path = relative(home, absolute);
  const named = path.startsWith("../") || path === ".." ? path : `./${path}`;
  return absolute.endsWith("/") && !named.endsWith("/") ? `${named}/` : named;
}

async function isThere(file: string): Promise<boolean> {
  return await access(file).then(
    () => true,
    () => false,
  );
}

function taken(file: string): Error {
  return usageError(`writing the configuration ${file}: it is there already; name another with -c, or --force`);
}

/** Writes a file whole: one that is there stays unless it is to be replaced. */
async function writeNew(file: string, text: string, replace: boolean, shown: string): Promise<void> {
  const path = replace ? `${file}.${randomUUID()}.tmp` : file;
  let made = false;
  try {
    await using handle = await open(path, "wx", 0o644);
    made = true;
    await handle.writeFile(text);
    await handle.sync();
    if (replace) await rename(path, file);
  } catch (error) {
    if (made) await rm(path, { force: true });
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EEXIST") throw taken(shown);
    throw usageError(`writing the configuration ${shown}: ${code}; may this user write there?`, { cause: error });
  }
}
