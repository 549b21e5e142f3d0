/**
 * No value of a record is in anything that people or machines read of a run: not in its log, its errors, its plan, its
 * manifest or its metrics. And nothing that is masked is in the output.
 */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, it } from "node:test";
import { gunzipSync } from "node:zlib";
import { parse } from "yaml";
import type { Config } from "../../src/config/schema.ts";
import { cli, startCli, Workspace } from "../support/cli.ts";
import { readCsvTable, readJsonLinesTable, readParquetTable } from "../support/oracle/read.ts";
import type { Table } from "../support/oracle/value.ts";

const FIXTURES = join(import.meta.dirname, "../../fixtures");

/** One of each shape and format that has identifiers planted. */
const names = [
  "csv-gz",
  "flat-parquet-wasm",
  "jsonl",
  "nested-conversations",
  "phones-as-numbers",
  "transcript",
  "unicode",
] as const;

async function tableOf(path: string): Promise<Table> {
  if (path.endsWith(".parquet")) return await readParquetTable(path);
  const bytes = await readFile(path);
  const plain = path.endsWith(".gz") ? gunzipSync(bytes) : bytes;
  return path.includes(".csv") ? readCsvTable(plain) : readJsonLinesTable(plain);
}

/** Every text in a value, however deep, that is long enough not to be anywhere by chance. */
function textsOf(value: unknown, found: Set<string>): void {
  if (typeof value === "string") {
    if (value.trim().length >= 6) found.add(value);
  } else if (Array.isArray(value)) for (const one of value) textsOf(one, found);
  else if (value instanceof Map) for (const one of value.values()) textsOf(one, found);
  else if (value && typeof value === "object" && !ArrayBuffer.isView(value)) {
    for (const one of Object.values(value)) textsOf(one, found);
  }
}

/** What identifies a person: runs of digits and addresses in the values. */
function identifiersOf(texts: Iterable<string>): Set<string> {
  const found = new Set<string>();
  for (const text of texts) {
    for (const [match] of text.matchAll(/\d{7,}|[\w.+-]+@[\w.-]+\.\w+|\d{3}-\d{2}-\d{4}/g)) found.add(match);
  }
  return found;
}

/** Both as they stand and as JSON has them. */
function assertNone(where: string, said: string, values: Iterable<string>): void {
  for (const value of values) {
    assert.ok(!said.includes(value), `${where} holds a value of the input`);
    assert.ok(!said.includes(JSON.stringify(value).slice(1, -1)), `${where} holds a value of the input`);
  }
}

