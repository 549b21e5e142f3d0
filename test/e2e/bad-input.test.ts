/**
 * Unreadable inputs: the right exit code, a message that names the object and says no value, and nothing left: no
 * object, no manifest, no temporary file.
 */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { chmod, mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { before, describe, it, type TestContext } from "node:test";
import { gzipSync } from "node:zlib";
import { type CliResult, cli, Workspace } from "../support/cli.ts";
import { BIG_POLICY, CALLS_CSV, CALLS_POLICY, writeCalls } from "./data.ts";

/** What no message may hold: pieces of the values in the inputs. */
const VALUES = /Ada\d|Grace\d|Linus\d|Barbara\d|1415555|411111|Customer called|Rosalindah|Bartholomewx/;

let good: Buffer;
before(async () => {
  const { mkdtemp, rm } = await import("node:fs/promises");
  const { tmpdir } = await import("node:os");
  const directory = await mkdtemp(join(tmpdir(), "maskline-e2e-"));
  await writeCalls(join(directory, "calls.parquet"), 6000, 2048);
  good = await readFile(join(directory, "calls.parquet"));
  await rm(directory, { recursive: true });
});

async function runOver(
  t: Pick<TestContext, "after">,
  name: string,
  content: Uint8Array | string,
  settings: object = {},
) {
  const work = await Workspace.make(t);
  await work.write(`in/${name}`, content);
  await work.config({ policy: name.endsWith(".parquet") ? BIG_POLICY : CALLS_POLICY, ...settings });
  return { work, result: await work.run() };
}

async function assertNothingLeft(work: Workspace, { stderr, stdout }: CliResult): Promise<void> {
  assert.doesNotMatch(stderr + stdout, VALUES);
  assert.doesNotMatch(stderr, /^ +at /m, "a stack trace");
  const left = (await work.files()).filter((name) => !name.endsWith("/claim.json"));
  assert.deepEqual(left, []);
}

/** The footer's bytes with one piece replaced by another of any length. */
function withFooter(file: Buffer, edit: (footer: Buffer) => Buffer): Buffer {
  const length = file.readUInt32LE(file.length - 8);
  const start = file.length - 8 - length;
  const footer = edit(Buffer.from(file.subarray(start, file.length - 8)));
  const trailer = Buffer.alloc(8, "PAR1");
  trailer.writeUInt32LE(footer.length);
  return Buffer.concat([file.subarray(0, start), footer, trailer]);
}

/** A zigzag varint, as Thrift's compact protocol has integers. */
function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value * 2;
  do {
    bytes.push((rest & 0x7f) | (rest > 0x7f ? 0x80 : 0));
    rest = Math.floor(rest / 128);
  } while (rest > 0);
  return Buffer.from(bytes);
}

/** Replaces the last place where a number stands as a varint after a field header, or all of them. */
function replaceVarint(footer: Buffer, from: number, to: number, which: "first" | "all"): Buffer {
  let text = footer.toString("latin1");
  const old = varint(from).toString("latin1");
  const by = varint(to).toString("latin1");
  assert.ok(text.includes(old), "the number is in the footer");
  text = which === "first" ? text.replace(old, () => by) : text.replaceAll(old, by);
  return Buffer.from(text, "latin1");
}

