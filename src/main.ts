import { availableParallelism, totalmem } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { Command, CommanderError } from "commander";
import manifest from "../package.json" with { type: "json" };
import { addDrift, addInit, addSize, addVerify, type Terminal } from "./commands.ts";
import type { LoadedConfig } from "./config/load.ts";
import type { Config } from "./config/schema.ts";
import { gate } from "./drift.ts";
import { EXIT, MasklineError, messageOf } from "./errors.ts";
import { type Log, openLog } from "./observe/log.ts";
import { Metrics } from "./observe/metrics.ts";
import { Progress } from "./observe/progress.ts";
import { planJson, planText, summary } from "./observe/report.ts";
import { observeRun } from "./observe/run-observer.ts";
import { type RunStatus, StatusServer } from "./observe/server.ts";
import { configure, prepare, type Surroundings } from "./prepare.ts";
import { run } from "./run.ts";

interface CommonOptions {
  readonly config: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly input?: string[];
  readonly output?: string;
}

interface RunCommandOptions extends CommonOptions {
  readonly dryRun?: boolean;
  readonly replace?: boolean;
  readonly fresh?: boolean;
}

/** Prometheus exporters' range; used where the configuration says nothing. */
const DEFAULT_PORT = 9464;

const stopping = new AbortController();
let stoppedBy: NodeJS.Signals | undefined;
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => {
    // The second one is obeyed at once.
    if (stoppedBy) process.exit(exitOf(signal));
    stoppedBy = signal;
    stopping.abort(
      new MasklineError("ERR_STOPPED", exitOf(signal), `stopped by ${signal}; start the same command again`, {
        stage: "upload",
        retryable: true,
      }),
    );
  });
}

function exitOf(signal: NodeJS.Signals): number {
  return signal === "SIGINT" ? 130 : EXIT.interrupted;
}

const surroundings: Surroundings = {
  env: process.env,
  directory: process.cwd(),
  version: manifest.version,
  cores: availableParallelism(),
  signal: stopping.signal,
};

const program = new Command()
  .exitOverride()
  .name("maskline")
  .description(`${manifest.description}.`)
  .version(manifest.version)
  .showHelpAfterError("(maskline --help shows what there is)")
  .configureHelp({ sortSubcommands: false })
  .addHelpText(
    "after",
    `
Exit codes: 0 committed · 1 failure, try again · 2 usage or configuration · 3 a field needs a decision
            4 verification failed · 5 unreadable input · 130, 143 stopped by SIGINT, SIGTERM, try again

Examples:
  maskline init --input './exports/*.parquet'         propose a configuration
  maskline plan -c maskline.yaml                      which column gets which mask, and why
  maskline run -c maskline.yaml                       mask and commit
  maskline run -c maskline.yaml --input 's3://exports/2026-11-23/*.parquet' --output s3://sandbox/{environment}/
`,
  );

/** Options that every command over a configuration has. */
function configured(command: Command): Command {
  return command
    .option("-c, --config <file>", "the configuration", "maskline.yaml")
    .option("--input <uri...>", "read these in place of the configuration's input: paths, globs, s3:// URIs")
    .option("--output <uri>", "write beneath this directory or prefix in place of the configuration's output")
    .option("--json", "one JSON document on standard output");
}

configured(program.command("run"))
  .description("mask the inputs and commit the output")
  .option("--dry-run", "do everything but write")
  .option("--replace", "overwrite objects that another run wrote; run again what is committed")
  .option("--fresh", "start over: forget the export, and what else an interrupted transfer left to go on with")
  .option("--quiet", "warnings and errors only")
  .addHelpText("after", "\nExample:\n  maskline run -c maskline.yaml --dry-run\n")
  .action(runCommand);

configured(program.command("plan"))
  .description("show which column gets which mask, by which rule, and why; write nothing")
  .addHelpText("after", "\nExample:\n  maskline plan -c maskline.yaml --json | jq '.objects[].columns[]'\n")
  .action(planCommand);

const outside: Terminal = {
  surroundings,
  // Where there is no limit, the latter is more than any host has.
  memoryBytes: Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY),
  document,
  write: (text) => process.stdout.write(text),
  say: (text) => process.stderr.write(text),
  terminal: process.stderr.isTTY === true,
};
addInit(program, outside);
addVerify(program, outside);
addDrift(program, outside);
addSize(program, outside);

let documented = false;
try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = report(error);
}

