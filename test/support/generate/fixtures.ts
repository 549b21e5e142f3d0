/**
 * Writes fixtures/: the demo export, and a folder for each case with its input, its configuration and what must come
 * out (by the oracle, never by the product). `npm run fixtures`; the same files each time.
 */
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Compression } from "parquet-wasm";
import { maskedJsonLines } from "../oracle/oracle.ts";
import { readCsvTable, readJsonLinesTable, readParquetTable } from "../oracle/read.ts";
import type { Table } from "../oracle/value.ts";
import { CASES, type Case } from "./cases.ts";
import { cdrs } from "./cdr.ts";
import { cdrsByWasm } from "./cdr-files.ts";

const CONTEXT = {
  environment: "fixture",
  masterKey: Buffer.from("fixture-key-0123456789abcdef-0123456789"),
};

const directory = join(import.meta.dirname, "../../../fixtures");

await mkdir(directory, { recursive: true });
await cdrsByWasm(join(directory, "interactions.parquet"), cdrs(1, 2000), Compression.ZSTD, (builder) =>
  builder.setMaxRowGroupSize(450),
);
for (const one of CASES) await writeCase(one);

async function writeCase(one: Case): Promise<void> {
  const folder = join(directory, one.name);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await one.write(folder);
  await writeFile(join(folder, "maskline.yaml"), configuration(one));
  const outputs = await Promise.all(
    // DuckDB does not read Hadoop's LZ4; that file holds the rows of the others.
    one.inputs
      .filter((input) => input !== "lz4.parquet")
      .map(async (input) =>
        maskedJsonLines(retyped(await readTable(join(folder, input)), one.types), one.decide, CONTEXT),
      ),
  );
  const [expected] = outputs;
  if (outputs.some((output) => output !== expected)) throw new Error(`${one.name}: its inputs give different rows`);
  await writeFile(join(folder, "expected.jsonl"), expected!);
}

function configuration({ inputs, policy }: Case): string {
  return `environment: ${CONTEXT.environment}
key: { env: MASKLINE_KEY }
input: [${inputs.map((input) => `"./${input}"`).join(", ")}]
output: "./out/"
policy:
${policy}
`;
}

async function readTable(path: string): Promise<Table> {
  if (path.endsWith(".parquet")) return readParquetTable(path);
  const bytes = await readFile(path);
  return path.includes(".csv") ? readCsvTable(bytes) : readJsonLinesTable(bytes);
}

function retyped({ fields, rows }: Table, types: Case["types"] = {}): Table {
  return {
    fields: fields.map((field) => ({ ...field, ...types[field.name] })),
    rows: rows.map((row) =>
      row.map((value, index) => (types[fields[index]!.name] && typeof value === "number" ? BigInt(value) : value)),
    ),
  };
}
