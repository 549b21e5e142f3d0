/** What the command line promises: exit codes, what goes to which stream, what is written when. */
import assert from "node:assert/strict";
import { rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { describe, it } from "node:test";
import { cli, Workspace } from "../support/cli.ts";
import { CALLS_CSV, CALLS_POLICY } from "./data.ts";

const OTHER_KEY = "kW7-another-key-of-this-test-Xq93mf-Zu20";

async function withCalls(t: Parameters<typeof Workspace.make>[0], settings: object = {}): Promise<Workspace> {
  const work = await Workspace.make(t);
  await work.write("in/calls.csv", CALLS_CSV);
  await work.config({ policy: CALLS_POLICY, ...settings });
  return work;
}

describe("the command line", { concurrency: 2 }, () => {
  it("--help of every command says what it does, its options, and an example", async () => {
    for (const [args, pattern] of [
      [["--help"], /Exit codes: 0 committed.*143 stopped/s],
      [["run", "--help"], /--dry-run.*--replace.*--quiet.*Example:/s],
      [["plan", "--help"], /--config.*--input.*--output.*--json.*Example:/s],
      [["drift", "--help"], /--config.*--input.*--approve.*--json.*Examples:/s],
      [["help", "run"], /--dry-run/],
    ] as const) {
      const { code, stdout, stderr } = await cli(args);
      assert.equal(code, 0);
      assert.match(stdout, pattern);
      assert.equal(stderr, "");
    }
  });

  it("--version says the package's", async () => {
    const { code, stdout } = await cli(["--version"]);
    assert.equal(code, 0);
    assert.match(stdout, /^\d+\.\d+\.\d+\n$/);
  });

  it("an unknown command or option, or none, is wrong usage", async () => {
    for (const args of [["rum"], ["run", "--dryrun"], ["run", "--config"], ["plan", "extra"], []]) {
      const { code, stdout, stderr } = await cli(args);
      assert.equal(code, 2, `maskline ${args.join(" ")}: ${stderr}`);
      assert.equal(stdout, "");
      assert.notEqual(stderr, "");
    }
  });

  it("a run says on stderr what it did, and nothing on stdout", async (t) => {
    const work = await withCalls(t);
    const { code, stdout, stderr } = await work.run();
    assert.equal(code, 0, stderr);
    assert.equal(stdout, "");
    assert.match(stderr, /committed: run [0-9a-f]{16}, environment fixture/);
    assert.match(stderr, /rows +2 in 1 object/);
    assert.match(stderr, /phoneNumber +phone +2/);
    assert.match(stderr, /manifest +\S+\/out\/_maskline\/[0-9a-f]{16}\/manifest\.json/);
    assert.deepEqual(await work.outputs(), ["calls.jsonl"]);
    const lines = (await work.text("out/calls.jsonl")).trimEnd().split("\n");
    assert.deepEqual(JSON.parse(lines[1]!), {
      conversationId: "c-2",
      queueName: "Support",
      firstName: JSON.parse(lines[1]!).firstName,
      phoneNumber: "[MASKED]",
      cardNumber: "XXXX-XXXX-XXXX-XXXX",
      durationMs: "",
    });
    assert.match(JSON.parse(lines[1]!).firstName, /^User_[0-9a-f]{16}$/);
  });

  it("the log is JSON without colours off a terminal, whatever NO_COLOR says", async (t) => {
    const work = await withCalls(t);
    for (const NO_COLOR of [undefined, "1"]) {
      const { code, stderr } = await cli(["run", "-c", work.join("maskline.yaml"), "--dry-run"], { env: { NO_COLOR } });
      assert.equal(code, 0);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what must not be there
      assert.doesNotMatch(stderr, /\x1b/);
      const log = stderr.split("\n").filter((line) => line.startsWith("{"));
      assert.ok(log.length > 0);
      for (const line of log) assert.equal(typeof JSON.parse(line).msg, "string");
    }
  });

  it("--quiet says nothing when all is well, and errors all the same", async (t) => {
    const work = await withCalls(t);
    // The tests' own key is public, which is worth a warning.
    const quiet = await cli(["run", "-c", work.join("maskline.yaml"), "--quiet"], { env: { MASKLINE_KEY: OTHER_KEY } });
    assert.deepEqual(quiet, { code: 0, signal: null, stdout: "", stderr: "" });
    const { code, stderr } = await work.run("--quiet", "--input", work.join("none.csv"));
    assert.equal(code, 5);
    assert.match(stderr, /^maskline: .*none\.csv/);
  });

  it("run --json writes one document on stdout, of a commit and of a failure", async (t) => {
    const work = await withCalls(t);
    const good = await work.run("--json");
    assert.equal(good.code, 0, good.stderr);
    const result = JSON.parse(good.stdout);
    assert.equal(result.state, "committed");
    assert.equal(result.again, false);
    assert.deepEqual(result.manifest, await work.manifest());
    const bad = await work.run("--json", "--input", work.join("none.csv"));
    assert.equal(bad.code, 5);
    const { state, exit, error } = JSON.parse(bad.stdout);
    assert.deepEqual([state, exit, error.code, error.retryable], ["failed", 5, "ERR_BAD_INPUT", false]);
    assert.match(error.message, /none\.csv/);
  });

  it("--json gives one document for wrong usage and a wrong configuration too", async (t) => {
    const work = await withCalls(t, { environmnt: "x" });
    for (const args of [
      ["run", "--json", "-c", work.join("maskline.yaml")],
      ["plan", "--json", "-c", work.join("maskline.yaml")],
      ["run", "--json", "--no-such-option"],
    ]) {
      const { code, stdout } = await cli(args);
      assert.equal(code, 2, args.join(" "));
      assert.equal(JSON.parse(stdout).exit, 2, args.join(" "));
    }
  });

  it("plan shows columns, masks, rules, parts and names, and writes nothing", async (t) => {
    const work = await withCalls(t);
    const { code, stdout, stderr } = await cli(["plan", "-c", work.join("maskline.yaml")]);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /calls\.csv → calls\.jsonl .*2 rows, 1 part/);
    assert.match(stdout, /phoneNumber +utf8 +phone +preset contact-center: phoneNumber/);
    assert.match(stdout, /queueName +utf8 +keep +unmatched\.text/);
    assert.deepEqual(await work.files(), []);
    await assert.rejects(stat(work.join("out")), { code: "ENOENT" });
  });

  it("plan --json says the same for machines", async (t) => {
    const work = await withCalls(t, {
      policy: { ...CALLS_POLICY, rules: [{ field: "nothingHasThisName", mask: "drop" }] },
    });
    const { code, stdout } = await cli(["plan", "--json", "-c", work.join("maskline.yaml")]);
    assert.equal(code, 0);
    const plan = JSON.parse(stdout);
    assert.equal(plan.rows, 2);
    assert.deepEqual(plan.unusedRules, ["rule 1: field nothingHasThisName"]);
    assert.equal(plan.objects[0].output, "calls.jsonl");
    assert.equal(plan.objects[0].parts.length, 1);
    const masks = plan.objects[0].columns.map(({ path, mask }: { path: string; mask: string }) => `${path}: ${mask}`);
    assert.deepEqual(masks, [
      "conversationId: keep",
      "queueName: keep",
      "firstName: token",
      "phoneNumber: phone",
      "cardNumber: pan",
      "durationMs: keep",
    ]);
  });

  it("--dry-run does all but write: not even a directory is made", async (t) => {
    const work = await withCalls(t);
    const { code, stderr } = await work.run("--dry-run");
    assert.equal(code, 0, stderr);
    assert.match(stderr, /dry-run: run/);
    assert.match(stderr, /phoneNumber +phone +2/);
    assert.match(stderr, /nothing was written/);
    await assert.rejects(stat(work.join("out")), { code: "ENOENT" });
  });

  it("a rule that matches nothing is reported", async (t) => {
    const work = await withCalls(t, {
      policy: { ...CALLS_POLICY, rules: [{ field: "fristName", mask: "drop" }] },
    });
    const { code, stderr } = await work.run();
    assert.equal(code, 0);
    assert.match(stderr, /rule 1: field fristName matched no column/);
    assert.deepEqual((await work.manifest()).unusedRules, ["rule 1: field fristName"]);
  });
});

