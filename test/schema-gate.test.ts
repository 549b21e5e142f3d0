/** The schema gate from its configuration: the lock's file, what is left out, and how it stops. */
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { lockText } from "../src/policy/lock.ts";
import { compareSchema, gateSchema } from "../src/schema-gate.ts";
import { configOf } from "./policy/policies.ts";

const FIELDS = [
  { path: "id", type: "string" },
  { path: "transcript[].text", type: "string" },
];
const EXPORT = { entityType: "interaction", include: [] };
const SCHEMA = { version: "7", fields: FIELDS };

async function loaded(t: TestContext, rules: string, lock?: string) {
  const directory = await mkdtemp(join(tmpdir(), "maskline-gate-"));
  t.after(() => rm(directory, { recursive: true }));
  if (lock !== undefined) await writeFile(join(directory, "maskline.lock.json"), lock);
  return { config: configOf(rules), directory };
}

const LOCK = lockText({
  version: 1,
  leaves: [{ path: "id", type: "utf8", mask: "keep", by: "rule field id" }],
});

const ID = "{ field: id, mask: keep }";

describe("the schema gate", () => {
  it("lets pass what was approved; fields that are not asked for are no news", async (t) => {
    const found = await compareSchema(await loaded(t, ID, LOCK), EXPORT, SCHEMA);
    assert.deepEqual(found.drifts, []);
    gateSchema(found);
  });

  it("stops as the drift gate does: exit 3, each field, and what to do", async (t) => {
    const config = await loaded(t, ID, LOCK);
    const fields = [...FIELDS, { path: "participants[].ssn", type: "string" }, { path: "wrapUp", type: "string" }];
    const found = await compareSchema(config, EXPORT, { version: "8", fields });
    assert.deepEqual(
      found.drifts.map(({ path, stops }) => [path, stops]),
      [
        ["participants[].ssn", true],
        ["wrapUp", false],
      ],
    );
    assert.throws(() => gateSchema(found), {
      code: "ERR_DRIFT",
      exit: 3,
      retryable: false,
      message:
        `comparing the export's schema of interaction, version 8, with ${join(config.directory, "maskline.lock.json")}: 1 of the columns needs ` +
        "a person's decision; nothing was written\n" +
        "  participants[].ssn in the export's schema of interaction, version 8: sensitive-looking: new, utf8, looks like a " +
        "government number: pause by unmatched.sensitive (looks like a government number)\n" +
        '    add a rule to policy.rules: { path: "participants[].ssn", mask: … }; then maskline drift --approve',
    });
  });

  it("without a lock stops for what the policy leaves to a person", async (t) => {
    const config = await loaded(t, ID);
    gateSchema(await compareSchema(config, EXPORT, SCHEMA));
    const fields = [...FIELDS, { path: "phone2", type: "long" }];
    const found = await compareSchema(config, EXPORT, { version: undefined, fields });
    assert.throws(() => gateSchema(found), {
      exit: 3,
      message: /^deciding the fields of the export's schema of interaction: 1 of the columns needs .*\n {2}phone2 in /,
    });
  });

  it("what is included counts, and all of its text must be masked", async (t) => {
    const include = ["transcript" as const];
    const rules = `${ID}, { path: "transcript[].text", mask: scan }`;
    const { drifts } = await compareSchema(await loaded(t, rules, LOCK), { ...EXPORT, include }, SCHEMA);
    assert.deepEqual(
      drifts.map(({ kind, path, stops }) => [kind, path, stops]),
      [["added", "transcript[].text", false]],
    );
    await assert.rejects(compareSchema(await loaded(t, ID, LOCK), { ...EXPORT, include }, SCHEMA), {
      exit: 2,
      message: /\{ path: "transcript\[\]\.text", mask: scan \}/,
    });
  });

  it("a lock that cannot be read is no lock that is not there", async (t) => {
    await assert.rejects(compareSchema(await loaded(t, ID, "{"), EXPORT, SCHEMA), { exit: 2, message: /no JSON/ });
  });
});
