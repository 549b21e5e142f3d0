/** Keys from where production keeps them, and a change of keys: old and new tokens side by side. */
import assert from "node:assert/strict";
import { chmod } from "node:fs/promises";
import { join } from "node:path";
import { describe, it } from "node:test";
import type { RunReport } from "../../src/observe/run-report.ts";
import { type CliResult, cli, Workspace } from "../support/cli.ts";
import { BIG_POLICY, writeCalls } from "./data.ts";

const NESTED = join(import.meta.dirname, "../../fixtures/nested-conversations/input.parquet");
const OLD = "5f0e61c7a4d9b8e2035f7c1a96e4d8b2c3a7f1905e6d4b8a7c2f9e1d0b3a6c58";
const NEW = "c19a7e3b5d2f8064e1b7a9c3d5f20846e8a1b3c7d9f50264a8e0b2d4f6183c7a";

/** Tokens alone, in a list, in maps by key and by value, beside masks of other kinds. */
const POLICY = {
  rules: [
    { path: "participants[].participantName", mask: "token", domain: "person" },
    { path: "participants[].attributes{*ssn*}", mask: "drop" },
    { path: "participants[].attributes{customer*}", mask: "token", domain: "person" },
    { path: "participants[].attributes{}", mask: "scan" },
    { path: "participants[].sessions[].ani", mask: "token", domain: "phone" },
    { path: "participants[].sessions[].callbackNumbers[]", mask: "token", domain: "phone" },
    { path: "participants[].sessions[].bcc[]", mask: "email" },
    { path: "participants[].sessions[].remote", mask: "phone" },
    { field: "transferTargetAddress", mask: "null" },
    { field: "wrapUpNote", mask: "drop" },
  ],
  unmatched: { sensitive: "keep", text: "keep", other: "keep" },
};
/** The fields that hold tokens. */
const KEYED = new Set(["participantName", "ani", "callbackNumbers", "bcc", "attributes"]);

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

/** What a run over both keys must write: by two runs over one each, value by value. */
function sideBySide(now: Json, before: Json, suffix: string): Json {
  if (Array.isArray(now)) return now.map((item, index) => sideBySide(item, (before as Json[])[index]!, suffix));
  if (now === null || typeof now !== "object") return now;
  return Object.fromEntries(
    Object.entries(now).flatMap(([name, value]): [string, Json][] => {
      const old = (before as Record<string, Json>)[name]!;
      const own: [string, Json] = [name, sideBySide(value, old, suffix)];
      if (!KEYED.has(name)) return [own];
      if (name !== "attributes" || old === null)
        return [
          [name, value],
          [name + suffix, old],
        ];
      // Of a map only the entries that are tokens.
      const tokens = Object.entries(old as Record<string, Json>).filter(([key]) => /^customer/i.test(key));
      return [
        [name, value],
        [name + suffix, Object.fromEntries(tokens)],
      ];
    }),
  );
}

async function withNested(t: Parameters<typeof Workspace.make>[0], key: object, settings: object = {}) {
  const work = await Workspace.make(t);
  await work.config({ input: [NESTED], policy: POLICY, key, ...settings });
  const run = (): Promise<CliResult> =>
    cli(["run", "-c", work.join("maskline.yaml"), "--json"], { env: { OLD, NEW, MASKLINE_KEY: undefined } });
  return { work, run };
}

async function lines(work: Workspace): Promise<Json[]> {
  return (await work.text("out/input.jsonl"))
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Json);
}

