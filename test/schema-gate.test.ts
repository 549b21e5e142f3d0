/** The schema gate from its configuration: the lock's file, what is left out, how it stops, and what it tells. */
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { parseConfig } from "../src/config/load.ts";
import type { VendorSchema } from "../src/genesys/schemas.ts";
import { lockText } from "../src/policy/lock.ts";
import { SchemaGate } from "../src/schema-gate.ts";

const ID = "{ field: id, mask: keep }";
const LOCK = lockText({ version: 1, leaves: [{ path: "id", type: "utf8", mask: "keep", by: "rule field id" }] });

const FIELDS = { id: "string", "transcript[].text": "string", recordingContent: "binary" };

function schema(version: string | undefined, more: Readonly<Record<string, string>> = {}): VendorSchema {
  return { version, fields: Object.entries({ ...FIELDS, ...more }).map(([path, type]) => ({ path, type })) };
}

async function opened(t: TestContext, rules: string, lock?: string, include = "") {
  const directory = await mkdtemp(join(tmpdir(), "maskline-gate-"));
  t.after(() => rm(directory, { recursive: true }));
  const file = join(directory, "maskline.lock.json");
  if (lock !== undefined) await writeFile(file, lock);
  const text = `environment: test
key: { env: KEY }
output: out
policy: { rules: [${rules}] }
genesys: { export: { client: { id: { env: ID }, secret: { env: SECRET } }, staging: "s3://staging/", include: [${include}] } }`;
  const gate = await SchemaGate.open({ config: parseConfig(text, "maskline.yaml"), directory });
  const told: string[] = [];
  const observer = { warned: (message: string) => void told.push(message), drifted: () => {} };
  return {
    file,
    told,
    check: (one: VendorSchema) => gate.check(one, observer),
    recheck: (before: VendorSchema, after: VendorSchema, written?: string) =>
      gate.recheck(before, after, written, observer),
  };
}

describe("the schema gate", () => {
  it("lets pass what was approved; fields that are not asked for are no news", async (t) => {
    const { check, told } = await opened(t, ID, LOCK);
    check(schema("7"));
    assert.deepEqual(told, []);
  });

  it("stops as the drift gate does: exit 3, each field, and what to do; what does not stop is told", async (t) => {
    const { check, told, file } = await opened(t, ID, LOCK);
    const now = schema("8", { "participants[].ssn": "string", wrapUp: "string" });
    const advice = 'add a rule to policy.rules: { path: "participants[].ssn", mask: … }; then maskline drift --approve';
    const what =
      "new, utf8, looks like a government number: pause by unmatched.sensitive (looks like a government number)";
    assert.throws(() => check(now), {
      code: "ERR_DRIFT",
      exit: 3,
      stage: "drift",
      retryable: false,
      findings: [{ path: "participants[].ssn", kind: "sensitive-looking", what, advice }],
      message:
        `comparing the export's schema of interaction, version 8, with ${file}: 1 of the columns needs a person's ` +
        "decision; nothing was written\n" +
        `  participants[].ssn in the export's schema of interaction, version 8: sensitive-looking: ${what}\n    ${advice}`,
    });
    assert.deepEqual(told, [
      "the export's schema of interaction, version 8: wrapUp: added: new, utf8: scan by unmatched.text; maskline drift --approve takes it up",
    ]);
  });

  it("without a lock stops for what the policy leaves to a person", async (t) => {
    const { check, told } = await opened(t, ID);
    check(schema("7"));
    assert.throws(() => check(schema(undefined, { phone2: "long" })), {
      exit: 3,
      message: /^deciding the fields of the export's schema of interaction: 1 of the columns needs .*\n {2}phone2 in /,
    });
    assert.deepEqual(told, []);
  });

  it("what is included counts, and all of its text must be masked", async (t) => {
    const ruled = await opened(t, `${ID}, { path: "transcript[].text", mask: scan }`, LOCK, "transcript");
    ruled.check(schema("7"));
    assert.match(ruled.told.join("\n"), /^[^\n]*: transcript\[\]\.text: added: new, utf8: scan by rule path [^\n]*$/);
    const open = await opened(t, ID, LOCK, "transcript");
    assert.throws(() => open.check(schema("7")), {
      exit: 2,
      message: /\{ path: "transcript\[\]\.text", mask: scan \}/,
    });
  });

  it("tells what changed during the job, and stops where that needs a person", async (t) => {
    const { recheck, told } = await opened(t, ID, LOCK);
    recheck(schema("7"), schema("7"), "7");
    recheck(schema("7"), schema("8"), "8");
    assert.deepEqual(told, []);
    recheck(schema("7"), schema("8", { wrapUp: "string" }), "7");
    assert.equal(told[0], "the export's schema changed during the job: wrapUp: new, string");
    assert.equal(told.length, 2);
    assert.throws(() => recheck(schema("7"), schema("8", { ssn: "string" }), "7"), {
      exit: 3,
      message: /version 8.*\n {2}ssn/,
    });
  });

  it("tells of files that were written with another version than any it saw", async (t) => {
    const { recheck, told } = await opened(t, ID, LOCK);
    recheck(schema("7"), schema("8"), "9");
    assert.match(told.join(), /^the export's files are of schema version 9, the API has 7 and 8; /);
    recheck(schema(undefined), schema(undefined), "9");
    recheck(schema("7"), schema("7"), undefined);
    assert.equal(told.length, 1);
  });

  it("a lock that cannot be read is no lock that is not there", async (t) => {
    await assert.rejects(opened(t, ID, "{"), { exit: 2, message: /no JSON/ });
  });
});
