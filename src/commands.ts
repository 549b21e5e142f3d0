/** Commands that main.ts only hands on to. */
import type { Command } from "commander";
import type { Surroundings } from "./prepare.ts";
import { coresArgument, rowsArgument, secondsArgument } from "./size/arguments.ts";

/** How a command meets the world. */
export interface Terminal {
  readonly surroundings: Surroundings;
  /** That the process may take. */
  readonly memoryBytes: number;
  /** The one document that --json promises. */
  readonly document: (content: unknown) => void;
  /** On standard output, and on standard error. */
  readonly write: (text: string) => void;
  readonly say: (text: string) => void;
  /** Whether standard error is one. */
  readonly terminal: boolean;
}

export function addInit(program: Command, { surroundings, document, write, say }: Terminal): void {
  program
    .command("init")
    .description("propose a configuration for the inputs, with the reason for each line; never shows a value")
    .requiredOption("--input <uri...>", "what is to be masked: paths, globs, s3:// URIs")
    .option("-c, --config <file>", "write it to this file; - is standard output", "maskline.yaml")
    .option("--output <uri>", "where its runs write; default ./masked/{environment}/ beside it")
    .option("--environment <name>", "the sandbox's name; another one gets other tokens", "sandbox-01")
    .option("--preset <name...>", "these presets, in place of those that fit what is found")
    .option("--force", "overwrite the file")
    .option("--stdout", "the same as -c -")
    .option("--json", "one JSON document on standard output")
    .addHelpText(
      "after",
      `
It reads the inputs' schemas and a sample of their rows, and needs no key. Where no mask can be proposed with confidence,
the column is left for a person to decide: the file says which, and plan and run end with exit code 3 until then.

Examples:
  maskline init --input './exports/*.parquet' -c sandbox.yaml
  maskline init --input s3://prod-exports/2026-11-23/ --environment sandbox-02 --stdout
  maskline init --input claims.csv --preset contact-center hipaa-safe-harbor
`,
    )
    .action(async ({ config, stdout, json, ...options }: InitCommandOptions) => {
      const [{ init }, { initText }] = await Promise.all([import("./init.ts"), import("./observe/init-report.ts")]);
      const file = stdout || config === "-" ? undefined : config;
      const result = await init({ ...options, file }, surroundings);
      if (json) document(result);
      else if (file === undefined) write(result.configuration);
      say(initText(result, surroundings.env.MASKLINE_KEY === undefined));
    });
}

interface InitCommandOptions {
  readonly input: string[];
  readonly config: string;
  readonly output?: string;
  readonly environment: string;
  readonly preset?: string[];
  readonly force?: boolean;
  readonly stdout?: boolean;
  readonly json?: boolean;
}

export function addDrift(program: Command, { surroundings, document, write }: Terminal): void {
  program
    .command("drift")
    .description(
      "compare the inputs' columns, and what is decided on them, with the approved ones in maskline.lock.json",
    )
    .option("-c, --config <file>", "the configuration", "maskline.yaml")
    .option("--input <uri...>", "compare these in place of the configuration's input")
    .option("--approve", "make the columns and decisions of now the approved ones: writes the lock")
    .option("--json", "one JSON document on standard output")
    .addHelpText(
      "after",
      `
Exit codes: 0 nothing has changed, or nothing that matters · 3 a person must decide, or nothing was approved yet

Examples:
  maskline drift -c maskline.yaml                     what has changed, and what to do about it
  maskline drift -c maskline.yaml --approve           commit maskline.lock.json, let somebody review it
`,
    )
    .action(async ({ config, approve, input, json }: DriftCommandOptions) => {
      const [{ configure }, { drift, requireApproved }, { driftText }] = await Promise.all([
        import("./prepare.ts"),
        import("./drift.ts"),
        import("./observe/drift-report.ts"),
      ]);
      const loaded = await configure(config, input ? { input } : {}, surroundings);
      const result = await drift(loaded, approve === true, surroundings);
      if (json) document(result);
      else write(driftText(result));
      requireApproved(result);
    });
}

interface DriftCommandOptions {
  readonly config: string;
  readonly approve?: boolean;
  readonly input?: string[];
  readonly json?: boolean;
}

