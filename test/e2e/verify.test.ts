/** Broken masks are caught before anything is committed, and what was written is told apart from what was changed since. */
import assert from "node:assert/strict";
import { rm } from "node:fs/promises";
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
    [
      "leaves one format",
      "phoneNumber",
      /a value of phoneNumber is there again, as digits \(8 times, first in rows 49, 99, 149/,
    ],
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

describe("verify", { concurrency: 2 }, () => {
  const verify = async (work: Workspace, ...args: readonly string[]) =>
    await cli(["verify", "-c", work.join("maskline.yaml"), ...args]);

  for (const compression of ["none", "gzip", "zstd"]) {
    it(`finds what was committed as it was, compression ${compression}`, async (t) => {
      const work = await workspace(t, { compression, verify: "0.01%" });
      await work.write("in/empty.jsonl", "");
      assert.equal((await work.run("--quiet")).code, 0);
      const { code, stdout, stderr } = await verify(work, "--json");
      assert.equal(code, 0, stderr);
      assert.match(stderr, /verified: run [0-9a-f]{16}, every one of 400 rows in 2 objects/);
      const { state, verification } = JSON.parse(stdout);
      assert.deepEqual([state, verification.sampledRows, verification.excused], ["verified", ROWS, []]);
    });
  }

  it("stops where a column that is kept by rule has another one's number, however it is written", async (t) => {
    const work = await Workspace.make(t);
    const lines = Array.from({ length: 50 }, (_, row) => ({
      phoneNumber: `+141555501${row + 10}`,
      ref: row === 7 ? "415.555.0117" : `R-${row}`,
    }));
    await work.write("calls.jsonl", lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
    const rules = [{ field: "ref", mask: "keep" }];
    const policy = { presets: ["contact-center"], rules };
    await work.config({ input: ["./calls.jsonl"], policy, verify: "full" });
    const { code, stderr } = await work.run();
    assert.equal(code, 4, stderr);
    assert.match(stderr, /ref of .*: a value of phoneNumber is there again, as digits \(row 7\)/);
    assert.deepEqual(await work.outputs(), []);
  });

  it("says when there is nothing of this configuration", async (t) => {
    const work = await workspace(t);
    const { code, stderr } = await verify(work);
    assert.equal(code, 2);
    assert.match(stderr, /not committed there; run them first/);
  });

  const edits: readonly [name: string, edit: (text: string) => string | undefined, says: RegExp][] = [
    ["is gone", () => undefined, /calls\.jsonl: it is gone/],
    ["is cut", (text) => text.slice(0, -100), /calls\.jsonl: it has \d+ bytes, \d+ were committed/],
    [
      "has two rows the other way round",
      swapped,
      /callId of \S+: its kept values are not those of the input \(rows 3, 4/,
    ],
    ["has a token changed", (text) => text.replace(/User_[0-9a-f]/, "User_g"), /a value does not look like what token/],
    [
      "has a value put back",
      (text) => text.replace("asked for the weather", "has CRM-700000-Q".padEnd(21)),
      /is there again/,
    ],
    [
      "has other tokens",
      (text) => text.replace(/User_([0-9a-f])/, (_, c) => `User_${c === "a" ? "b" : "a"}`),
      /more than one token|SHA-256/,
    ],
    [
      "has a null more",
      (text) => text.replace(/"note":"([^"]+)"/, (_, note) => `"note":null${" ".repeat(note.length - 2)}`),
      /its nulls are not/,
    ],
    ["is no JSON any more", (text) => text.replace('"callId"', '"callId '), /its lines are not/],
  ];
  for (const [name, edit, says] of edits) {
    it(`says so where an object ${name}`, async (t) => {
      const work = await workspace(t);
      assert.equal((await work.run("--quiet")).code, 0);
      const text = edit(await work.text("out/calls.jsonl"));
      if (text === undefined) await rm(work.join("out/calls.jsonl"));
      else await work.write("out/calls.jsonl", text);
      const { code, stderr } = await verify(work);
      assert.equal(code, 4, stderr);
      assert.match(stderr, says);
      assert.match(stderr, /cannot be relied on/);
      assert.doesNotMatch(stderr, /Rosalindah|Bartholomewx|CRM-7|212.?6\d\d/);
    });
  }
});

/** Rows 3 and 4 in each other's place. */
function swapped(text: string): string {
  const lines = text.split("\n");
  [lines[3], lines[4]] = [lines[4]!, lines[3]!];
  return lines.join("\n");
}