describe("unreadable Parquet", { concurrency: 2 }, () => {
  const cases: Readonly<Record<string, readonly [make: () => Uint8Array | string, message: RegExp]>> = {
    "0 bytes": [() => "", /the file is empty \(0 bytes\)/],
    "a few bytes": [() => "PAR1", /4 bytes are no Parquet file/],
    "something else": [() => `${CALLS_CSV.repeat(50)}`, /does not end as a Parquet file does/],
    "random bytes": [() => randomBytes(100_000), /does not end as a Parquet file does/],
    "the magic alone": [() => `PAR1${"\0".repeat(100)}PAR1`, /reading the footer/],
    "the last byte missing": [() => good.subarray(0, -1), /truncated or something else/],
    "the footer missing": [() => good.subarray(0, good.length - 8 - good.readUInt32LE(good.length - 8)), /truncated/],
    "half the file": [() => good.subarray(0, good.length / 2), /truncated/],
    "encrypted footer": [() => Buffer.concat([good.subarray(0, -4), Buffer.from("PARE")]), /it is encrypted \(PARE\)/],
    "a footer longer than the file": [
      () => {
        const file = Buffer.from(good);
        file.writeUInt32LE(0x7fffffff, file.length - 8);
        return file;
      },
      /length is not that of the footer/,
    ],
    "a footer of garbage": [
      () => withFooter(good, (footer) => randomBytes(footer.length)),
      /reading the footer|decoding/,
    ],
    "a footer cut short": [() => withFooter(good, (footer) => footer.subarray(0, 200)), /reading the footer|decoding/],
    "the middle cut out, the footer kept": [
      () => {
        const start = good.length - 8 - good.readUInt32LE(good.length - 8);
        return Buffer.concat([good.subarray(0, 4), good.subarray(start - 2000)]);
      },
      /outside of the file|decoding/,
    ],
    "a page's bytes overwritten": [
      () => {
        const file = Buffer.from(good);
        file.fill(0xff, 4000, 6000);
        return file;
      },
      /row group 0: (?:decoding|the decoder ended its thread twice)/,
    ],
    "row groups that do not add up": [
      () => withFooter(good, (footer) => replaceVarint(footer, 6000, 6001, "all")),
      /promises 6001 rows, its row groups hold 6000/,
    ],
    "fewer rows than promised": [
      () => withFooter(good, (footer) => replaceVarint(replaceVarint(footer, 2048, 2049, "all"), 6000, 6002, "all")),
      /row group \d: /,
    ],
  };

  for (const [name, [make, message]] of Object.entries(cases)) {
    it(name, async (t) => {
      const { work, result } = await runOver(t, "calls.parquet", make());
      assert.equal(result.code, 5, result.stderr);
      assert.match(result.stderr, message);
      assert.match(result.stderr, /^maskline: .*in\/calls\.parquet/m);
      await assertNothingLeft(work, result);
    });
  }
});

describe("unreadable text", { concurrency: 2 }, () => {
  const rows = CALLS_CSV.split("\n").slice(1, 3).join("\n");
  const cases: Readonly<Record<string, readonly [file: string, content: Uint8Array | string, message: RegExp]>> = {
    "an empty CSV": ["calls.csv", "", /not even a header is there/],
    "a CSV with a row too short": ["calls.csv", `${CALLS_CSV}c-3,Sales\n`, /calls\.csv/],
    "a CSV with a row too long": ["calls.csv", `${CALLS_CSV}${rows.replace("\n", ",")}\n`, /calls\.csv/],
    "a CSV with an open quote": ["calls.csv", `${CALLS_CSV}"c-3,Sales,Rosalindah\n`, /calls\.csv/],
    "gzip that is none": ["calls.csv.gz", CALLS_CSV, /calls\.csv\.gz/],
    "gzip cut short": ["calls.csv.gz", gzipSync(CALLS_CSV.repeat(20)).subarray(0, 100), /calls\.csv\.gz/],
    "gzip with a wrong checksum": [
      "calls.csv.gz",
      (() => {
        const bytes = gzipSync(CALLS_CSV);
        bytes[bytes.length - 6]! ^= 0xff;
        return bytes;
      })(),
      /calls\.csv\.gz/,
    ],
    "JSON that is broken": ["calls.jsonl", '{"firstName":"Rosalindah"}\n{"firstName":"Bartholomewx"\n', /calls\.jsonl/],
    "JSON lines of no objects": ["calls.jsonl", '"Rosalindah"\n[1]\n', /calls\.jsonl/],
    "JSON with a cut last line": ["calls.jsonl", '{"firstName":"Rosalindah"}\n{"firstName":"Barth', /calls\.jsonl/],
  };
  for (const [name, [file, content, message]] of Object.entries(cases)) {
    it(name, async (t) => {
      const { work, result } = await runOver(t, file, content);
      assert.equal(result.code, 5, result.stderr);
      assert.match(result.stderr, message);
      await assertNothingLeft(work, result);
    });
  }
});

describe("inputs that cannot be had", { concurrency: 2 }, () => {
  it("a missing file, an empty directory, a glob without a match", async (t) => {
    const work = await Workspace.make(t);
    await mkdir(work.join("in"));
    await work.config();
    for (const input of ["gone.parquet", "in/", "in/*.parquet", "no/such/directory/"]) {
      const result = await work.run("--input", input);
      assert.equal(result.code, 5, result.stderr);
      assert.match(result.stderr, /finding the inputs: nothing is at .*check the path/);
      await assertNothingLeft(work, result);
    }
  });

  it("a directory where a file is meant", async (t) => {
    const work = await Workspace.make(t);
    await mkdir(work.join("in/calls.parquet"), { recursive: true });
    await work.config();
    const result = await work.run("--input", "in/calls.parquet");
    assert.equal(result.code, 5);
    assert.match(result.stderr, /this is a directory; end it with "\/"/);
    await assertNothingLeft(work, result);
  });

  it("a file and a directory without permission", async (t) => {
    const work = await Workspace.make(t);
    await chmod(await work.write("in/calls.csv", CALLS_CSV), 0);
    await work.write("closed/calls.csv", CALLS_CSV);
    await chmod(work.join("closed"), 0);
    await chmod(await work.config({ policy: CALLS_POLICY }), 0o644);
    // Root may read all: be somebody else.
    const user = process.getuid?.() === 0 ? { uid: 65534 } : {};
    for (const input of ["in/calls.csv", "in/", "closed/"]) {
      const result = await cli(["run", "-c", "maskline.yaml", "--input", input], { cwd: work.path, ...user });
      assert.equal(result.code, 5, result.stderr);
      assert.match(result.stderr, /no permission to read it/);
      await assertNothingLeft(work, result);
    }
    await chmod(work.join("closed"), 0o755);
  });
});

