import { existsSync } from "node:fs";
import { glob, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type DataSpec, jsonLinesData, parquetData } from "./data.ts";

/** One of those who do the work: how it is called, and where its rows end up. */
export interface Contender {
  readonly name: string;
  readonly input: string;
  readonly command: readonly string[];
  /** Removed before a run and made by it. */
  readonly output: string;
  /** Files with JSON lines that a run left; none for who writes nothing. */
  readonly outputs: () => Promise<readonly string[]>;
}

const root = join(import.meta.dirname, "..");
const out = join(import.meta.dirname, "data/out");

/** The Node of the project where it is installed: everyone runs on the same one. */
const local = join(root, "node_modules/.bin/node");
const node = existsSync(local) ? local : process.execPath;

const single = (path: string) => async () => [path];

/** maskline as the image runs it: built, not from its sources. */
export async function maskline(spec: DataSpec, workers: number): Promise<Contender> {
  const input = await parquetData(spec);
  const output = join(out, "maskline/");
  const options = ["--input", input, "--output", output, "--replace", "--quiet", "--json"];
  return {
    name: "maskline",
    input,
    command: [node, join(root, "dist/cli.js"), "run", "-c", await configuration(spec, workers), ...options],
    output,
    outputs: async () => {
      const found: string[] = [];
      for await (const path of glob("**/*.jsonl", { cwd: output })) found.push(join(output, path));
      return found;
    },
  };
}

/** The shape's configuration with as many workers. */
async function configuration({ shape }: DataSpec, workers: number): Promise<string> {
  const own = join(import.meta.dirname, `${shape}.yaml`);
  if (workers === 2) return own;
  const text = (await readFile(own, "utf8")).replace("workers: 2", `workers: ${workers}`);
  const path = join(import.meta.dirname, "data", `${shape}-${workers}.yaml`);
  await writeFile(path, text);
  return path;
}

/** The rivals and the floor, with as many threads where they can use them. */
export async function rivals(spec: DataSpec, threads: number): Promise<readonly Contender[]> {
  await mkdir(out, { recursive: true });
  const input = await parquetData(spec);
  const script = (name: string) => join(import.meta.dirname, "rivals", name);
  const path = (name: string) => join(out, `${name}.jsonl`);
  const parquet = (name: string, ...rest: string[]): Contender => ({
    name,
    input,
    command: [node, script(`${name}.ts`), input, path(name), ...rest],
    output: path(name),
    outputs: single(path(name)),
  });
  const lines = await jsonLinesData(spec);
  return [
    parquet("duckdb", spec.shape, String(threads)),
    parquet("rowwise", spec.shape),
    {
      name: "seed",
      input: lines,
      command: ["python3", script("seed.py"), lines, path("seed")],
      output: path("seed"),
      outputs: single(path("seed")),
    },
    { ...parquet("decode"), outputs: async () => [] },
  ];
}
