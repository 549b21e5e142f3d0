/** Broken masks are caught before anything is committed, and what was written is told apart from what was changed since. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { pathToFileURL } from "node:url";
import { cli, Workspace } from "../support/cli.ts";

const SABOTAGE = pathToFileURL(join(import.meta.dirname, "../proof/sabotage.ts")).href;
const ROWS = 400;

/** Calls of people whose names, numbers and notes are all different; some have no name. */
function calls(rows = ROWS): string {
  const lines = Array.from({ length: rows }, (_, row) => {
    const name = row % 7 === 0 ? null : `${["Rosalindah", "Bartholomewx", "Zéphyrine"][row % 3]} ${letters(row % 90)}`;
    const number = `212${600 + (row % 300)}${String(1000 + row * 7).slice(-4)}`;
    const phone = row % 50 === 49 ? `(${number.slice(0, 3)}) ${number.slice(3, 6)}-${number.slice(6)}` : `+1${number}`;
    return JSON.stringify({
      callId: `c-${row}`,
      fullName: name,
      phoneNumber: phone,
      externalId: `CRM-${700_000 + row}-Q`,
      note: `Caller number ${row} asked for the weather of today`,
    });
  });
  return `${lines.join("\n")}\n`;
}

function letters(row: number): string {
  return String.fromCharCode(65 + (row % 26), 97 + (Math.floor(row / 26) % 26), 97 + (row % 13));
}

const POLICY = {
  presets: ["contact-center"],
  rules: [
    { field: "note", mask: "scan" },
    { field: "callId", mask: "keep" },
  ],
};

async function workspace(t: Pick<TestContext, "after">, settings: object = {}): Promise<Workspace> {
  const work = await Workspace.make(t);
  await work.write("in/calls.jsonl", calls());
  await work.config({ policy: POLICY, verify: "full", ...settings });
  return work;
}

async function sabotaged(work: Workspace, how: string) {
  return await cli(["run", "-c", work.join("maskline.yaml"), "--json"], {
    env: { NODE_OPTIONS: `--import=${SABOTAGE}`, SABOTAGE: how },
  });
}

describe("a run", { concurrency: 2 }, () => {
  it("says what it verified", async (t) => {
    const work = await workspace(t);
    const { code, stderr } = await work.run("--quiet");
    assert.equal(code, 0, stderr);
    const { verification } = await work.manifest();
    assert.equal(verification.rowCounts, "equal");
    assert.equal(verification.nullCounts, "equal");
    assert.deepEqual([verification.share, verification.sampledRows], [1, ROWS]);
    assert.deepEqual(verification.excused, []);
  });

  it("counts distinct values before and after, and how its columns join", async (t) => {
    const work = await Workspace.make(t);
    const line = (row: number) => {
      const agent = `agent-${1000 + (row % 120)}`;
      return JSON.stringify({ agentId: agent, ownerId: row % 4 === 0 ? agent : `owner-${2000 + row}`, note: "none" });
    };
    await work.write("in/a.jsonl", Array.from({ length: 300 }, (_, row) => `${line(row)}\n`).join(""));
    await work.write("in/b.jsonl", Array.from({ length: 300 }, (_, row) => `${line(row + 300)}\n`).join(""));
    const rules = ["agentId", "ownerId"].map((field) => ({ field, mask: "token", domain: "agent" }));
    await work.config({ policy: { rules: [...rules, { field: "note", mask: "keep" }] } });
    const { code, stderr } = await work.run("--quiet");
    assert.equal(code, 0, stderr);
    const { columns, verification } = await work.manifest();
    const distinct = columns.map((column) => column.distinct);
    assert.deepEqual(distinct, [{ in: 120, out: 120, exact: true }, { in: 480, out: 480, exact: true }, undefined]);
    assert.deepEqual(verification.joins, [
      { columns: ["agentId", "ownerId"], sampled: 120, before: 30, after: 30 },
      { columns: ["ownerId", "agentId"], sampled: 480, before: 30, after: 30 },
    ]);
  });

  for (const [how, column, says] of [
    ["passes through", "fullName", /fullName of \S+calls\.jsonl: a value does not look like what token writes/],
    ["leaves one format", "phoneNumber", /a value of phoneNumber is there again, as digits \(rows 49, 99, 149/],
    ["loses nulls", "fullName", /fullName of \S+: its nulls are not those of the input \(rows? 0/],
    [
      "maps many to one",
      "fullName",
      /fullName: a token stands for more than one value \(row \d+ of \S+ and row \d+ of/,
    ],
    [
      "gives two tokens for one value",
      "fullName",
      /fullName: a value has more than one token \(row \d+ of \S+ and row \d+ of/,
    ],
    ["copies names into notes", "note", /note of \S+: a value of fullName is there again, as name/],
  ] as const) {
    it(`stops where a mask ${how}, and commits nothing`, async (t) => {
      const work = await workspace(t);
      const { code, stdout, stderr } = await sabotaged(work, how);
      assert.equal(code, 4, stderr);
      const { exit, error } = JSON.parse(stdout);
      assert.deepEqual([exit, error.code, error.stage, error.retryable], [4, "ERR_VERIFICATION", "verify", false]);
      assert.match(error.message, says, column);
      assert.doesNotMatch(stdout + stderr, /Rosalindah|Bartholomewx|CRM-7|212\d{7}|212.6\d\d/);
      assert.deepEqual(await work.outputs(), []);
      assert.deepEqual(await work.manifests(), []);
    });
  }
});