export function addVerify(program: Command, { surroundings, document, say, terminal }: Terminal): void {
  program
    .command("verify")
    .description("compare every row of what was committed with its input; mask nothing, write nothing")
    .option("-c, --config <file>", "the configuration that it was made with", "maskline.yaml")
    .option("--input <uri...>", "its inputs, where the run had others than the configuration's")
    .option("--output <uri>", "its output, likewise")
    .option("--json", "one JSON document on standard output")
    .option("--quiet", "no progress")
    .addHelpText(
      "after",
      `
Exit codes: 0 all is as it was committed · 2 nothing of this configuration is committed there
            4 the output is not what the input became, or was changed since: columns and rows are named

Example:
  maskline verify -c maskline.yaml
`,
    )
    .action(async ({ config, input, output, json, quiet }: VerifyCommandOptions) => {
      const [{ configure, prepare }, { verify }, { verifiedText }, { Progress }] = await Promise.all([
        import("./prepare.ts"),
        import("./verify.ts"),
        import("./observe/verify-report.ts"),
        import("./observe/progress.ts"),
      ]);
      const overrides = { ...(input && { input }), ...(output !== undefined && { output }) };
      const loaded = await configure(config, overrides, surroundings);
      const ignore = { storeRetried: () => {}, workerRestarted: () => {} };
      await using prepared = await prepare(loaded, ignore, surroundings);
      const progress = new Progress(terminal && quiet !== true ? say : undefined);
      progress.planned(prepared.plan.rows);
      try {
        const result = await verify(prepared, (rows, bytes) => progress.add(rows, bytes), surroundings);
        progress.done();
        if (quiet !== true) say(verifiedText(result));
        if (json) document(result);
      } finally {
        progress.done();
      }
    });
}

interface VerifyCommandOptions {
  readonly config: string;
  readonly input?: string[];
  readonly output?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

export function addSize(program: Command, terminal: Terminal): void {
  program
    .command("size")
    .description("measure this host on your data and policy, and say what a load needs; the output is thrown away")
    .option("-c, --config <file>", "the configuration; default maskline.yaml where there is one, else a preset")
    .option("--input <uri...>", "measure these; without them and a configuration, generated calls")
    .option("--rows <n>", "the load: 250000, 40M, 1.5G; default the rows of the inputs", rowsArgument)
    .option("--window <time>", "what it must be done in: 30m, 4h", secondsArgument("--window"))
    .option("--cores <n>", "the most that one process can have, where it is to run", coresArgument)
    .option("--time <time>", "how long to measure, about", secondsArgument("--time"), 10)
    .option("--chart <file>", "write the curve as SVG")
    .option("--json", "one JSON document on standard output")
    .option("--quiet", "no progress")
    .addHelpText(
      "after",
      `
Examples:
  maskline size                                            this host, on generated calls
  maskline size -c maskline.yaml --window 4h               the configuration's inputs, done in four hours
  maskline size -c maskline.yaml --rows 2G --window 6h --cores 16 --chart size.svg
`,
    )
    .action((options: SizeCommandOptions) => sizeCommand(options, terminal));
}

interface SizeCommandOptions {
  readonly config?: string;
  readonly input?: string[];
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly rows?: number;
  readonly window?: number;
  readonly time: number;
  readonly cores?: number;
  readonly chart?: string;
}

async function sizeCommand(options: SizeCommandOptions, terminal: Terminal): Promise<void> {
  // Sizing brings apache-arrow along, which no other command needs on this thread.
  const [{ size }, { sizeText }, { writeChart }] = await Promise.all([
    import("./size.ts"),
    import("./size/report.ts"),
    import("./size/svg.ts"),
  ]);
  const { config, input, time, rows, window, cores, chart, quiet, json } = options;
  const wanted = { config, input, seconds: time, rows, windowSeconds: window, cores };
  const sized = await size(
    wanted,
    { memoryBytes: terminal.memoryBytes },
    terminal.surroundings,
    (workers, seconds, number, of) => {
      if (!quiet) terminal.say(`measuring ${number} of ${of}: workers ${workers}, ${seconds.toFixed(0)} s\n`);
    },
  );
  if (chart !== undefined) await writeChart(chart, sized);
  if (json) terminal.document(sized);
  else terminal.write(sizeText(sized));
}