describe("committing", { concurrency: 2 }, () => {
  it("a second run finds its own work and touches nothing", async (t) => {
    const work = await withCalls(t);
    assert.equal((await work.run()).code, 0);
    const before = await Promise.all((await work.files()).map((name) => stat(work.join("out", name))));
    const { code, stderr } = await work.run();
    assert.equal(code, 0);
    assert.match(stderr, /already committed/);
    const after = await Promise.all((await work.files()).map((name) => stat(work.join("out", name))));
    assert.deepEqual(
      after.map(({ ino, mtimeMs }) => [ino, mtimeMs]),
      before.map(({ ino, mtimeMs }) => [ino, mtimeMs]),
    );
  });

  it("another policy is another run: it refuses to overwrite, and --replace takes the old manifest back", async (t) => {
    const work = await withCalls(t);
    assert.equal((await work.run()).code, 0);
    const first = await work.manifest();
    const bytes = await work.text("out/calls.jsonl");
    await work.config({ policy: { ...CALLS_POLICY, rules: [{ field: "firstName", mask: "drop" }] } });
    const refused = await work.run();
    assert.equal(refused.code, 2);
    assert.match(refused.stderr, /calls\.jsonl is there already.*--replace/);
    assert.equal(await work.text("out/calls.jsonl"), bytes);
    assert.deepEqual(await work.manifest(), first);
    const replaced = await work.run("--replace");
    assert.equal(replaced.code, 0, replaced.stderr);
    const second = await work.manifest();
    assert.notEqual(second.runId, first.runId);
    assert.doesNotMatch(await work.text("out/calls.jsonl"), /firstName/);
    // And back again: the first run is no longer committed, nor are these objects its own any more.
    await work.config({ policy: CALLS_POLICY });
    assert.equal((await work.run()).code, 2);
    assert.equal((await work.manifest()).runId, second.runId);
    assert.equal((await work.run("--replace")).code, 0);
    assert.equal((await work.manifest()).runId, first.runId);
    assert.equal(await work.text("out/calls.jsonl"), bytes);
  });

  it("a run that died before another one committed the same objects does not take them for its own", async (t) => {
    const work = await withCalls(t);
    assert.equal((await work.run()).code, 0);
    const { runId } = await work.manifest();
    const claim = await work.text(`out/_maskline/${runId}/claim.json`);
    await rm(work.join("out"), { recursive: true });
    // What the first run leaves when it dies early.
    await work.write(`out/_maskline/${runId}/claim.json`, claim);
    await work.config({ policy: { ...CALLS_POLICY, rules: [{ field: "firstName", mask: "drop" }] } });
    assert.equal((await work.run()).code, 0);
    const committed = await work.manifest();
    await work.config({ policy: CALLS_POLICY });
    const { code, stderr } = await work.run();
    assert.equal(code, 2, stderr);
    assert.deepEqual(await work.manifest(), committed);
  });

  it("a file that nobody's run wrote is not overwritten either", async (t) => {
    const work = await withCalls(t);
    await work.write("out/calls.jsonl", "mine\n");
    assert.equal((await work.run()).code, 2);
    assert.equal(await work.text("out/calls.jsonl"), "mine\n");
    assert.deepEqual(await work.files(), ["calls.jsonl"]);
  });

  it("an output that went missing or was cut is written again", async (t) => {
    const work = await withCalls(t);
    assert.equal((await work.run()).code, 0);
    const bytes = await work.text("out/calls.jsonl");
    await rm(work.join("out/calls.jsonl"));
    const again = await work.run("--json");
    assert.equal(again.code, 0, again.stderr);
    assert.equal(JSON.parse(again.stdout).again, false);
    assert.equal(await work.text("out/calls.jsonl"), bytes);
    await work.write("out/calls.jsonl", bytes.slice(0, 40));
    assert.equal((await work.run()).code, 0);
    assert.equal(await work.text("out/calls.jsonl"), bytes);
    assert.equal((await work.manifests()).length, 1);
  });

  it("{environment}, {date} and {runId} expand in the output", async (t) => {
    const work = await withCalls(t, { environment: "sand/box 1", output: "./out/{environment}/{date}/{runId}" });
    const { code, stdout } = await work.run("--json");
    assert.equal(code, 0);
    const { manifest } = JSON.parse(stdout);
    const [name] = (await work.files()).filter((one) => one.endsWith("calls.jsonl"));
    assert.match(name!, new RegExp(`^sand_box_1/\\d{4}-\\d\\d-\\d\\d/${manifest.runId}/calls\\.jsonl$`));
  });

  it("the manifest speaks of inputs, outputs, columns, and binds them to key, policy and environment", async (t) => {
    const work = await withCalls(t);
    assert.equal((await work.run()).code, 0);
    const manifest = await work.manifest();
    assert.equal(manifest.state, "committed");
    assert.equal(manifest.inputs[0]?.rows, 2);
    assert.equal(manifest.inputs[0]?.bytes, Buffer.byteLength(CALLS_CSV));
    const phone = manifest.columns.find(({ path }) => path === "phoneNumber");
    assert.deepEqual([phone?.mask, phone?.values, phone?.nulls, phone?.masked], ["phone", 2, 0, 2]);
    const runs = new Set([manifest.runId]);
    for (const change of [{ environment: "other" }, { int64: "string" }, { compression: "gzip" }]) {
      await work.config({ policy: CALLS_POLICY, ...change, output: "./out2/" });
      const { stdout } = await cli(["plan", "--json", "-c", work.join("maskline.yaml")]);
      runs.add(JSON.parse(stdout).runId);
    }
    await work.config({ policy: CALLS_POLICY });
    const { stdout } = await cli(["plan", "--json", "-c", work.join("maskline.yaml")], {
      env: { MASKLINE_KEY: OTHER_KEY },
    });
    runs.add(JSON.parse(stdout).runId);
    assert.equal(runs.size, 5);
  });

  it("two identical runs at once: the result is right, whoever wins", async (t) => {
    const work = await withCalls(t);
    const results = await Promise.all([work.run(), work.run()]);
    const codes = results.map(({ code }) => code).sort();
    assert.ok(codes[0] === 0, results.map(({ stderr }) => stderr).join("\n"));
    for (const { code, stderr } of results) if (code !== 0) assert.match(stderr, /^maskline: /m);
    const manifest = await work.manifest();
    const bytes = await work.read("out/calls.jsonl");
    assert.equal(manifest.outputs[0]?.bytes, bytes.length);
    assert.deepEqual(await work.outputs(), ["calls.jsonl"]);
    assert.equal((await work.run()).code, 0);
  });
});