async function planCommand(options: CommonOptions): Promise<void> {
  const ignore = { storeRetried: () => {}, workerRestarted: () => {} };
  const configured = await configure(options.config, options, surroundings);
  const found = configured.config.genesys?.export
    ? await (await import("./announced.ts")).filesOrSchema(configured, surroundings)
    : { files: { loaded: configured, preparation: {} } };
  if ("schema" in found) {
    const [{ announcedJson, announcedText }, { gateSchema }] = await Promise.all([
      import("./observe/announced-report.ts"),
      import("./schema-gate.ts"),
    ]);
    if (options.json) document(announcedJson(found.schema));
    else process.stdout.write(announcedText(found.schema));
    return gateSchema(found.schema);
  }
  const { loaded, preparation } = found.files;
  await using prepared = await prepare(loaded, ignore, surroundings, preparation);
  if (options.json) document(planJson(prepared));
  else process.stdout.write(planText(prepared));
  gate(prepared);
}

async function runCommand(options: RunCommandOptions): Promise<void> {
  const started = performance.now();
  const terminal = process.stderr.isTTY === true;
  const quiet = options.quiet === true;
  const log = await openLog({ pretty: terminal, color: terminal && !process.env.NO_COLOR, quiet });
  const metrics = new Metrics();
  const progress = new Progress(terminal && !quiet ? (text) => process.stderr.write(text) : undefined);
  const status: RunStatus = { state: "planning", rows: 0, plannedRows: 0 };
  let server: StatusServer | undefined;
  try {
    const loaded = await configure(options.config, options, surroundings);
    server = await listen(loaded.config, metrics, status, log);
    const { dryRun = false, replace = false, fresh = false } = options;
    const observer = observeRun(metrics, progress, status, log);
    const result = await run(loaded, { dryRun, replace, fresh }, observer, surroundings);
    progress.done();
    const seconds = (performance.now() - started) / 1000;
    if (!quiet) process.stderr.write(summary(result, seconds));
    if (options.json) document({ ...result, seconds });
    await linger(loaded, server);
  } catch (error) {
    progress.done();
    status.state = "failed";
    throw error;
  } finally {
    await server?.close();
  }
}

/** The default port may be another run's; only one that was asked for must be had. */
async function listen(
  config: Config,
  metrics: Metrics,
  status: RunStatus,
  log: Log,
): Promise<StatusServer | undefined> {
  const port = config.metrics === undefined ? DEFAULT_PORT : config.metrics.port;
  if (port === null) return undefined;
  try {
    const server = await StatusServer.start({ port, host: config.metrics?.host ?? "0.0.0.0" }, metrics, status);
    log.info({ port: server.port }, "serving /metrics, /livez, /readyz, /committed");
    return server;
  } catch (error) {
    if (config.metrics !== undefined) throw error;
    log.warn(messageOf(error));
    return undefined;
  }
}

async function linger({ config }: LoadedConfig, server: StatusServer | undefined): Promise<void> {
  const time = config.metrics?.linger ?? 0;
  if (server && time > 0) await sleep(time, undefined, { signal: stopping.signal }).catch(() => {});
}

/** The one document on standard output that --json promises; once there is one, an error only goes to stderr. */
function document(content: unknown): void {
  documented = true;
  process.stdout.write(`${JSON.stringify(content, null, 2)}\n`);
}

/** Says what went wrong and what to do, and gives the exit code. */
function report(error: unknown): number {
  const wrongUsage = error instanceof CommanderError;
  if (wrongUsage && error.exitCode === 0) return 0;
  const known = error instanceof MasklineError;
  const exit = known ? error.exit : wrongUsage ? EXIT.usage : EXIT.failure;
  if (process.argv.includes("--json") && !documented) {
    const usage = { code: "ERR_USAGE", stage: "configure", retryable: false };
    const unexpected = { code: "ERR_UNEXPECTED", stage: "run", retryable: true };
    const { code, stage, retryable } = known ? error : wrongUsage ? usage : unexpected;
    document({ state: "failed", exit, error: { code, stage, retryable, message: messageOf(error) } });
  }
  // The parser of the command line has said so already.
  if (wrongUsage) return exit;
  process.stderr.write(`maskline: ${messageOf(error)}\n`);
  if (!known && process.env.MASKLINE_DEBUG && error instanceof Error) process.stderr.write(`${error.stack}\n`);
  return exit;
}
