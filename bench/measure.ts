import { spawn } from "node:child_process";
import { createReadStream, existsSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";

/** What a process took, all its threads and children together. */
export interface Usage {
  readonly wallSeconds: number;
  readonly cpuSeconds: number;
  readonly peakRssBytes: number;
}

/** The kernel's own account (wait4) of a child, for systems without GNU time. */
const WAIT4 = `
import os, sys, time
start = time.monotonic()
pid = os.spawnvp(os.P_NOWAIT, sys.argv[2], sys.argv[2:])
_, status, usage = os.wait4(pid, 0)
unit = 1 if sys.platform == "darwin" else 1024
with open(sys.argv[1], "w") as out:
    out.write(f"{time.monotonic() - start} {usage.ru_utime} {usage.ru_stime} {usage.ru_maxrss * unit / 1024}\\n")
sys.exit(os.waitstatus_to_exitcode(status))
`;

/**
 * Runs a command to its end and measures it.
 * @param scratch a file this may write
 * @returns with what it printed on standard output
 * @throws when the command fails, with the end of its stderr
 */
export async function measure(
  command: readonly string[],
  scratch: string,
  env: Readonly<Record<string, string>>,
): Promise<{ usage: Usage; printed: string }> {
  const gnuTime = process.platform === "linux" && existsSync("/usr/bin/time");
  const wrapper = gnuTime
    ? ["/usr/bin/time", "-q", "-f", "%e %U %S %M", "-o", scratch]
    : ["python3", "-c", WAIT4, scratch];
  const [program, ...args] = [...wrapper, ...command];
  const started = performance.now();
  const printed = await exited(program!, args, env);
  const wallSeconds = (performance.now() - started) / 1000;
  const [, user, system, kilobytes] = (await readFile(scratch, "utf8")).trim().split(/\s+/).map(Number);
  await rm(scratch);
  return { usage: { wallSeconds, cpuSeconds: user! + system!, peakRssBytes: kilobytes! * 1024 }, printed };
}

async function exited(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<string> {
  const child = spawn(program, args, { env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
  let printed = "";
  let complaint = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    printed += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    complaint = (complaint + text).slice(-2000);
  });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  child.once("error", reject);
  child.once("close", (code, signal) => {
    if (code === 0) resolve();
    else reject(new Error(`running ${args.slice(-6).join(" ")}: ended with ${code ?? signal}: ${complaint}`));
  });
  await promise;
  return printed;
}

/** Lines in a file. */
export async function countLines(path: string): Promise<number> {
  let lines = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
    const bytes = chunk as Buffer;
    for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) lines++;
  }
  return lines;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