describe("nothing leaks", { concurrency: 3 }, () => {
  for (const name of names) {
    it(`${name}: log, plan, summary, manifest and metrics hold no value`, async (t) => {
      const config = parse(await readFile(join(FIXTURES, name, "maskline.yaml"), "utf8")) as Config;
      // DuckDB does not read Hadoop's LZ4; that file holds the rows of the others.
      const input = config.input.map((one) => join(FIXTURES, name, one)).filter((one) => !one.endsWith("/lz4.parquet"));
      const texts = new Set<string>();
      for (const path of input) for (const row of (await tableOf(path)).rows) textsOf(row, texts);
      const identifiers = identifiersOf(texts);
      const work = await Workspace.make(t);
      // What the configuration itself says, a replacement for one, is no leak.
      const own = JSON.stringify(config);
      const values = [...texts, ...identifiers].filter((value) => !own.includes(value) && !work.path.includes(value));

      await work.config({ ...config, input, metrics: { port: 0, host: "127.0.0.1", linger: "60s" } });
      const args = ["-c", work.join("maskline.yaml"), "--json"];
      const running = startCli(["run", ...args], { env: { MASKLINE_DEBUG: "1", LOG_LEVEL: "trace", DEBUG: "*" } });
      const [, port] = await running.says(/"port":(\d+)/);
      await running.says(/committed: run/);
      const pages = await Promise.all(
        ["metrics", "committed", ""].map(async (path) => (await fetch(`http://127.0.0.1:${port}/${path}`)).text()),
      );
      running.child.kill("SIGTERM");
      const { code, stdout, stderr } = await running.ended;
      assert.equal(code, 0, stderr);
      const plan = await cli(["plan", ...args]);
      const records = (await work.files()).filter((one) => one.startsWith("_maskline/"));
      assert.equal(records.length, 4);
      const said = {
        "standard error": stderr,
        "standard output": stdout,
        "the plan": plan.stdout + plan.stderr,
        HTTP: pages.join("\n"),
        "the run's records": (await Promise.all(records.map((one) => work.text(join("out", one))))).join("\n"),
      };
      for (const [where, text] of Object.entries(said)) assertNone(where, text, values);
      assert.ok(!Object.values(said).join().includes("fixture-key-0123456789"), "the key");
    });
  }

  it("an error of a run over them holds none either", async (t) => {
    for (const name of ["flat-duckdb", "csv", "jsonl"]) {
      const config = parse(await readFile(join(FIXTURES, name, "maskline.yaml"), "utf8")) as Config;
      const [file] = config.input;
      const path = join(FIXTURES, name, file!);
      const texts = new Set<string>();
      for (const row of (await tableOf(path)).rows) textsOf(row, texts);
      const bytes = await readFile(path);
      const work = await Workspace.make(t);
      for (const share of [0.3, 0.6, 0.9]) {
        const copy = Buffer.from(bytes);
        const start = Math.floor(copy.length * share);
        // An open quote, a broken string, a damaged page.
        copy.write('"\\u{', start, "latin1");
        await work.write(file!, copy);
        await work.config({ ...config, output: `./out-${share}/`, metrics: { port: null } });
        const { code, stdout, stderr } = await cli(["run", "-c", work.join("maskline.yaml"), "--json"], {
          env: { MASKLINE_DEBUG: "1" },
        });
        assert.ok(code === 0 || code === 5, stderr);
        assertNone(`${name} at ${share}`, stdout + stderr, texts);
      }
    }
  });

  it("cards, phones and addresses of the demo export are nowhere in its output", async (t) => {
    const path = join(FIXTURES, "interactions.parquet");
    const { fields, rows } = await readParquetTable(path);
    const planted = new Set<string>();
    for (const row of rows) {
      for (const [index, { name }] of fields.entries()) {
        if (/^(?:firstName|phoneNumber|emailAddress|cardNumber|externalId)$/.test(name)) textsOf(row[index], planted);
      }
    }
    assert.ok(planted.size > 1000);
    const work = await Workspace.make(t);
    await work.config({ input: [path], policy: { presets: ["contact-center"], unmatched: { text: "scan" } } });
    const { code, stderr } = await work.run();
    assert.equal(code, 0, stderr);
    const output = await work.text("out/interactions.jsonl");
    const leaked = [...planted].filter((value) => output.includes(value));
    assert.equal(leaked.length, 0, `${leaked.length} planted values are in the output`);
  });

  it("cards that only their column's content shows are not hashed without a key", async (t) => {
    const work = await Workspace.make(t);
    for (const [name, numbers] of [
      ["cards", ["4111111111111111", "5555555555554444"]],
      ["bookings", ["B-20391", "B-20392"]],
    ] as const) {
      await work.write(`${name}/a.csv`, `id,reference\n${numbers.map((one, row) => `${row},${one}\n`).join("")}`);
      const rules = [
        { field: "reference", mask: "salted-hash" },
        { field: "*", mask: "keep" },
      ];
      await work.config({ input: [`./${name}/`], output: `./${name}-out/`, policy: { rules } });
      const { code, stderr } = await work.run();
      assert.equal(code, name === "cards" ? 2 : 0, stderr);
      if (name !== "cards") continue;
      assert.match(stderr, /the column reference: salted-hash .*content.*PCI DSS 3\.5\.1\.1/);
      assert.doesNotMatch(stderr, /4111|5555/);
      assert.deepEqual(await work.files("cards-out"), []);
    }
  });

  it("a JSON document that only a row beyond the sample holds does not show what its names say", async (t) => {
    const work = await Workspace.make(t);
    const late = '"{""firstName"":""Rosalindah"",""queue"":""Sales""}"';
    const rows = Array.from(
      { length: 20_000 },
      (_, row) => `${row},${row === 19_000 ? late : "They asked for the bill."}\n`,
    );
    await work.write("in/a.csv", `id,remark\n${rows.join("")}`);
    await work.config({ policy: { rules: [{ field: "id", mask: "keep" }] }, verify: "full" });
    const { code, stderr } = await work.run();
    assert.equal(code, 0, stderr);
    const output = await work.text("out/a.jsonl");
    assert.doesNotMatch(output, /Rosalindah/);
    assert.ok(output.includes(JSON.stringify('{"firstName":"[MASKED]","queue":"Sales"}')));
  });
});
