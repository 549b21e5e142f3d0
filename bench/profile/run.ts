import { spawn } from "node:child_process";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { SHAPES, type Shape } from "../data.ts";
import { buildNamed } from "./build.ts";
import { readSamples, type Sample } from "./samples.ts";

export const KEY = "benchmark-key-0123456789abcdef-0123456789";

const directory = join(import.meta.dirname, "../data/profile");

/** A run of the built program, seen by the profiler. */
export interface ProfiledRun {
  readonly wallSeconds: number;
  /** Of the whole process: user and system. */
  readonly cpuSeconds: number;
  readonly samples: readonly Sample[];
}

/** The shape's configuration with so many workers. */
export async function configurationOf(shape: Shape, workers: number): Promise<string> {
  if (!SHAPES.includes(shape)) throw new RangeError(`there is no shape ${shape}`);
  const text = await readFile(join(import.meta.dirname, `../${shape}.yaml`), "utf8");
  await mkdir(directory, { recursive: true });
  const path = join(directory, "../profile.yaml");
  // The usual port of the metrics may be another run's.
  await writeFile(path, `${text.replace(/workers: \d+/, `workers: ${workers}`)}metrics: { port: 0 }\n`);
  return path;
}

/** Builds the program, and runs it with V8's sampler in each of its JavaScript threads. */
export async function profiledRun(configuration: string, input: string, interval: number): Promise<ProfiledRun> {
  const cli = await buildNamed(directory);
  const profiles = join(directory, "samples");
  const cpu = join(directory, "cpu.json");
  const output = join(directory, "out/");
  await mkdir(profiles, { recursive: true });
  const sampling = ["--cpu-prof", "--cpu-prof-dir", profiles, "--cpu-prof-interval", String(interval)];
  const work = ["run", "-c", configuration, "--input", input, "--output", output, "--replace", "--quiet"];
  const started = performance.now();
  await succeeded([...sampling, "--import", accountTo(cpu), cli, ...work]);
  const wallSeconds = (performance.now() - started) / 1000;
  await rm(output, { recursive: true, force: true });
  const { user, system } = JSON.parse(await readFile(cpu, "utf8")) as NodeJS.CpuUsage;
  return { wallSeconds, cpuSeconds: (user + system) / 1e6, samples: await readSamples(profiles) };
}

/** A module that writes the process's CPU time to a file when the process ends. */
function accountTo(path: string): string {
  const source = `import { writeFileSync } from "node:fs";
    import { isMainThread } from "node:worker_threads";
    const account = () => writeFileSync(${JSON.stringify(path)}, JSON.stringify(process.cpuUsage()));
    if (isMainThread) process.on("exit", account);`;
  return `data:text/javascript,${encodeURIComponent(source)}`;
}

async function succeeded(args: readonly string[]): Promise<void> {
  const env = { ...process.env, MASKLINE_KEY: KEY };
  const child = spawn(process.execPath, args, { env, stdio: ["ignore", "ignore", "inherit"] });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  child.once("error", reject);
  child.once("close", (code, signal) => {
    if (code === 0) resolve();
    else reject(new Error(`profiling a run: it ended with ${code ?? signal}`));
  });
  await promise;
}
