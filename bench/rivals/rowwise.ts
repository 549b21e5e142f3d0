/**
 * The row-wise Node pipeline as it is usually written: parquet-wasm, apache-arrow rows, node:crypto, String.replace,
 * JSON.stringify, one thread: `rowwise.ts input output shape`.
 */
import { createHmac } from "node:crypto";
import { once } from "node:events";
import { createWriteStream, openAsBlob } from "node:fs";
import { finished } from "node:stream/promises";
import { tableFromIPC } from "apache-arrow";
import { ParquetFile } from "parquet-wasm";
import { patternsOf, TOKENS } from "../masks.ts";

const [input, output, shape] = process.argv.slice(2);
const key = process.env.MASKLINE_KEY ?? "benchmark-key-0123456789abcdef-0123456789";
const patterns = Object.entries(patternsOf(shape as "cdr" | "transcript")).map(
  ([name, steps]) => [name, steps.map((step) => [new RegExp(step.match, "g"), step.with] as const)] as const,
);

function masked(row: Record<string, unknown>): Record<string, unknown> {
  for (const name of TOKENS) {
    const value = row[name];
    if (typeof value === "string")
      row[name] = `User_${createHmac("sha256", key).update(value).digest("hex").slice(0, 16)}`;
  }
  for (const [name, steps] of patterns) {
    const value = row[name];
    if (typeof value === "string") row[name] = steps.reduce((text, [match, by]) => text.replace(match, by), value);
  }
  return row;
}

const plain = (_key: string, value: unknown) => (typeof value === "bigint" ? Number(value) : value);

const file = await ParquetFile.fromFile(await openAsBlob(input!));
const out = createWriteStream(output!, { highWaterMark: 1 << 20 });
const groups = file.metadata().numRowGroups();
for (let group = 0; group < groups; group++) {
  const table = tableFromIPC((await file.read({ rowGroups: [group], batchSize: 16_384 })).intoIPCStream());
  let lines = "";
  for (const row of table) {
    lines += `${JSON.stringify(masked(row!.toJSON()), plain)}\n`;
    if (lines.length > 1 << 18) {
      if (!out.write(lines)) await once(out, "drain");
      lines = "";
    }
  }
  out.write(lines);
}
out.end();
await finished(out);
