/** The approved schema: `drift`, and what `run` makes of it. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { describe, it, type TestContext } from "node:test";
import { type CliResult, cli, Workspace } from "../support/cli.ts";
import { duckdb, sql } from "../support/generate/writers.ts";

const POLICY = { presets: ["contact-center"], rules: [{ path: "attributes{lang*}", mask: "keep" }] };

/** Calls as the approved export has them; each name may be given another expression. */
async function writeCalls(
  work: Workspace,
  name: string,
  columns: Readonly<Record<string, string | null>> = {},
  rows = 200,
) {
  const all: Record<string, string | null> = {
    id: "i",
    phoneNumber: `'+1415555' || lpad((hash(i) % 10000)::VARCHAR, 4, '0')`,
    queueName: "'Sales'",
    attributes: "map {'language': 'en', 'plan': 'gold'}",
    agent: "{ team: 'North', score: i % 5 }",
    ...columns,
  };
  const list = Object.entries(all).flatMap(([column, value]) => (value === null ? [] : [`${value} AS "${column}"`]));
  const path = await work.write(name, "");
  await duckdb(
    `COPY (SELECT ${list.join(", ")} FROM range(${rows}) AS t(i)) TO ${sql(path)} (FORMAT parquet, ROW_GROUP_SIZE 2048)`,
  );
}

async function approved(t: TestContext, settings: object = {}): Promise<Workspace> {
  const work = await Workspace.make(t);
  await writeCalls(work, "in/calls.parquet");
  await work.config({ policy: POLICY, ...settings });
  const { code, stderr } = await drift(work, "--approve");
  assert.equal(code, 0, stderr);
  return work;
}

async function drift(work: Workspace, ...args: readonly string[]): Promise<CliResult> {
  // A key is no part of it.
  return await cli(["drift", "-c", work.join("maskline.yaml"), ...args], { env: { MASKLINE_KEY: undefined } });
}

interface Told {
  readonly state: string;
  readonly changes: readonly { kind: string; path: string; stops: boolean; inputs: string[] }[];
}

async function told(work: Workspace, ...args: readonly string[]): Promise<Told & { code: number | null }> {
  const { code, stdout } = await drift(work, "--json", ...args);
  return { ...(JSON.parse(stdout) as Told), code };
}

const changesOf = ({ changes }: Told) =>
  changes.map(({ kind, path, stops }) => `${stops ? "STOPS " : ""}${kind} ${path}`);

