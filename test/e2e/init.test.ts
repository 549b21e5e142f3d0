/** `init` on inputs of all shapes: what it proposes loads, and plans as it said. */
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, it } from "node:test";
import { parseConfig } from "../../src/config/load.ts";
import type { InitResult } from "../../src/init.ts";
import { cli, Workspace } from "../support/cli.ts";
import { duckdb, sql } from "../support/generate/writers.ts";
import { CALLS_CSV } from "./data.ts";

const FIXTURES = join(import.meta.dirname, "../../fixtures");
const INPUT = /^(?:input|none|interactions)\.(?:parquet|csv|jsonl)(?:\.gz)?$/;
const inputs = readdirSync(FIXTURES, { recursive: true, encoding: "utf8" })
  .filter((name) => INPUT.test(name.split("/").at(-1)!))
  .toSorted();

interface Planned {
  readonly objects: readonly { readonly columns: readonly { path: string; mask: string; rule: string }[] }[];
  readonly paused: readonly { readonly path: string }[];
  readonly warnings: readonly { readonly message: string; readonly column?: string; readonly rule?: string }[];
}

async function proposed(work: Workspace, ...args: readonly string[]): Promise<InitResult> {
  const { code, stdout, stderr } = await cli(["init", "--json", ...args], {
    cwd: work.path,
    env: { MASKLINE_KEY: undefined },
  });
  assert.equal(code, 0, stderr);
  return JSON.parse(stdout) as InitResult;
}

/** What `plan` makes of the file: exit code 0, or 3 where the file said that a person must decide. */
async function planned(work: Workspace, { columns }: InitResult): Promise<Planned> {
  const { code, stdout, stderr } = await cli(["plan", "--json"], { cwd: work.path });
  const plan = JSON.parse(stdout) as Planned;
  const open = columns.filter(({ mask }) => mask === "pause").map(({ path }) => path);
  assert.equal(code, open.length > 0 ? 3 : 0, stderr);
  assert.deepEqual([...new Set(plan.paused.map(({ path }) => path))].toSorted(), open.toSorted());
  for (const { path, mask, rule } of plan.objects.flatMap((object) => object.columns)) {
    assert.ok(
      columns.some((one) => one.path === path && one.mask === mask && one.by === rule),
      `${path} ${mask} by ${rule} was not said`,
    );
  }
  return plan;
}

/** Sampled values that are long enough to be told from the words of the file. */
function valuesIn(record: unknown): string[] {
  if (typeof record === "string") return record.length >= 6 && /[\d@ ]/.test(record) ? [record] : [];
  if (typeof record !== "object" || record === null) return [];
  return Object.values(record).flatMap(valuesIn);
}

