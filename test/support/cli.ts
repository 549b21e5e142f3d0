/**
 * The real command line in a process of its own, and a directory for it to work in. Nothing of the machine's
 * environment reaches it but what a test gives.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import type { TestContext } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { Manifest } from "../../src/output/manifest.ts";

/** The key that the fixtures' expected output was made with. */
export const KEY = "fixture-key-0123456789abcdef-0123456789";
export const CLI = join(import.meta.dirname, "../../src/cli.ts");
/** Milliseconds after which a command that should have ended is killed and the test fails. */
const TIMEOUT = 240_000;

export interface CliResult {
  /** Null when a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliOptions {
  readonly cwd?: string;
  /** Beside PATH, HOME and the key; undefined takes one away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Runs as this user and group; for root only. */
  readonly uid?: number;
  /** Limits of the process, as util-linux's prlimit takes them. */
  readonly prlimit?: readonly string[];
}

/** A command under way. */
export interface RunningCli {
  readonly child: ChildProcess;
  readonly ended: Promise<CliResult>;
  /** What it has said so far. */
  said(): string;
  /** Resolves once it has said this on standard error. */
  says(pattern: RegExp): Promise<RegExpExecArray>;
}

const alive = new Set<ChildProcess>();
process.once("exit", () => {
  for (const child of alive) child.kill("SIGKILL");
});

export function startCli(args: readonly string[], options: CliOptions = {}): RunningCli {
  const env = { PATH: process.env.PATH, HOME: tmpdir(), MASKLINE_KEY: KEY, AWS_EC2_METADATA_DISABLED: "true" };
  const command = [...(options.prlimit ? ["prlimit", ...options.prlimit] : []), process.execPath, CLI, ...args];
  const child = spawn(command[0]!, command.slice(1), {
    cwd: options.cwd ?? tmpdir(),
    env: { ...env, ...options.env },
    stdio: ["ignore", "pipe", "pipe"],
    ...(options.uid === undefined ? {} : { uid: options.uid, gid: options.uid }),
  });
  alive.add(child);
  let stdout = "";
  let stderr = "";
  let timedOut = false;
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const timer = setTimeout(() => {
    timedOut = true;
    child.kill("SIGKILL");
  }, TIMEOUT);
  const ended = new Promise<CliResult>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => {
      clearTimeout(timer);
      alive.delete(child);
      if (timedOut) reject(new Error(`no end after ${TIMEOUT} ms: maskline ${args.join(" ")}\n${stderr}`));
      else resolve({ code, signal, stdout, stderr });
    });
  });
  // A test may fail before it comes to wait for the end.
  ended.catch(() => {});
  const says = async (pattern: RegExp): Promise<RegExpExecArray> => {
    for (;;) {
      const match = pattern.exec(stderr);
      if (match) return match;
      if (!alive.has(child)) throw new Error(`ended without saying ${pattern}:\n${stderr}`);
      await sleep(5);
    }
  };
  return { child, ended, said: () => stderr, says };
}

/** Runs a command to its end. */
export async function cli(args: readonly string[], options: CliOptions = {}): Promise<CliResult> {
  return await startCli(args, options).ended;
}

/** A directory for one test, removed after it. */
export class Workspace {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  static async make(t: Pick<TestContext, "after">): Promise<Workspace> {
    const path = await mkdtemp(join(tmpdir(), "maskline-e2e-"));
    // Other users must get in, for the tests of permissions.
    await chmod(path, 0o755);
    t.after(() => rm(path, { recursive: true, force: true, maxRetries: 3 }));
    return new Workspace(path);
  }

  join(...names: readonly string[]): string {
    return join(this.path, ...names);
  }

  async write(name: string, content: string | Uint8Array): Promise<string> {
    const path = this.join(name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
    return path;
  }

  async read(name: string): Promise<Buffer> {
    return await readFile(this.join(name));
  }

  async text(name: string): Promise<string> {
    return await readFile(this.join(name), "utf8");
  }

  /** Writes a configuration: what is given over something that works, keeps all and serves no HTTP. */
  async config(settings: Readonly<Record<string, unknown>> = {}, name = "maskline.yaml"): Promise<string> {
    const whole = {
      environment: "fixture",
      key: { env: "MASKLINE_KEY" },
      input: ["./in/"],
      output: "./out/",
      policy: { rules: [{ field: "*", mask: "keep" }] },
      metrics: { port: null },
      ...settings,
    };
    // JSON is YAML.
    return await this.write(name, JSON.stringify(whole));
  }

  async run(...args: readonly string[]): Promise<CliResult> {
    return await cli(["run", "-c", this.join("maskline.yaml"), ...args], { cwd: this.path });
  }

  /** Every file beneath a directory of it, hidden ones too, sorted; empty where there is no directory. */
  async files(directory = "out"): Promise<string[]> {
    return await filesBeneath(this.join(directory));
  }

  /** The output objects: no records of runs. */
  async outputs(directory = "out"): Promise<string[]> {
    return (await this.files(directory)).filter((name) => !name.startsWith("_maskline/"));
  }

  async manifests(directory = "out"): Promise<Manifest[]> {
    const names = (await this.files(directory)).filter((name) => name.endsWith("/manifest.json"));
    return await Promise.all(names.map(async (name) => JSON.parse(await this.text(join(directory, name))) as Manifest));
  }

  async manifest(directory = "out"): Promise<Manifest> {
    const all = await this.manifests(directory);
    if (all.length !== 1) throw new Error(`${all.length} manifests`);
    return all[0]!;
  }
}

export async function filesBeneath(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(directory, join(entry.parentPath, entry.name)))
    .sort();
}
