import assert from "node:assert/strict";
import { test } from "node:test";
import { Decider } from "../../src/policy/decide.ts";
import { leavesOf } from "../../src/policy/leaves.ts";
import { withRecordNames } from "../../src/policy/record-names.ts";
import type { Field, Kind } from "../../src/types.ts";

const field = (name: string, kind: Kind = "utf8", ...children: Field[]): Field => ({ name, kind, children });
const FIELDS: readonly Field[] = [
  field("firstName"),
  field("agent"),
  field("nameCount", "int32"),
  field("queueName"),
  field("notes"),
  field("people", "list", field("item", "struct", field("participantName"), field("remark"))),
];

const unmatched = { sensitive: "drop", text: "keep", other: "keep" } as const;

function namesOf(rules: readonly object[]): Record<string, unknown> {
  const decider = new Decider({ rules: rules as never, presets: [], unmatched });
  const decided = withRecordNames(leavesOf(FIELDS).map((leaf) => ({ ...leaf, decision: decider.decide(leaf) })));
  const scans = decided.filter(({ decision }) => decision.mask === "scan");
  return Object.fromEntries(scans.map(({ path, decision }) => [path, decision.options.names]));
}

test("a scan looks for the names of all columns that hold some, whatever becomes of them", () => {
  const rules = [
    { field: "notes", mask: "scan", names: "record" },
    { field: "agent", mask: "token", domain: "person" },
    { path: "people[].remark", mask: "scan", names: "record" },
  ];
  const people = ["firstName", "agent", "people[].participantName"];
  assert.deepEqual(namesOf(rules), { notes: people, "people[].remark": people });
});

test("or for those that it is told, by path or by name", () => {
  assert.deepEqual(namesOf([{ field: "notes", mask: "scan", names: ["first_name", "queueName"] }]), {
    notes: ["firstName", "queueName"],
  });
  assert.deepEqual(namesOf([{ field: "notes", mask: "scan", names: [] }]), { notes: [] });
  assert.throws(() => namesOf([{ field: "notes", mask: "scan", names: ["firstNam"] }]), /did you mean "firstName"/);
});
