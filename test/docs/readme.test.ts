import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { promisify } from "node:util";
import { ROOT } from "./generated.ts";

const execute = promisify(execFile);
const directory = await mkdtemp(join(tmpdir(), "maskline-readme-"));
after(() => rm(directory, { recursive: true, force: true }));

test("npm start gives what the README shows", async () => {
  const readme = await readFile(join(ROOT, "README.md"), "utf8");
  const command = [join(ROOT, "src/cli.ts"), "run", "-c", join(ROOT, "maskline.yaml"), "--output", directory];
  const { stderr } = await execute(process.execPath, command);

  const said = readme.match(/^ {2}masked (?:.*\n)+?(?= {2}output)/m)?.[0];
  assert.ok(said && stderr.includes(said), `the README says:\n${said}\nand the run says:\n${stderr}`);

  const shown = JSON.parse(readme.match(/^```json\n((?:.*\n)+?)```$/m)?.[1] ?? "{}") as Record<string, unknown>;
  const second = (await readFile(join(directory, "interactions.jsonl"), "utf8")).split("\n")[1]!;
  assert.ok(Object.keys(shown).length > 3);
  assert.deepEqual({ ...JSON.parse(second), ...shown }, JSON.parse(second));
});

test("init proposes for the demo's export what the README shows", async () => {
  const readme = await readFile(join(ROOT, "README.md"), "utf8");
  const block = /^```yaml\n(environment: .*\n(?:.*\n)+?)```$/m.exec(readme)?.[1] ?? "";
  const shown = block.split("\n").filter((line) => line !== "");
  const command = [join(ROOT, "src/cli.ts"), "init", "--input", "fixtures/interactions.parquet", "--stdout"];
  const { stdout } = await execute(process.execPath, command, { cwd: ROOT });
  const lines = stdout.split("\n");
  assert.ok(shown.length > 10);
  // In this order, with others between.
  let at = 0;
  for (const line of shown) {
    at = lines.indexOf(line, at);
    assert.ok(at >= 0, `init does not say: ${line}\n${stdout}`);
  }
});
