/** Which inputs are found, what their outputs are called, and shapes of data that are easily got wrong. */
import assert from "node:assert/strict";
import { link, mkdir, symlink } from "node:fs/promises";
import { describe, it } from "node:test";
import { gzipSync } from "node:zlib";
import { parquetMetadata } from "hyparquet";
import { cli, Workspace } from "../support/cli.ts";
import { duckdb, type HyparquetColumn, sql, writeByDuckdb, writeByHyparquet } from "../support/generate/writers.ts";

const csv = (...rows: readonly string[]): string => `id\n${rows.join("\n")}\n`;

describe("inputs", { concurrency: 2 }, () => {
  it("a directory, globs and several patterns; nested names are kept, bookkeeping is passed over", async (t) => {
    const work = await Workspace.make(t);
    await work.write("in/2026/11/a.csv", csv("1"));
    await work.write("in/2026/11/b.csv.gz", gzipSync(csv("2")));
    await work.write("in/2026/12/a.jsonl", '{"id":"3"}\n');
    await work.write("in/_SUCCESS", "");
    await work.write("in/2026/.a.csv.crc", "x");
    await work.write("in/_temporary/0/part.csv", csv("no"));
    await work.config();
    assert.equal((await work.run()).code, 0);
    assert.deepEqual(await work.outputs(), ["2026/11/a.jsonl", "2026/11/b.jsonl", "2026/12/a.jsonl"]);
    assert.equal(await work.text("out/2026/11/b.jsonl"), '{"id":"2"}\n');
    assert.equal((await work.manifest()).rows, 3);

    await work.config({ input: ["./in/2026/*/a.*", "./in/2026/11/*.gz"], output: "./out2/" });
    assert.equal((await work.run()).code, 0);
    assert.deepEqual(await work.outputs("out2"), ["11/a.jsonl", "12/a.jsonl", "b.jsonl"]);

    await work.config({ input: ["./in/2026/**/*.csv", "./in/2026/11/a.csv"], output: "./out3/" });
    const twice = await work.run();
    assert.equal(twice.code, 0, twice.stderr);
    assert.equal((await work.manifest("out3")).inputs.length, 1, "an input that two patterns name is one input");
  });

  it("the same stem keeps its extension, so that nothing is overwritten", async (t) => {
    const work = await Workspace.make(t);
    await work.write("in/a.csv", csv("1"));
    await work.write("in/a.jsonl", '{"id":"2"}\n');
    await work.write("in/a.csv.gz", gzipSync(csv("3")));
    await writeByDuckdb(work.join("in/a.parquet"), { id: "VARCHAR" }, [{ id: "4" }]);
    await work.config();
    const { code, stderr } = await work.run();
    assert.equal(code, 0, stderr);
    const outputs = ["a.csv.gz.jsonl", "a.csv.jsonl", "a.jsonl.jsonl", "a.parquet.jsonl"];
    assert.deepEqual(await work.outputs(), outputs);
    const rows = await Promise.all(outputs.map((name) => work.text(`out/${name}`)));
    assert.deepEqual(
      rows,
      ["3", "1", "2", "4"].map((id) => `{"id":"${id}"}\n`),
    );
  });

  it("two inputs of one name from two directories are refused, not merged", async (t) => {
    const work = await Workspace.make(t);
    await work.write("in/x/a.csv", csv("1"));
    await work.write("in/y/a.csv", csv("2"));
    await work.config({ input: ["./in/x/a.csv", "./in/y/a.csv"] });
    const { code, stderr } = await work.run();
    assert.equal(code, 2);
    assert.match(stderr, /two inputs would become a\.csv\.jsonl/);
    assert.deepEqual(await work.files(), []);
  });

  it("an output beneath the input is not read as input by the next run", async (t) => {
    const work = await Workspace.make(t);
    await work.write("data/a.csv", csv("1"));
    await work.config({ input: ["./data/*.csv"], output: "./data/" });
    assert.equal((await work.run()).code, 0);
    const { code, stdout } = await work.run("--json");
    assert.equal(code, 0);
    assert.equal(JSON.parse(stdout).again, true);
  });

  it("names with spaces, unicode, glob characters, percent signs and line ends", async (t) => {
    const work = await Workspace.make(t);
    const names = [
      "Übersicht Q1 – 客户.csv",
      "[draft] {1}?.csv",
      "100%25 #1.csv",
      "line\nend.csv",
      " lead.csv",
      "a+b'\".csv",
    ];
    for (const [index, name] of names.entries()) await work.write(`in/${name}`, csv(String(index)));
    await work.config();
    const { code, stderr } = await work.run();
    assert.equal(code, 0, stderr);
    for (const [index, name] of names.entries()) {
      assert.equal(await work.text(`out/${name.replace(".csv", ".jsonl")}`), `{"id":"${index}"}\n`);
    }
    // Named exactly, a literal name wins over its reading as a glob.
    await work.config({ input: names.map((name) => `./in/${name}`), output: "./out2/" });
    const named = await work.run();
    assert.equal(named.code, 0, named.stderr);
    assert.equal((await work.outputs("out2")).length, names.length);
    const again = await work.run("--json");
    assert.equal(JSON.parse(again.stdout).again, true);
  });

  it("links to files are followed", async (t) => {
    const work = await Workspace.make(t);
    await work.write("elsewhere/real.csv", csv("1"));
    await mkdir(work.join("in"));
    await symlink(work.join("elsewhere/real.csv"), work.join("in/soft.csv"));
    await link(work.join("elsewhere/real.csv"), work.join("in/hard.csv"));
    await work.config();
    assert.equal((await work.run()).code, 0);
    assert.deepEqual(await work.outputs(), ["hard.jsonl", "soft.jsonl"]);
  });

  it("an extension that says no format is refused and named", async (t) => {
    const work = await Workspace.make(t);
    await work.write("in/a.csv", csv("1"));
    await work.write("in/b.xlsx", "PK");
    await work.config();
    const { code, stderr } = await work.run();
    assert.equal(code, 2);
    assert.match(stderr, /b\.xlsx: its name says no format/);
    assert.deepEqual(await work.files(), []);
  });
});

