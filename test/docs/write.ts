/**
 * Writes what is derived from the configuration's declaration: docs/configuration.md and maskline.schema.json.
 * `npm run docs`; with `-- --check` nothing is written, and the exit code says whether the files are current.
 */
import { readFile, writeFile } from "node:fs/promises";
import { generated } from "./generated.ts";

const check = process.argv.includes("--check");

for (const { file, name, text } of generated()) {
  const current = await readFile(file, "utf8").catch(() => "");
  if (current === text) continue;
  if (check) {
    process.stderr.write(`${name} is not what its declaration says: npm run docs\n`);
    process.exitCode = 1;
  } else {
    await writeFile(file, text);
    process.stdout.write(`wrote ${name}\n`);
  }
}