describe("init", { concurrency: 2 }, () => {
  for (const input of inputs) {
    it(`proposes for ${input} what plans as it says, with no value in it`, async (t) => {
      const work = await Workspace.make(t);
      const result = await proposed(work, "--input", join(FIXTURES, input));
      const text = await work.text("maskline.yaml");
      assert.equal(text, result.configuration);
      const plan = await planned(work, result);
      assert.deepEqual(
        plan.warnings.filter(({ column, rule }) => column ?? rule),
        [],
      );
      const kept = await work.config({ input: [join(FIXTURES, input)] }, "keep.yaml");
      const run = await cli(["run", "-c", kept, "--quiet"], { cwd: work.path });
      assert.equal(run.code, 0, run.stderr);
      const [name = ""] = await work.outputs();
      const rows = (await work.text(join("out", name))).split("\n").filter((line) => line !== "");
      for (const value of rows.flatMap((line) => valuesIn(JSON.parse(line)))) {
        assert.ok(!text.includes(value), `shows ${value}`);
      }
    });
  }

  it("gives the demo's export a policy that a run commits with", async (t) => {
    const work = await Workspace.make(t);
    const result = await proposed(work, "--input", join(FIXTURES, "interactions.parquet"));
    const masks = Object.fromEntries(result.columns.map(({ path, mask }) => [path, mask]));
    assert.deepEqual(masks, {
      ...{ conversationId: "token", direction: "keep", startTime: "keep", durationMs: "keep", queueName: "keep" },
      ...{ agentId: "token", firstName: "token", lastName: "token", phoneNumber: "phone", emailAddress: "email" },
      ...{ externalId: "token", cardNumber: "pan", transcript: "scan", holdSeconds: "keep", amount: "keep" },
      resolved: "keep",
    });
    const { code, stderr } = await cli(["run", "--quiet"], { cwd: work.path });
    assert.equal(code, 0, stderr);
    assert.deepEqual(await work.outputs("masked/sandbox-01"), ["interactions.jsonl"]);
  });

  it("gives nested conversations presets that decide on all that leads to a person", async (t) => {
    const work = await Workspace.make(t);
    const result = await proposed(work, "--input", join(FIXTURES, "nested-conversations/input.parquet"));
    assert.deepEqual(
      result.presets.map(({ name }) => name),
      ["contact-center", "pci-dss", "genesys-analytics"],
    );
    const { code, stderr } = await cli(["run", "--quiet"], { cwd: work.path });
    assert.equal(code, 0, stderr);
  });

  it("says what it wrote, what a person must decide, and what comes next", async (t) => {
    const work = await Workspace.make(t);
    await work.write("in/calls.csv", CALLS_CSV.replace("queueName", "diagnosis"));
    const { code, stdout, stderr } = await cli(["init", "--input", "in/*.csv", "-c", "sandbox.yaml"], {
      cwd: work.path,
      env: { MASKLINE_KEY: undefined },
    });
    assert.equal(code, 0, stderr);
    assert.equal(stdout, "");
    assert.match(stderr, /^sandbox\.yaml: 6 columns in 1 object, 2 rows\n/);
    assert.match(stderr, /TO DECIDE {3}1, .*exit code 3.*\n {4}diagnosis: health data by its name/);
    assert.match(stderr, /openssl rand -hex 32.*\n {2}maskline plan -c sandbox\.yaml\n/);
    const text = await work.text("sandbox.yaml");
    assert.match(text, /# {3}- \{ path: diagnosis, mask: drop \} # health data by its name/);
    assert.match(text, /cardNumber +pan +contact-center: cardNumber; of 2 sampled values 2 are card numbers/);
    for (const value of ["Rosalindah", "4155550123", "4111111111111111", "Support"]) {
      assert.ok(!text.includes(value) && !stderr.includes(value));
    }
    // Decided as the comment says, it runs.
    const line = /# {3}(- \{ path: diagnosis.*)/.exec(text)![1]!;
    await work.write("sandbox.yaml", text.replace(/rules:\n/, `rules:\n    ${line}\n`));
    const run = await cli(["run", "-c", "sandbox.yaml", "--quiet"], { cwd: work.path });
    assert.equal(run.code, 0, run.stderr);
  });

  it("writes over nothing without --force", async (t) => {
    const work = await Workspace.make(t);
    await work.write("calls.csv", CALLS_CSV);
    await work.write("maskline.yaml", "mine");
    const refused = await cli(["init", "--input", "calls.csv"], { cwd: work.path });
    assert.equal(refused.code, 2);
    assert.match(refused.stderr, /writing the configuration maskline\.yaml: it is there already; .* -c, or --force/);
    assert.equal(await work.text("maskline.yaml"), "mine");
    const forced = await cli(["init", "--input", "calls.csv", "--force"], { cwd: work.path });
    assert.equal(forced.code, 0, forced.stderr);
    assert.deepEqual(await work.files("."), ["calls.csv", "maskline.yaml"]);
    assert.match(await work.text("maskline.yaml"), /^# Proposed by /);
    const nowhere = await cli(["init", "--input", "calls.csv", "-c", "no/such/place.yaml"], { cwd: work.path });
    assert.equal(nowhere.code, 2);
    assert.match(nowhere.stderr, /writing the configuration no\/such\/place\.yaml: ENOENT/);
  });

  it("paths are relative to the file that is written; URIs and absolute ones stay", async (t) => {
    const work = await Workspace.make(t);
    await work.write("in/a.csv", CALLS_CSV);
    const absolute = await work.write("in/b.csv", CALLS_CSV);
    await work.write("conf/x", "");
    const args = [
      "--input",
      "in/a.csv",
      absolute,
      `file://${absolute}`,
      "./in/",
      "--output",
      "out",
      "-c",
      "conf/m.yaml",
    ];
    const { configuration } = await proposed(work, ...args);
    const { input, output } = parseConfig(configuration, "m.yaml");
    assert.deepEqual([input, output], [["../in/a.csv", absolute, `file://${absolute}`, "../in/"], "../out/"]);
    const run = await cli(["run", "-c", "conf/m.yaml", "--quiet"], { cwd: work.path });
    assert.equal(run.code, 0, run.stderr);
    assert.deepEqual(await work.outputs("out"), ["a.jsonl", "b.jsonl"]);
  });

  it("to standard output, with nothing written: --stdout, -c -, and --json as one document", async (t) => {
    const work = await Workspace.make(t);
    await work.write("calls.csv", CALLS_CSV);
    const texts = [];
    for (const args of [["--stdout"], ["-c", "-"]]) {
      const { code, stdout, stderr } = await cli(["init", "--input", "calls.csv", ...args], { cwd: work.path });
      assert.equal(code, 0, stderr);
      texts.push(stdout);
    }
    const { file, configuration } = await proposed(work, "--input", "calls.csv", "--stdout");
    assert.equal(file, null);
    assert.deepEqual(texts, [configuration, configuration]);
    assert.equal(parseConfig(configuration, "-").environment, "sandbox-01");
    assert.deepEqual(await work.files("."), ["calls.csv"]);
  });

  it("presets and the environment may be named; those that are none are refused", async (t) => {
    const work = await Workspace.make(t);
    await work.write("calls.csv", CALLS_CSV);
    const args = ["--input", "calls.csv", "--environment", 'a "b": c'];
    const result = await proposed(work, ...args, "--preset", "hipaa-safe-harbor", "contact-center");
    const { environment, policy } = parseConfig(result.configuration, "m.yaml");
    assert.deepEqual(
      [environment, policy.presets, policy.unmatched.text],
      ['a "b": c', ["hipaa-safe-harbor", "contact-center"], "drop"],
    );
    assert.ok(!result.columns.some(({ mask }) => mask === "token" || mask === "email"));
    const wrong = await cli(["init", ...args, "--preset", "hipaa-safe-harbour", "--stdout"], { cwd: work.path });
    assert.equal(wrong.code, 2);
    assert.match(wrong.stderr, /hipaa-safe-harbour is none of .*did you mean "hipaa-safe-harbor"/);
  });

  it("names in any script, with signs that mean something to YAML or to a rule", async (t) => {
    const work = await Workspace.make(t);
    const names = ["電話番号", "näme", "a*", "ab", "x{y}", "# id", 'it\'s: "q"', "p.q", "- z", "line\nend", "😀"];
    const columns = names.map((name, index) => `'v${index}-' || i AS "${name.replaceAll('"', '""')}"`);
    await duckdb(
      `COPY (SELECT ${columns.join(", ")} FROM range(80) AS t(i)) TO ${sql(work.join("in.parquet"))} (FORMAT parquet)`,
    );
    const result = await proposed(work, "--input", "in.parquet");
    assert.deepEqual(result.columns.map(({ path }) => path).toSorted(), names.toSorted());
    await planned(work, result);
    const masks = new Map(result.columns.map(({ path, mask }) => [path, mask]));
    assert.deepEqual([masks.get("電話番号"), masks.get("näme"), masks.get("# id")], ["token", "token", "token"]);
  });

  it("a file without a header line, or one that is damaged, shows nothing of itself", async (t) => {
    const work = await Workspace.make(t);
    await work.write("calls.csv", CALLS_CSV.split("\n").slice(1).join("\n"));
    const headless = await cli(["init", "--input", "calls.csv"], { cwd: work.path });
    assert.equal(headless.code, 5);
    assert.match(headless.stderr, /column 4 looks like a value.*header line/);
    assert.doesNotMatch(headless.stderr + headless.stdout, /4155550123|Rosalindah/);
    assert.deepEqual(await work.files("."), ["calls.csv"]);
    await work.write("damaged.csv", `${CALLS_CSV}c-3,Sales,one,too,many,fields,here\n`);
    const damaged = await cli(["init", "--input", "damaged.csv"], { cwd: work.path });
    assert.equal(damaged.code, 0, damaged.stderr);
    assert.match(damaged.stderr, /warning: no value could be read, .*damaged/);
    const bytes = await readFile(join(FIXTURES, "interactions.parquet"));
    await work.write("cut.parquet", bytes.subarray(0, bytes.length / 2));
    const cut = await cli(["init", "--input", "cut.parquet", "--stdout"], { cwd: work.path });
    assert.equal(cut.code, 5);
    assert.equal(cut.stdout, "");
  });
});
