import { glob } from "node:fs/promises";
import { join } from "node:path";
import { type MasklineOptions, masklineCommand } from "./configuration.ts";
import { type Contender, type LocalSpec, linesIn, localContender, type Outcome } from "./contender.ts";
import { type DataSpec, jsonLinesData, parquetData, rowsOf } from "./data.ts";
import { installClickHouse } from "./install.ts";
import { node, outDirectory, script } from "./places.ts";

export async function maskline(spec: DataSpec, workers: number, options: MasklineOptions = {}) {
  const name = options.plain ? "maskline-plain" : "maskline";
  const input = await parquetData(spec);
  const output = join(outDirectory, `${name}/`);
  const command = await masklineCommand(spec.shape, workers, options, input, output);
  const outcome = options.discard ? fromManifest : async () => linesIn(await jsonLines(output));
  return localContender({ name, rows: rowsOf(spec), input, command, output, outcome });
}

/** DuckDB or ClickHouse with as many threads; null where it cannot be had. */
export async function database(
  name: "duckdb" | "clickhouse",
  spec: DataSpec,
  threads: number,
  discard = false,
): Promise<Contender | null> {
  if (name === "clickhouse" && !(await installClickHouse())) return null;
  const input = await parquetData(spec);
  const output = discard ? "/dev/null" : join(outDirectory, `${name}.jsonl`);
  const command = [node, script(`${name}.ts`), input, output, spec.shape, String(threads)];
  const common = { name, rows: rowsOf(spec), input, command };
  return localContender(discard ? { ...common, outcome: printedRows } : { ...common, ...writes(output) });
}

/** A row-by-row pipeline in Node, one thread. */
export async function rowwise(spec: DataSpec): Promise<Contender> {
  const input = await parquetData(spec);
  const output = join(outDirectory, "rowwise.jsonl");
  const command = [node, script("rowwise.ts"), input, output, spec.shape];
  return localContender({ name: "rowwise", rows: rowsOf(spec), input, command, ...writes(output) });
}

/** The seed's Python loop, over JSON lines. */
export async function seed(spec: DataSpec): Promise<Contender> {
  const input = await jsonLinesData(spec);
  const output = join(outDirectory, "seed.jsonl");
  const command = ["python3", script("seed.py"), input, output];
  return localContender({ name: "seed", rows: rowsOf(spec), input, command, ...writes(output) });
}

/** The floor: decoding alone. */
export async function decode(spec: DataSpec): Promise<Contender> {
  const input = await parquetData(spec);
  const command = [node, script("decode.ts"), input];
  return localContender({ name: "decode", rows: rowsOf(spec), input, command, outcome: printedRows });
}

const writes = (output: string): Pick<LocalSpec, "output" | "outcome"> => ({
  output,
  outcome: () => linesIn([output]),
});

async function jsonLines(directory: string): Promise<string[]> {
  const found: string[] = [];
  for await (const path of glob("**/*.jsonl", { cwd: directory })) found.push(join(directory, path));
  return found;
}

/** A dry run prints the manifest that it would have written. */
async function fromManifest(printed: string): Promise<Outcome> {
  const { manifest } = JSON.parse(printed) as { manifest: { outputs: readonly Outcome[] } };
  const sum = (what: keyof Outcome) => manifest.outputs.reduce((total, output) => total + output[what], 0);
  return { rows: sum("rows"), bytes: sum("bytes") };
}

/** A rival that discards its output prints how many rows there were. */
async function printedRows(printed: string): Promise<Outcome> {
  return { rows: Number(printed), bytes: 0 };
}