describe("drift", { concurrency: 2 }, () => {
  it("without a lock asks for one; a run goes on, and says once that there is none", async (t) => {
    const work = await Workspace.make(t);
    await writeCalls(work, "in/calls.parquet");
    await work.config({ policy: POLICY });
    const { code, stdout, stderr } = await drift(work);
    assert.equal(code, 3);
    assert.match(stdout, /maskline\.lock\.json: there is none yet; .*--approve/);
    assert.match(stderr, /^maskline: reading .*maskline\.lock\.json: it is not there; .*--approve\n$/);
    const run = await work.run();
    assert.equal(run.code, 0, run.stderr);
    assert.equal(run.stderr.match(/no schema was approved yet/g)?.length, 1);
    const plan = await cli(["plan", "-c", work.join("maskline.yaml")]);
    assert.match(plan.stdout, /no columns were approved yet; maskline drift --approve writes /);
  });

  it("--approve writes what there is, a line a leaf; then nothing has changed", async (t) => {
    const work = await approved(t);
    assert.deepEqual(await work.files("."), ["in/calls.parquet", "maskline.lock.json", "maskline.yaml"]);
    const text = await work.text("maskline.lock.json");
    const paths = [...text.matchAll(/^ {4}\{"path":"([^"]+)"/gm)].map(([, path]) => path);
    assert.deepEqual(paths, [
      ...[
        "id",
        "phoneNumber",
        "queueName",
        "attributes{lang*}",
        "attributes{} whose key looks sensitive",
        "attributes{}",
        "agent.team",
        "agent.score",
      ],
    ]);
    assert.deepEqual(await told(work), { ...(await told(work)), state: "unchanged", changes: [], code: 0 });
    const run = await work.run();
    assert.equal(run.code, 0, run.stderr);
    // Again gives the same bytes.
    assert.equal((await drift(work, "--approve")).code, 0);
    assert.equal(await work.text("maskline.lock.json"), text);
  });

  it("what is harmless stops nothing, and is said", async (t) => {
    const work = await approved(t);
    await writeCalls(work, "in/calls.parquet", {
      score: "i % 7",
      wrapUp: "'Done'",
      agent: "{ team: 'North', score: i % 5, mobilePhone: '+14155550123' }",
      queueName: null,
    });
    const found = await told(work);
    assert.deepEqual(changesOf(found), [
      ...["added agent.mobilePhone", "added score", "added wrapUp", "removed queueName"],
    ]);
    assert.equal(found.state, "harmless");
    assert.equal(found.code, 0);
    const { code, stderr } = await work.run();
    assert.equal(code, 0, stderr);
    assert.match(stderr, /"path":"score","change":"added"/);
  });

  it("a sensitive field under another name stops drift, plan and run, before anything is written", async (t) => {
    const work = await approved(t);
    const phone = "i::VARCHAR || ' is no number'";
    await writeCalls(work, "in/calls.parquet", { phoneNumber: null, phonNumber: phone });
    const found = await told(work);
    assert.deepEqual(changesOf(found), ["STOPS renamed phonNumber"]);
    assert.equal(found.code, 3);
    const runs = [await work.run(), await cli(["plan", "-c", work.join("maskline.yaml")])];
    for (const { code, stderr } of runs) {
      assert.equal(code, 3);
      assert.match(stderr, /comparing with .*maskline\.lock\.json: 1 of the columns needs a person's decision/);
      assert.match(stderr, /phonNumber in .*calls\.parquet: renamed: likely phoneNumber under another name/);
      assert.match(stderr, /add a rule .*\{ path: "phonNumber", mask: … \}; .*approve it: maskline drift --approve/);
    }
    assert.deepEqual(await work.files(), []);
    // A person has looked.
    assert.equal((await drift(work, "--approve")).code, 0);
    assert.equal((await work.run()).code, 0);
  });

  it("looks into what no rule names: numbers, nested fields and map entries that hold identifiers", async (t) => {
    const work = await approved(t);
    const digits = "lpad((hash(i) % 10000)::VARCHAR, 4, '0')";
    await writeCalls(work, "in/calls.parquet", {
      c1: `('1415555' || ${digits})::BIGINT`,
      agent: `{ team: 'North', score: i % 5, refs: ['someone' || i || '@example.com'] }`,
      attributes: `map {'language': 'en', 'plan': 'gold', 'backup': '415-555-' || ${digits}, 'langNote': '415-555-0123'}`,
      seq: "5551000000 + i",
    });
    const { code, stderr } = await work.run();
    assert.equal(code, 3);
    assert.match(stderr, / c1 in .*looks like a phone number by content/);
    assert.match(stderr, / agent\.refs\[\] in .*looks like an email address by content/);
    assert.match(stderr, / attributes\{backup\} in .*looks like a phone number by content/);
    assert.match(stderr, /3 that no rule names/);
    assert.doesNotMatch(stderr, /4155|someone/);
    assert.deepEqual(await work.files(), []);
    // What has no decision cannot be approved.
    const before = await work.text("maskline.lock.json");
    const approval = await drift(work, "--approve");
    assert.equal(approval.code, 3);
    assert.match(approval.stderr, /add a rule for each/);
    assert.equal(await work.text("maskline.lock.json"), before);
    // Told to drop, it drops: map entries too.
    await work.config({ policy: { ...POLICY, unmatched: { sensitive: "drop" } } });
    const dropped = await work.run();
    assert.equal(dropped.code, 0, dropped.stderr);
    const line = JSON.parse((await work.text("out/calls.jsonl")).split("\n")[0]!) as Record<string, unknown>;
    assert.deepEqual(Object.keys(line), ["id", "phoneNumber", "queueName", "attributes", "agent", "seq"]);
    assert.deepEqual(line.attributes, { language: "en", plan: "gold", langNote: "415-555-0123" });
    assert.deepEqual(line.agent, { team: "North", score: 0 });
  });

  it("looks into the columns on both sides of one that a rule names, however large the file", async (t) => {
    const work = await Workspace.make(t);
    await work.config({ policy: { rules: [{ field: "wide", mask: "drop" }] } });
    for (const [rows, bytes] of [
      [40, 4],
      [2000, 400],
      [2000, 4000],
    ] as const) {
      const path = await work.write("in/calls.parquet", "");
      await duckdb(
        `COPY (SELECT 'q' || i AS queue, left(repeat(md5(i::VARCHAR), 200), ${bytes}) AS wide,
           '+1415555' || lpad((hash(i) % 10000)::VARCHAR, 4, '0') AS x9
         FROM range(${rows}) AS t(i)) TO ${sql(path)} (FORMAT parquet, COMPRESSION uncompressed)`,
      );
      const { code, stderr } = await work.run();
      assert.equal(code, 3, `${rows} rows, ${bytes} bytes between`);
      assert.match(stderr, / x9 in .*looks like a phone number by content/);
      assert.deepEqual(await work.files(), []);
    }
  });

  it("looks into JSON documents for members whose names look sensitive", async (t) => {
    const work = await Workspace.make(t);
    const lines = [`{"plan":"gold"}`, `[{"plan":"x","contact":{"firstName":"Zoe"}}]`, "no document"];
    await work.write("in/a.jsonl", lines.map((payload) => `${JSON.stringify({ payload })}\n`).join(""));
    await work.config({ policy: {} });
    const { code, stderr } = await work.run();
    assert.equal(code, 3);
    assert.match(stderr, / payload in .*looks like JSON with a name by content/);
    assert.doesNotMatch(stderr, /Zoe/);
    await work.config({ policy: { rules: [{ field: "payload", mask: "json" }] } });
    assert.equal((await work.run()).code, 0);
    assert.doesNotMatch(await work.text("out/a.jsonl"), /Zoe/);
  });

  it("looks into columns between which a decided one lies, however small", async (t) => {
    const work = await Workspace.make(t);
    await writeCalls(work, "in/calls.parquet", {
      ref: "'someone' || i || '@example.com'",
      phoneNumber: null,
      queueName: "'Sales'",
      note: "'Other'",
      backup: "'415-555-0123'",
    });
    await work.config({
      policy: { rules: ["id", "queueName", "note"].map((name) => ({ field: name, mask: "keep" })) },
    });
    const { code, stderr } = await work.run();
    assert.equal(code, 3, stderr);
    assert.match(stderr, / ref in .*looks like an email address by content/);
    assert.match(stderr, / backup in .*looks like a phone number by content/);
  });

  it("every input's own footer is compared, and the inputs are named", async (t) => {
    const work = await approved(t);
    for (let i = 0; i < 12; i++) await writeCalls(work, `in/more-${i}.parquet`);
    await writeCalls(work, "in/zz.parquet", { phoneNumber: null, phone_no: "'x' || i", birthDay: "'x'" });
    const found = await told(work);
    assert.equal(found.code, 3);
    const [first] = found.changes;
    assert.deepEqual([first!.kind, first!.path, first!.stops, first!.inputs.length], ["renamed", "phone_no", true, 1]);
    assert.match(first!.inputs[0]!, /zz\.parquet$/);
  });

  it("a decision that is weaker than what was approved stops; a stricter one does not", async (t) => {
    const work = await approved(t);
    const weaker = { ...POLICY, rules: [...POLICY.rules, { field: "phoneNumber", mask: "keep" }] };
    await work.config({ policy: weaker });
    const run = await work.run();
    assert.equal(run.code, 3);
    assert.match(run.stderr, /phoneNumber in .*: decision changed: phone before, keep now, by rule field phoneNumber/);
    await work.config({ policy: { ...POLICY, rules: [...POLICY.rules, { field: "phoneNumber", mask: "drop" }] } });
    assert.equal((await work.run()).code, 0);
  });

  it("looks into columns with narrow ones between them, in whatever row group is the smallest", async (t) => {
    const work = await approved(t);
    const digits = "lpad((hash(i) % 10000)::VARCHAR, 4, '0')";
    // A column of one value takes a few bytes, which the decoder reads along.
    const columns = {
      phoneNumber: "'+14155550100'",
      c1: `('1415555' || ${digits})::BIGINT`,
      emailAddress: "'x@example.com'",
      c2: "i % 7",
    };
    await writeCalls(work, "in/calls.parquet", columns, 5000);
    const { code, stderr } = await work.run();
    assert.equal(code, 3);
    assert.match(stderr, / c1 in .*looks like a phone number by content/);
  });

  it("CSV and JSON lines too", async (t) => {
    const work = await Workspace.make(t);
    const rows = Array.from({ length: 50 }, (_, i) => i);
    await work.write("in/a.csv", `id,ref\n${rows.map((i) => `${i},+1415555${1000 + i}`).join("\n")}\n`);
    const lines = rows.map((i) => JSON.stringify({ id: i, a: { b: [4155551000 + ((i * 7919) % 9000), null] } }));
    await work.write("in/b.jsonl", `${lines.join("\n")}\n`);
    await work.config({ policy: {} });
    const { code, stderr } = await work.run();
    assert.equal(code, 3);
    assert.match(stderr, / ref in .*a\.csv: .*phone number by content/);
    assert.match(stderr, / a\.b\[\] in .*b\.jsonl: .*phone number by content/);
  });

  it("a lock that is damaged, or elsewhere", async (t) => {
    const work = await approved(t, { lock: "locks/calls.json" }).catch(() => undefined);
    assert.equal(work, undefined, "the directory is not there");
    const other = await approved(t, { lock: "./approved.json" });
    assert.match(await readFile(other.join("approved.json"), "utf8"), /"version": 1/);
    await other.write("approved.json", "<<<<<<< HEAD\n");
    for (const { code, stderr } of [await other.run(), await drift(other)]) {
      assert.equal(code, 2);
      assert.match(stderr, /reading the lock .*approved\.json: it is no JSON; take it back from version control/);
    }
  });
});