describe("columns that need a decision", { concurrency: 2 }, () => {
  it("unmatched.sensitive: pause stops before anything is written and names the column", async (t) => {
    const work = await withCalls(t, { policy: {} });
    const { code, stderr, stdout } = await work.run("--json");
    assert.equal(code, 3);
    for (const name of ["firstName", "phoneNumber", "cardNumber"])
      assert.match(stderr, new RegExp(`${name} in .*calls`));
    assert.match(stderr, /nothing was written/);
    assert.doesNotMatch(stderr, /Rosalindah|4155550123/);
    assert.equal(JSON.parse(stdout).error.code, "ERR_DRIFT");
    assert.deepEqual(await work.files(), []);
  });

  it("plan shows them, and ends with 3", async (t) => {
    const work = await withCalls(t, { policy: {} });
    const { code, stdout } = await cli(["plan", "-c", work.join("maskline.yaml")]);
    assert.equal(code, 3);
    assert.match(stdout, /firstName +utf8 +pause/);
  });

  it("plan --json is still one document", async (t) => {
    const work = await withCalls(t, { policy: {} });
    const { code, stdout } = await cli(["plan", "--json", "-c", work.join("maskline.yaml")]);
    assert.equal(code, 3);
    assert.equal(JSON.parse(stdout).paused.length, 3);
  });

  it("unmatched.sensitive: drop leaves the keys out", async (t) => {
    const work = await withCalls(t, { policy: { unmatched: { sensitive: "drop", text: "keep" } } });
    assert.equal((await work.run()).code, 0);
    assert.deepEqual(Object.keys(JSON.parse((await work.text("out/calls.jsonl")).split("\n")[0]!)), [
      "conversationId",
      "queueName",
      "durationMs",
    ]);
  });

  it("a mask that cannot handle a column's type is refused at plan time", async (t) => {
    const work = await withCalls(t);
    const { writeByDuckdb } = await import("../support/generate/writers.ts");
    await writeByDuckdb(work.join("in", "flags.parquet"), { active: "BOOLEAN" }, [{ active: true }]);
    await work.config({
      input: ["./in/flags.parquet"],
      policy: { rules: [{ field: "active", mask: "phone" }] },
    });
    for (const command of ["plan", "run"]) {
      const { code, stderr } = await cli([command, "-c", work.join("maskline.yaml")]);
      assert.equal(code, 2);
      assert.match(stderr, /column active: the mask phone \(rule 1: field active\) cannot handle its type bool/);
    }
    assert.deepEqual(await work.files(), []);
  });
});

