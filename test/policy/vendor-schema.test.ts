/** The drift gate's answer to a schema that the API announces, against a lock that was made of files. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { judge } from "../../src/policy/content.ts";
import { Decider } from "../../src/policy/decide.ts";
import { leavesOf } from "../../src/policy/leaves.ts";
import { type Lock, lockedLeaves, lockOf } from "../../src/policy/lock.ts";
import { withRecordNames } from "../../src/policy/record-names.ts";
import { schemaChanged, schemaDrifts } from "../../src/policy/vendor-schema.ts";
import type { Field, LeafSample } from "../../src/types.ts";
import { configOf, field, key } from "./policies.ts";

interface Vendor {
  readonly path: string;
  readonly type: string;
}

const list = (name: string, item: Field) => field(name, "list", item);
const struct = (name: string, ...children: Field[]) => field(name, "struct", ...children);
const map = (name: string) => field(name, "map", key, field("value"));
const at = (name: string): Field => ({ ...field(name, "timestamp"), unit: "us", utc: true });

/** A file's columns. */
const FILE: readonly Field[] = [
  field("conversationId"),
  at("startedAt"),
  field("firstName"),
  field("phoneNumber"),
  field("notes"),
  field("duration", "int32"),
  { ...field("amount", "decimal"), scale: 2, width: 16 },
  field("recorded", "bool"),
  list("participants", struct("item", field("ani"), field("purpose"), map("attributes"), list("tags", field("item")))),
  list("transcript", struct("item", field("text"))),
];

/** The same as the API has it. */
const API: readonly Vendor[] = [
  { path: "conversationId", type: "string" },
  { path: "startedAt", type: "datetime" },
  { path: "firstName", type: "string" },
  { path: "phoneNumber", type: "string" },
  { path: "notes", type: "string" },
  { path: "duration", type: "long" },
  { path: "amount", type: "double" },
  { path: "recorded", type: "boolean" },
  { path: "participants[].ani", type: "string" },
  { path: "participants[].purpose", type: "string" },
  { path: "participants[].attributes{}", type: "string" },
  { path: "participants[].tags[]", type: "string" },
  { path: "transcript[].text", type: "string" },
];

const PRESETS = "presets: [contact-center, pci-dss]";
const RULES = `{ field: conversationId, mask: keep }, { path: "participants[].attributes{*ssn*}", mask: drop }`;

/** The lock that `drift --approve` makes of files. */
function approved(
  fields: readonly Field[] = FILE,
  rules = RULES,
  more = PRESETS,
  sample: Record<string, LeafSample> = {},
): Lock {
  const contents = new Map(Object.entries(sample).map(([path, one]) => [path, judge([one])]));
  const decider = new Decider(configOf(rules, more).policy, contents);
  const leaves = withRecordNames(leavesOf(fields).map((leaf) => ({ ...leaf, decision: decider.decide(leaf) })));
  const looks = new Map([...contents].map(([path, { whole }]) => [path, `looks like ${whole?.what} by content`]));
  return lockOf([lockedLeaves(leaves, looks)]);
}

interface Setting {
  readonly rules?: string;
  readonly more?: string;
  readonly lock?: Lock | undefined;
  readonly leftOut?: readonly string[];
}

function drifts(fields: readonly Vendor[], { rules = RULES, more = PRESETS, leftOut = [], ...other }: Setting = {}) {
  const lock = "lock" in other ? other.lock : approved(FILE, rules, more);
  return schemaDrifts({ name: "the API", fields, leftOut: new Set(leftOut) }, configOf(rules, more).policy, lock);
}

function told(fields: readonly Vendor[], setting?: Setting): string[] {
  return drifts(fields, setting).map(({ kind, path, stops }) => `${stops ? "STOPS " : ""}${kind} ${path}`);
}

/** The API's fields with others in place of one. */
function withField(path: string, ...by: Vendor[]): Vendor[] {
  return API.flatMap((one) => (one.path === path ? by : [one]));
}

const plus = (path: string, type = "string"): Vendor[] => [...API, { path, type }];

