import { execFile } from "node:child_process";
import { copyFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

const root = join(import.meta.dirname, "../..");

/**
 * A build of its own in `directory`, which is emptied: the sources file by file, and kernels that keep their functions' names
 * (asc --debug adds a section of names; the code is the same). dist/ stays as it is.
 * @returns the path of its command line
 */
export async function buildNamed(directory: string): Promise<string> {
  await rm(directory, { recursive: true, force: true });
  const dist = join(directory, "dist");
  await run("tsc", "-p", "bench/profile/tsconfig.json", "--outDir", dist);
  const source = "src/kernels/assembly";
  const kernels = join(dist, "kernels/kernels.wasm");
  await run("asc", `${source}/index.ts`, "--config", `${source}/asconfig.json`, "--debug", "--outFile", kernels);
  await copyFile(join(root, "package.json"), join(directory, "package.json"));
  return join(dist, "cli.js");
}

async function run(tool: string, ...args: readonly string[]): Promise<void> {
  await promisify(execFile)(join(root, "node_modules/.bin", tool), args, { cwd: root });
}
