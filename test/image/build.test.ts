import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cp, mkdtemp, readFile, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { promisify } from "node:util";

const ROOT = join(import.meta.dirname, "../..");
const FIXTURE = join(ROOT, "fixtures/flat-duckdb");
const execute = promisify(execFile);

// A copy: the build writes kernels.wasm, which other tests are reading.
const copy = await mkdtemp(join(tmpdir(), "maskline-build-"));
after(() => rm(copy, { recursive: true, force: true }));

test("npm run build emits a program that masks as the sources do", async () => {
  for (const name of ["src", "package.json", "build.ts"]) {
    await cp(join(ROOT, name), join(copy, name), { recursive: true });
  }
  await symlink(join(ROOT, "node_modules"), join(copy, "node_modules"));
  await execute("npm", ["run", "build"], { cwd: copy });

  const env = { ...process.env, MASKLINE_KEY: "fixture-key-0123456789abcdef-0123456789" };
  const options = ["-c", join(FIXTURE, "maskline.yaml"), "--output", join(copy, "out")];
  const cli = join(copy, "dist/cli.js");
  const { stderr } = await execute(process.execPath, [cli, "run", ...options], { env });
  assert.match(stderr, /^committed: /m);
  assert.equal(
    await readFile(join(copy, "out/input.jsonl"), "utf8"),
    await readFile(join(FIXTURE, "expected.jsonl"), "utf8"),
  );

  const { stdout } = await execute(process.execPath, [cli, "--version"]);
  assert.equal(stdout.trim(), JSON.parse(await readFile(join(ROOT, "package.json"), "utf8")).version);
});