describe("one bad input among good ones", () => {
  it("takes back the objects that were finished before it was found", async (t) => {
    const work = await Workspace.make(t);
    await work.write("in/a.csv", CALLS_CSV);
    const flipped = Buffer.from(good);
    flipped.fill(0xff, 4000, 6000);
    await work.write("in/z.parquet", flipped);
    await work.config({
      policy: { ...CALLS_POLICY, rules: BIG_POLICY.rules },
      runtime: { workers: 1 },
    });
    const result = await work.run();
    assert.equal(result.code, 5, result.stderr);
    assert.match(result.stderr, /z\.parquet/);
    await assertNothingLeft(work, result);
  });
});

describe("onBadInput: skip", { concurrency: 2 }, () => {
  it("commits the good inputs and names the bad ones in the manifest", async (t) => {
    const work = await Workspace.make(t);
    await work.write("in/good.parquet", good);
    await work.write("in/truncated.parquet", good.subarray(0, 1000));
    const flipped = Buffer.from(good);
    flipped.fill(0xff, 4000, 6000);
    await work.write("in/flipped.parquet", flipped);
    await work.write("in/empty.csv", "");
    await work.write("in/calls.csv", CALLS_CSV);
    await work.config({ policy: { ...CALLS_POLICY, rules: BIG_POLICY.rules }, runtime: { onBadInput: "skip" } });
    const { code, stderr } = await work.run();
    assert.equal(code, 0, stderr);
    assert.doesNotMatch(stderr, VALUES);
    const manifest = await work.manifest();
    assert.deepEqual(await work.outputs(), ["calls.jsonl", "good.jsonl"]);
    assert.equal(manifest.rows, 6002);
    assert.equal(manifest.inputs.length, 2);
    const bad = manifest.quarantined.map(({ uri }) => uri.split("/").at(-1)).sort();
    assert.deepEqual(bad, ["empty.csv", "flipped.parquet", "truncated.parquet"]);
    for (const { reason } of manifest.quarantined) assert.match(reason, /reading|decoding/);
    for (const name of bad) assert.match(stderr, new RegExp(`SKIPPED .*${name}`));
    // Found again as committed, although some are bad.
    const again = await work.run("--json");
    assert.equal(again.code, 0, again.stderr);
    assert.equal(JSON.parse(again.stdout).again, true);
  });

  it("an input that is repaired makes another run, which takes the place of the first with --replace", async (t) => {
    const work = await Workspace.make(t);
    await work.write("in/a.csv", CALLS_CSV);
    await work.write("in/b.csv", "");
    await work.config({ policy: CALLS_POLICY, runtime: { onBadInput: "skip" } });
    assert.equal((await work.run()).code, 0);
    await work.write("in/b.csv", CALLS_CSV);
    assert.equal((await work.run()).code, 2);
    assert.equal((await work.run("--replace")).code, 0);
    const manifest = await work.manifest();
    assert.equal(manifest.rows, 4);
    assert.deepEqual(manifest.quarantined, []);
  });

  it("with nothing but bad inputs nothing is committed", async (t) => {
    const work = await Workspace.make(t);
    await work.write("in/a.parquet", "");
    await work.write("in/b.parquet", "PAR1 nothing here at all PAR1");
    await work.config({ runtime: { onBadInput: "skip" } });
    const early = await work.run();
    assert.equal(early.code, 5, early.stderr);
    assert.match(early.stderr, /not one of 2 can be read.*a\.parquet.*b\.parquet/s);
    await assertNothingLeft(work, early);
    const flipped = Buffer.from(good);
    flipped.fill(0xff, 4000, 6000);
    await work.write("in/a.parquet", flipped);
    await work.config({ policy: BIG_POLICY, runtime: { onBadInput: "skip" } });
    const late = await work.run();
    assert.equal(late.code, 5, late.stderr);
    assert.match(late.stderr, /not one of 2 can be read.*a\.parquet/s);
    await assertNothingLeft(work, late);
  });
});