describe("shapes", { concurrency: 2 }, () => {
  it("2,000 columns", async (t) => {
    const work = await Workspace.make(t);
    const columns: Record<string, HyparquetColumn> = {};
    for (let index = 0; index < 2000; index++) {
      const values = index % 2 === 0 ? [`a${index}`, null, "c"] : [index, null, -index];
      columns[`column ${index}`] =
        index % 2 === 0 ? { type: "BYTE_ARRAY", converted_type: "UTF8", values } : { type: "INT32", values };
    }
    await mkdir(work.join("in"));
    await writeByHyparquet(work.join("in/wide.parquet"), columns);
    await work.config({
      policy: {
        rules: [
          { field: "column 1*0", mask: "replace", with: "[X]" },
          { field: "*", mask: "keep" },
        ],
      },
    });
    const { code, stderr } = await work.run("--quiet");
    assert.equal(code, 0, stderr);
    const [first, second] = (await work.text("out/wide.jsonl")).split("\n");
    const record = JSON.parse(first!) as Record<string, unknown>;
    assert.equal(Object.keys(record).length, 2000);
    assert.equal(record["column 10"], "[X]");
    assert.equal(record["column 12"], "a12");
    assert.equal(record["column 1999"], 1999);
    assert.ok(Object.values(JSON.parse(second!)).every((value) => value === null));
  });

  it("values of 10 MB", async (t) => {
    const work = await Workspace.make(t);
    const long = "word ".repeat(2_000_000);
    const values = ["short", `${long}call +14155550123`, null, `4111111111111111 ${long}`, ""];
    await mkdir(work.join("in"));
    await writeByHyparquet(work.join("in/long.parquet"), {
      note: { type: "BYTE_ARRAY", converted_type: "UTF8", values },
    });
    await work.config({ policy: { rules: [{ field: "note", mask: "scan" }] } });
    const { code, stderr } = await work.run("--quiet");
    assert.equal(code, 0, stderr);
    const notes = (await work.text("out/long.jsonl"))
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line).note);
    assert.deepEqual(notes, ["short", `${long}call [PHONE]`, null, `[CARD] ${long}`, ""]);
  });

  it("values that a dictionary holds once and rows repeat", async (t) => {
    const work = await Workspace.make(t);
    await mkdir(work.join("in"));
    const rows = 20_000;
    await duckdb(
      `COPY (SELECT repeat('lorem ipsum ', 400) AS note FROM range(${rows}))
       TO ${sql(work.join("in/repeated.parquet"))} (FORMAT parquet, COMPRESSION zstd)`,
    );
    await work.config({ policy: { rules: [{ field: "note", mask: "keep" }] } });
    const { code, stderr } = await work.run("--quiet");
    assert.equal(code, 0, stderr);
    const line = `{"note":"${"lorem ipsum ".repeat(400)}"}\n`;
    assert.equal(await work.text("out/repeated.jsonl"), line.repeat(rows));
  });

  it("a row group that unfolds to more than the memory is refused with the figure", async (t) => {
    const work = await Workspace.make(t);
    await mkdir(work.join("in"));
    await duckdb(
      `COPY (SELECT repeat('lorem ipsum ', 1000) AS note FROM range(100000))
       TO ${sql(work.join("in/repeated.parquet"))} (FORMAT parquet, COMPRESSION zstd)`,
    );
    await work.config({ policy: { rules: [{ field: "note", mask: "keep" }] } });
    const { code, stderr } = await work.run("--quiet");
    assert.equal(code, 2, stderr);
    assert.match(stderr, /repeated\.parquet, row group 0: it unfolds to about 1\.1 GiB.*raise it/);
    assert.deepEqual(await work.outputs(), []);
  });

  it("a CSV without a header line is refused, and nothing of it is said", async (t) => {
    const work = await Workspace.make(t);
    await work.write("in/calls.csv", "Jane Doe,4155552671\nJohn Roe,4155552672\n");
    await work.config({ policy: { unmatched: { sensitive: "keep", text: "keep", other: "keep" } } });
    const { code, stderr, stdout } = await work.run();
    assert.equal(code, 5, stderr);
    assert.match(stderr, /the name of column 2 looks like a value/);
    assert.doesNotMatch(stderr + stdout, /Jane|415555/);
  });

  it("no rows, and no row groups at all, give an empty output that is committed", async (t) => {
    const work = await Workspace.make(t);
    await mkdir(work.join("in"));
    await writeByDuckdb(work.join("in/rows.parquet"), { id: "INTEGER" }, []);
    await work.write("in/header.csv", "id\n");
    await work.write("in/nothing.jsonl", "");
    const bytes = await work.read("in/rows.parquet");
    const footer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer;
    assert.equal(parquetMetadata(footer).row_groups.length, 0);
    await work.config();
    const { code, stderr } = await work.run();
    assert.equal(code, 0, stderr);
    assert.deepEqual(await work.outputs(), ["header.jsonl", "nothing.jsonl", "rows.jsonl"]);
    for (const name of await work.outputs()) assert.equal((await work.read(`out/${name}`)).length, 0);
    assert.equal((await work.manifest()).rows, 0);
    for (const compression of ["gzip", "zstd"]) {
      await work.config({ compression, output: `./out-${compression}/` });
      const compressed = await work.run();
      assert.equal(compressed.code, 0, compressed.stderr);
    }
  });

  it("column names of every kind are written as JSON has them, and rules reach them", async (t) => {
    const work = await Workspace.make(t);
    const names = [
      'quote"',
      "back\\slash",
      "new\nline",
      "nul\u0000",
      "tab\t",
      "__proto__",
      "constructor",
      "toString",
      "a.b",
      "x[]",
      "ключ",
      "😀",
      " ",
    ];
    await mkdir(work.join("in"));
    await writeByHyparquet(
      work.join("in/names.parquet"),
      Object.fromEntries([
        ...names
          .filter((name) => name !== "__proto__")
          .map((name) => [name, { type: "BYTE_ARRAY", converted_type: "UTF8", values: ["v"] }]),
      ]) as Record<string, HyparquetColumn>,
    );
    await work.write("in/proto.csv", "__proto__,hasOwnProperty\nv,w\n");
    await work.write("in/proto.jsonl", '{"__proto__":"v","nested":{"__proto__":"v","constructor":"w"}}\n');
    await work.config({
      policy: {
        rules: [
          { field: "__proto__", mask: "replace", with: "[P]" },
          { field: 'quote"', mask: "replace", with: "[Q]" },
          { field: "*", mask: "keep" },
        ],
      },
    });
    const { code, stderr } = await work.run();
    assert.equal(code, 0, stderr);
    const line = await work.text("out/names.jsonl");
    const wanted = names
      .filter((name) => name !== "__proto__")
      .map((name) => `${JSON.stringify(name)}:${name === 'quote"' ? '"[Q]"' : '"v"'}`);
    assert.equal(line, `{${wanted.join(",")}}\n`);
    assert.equal(await work.text("out/proto.csv.jsonl"), '{"__proto__":"[P]","hasOwnProperty":"w"}\n');
    assert.equal(
      await work.text("out/proto.jsonl.jsonl"),
      '{"__proto__":"[P]","nested":{"__proto__":"[P]","constructor":"w"}}\n',
    );
    const plan = await cli(["plan", "-c", work.join("maskline.yaml")]);
    assert.equal(plan.code, 0, plan.stderr);
    const paths = (await work.manifest()).columns.map(({ path }) => path);
    assert.ok(paths.includes("nested.__proto__") && paths.includes("nul\u0000"));
  });
});