describe("a change of keys", { concurrency: 2 }, () => {
  for (const suffix of ["_previous", "#vor"]) {
    it(`each token stands beside that of the previous key, at any depth (${suffix})`, async (t) => {
      const alone = await Promise.all(
        ["OLD", "NEW"].map(async (env) => {
          const { work, run } = await withNested(t, { env });
          const { code, stderr } = await run();
          assert.equal(code, 0, stderr);
          return await lines(work);
        }),
      );
      const [before, now] = alone as [Json[], Json[]];
      const previous = { env: "OLD", id: "spring", ...(suffix === "_previous" ? {} : { suffix }) };
      const { work, run } = await withNested(t, { env: "NEW", id: "autumn", previous });
      const { code, stdout, stderr } = await run();
      assert.equal(code, 0, stderr);
      const both = await lines(work);
      const expected = sideBySide(now, before, suffix) as Json[];
      assert.deepEqual(both, expected);
      // The order of keys is part of it.
      assert.equal(JSON.stringify(both), JSON.stringify(expected));
      assert.ok(JSON.stringify(both).includes(`"callbackNumbers${suffix}":["`));

      const { manifest } = JSON.parse(stdout);
      assert.deepEqual([manifest.keyId, manifest.previousKeyId], ["autumn", "spring"]);
      assert.notEqual(manifest.keyFingerprint, manifest.previousKeyFingerprint);
      const report = JSON.parse(await work.text(`out/_maskline/${manifest.runId}/report.json`)) as RunReport;
      const column = report.columns.find(({ path }) => path === `participants[].participantName${suffix}`);
      assert.equal(column?.mask, "token");
      assert.match(column?.rule ?? "", /^rule 1: path participants\[\]\.participantName, previous key spring$/);
      assert.match(
        report.warnings.map(({ message }) => message).join("\n"),
        /previous key's tokens stand beside the new ones/,
      );
      assert.match(await work.text(`out/_maskline/${manifest.runId}/report.html`), /Previous key[\s\S]*spring/);
      assert.match(stderr, /take key\.previous out after this run/);
      assert.ok(!`${stdout}${stderr}${JSON.stringify(report)}`.match(new RegExp(`${OLD}|${NEW}`)));
    });
  }

  it("is another run than one over either key, and with another previous key another again", async (t) => {
    const runs = new Set<string>();
    for (const key of [
      { env: "NEW" },
      { env: "OLD" },
      { env: "NEW", previous: { env: "OLD" } },
      { env: "OLD", previous: { env: "NEW" } },
      { env: "NEW", previous: { env: "OLD", suffix: "_old" } },
      { env: "NEW", previous: { env: "THIRD" } },
    ]) {
      const { work } = await withNested(t, key);
      const env = { OLD, NEW, THIRD: OLD.toUpperCase() };
      const { code, stdout, stderr } = await cli(["plan", "--json", "-c", work.join("maskline.yaml")], { env });
      assert.equal(code, 0, stderr);
      runs.add(JSON.parse(stdout).runId);
    }
    assert.equal(runs.size, 6);
    // A name decides nothing.
    const { work } = await withNested(t, { env: "NEW", id: "a", previous: { env: "OLD", id: "b" } });
    const { stdout } = await cli(["plan", "--json", "-c", work.join("maskline.yaml")], { env: { OLD, NEW } });
    assert.ok(runs.has(JSON.parse(stdout).runId));
  });

  it("gives the same bytes whatever the number of workers", async (t) => {
    const outputs = await Promise.all(
      [1, 3].map(async (workers) => {
        const work = await Workspace.make(t);
        await writeCalls(work.join("calls.parquet"), 20_000, 20_000);
        await work.config({
          input: ["./calls.parquet"],
          policy: BIG_POLICY,
          key: { env: "NEW", previous: { env: "OLD" } },
          runtime: { workers },
        });
        const { code, stderr } = await cli(["run", "-c", work.join("maskline.yaml")], { env: { OLD, NEW } });
        assert.equal(code, 0, stderr);
        return await work.text("out/calls.jsonl");
      }),
    );
    assert.ok(outputs[0] === outputs[1]);
    const first = JSON.parse(outputs[0]!.split("\n")[0]!);
    assert.match(first.firstName_previous, /^User_[0-9a-f]{16}$/);
    assert.notEqual(first.firstName, first.firstName_previous);
  });

  it("is refused where there is nothing to change, where names meet, and of a key to itself", async (t) => {
    const { writeByDuckdb } = await import("../support/generate/writers.ts");
    const refused = async (settings: object, pattern: RegExp) => {
      const work = await Workspace.make(t);
      await writeByDuckdb(work.join("a.parquet"), { name: "VARCHAR", name_previous: "VARCHAR" }, [
        { name: "Rosalindah", name_previous: "Bartholomewx" },
      ]);
      await work.config({ input: ["./a.parquet"], key: { env: "NEW", previous: { env: "OLD" } }, ...settings });
      const { code, stderr } = await cli(["run", "-c", work.join("maskline.yaml")], { env: { OLD, NEW } });
      assert.equal(code, 2, stderr);
      assert.match(stderr, pattern);
      assert.doesNotMatch(stderr, /Rosalindah|Bartholomewx/);
      assert.deepEqual(await work.files(), []);
    };
    const policy = (mask: string) => ({
      policy: {
        rules: [
          { field: "name", mask },
          { field: "*", mask: "keep" },
        ],
      },
    });
    await refused(policy("keep"), /key\.previous is set, but no column becomes a token/);
    await refused(policy("salted-hash"), /key\.previous is set, but no column becomes a token/);
    await refused(policy("token"), /a\.parquet: name_previous is there already.*key\.previous\.suffix/);
    await refused({ key: { env: "NEW", previous: { env: "NEW" } } }, /key\.previous is the same key/);
    await refused({ key: { env: "NEW", previous: { env: "NONE" } } }, /variable NONE: it is not set/);
    await refused(
      { key: { env: "NEW", previous: { env: "OLD", sufix: "x" } } },
      /unknown setting "sufix"; did you mean "suffix"\?/,
    );
  });

  it("is no drift: the schema that was approved is that of the inputs", async (t) => {
    const { work, run } = await withNested(t, { env: "NEW" });
    const env = { env: { OLD, NEW } };
    const approved = await cli(["drift", "--approve", "-c", work.join("maskline.yaml")], env);
    assert.equal(approved.code, 0, approved.stderr);
    const lock = await work.text("maskline.lock.json");
    await work.config({ input: [NESTED], policy: POLICY, key: { env: "NEW", previous: { env: "OLD" } } });
    const { code, stderr } = await run();
    assert.equal(code, 0, stderr);
    assert.equal((await cli(["drift", "--approve", "-c", work.join("maskline.yaml")], env)).code, 0);
    assert.equal(await work.text("maskline.lock.json"), lock);
  });

  it("a previous key that is too weak is told, and used", async (t) => {
    const { work, run } = await withNested(t, { env: "NEW", previous: { file: "./old" } });
    await work.write("old", "abcabcabc-abcabcabc-abcabcabc-abcabc\n");
    await chmod(work.join("old"), 0o644);
    const { code, stderr } = await run();
    assert.equal(code, 0, stderr);
    assert.match(stderr, /reading the key from the file .*\/old: it repeats a few bytes/);
    assert.match(stderr, /old can be read by everybody/);
    assert.doesNotMatch(stderr, /abcabc/);
  });
});