describe("the schema gate", () => {
  it("sees no difference where the files have what the API announces, in whatever order", () => {
    assert.deepEqual(drifts(API), []);
    assert.deepEqual(drifts(API.toReversed()), []);
    for (const presets of ["", "genesys-analytics", "hipaa-safe-harbor", "contact-center, genesys-analytics"]) {
      for (const unmatched of ["drop", "scan", "keep"]) {
        const more = `presets: [${presets}]\n  unmatched: { sensitive: ${unmatched}, text: keep }`;
        assert.deepEqual(drifts(API, { more }), [], `${presets} ${unmatched}`);
      }
    }
  });

  it("sees none in a column that was judged by its content when it was approved", () => {
    const phones: LeafSample = {
      ...{ values: 100, prose: 0, whole: { phone: 90 }, mentioned: { phone: 90 } },
      ...{ forms: {}, distinct: 90 },
    };
    for (const unmatched of ["{ sensitive: drop }", "{ sensitive: scan, text: drop }", "{ sensitive: keep }"]) {
      const more = `${PRESETS}\n  unmatched: ${unmatched}`;
      const sample = { "participants[].purpose": phones, "participants[].attributes{}": phones, notes: phones };
      const lock = approved(FILE, RULES, more, sample);
      assert.ok(lock.leaves.some(({ looks }) => looks?.endsWith("by content")));
      assert.deepEqual(drifts(API, { more, lock }), [], unmatched);
    }
    // With the rule gone that decided it, what was seen of it still counts.
    const rules = `${RULES}, { field: purpose, mask: keep }`;
    const lock = approved(FILE, rules, PRESETS, { "participants[].purpose": phones });
    assert.deepEqual(told(API, { lock }), ["STOPS sensitive-looking participants[].purpose"]);
  });

  it("a vendor's type is no news where the file's is of its class, or carries times as text", () => {
    for (const type of ["integer", "number", "double", "decimal", "LONG"]) {
      assert.deepEqual(told(withField("duration", { path: "duration", type })), [], type);
      assert.deepEqual(told(withField("amount", { path: "amount", type })), [], type);
    }
    for (const type of ["date", "timestamp"]) {
      assert.deepEqual(told(withField("startedAt", { path: "startedAt", type })), [], type);
      assert.deepEqual(told(withField("notes", { path: "notes", type })), [], type);
    }
    for (const type of ["uuid", "enum", "binary", "constructor"]) {
      assert.deepEqual(told(withField("notes", { path: "notes", type })), [], type);
    }
  });

  it("a type of another class is told, and stops where what was kept became text", () => {
    const rules = `${RULES}, { field: duration, mask: keep }`;
    const now = (path: string, type: string) => told(withField(path, { path, type }), { rules });
    assert.deepEqual(now("duration", "string"), ["STOPS type changed duration"]);
    assert.deepEqual(now("duration", "datetime"), ["type changed duration"]);
    assert.deepEqual(now("duration", "boolean"), ["type changed duration"]);
    assert.deepEqual(now("phoneNumber", "long"), ["type changed phoneNumber"]);
    // What the files have is scanned, and stays so until they have numbers.
    assert.deepEqual(now("notes", "long"), ["type changed notes"]);
    // Kept while it was a number because nobody decided; as text it is scanned.
    assert.deepEqual(now("amount", "string"), ["decision changed amount"]);
    const [change] = drifts(withField("phoneNumber", { path: "phoneNumber", type: "long" }));
    assert.match(change!.what, /^utf8 before, int64 now; phone by preset contact-center/);
    assert.deepEqual(change!.inputs, ["the API"]);
  });

  it("a harmless new field stops nothing, nor does one that is gone", () => {
    assert.deepEqual(told(plus("wrapUp")), ["added wrapUp"]);
    assert.deepEqual(told(plus("participants[].score", "double")), ["added participants[].score"]);
    assert.deepEqual(told(withField("recorded")), ["removed recorded"]);
    assert.deepEqual(told(withField("firstName")), ["removed firstName"]);
    const more = ["participants[].attributes{*ssn*}", "participants[].attributes{} whose key looks sensitive"];
    const setting = { more: "presets: [contact-center]" };
    const gone = told(withField("participants[].attributes{}"), setting).map((one) => one.replace("removed ", ""));
    assert.deepEqual(gone.toSorted(), [...more, "participants[].attributes{}"].toSorted());
  });

  it("a sensitive-looking new field follows unmatched.sensitive", () => {
    for (const path of ["customerSsn", "participants[].cellPhone", "a[][].creditLimit{}.cardPin", "mobileNo[]"]) {
      const rules = RULES;
      const known = { rules, more: "presets: []\n  unmatched: { sensitive: pause }" };
      // What the presets do not name waits for a person; a rule decides it, and then it goes on.
      const lock = approved([field("id")], rules, known.more);
      const id = { path: "id", type: "string" };
      const found = drifts([id, { path, type: "string" }], { ...known, lock });
      assert.deepEqual(
        found.map(({ kind, stops, ...one }) => [kind, stops, one.path]),
        [["sensitive-looking", true, path]],
      );
      assert.ok(found[0]!.advice.startsWith(`add a rule to policy.rules: { path: "${path}", mask: … }`));
      const ruled = `${rules}, { path: "${path}", mask: drop }`;
      assert.deepEqual(told([id, { path, type: "string" }], { ...known, rules: ruled, lock }), [`added ${path}`]);
      // Masked by itself, and told.
      const more = "presets: []\n  unmatched: { sensitive: drop }";
      const [dropped, ...others] = drifts([id, { path, type: "string" }], { rules, more, lock });
      assert.deepEqual(others, []);
      assert.equal(dropped!.stops, false);
      assert.match(dropped!.what, /^new, utf8, looks like .*: drop by unmatched\.sensitive/);
    }
  });

  it("a sensitive field that comes back unprotected under a like name stops", () => {
    for (const path of ["phone_number", "phoneNo", "contactNo", "custPhoneNumber"]) {
      const rules = `${RULES}, { field: "${path}", mask: keep }`;
      const lock = approved();
      assert.deepEqual(told(withField("phoneNumber", { path, type: "string" }), { rules, lock }), [
        `STOPS renamed ${path}`,
      ]);
    }
    const same = withField("firstName", { path: "first_name", type: "string" });
    assert.deepEqual(told(same), ["renamed first_name"]);
  });

  it("a new key of a map is no field; a new map is, with what is decided by key", () => {
    assert.deepEqual(told(plus("participants[].extras{}"), { more: "presets: [contact-center]" }), [
      "added participants[].extras{} whose key looks sensitive",
      "added participants[].extras{}",
    ]);
    const rules = `${RULES}, { path: "participants[].attributes{plan*}", mask: keep }`;
    assert.deepEqual(told(API, { rules, lock: approved() }), ["added participants[].attributes{plan*}"]);
  });

  it("without a lock, only what waits for a person is told, and stops", () => {
    const setting = { lock: undefined, more: "presets: []" };
    assert.deepEqual(told(API, setting), [
      "STOPS sensitive-looking firstName",
      "STOPS sensitive-looking phoneNumber",
      "STOPS sensitive-looking participants[].ani",
    ]);
    assert.deepEqual(told(API, { lock: undefined }), []);
    assert.deepEqual(told(API, { lock: undefined, more: "presets: []\n  unmatched: { sensitive: scan }" }), []);
  });

  it("fields that the export leaves out are neither new nor removed", () => {
    const leftOut = ["transcript", "recordingContent"];
    const paths = ["recordingContent", "recordingContent.ssn", "recordingContent{}", "recordingContent[].cardNumber"];
    for (const path of paths) {
      assert.deepEqual(told([...withField("transcript[].text"), { path, type: "string" }], { leftOut }), [], path);
    }
    assert.deepEqual(told(withField("transcript[].text")), ["removed transcript[].text"]);
    // Their namesakes elsewhere are fields like any other.
    const setting = { leftOut, more: "presets: []\n  unmatched: { sensitive: keep }" };
    assert.deepEqual(told(plus("participants[].transcript"), setting), ["added participants[].transcript"]);
    assert.deepEqual(told(plus("transcripts.text"), setting), ["added transcripts.text"]);
  });

  it("decides every field as the files' own gate does", () => {
    const names = ["ssn", "queue", "cardNumber", "note", "dob", "email", "attributes"];
    const kinds = [
      ["string", field("x")],
      ["long", field("x", "int64")],
      ["boolean", field("x", "bool")],
      ["datetime", at("x")],
      ["date", field("x", "date32")],
      ["double", field("x", "float64")],
      ["binary", field("x", "binary")],
    ] as const;
    const leaf = fc.record({
      name: fc.constantFrom(...names),
      kind: fc.constantFrom(...kinds),
      wraps: fc.array(fc.constantFrom("list", "map"), { maxLength: 2 }),
    });
    fc.assert(
      fc.property(fc.uniqueArray(leaf, { selector: ({ name }) => name, minLength: 1 }), (leaves) => {
        const wrap = (wraps: readonly string[], inner: Field): Field =>
          wraps.reduceRight(
            (item, one) => (one === "list" ? list("item", item) : field("value", "map", key, item)),
            inner,
          );
        const fields = leaves.map(({ name, kind, wraps }) => ({ ...wrap(wraps, kind[1]), name }));
        const announced = leaves.map(({ name, kind, wraps }) => ({
          path: `${name}${wraps.map((one) => (one === "list" ? "[]" : "{}")).join("")}`,
          type: kind[0],
        }));
        const whole = [struct("s", ...fields), ...fields];
        const more = "presets: [contact-center, hipaa-safe-harbor]\n  unmatched: { sensitive: drop }";
        const lock = approved(whole, "", more);
        const vendor = [...announced.map(({ path, type }) => ({ path: `s.${path}`, type })), ...announced];
        assert.deepEqual(drifts(vendor, { rules: "", more, lock }), []);
      }),
    );
  });
});

describe("a schema that changed during the job", () => {
  const told = (after: readonly Vendor[]) =>
    schemaChanged(API, after).map(({ kind, path, what }) => [kind, path, what]);

  it("is told by path and type; order, and a field said twice, are no change", () => {
    assert.deepEqual(told(API), []);
    assert.deepEqual(told([...API.toReversed(), ...API]), []);
    assert.deepEqual(told(plus("ssn")), [["added", "ssn", "new, string"]]);
    assert.deepEqual(told(withField("notes")), [["removed", "notes", "gone, was string"]]);
    assert.deepEqual(told(withField("notes", { path: "notes", type: "long" })), [
      ["type changed", "notes", "string before, long now"],
    ]);
  });
});
