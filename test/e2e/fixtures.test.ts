/** Every fixture through the real command line, byte for byte against what the row-by-row oracle says. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, it } from "node:test";
import { gunzipSync, zstdDecompressSync } from "node:zlib";
import { parse } from "yaml";
import type { Config } from "../../src/config/schema.ts";
import type { Manifest } from "../../src/output/manifest.ts";
import { cli, Workspace } from "../support/cli.ts";
import { readParquetTable } from "../support/oracle/read.ts";

const FIXTURES = join(import.meta.dirname, "../../fixtures");
const names = readdirSync(FIXTURES, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && existsSync(join(FIXTURES, entry.name, "maskline.yaml")))
  .map(({ name }) => name);

/** A fixture's configuration with absolute inputs and the settings given, in a workspace of its own. */
async function prepared(work: Workspace, name: string, settings: object): Promise<string> {
  const config = parse(await readFile(join(FIXTURES, name, "maskline.yaml"), "utf8")) as Config;
  const input = config.input.map((one) => join(FIXTURES, name, one));
  return await work.config({ ...config, input, metrics: { port: null }, ...settings });
}

const plain = (bytes: Buffer): Buffer => bytes;

async function check(work: Workspace, name: string, config: string, decompress = plain): Promise<Manifest> {
  const expected = await readFile(join(FIXTURES, name, "expected.jsonl"));
  const { code, stderr } = await cli(["run", "-c", config, "--output", work.join("out/"), "--quiet"]);
  assert.equal(code, 0, stderr);
  // Warnings, and nothing else: the fixtures' key is public, some of their policies are careless on purpose.
  for (const line of stderr.split("\n").slice(0, -1)) assert.equal(JSON.parse(line).level, 40, line);
  const manifest = await work.manifest();
  const names = await work.outputs();
  assert.equal(names.length, manifest.outputs.length);
  for (const output of names) {
    const bytes = await work.read(join("out", output));
    // In codecs/ each input alone gives the expected output.
    const plain = decompress(bytes);
    if (!plain.equals(expected)) assertSameLines(plain.toString(), expected.toString());
    const record = manifest.outputs.find(({ uri }) => decodeURIComponent(uri).endsWith(`/${output}`));
    assert.equal(record?.bytes, bytes.length);
    assert.equal(record?.sha256, createHash("sha256").update(bytes).digest("hex"));
    assert.equal(record?.rows, expected.toString().split("\n").length - 1);
  }
  return manifest;
}

/** Node stops after the first frame, as `zstd -d` does not. */
function unzstd(bytes: Buffer): Buffer {
  const frames: Buffer[] = [];
  for (let rest = bytes; rest.length > 0; ) {
    // Its types do not know what `info` gives.
    const { buffer, engine } = zstdDecompressSync(rest, { info: true }) as unknown as {
      buffer: Buffer;
      engine: { bytesWritten: number };
    };
    frames.push(buffer);
    rest = rest.subarray(engine.bytesWritten);
  }
  return Buffer.concat(frames);
}

/** Shows the first line that differs, not all of them. */
function assertSameLines(actual: string, expected: string): void {
  const wanted = expected.split("\n");
  for (const [index, line] of actual.split("\n").entries()) assert.equal(line, wanted[index], `line ${index + 1}`);
  assert.equal(actual.length, expected.length);
}

describe("fixtures", () => {
  for (const name of names) {
    describe(name, { concurrency: true }, () => {
      for (const workers of [1, 2, 3]) {
        it(`gives the expected bytes with ${workers} worker${workers === 1 ? "" : "s"}`, async (t) => {
          const work = await Workspace.make(t);
          await check(work, name, await prepared(work, name, { runtime: { workers } }));
        });
      }
    });
  }

  it("gives the same after gunzip and zstd -d, and the compressed bytes do not depend on the workers", async (t) => {
    const digests: string[][] = [];
    for (const [compression, decompress] of [
      ["gzip", gunzipSync],
      ["zstd", unzstd],
    ] as const) {
      for (const name of ["flat-parquet-wasm", "nested-conversations", "empty-rows", "csv-gz"]) {
        const runs = await Promise.all(
          [1, 3].map(async (workers) => {
            const work = await Workspace.make(t);
            const config = await prepared(work, name, { compression, runtime: { workers } });
            return (await check(work, name, config, decompress)).outputs.map(({ sha256 }) => sha256);
          }),
        );
        assert.deepEqual(runs[0], runs[1], `${name} ${compression}`);
        digests.push(...runs);
      }
    }
    assert.equal(digests.length, 16);
  });

  for (const name of ["flat-duckdb", "flat-hyparquet", "flat-parquet-wasm"]) {
    it(`${name}: what is not masked is what DuckDB reads`, async (t) => {
      const work = await Workspace.make(t);
      const manifest = await check(work, name, await prepared(work, name, {}));
      const kept = manifest.columns.filter(({ mask }) => mask === "keep").map(({ path }) => path);
      assert.ok(kept.length >= 5);
      const table = await readParquetTable(join(FIXTURES, name, "input.parquet"));
      const lines = (await work.text("out/input.jsonl")).trimEnd().split("\n");
      assert.equal(lines.length, table.rows.length);
      for (const [row, line] of lines.entries()) {
        const record = JSON.parse(line) as Record<string, unknown>;
        for (const [column, { name: field, kind, scale }] of table.fields.entries()) {
          if (!kept.includes(field)) continue;
          const value = table.rows[row]![column] ?? null;
          const seen = record[field] ?? null;
          if (kind === "timestamp" && typeof seen === "string") {
            assert.equal(BigInt(Date.parse(seen)) * 1000n, value, field);
          } else if (kind === "decimal" && value !== null) {
            assert.equal(Math.round(Number(seen) * 10 ** (scale ?? 0)), Number(value), field);
          } else if (typeof value === "bigint") assert.equal(seen, Number(value), field);
          else if (["string", "number", "boolean"].includes(typeof value)) assert.equal(seen, value, field);
          else assert.equal(seen === null, value === null, field);
        }
      }
    });
  }

  it("the demo export runs, with its own count of rows", async (t) => {
    const work = await Workspace.make(t);
    const config = await work.config({
      input: [join(FIXTURES, "interactions.parquet")],
      policy: { presets: ["contact-center"], unmatched: { text: "scan" } },
    });
    const { code, stderr } = await cli(["run", "-c", config]);
    assert.equal(code, 0, stderr);
    assert.equal((await work.manifest()).rows, 2000);
  });
});