describe("the configuration", { concurrency: 2 }, () => {
  const YAML = `environment: e
key: { env: MASKLINE_KEY }
input: ["./in/calls.csv"]
output: "./out/"
metrics: { port: null }
`;

  it("a misspelt setting is named with its place and the nearest right one", async (t) => {
    const work = await withCalls(t);
    for (const [yaml, pattern] of [
      [`${YAML}compresion: gzip\npolicy: {}\n`, /:6:1: unknown setting "compresion"; did you mean "compression"\?/],
      [
        `${YAML}policy:\n  preset: [contact-center]\n`,
        /:7:3: policy: unknown setting "preset"; did you mean "presets"\?/,
      ],
      [
        `${YAML}policy:\n  rules:\n    - { field: a, mask: tokn }\n`,
        /:8:19: .*"tokn" is none of .*did you mean "token"\?/,
      ],
      [`${YAML}policy:\n  rules:\n    - { field: a, mask: token, lenght: 9 }\n`, /:8:\d+: .*did you mean "length"\?/],
      [`${YAML}policy:\n  unmatched: { text: kep }\n`, /:7:16: .*"kep".*did you mean "keep"\?/],
      [`${YAML}policy: {}\nruntime: { workers: 0 }\n`, /:7:12: runtime\.workers/],
      [`${YAML}policy: [}\n`, /:6:\d+: /],
      [`key: { env: MASKLINE_KEY }\ninput: a\noutput: b\npolicy: {}\n`, /environment is missing/],
    ] as const) {
      const file = await work.write("typo.yaml", yaml);
      const { code, stderr } = await cli(["plan", "-c", file]);
      assert.equal(code, 2, yaml);
      assert.ok(stderr.includes(`maskline: ${file}:`), stderr);
      assert.match(stderr, pattern);
    }
  });

  it("a missing file says how to name one", async (t) => {
    const work = await Workspace.make(t);
    const { code, stderr } = await cli(["run"], { cwd: work.path });
    assert.equal(code, 2);
    assert.match(stderr, /maskline\.yaml.*name one with -c/);
  });

  it("paths in it start from its own directory, those of the command line from the working directory", async (t) => {
    const work = await withCalls(t, { input: ["in/calls.csv"] });
    await work.write("elsewhere/other.csv", CALLS_CSV);
    const { code, stderr } = await cli(["run", "-c", "../maskline.yaml", "--input", "other.csv", "--output", "here"], {
      cwd: work.join("elsewhere"),
    });
    assert.equal(code, 0, stderr);
    assert.deepEqual(await work.outputs("elsewhere/here"), ["other.jsonl"]);
    assert.equal((await cli(["run", "-c", join(work.path, "maskline.yaml")])).code, 0);
    assert.deepEqual(await work.outputs(), ["calls.jsonl"]);
  });

  it("a key that is missing, short or repeats is refused, and never shown", async (t) => {
    const work = await withCalls(t);
    const args = ["run", "-c", work.join("maskline.yaml")];
    for (const [MASKLINE_KEY, pattern] of [
      [undefined, /variable MASKLINE_KEY: it is not set/],
      ["", /variable MASKLINE_KEY: it is not set/],
      ["short-secret", /12 bytes, at least 32 are needed/],
      ["abab".repeat(10), /repeats a few bytes/],
    ] as const) {
      const { code, stderr } = await cli(args, { env: { MASKLINE_KEY } });
      assert.equal(code, 2);
      assert.match(stderr, pattern);
      assert.doesNotMatch(stderr, /short-secret|abab/);
    }
    await work.config({ policy: CALLS_POLICY, key: { file: "./no-key" } });
    const missing = await cli(args);
    assert.equal(missing.code, 2);
    assert.match(missing.stderr, /reading the key from the file .*no-key: ENOENT/);
    assert.deepEqual(await work.files(), []);
  });

  it("a key file gives what the same key in a variable gives", async (t) => {
    const work = await withCalls(t);
    assert.equal((await work.run()).code, 0);
    const bytes = await work.text("out/calls.jsonl");
    await work.write("key", "fixture-key-0123456789abcdef-0123456789\n");
    await work.config({ policy: CALLS_POLICY, key: { file: "./key" }, output: "./out2/" });
    assert.equal((await work.run()).code, 0);
    assert.equal(await work.text("out2/calls.jsonl"), bytes);
  });

  it("a pattern that backtracks catastrophically, short tokens and bad URIs are refused", async (t) => {
    const work = await withCalls(t);
    for (const [settings, pattern] of [
      [{ policy: { rules: [{ field: "*", mask: "regex", patterns: [{ match: "(a+)+$", with: "" }] }] } }, /rules\[0\]/],
      [{ input: ["ftp://host/file.csv"] }, /scheme "ftp" is unknown/],
      [{ input: ["s3://"] }, /names no bucket/],
      [{ output: "s3:/bucket/x" }, /not followed by "\/\/"/],
    ] as const) {
      await work.config({ policy: CALLS_POLICY, ...settings });
      const { code, stderr } = await work.run();
      assert.equal(code, 2, stderr);
      assert.match(stderr, pattern);
    }
    assert.deepEqual(await work.files(), []);
  });

  it("what cannot fit the memory is refused with the figure", async (t) => {
    const work = await withCalls(t);
    const { writeCalls } = await import("./data.ts");
    await writeCalls(work.join("in", "big.parquet"), 60_000, 60_000);
    await work.config({ input: ["./in/big.parquet"], runtime: { memory: "128MiB" } });
    const { code, stderr } = await work.run();
    assert.equal(code, 2);
    assert.match(stderr, /row group 0 of .*big\.parquet is .*MiB uncompressed and needs about .*MiB/);
  });
});
