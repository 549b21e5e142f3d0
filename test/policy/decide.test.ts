import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Decider } from "../../src/policy/decide.ts";
import { leavesOf } from "../../src/policy/leaves.ts";
import { matcher } from "../../src/policy/match.ts";
import type { Field } from "../../src/types.ts";
import { decisionFor, field, key, policyOf } from "./policies.ts";

/** participants: list<struct{purpose, ani, attributes: map<utf8, utf8>, sessions: list<list<int64>>}>, notes: map<…struct> */
const SCHEMA: readonly Field[] = [
  field("conversationId"),
  field(
    "participants",
    "list",
    field(
      "item",
      "struct",
      field("purpose"),
      field("ani"),
      field("attributes", "map", key, field("value")),
      field("sessions", "list", field("item", "list", field("item", "int64"))),
    ),
  ),
  field("notes", "map", key, field("value", "struct", field("text"), field("at", "timestamp"))),
];

/** What is decided per leaf: path → mask, and masks by key. */
function decided(decider: Decider, fields = SCHEMA): Record<string, string> {
  return Object.fromEntries(
    leavesOf(fields).map((leaf) => {
      const { path, mask, cases } = decider.decide(leaf);
      return [
        path,
        [...cases.map(({ keys, looks, decision }) => `${keys ?? looks} ${decision.mask}`), mask].join(", "),
      ];
    }),
  );
}

describe("leaves", () => {
  it("have paths with . for structs, [] for lists, {} for maps, in schema order", () => {
    assert.deepEqual(
      leavesOf(SCHEMA).map(({ path, name, inMap }) => `${path} ${name}${inMap ? " in a map" : ""}`),
      [
        "conversationId conversationId",
        "participants[].purpose purpose",
        "participants[].ani ani",
        "participants[].attributes{} attributes in a map",
        "participants[].sessions[][] sessions",
        "notes{}.text text",
        "notes{}.at at",
      ],
    );
  });
});

describe("targets", () => {
  const leaf = (path: string, name: string, inMap = false) => ({ path, name, field: field(name), inMap, around: [] });
  const matches = (target: { field?: string; path?: string }, path: string, name: string, inMap = false) =>
    matcher(target)(leaf(path, name, inMap));

  it("field matches a leaf's name in any case, with * for any characters", () => {
    const yes = [
      ...[
        ["ani", "ani"],
        ["ANI", "ani"],
        ["ani", "Ani"],
        ["a*", "ani"],
        ["*i", "ani"],
        ["*", "ani"],
        ["***", "x"],
      ],
      ...[
        ["*phone*", "customerPhoneNumber"],
        ["a*c*e", "abcde"],
        ["ä*", "Äpfel"],
        ["*", ""],
        ["* *", "a b"],
      ],
      ...[
        ["card-no", "card-no"],
        ["a.b", "a.b"],
        ["a/b$", "a/b$"],
        ["(x)[y]{z}|^+?\\", "(x)[y]{z}|^+?\\"],
      ],
      ...[
        ["line*", "line\nfeed"],
        ["😀*", "😀x"],
      ],
    ] as const;
    for (const [pattern, name] of yes)
      assert.ok(matches({ field: pattern! }, `p.${name}`, name!), `${pattern} ${name}`);
    const no = [
      ...[
        ["ani", "anis"],
        ["ani", "xani"],
        ["a*", "ba"],
        ["a.b", "axb"],
        ["a?", "ab"],
        ["p.ani", "ani"],
        ["", "a"],
      ],
    ] as const;
    for (const [pattern, name] of no)
      assert.ok(!matches({ field: pattern! }, `p.${name}`, name!), `${pattern} ${name}`);
  });

  it("path matches the whole path, with [] and {} as they stand", () => {
    const path = "participants[].attributes{}";
    const yes = [path, "PARTICIPANTS[].Attributes{}", "participants*", "*{}", "*.attributes{}", "*[]*", "*"];
    for (const one of yes) assert.deepEqual(matches({ path: one }, path, "attributes", true), {}, one);
    const no = [
      "participants",
      "attributes{}",
      "participants[]",
      "participants.attributes{}",
      "participants[].attributes",
    ];
    for (const one of no) assert.equal(matches({ path: one }, path, "attributes", true), undefined, one);
  });

  it("a key pattern in braces matches entries of that key only", () => {
    const path = "participants[].attributes{}";
    const match = matches({ path: "participants[].attributes{*ssn*}" }, path, "attributes", true);
    for (const yes of ["ssn", "customerSSN", "ssn-last4"]) assert.ok(match?.keys?.test(yes), yes);
    for (const no of ["ss", "name", ""]) assert.ok(!match?.keys?.test(no), no);
    assert.deepEqual(matches({ path: "*attributes{*}" }, path, "attributes", true), {});
    assert.equal(matches({ path: "participants[].attributes{ssn}" }, "participants[].ssn", "ssn"), undefined);
    assert.equal(matches({ path: "*{ssn}" }, "a.b", "b"), undefined);
    const dashed = matches({ path: "a{x-y.z}" }, "a{}", "a", true);
    assert.ok(dashed?.keys?.test("X-Y.Z") && !dashed.keys.test("x-yaz"));
    // The worker compiles a key's pattern again from its source.
    assert.ok(new RegExp(dashed!.keys!.source, "iu").test("x-y.z"));
  });
});

describe("decisions", () => {
  it("the first of the rules that match wins, before presets, before unmatched", () => {
    const decider = policyOf(
      "{ field: ani, mask: keep }, { field: a*, mask: drop }, { path: 'notes{}.text', mask: 'null' }",
      "presets: [contact-center]",
    );
    assert.deepEqual(decided(decider), {
      conversationId: "scan",
      "participants[].purpose": "scan",
      "participants[].ani": "keep",
      "participants[].attributes{}": "drop",
      "participants[].sessions[][]": "keep",
      "notes{}.text": "null",
      // `a*` is any name that begins with an a.
      "notes{}.at": "drop",
    });
    assert.deepEqual(decider.unused(), []);
  });

  it("a preset decides its fields whatever case and separators their names have", () => {
    const names = ["phoneNumber", "PHONE_NUMBER", "phone-number", "Phone Number", "phonenumber"];
    for (const name of names) {
      const { mask, rule } = decisionFor("", field(name), "presets: [contact-center]");
      assert.deepEqual([mask, rule], ["phone", "preset contact-center: phoneNumber"], name);
    }
    const masks: Record<string, string> = {
      cardNumber: "pan",
      firstName: "token",
      lastName: "token",
      emailAddress: "email",
      externalId: "token",
      ani: "phone",
    };
    for (const [name, expected] of Object.entries(masks)) {
      assert.equal(decisionFor("", field(name), "presets: [contact-center]").mask, expected, name);
    }
    const external = decisionFor("", field("externalId"), "presets: [contact-center]");
    assert.deepEqual(external.options, { domain: "external-id", prefix: "Ext_", length: 16 });
    const first = decisionFor("", field("firstName"), "presets: [contact-center]");
    assert.deepEqual(first.options, { domain: "person", prefix: "User_", length: 16 });
  });

  it("what no rule names follows unmatched, by name and type", () => {
    const cases: [Field, string, string][] = [
      [field("customerEmail"), "pause", "unmatched.sensitive (looks like an email address)"],
      [field("ani", "int64"), "pause", "unmatched.sensitive (looks like a phone number)"],
      [field("remark"), "scan", "unmatched.text"],
      [field("blob", "binary"), "scan", "unmatched.text"],
      [field("durationMs", "int64"), "keep", "unmatched.other"],
      [field("at", "timestamp"), "keep", "unmatched.other"],
    ];
    for (const [leaf, mask, rule] of cases) {
      const decision = decisionFor("", leaf);
      assert.deepEqual([decision.mask, decision.rule], [mask, rule], leaf.name);
    }
    const dropped = "unmatched: { sensitive: drop, text: keep, other: scan }";
    assert.equal(decisionFor("", field("ssn"), dropped).mask, "drop");
    assert.equal(decisionFor("", field("remark"), dropped).mask, "keep");
    assert.equal(decisionFor("", field("count", "int64"), dropped).mask, "scan");
    // Nothing to find in them.
    assert.equal(decisionFor("", field("at", "timestamp"), dropped).mask, "keep");
    assert.equal(decisionFor("", field("ok", "bool"), dropped).mask, "keep");
    // Where the name looks sensitive and a scan can find nothing, a person must decide.
    const scanned = "unmatched: { sensitive: scan, text: keep, other: keep }";
    assert.equal(decisionFor("", field("birthDate", "date32"), scanned).mask, "pause");
    assert.equal(decisionFor("", field("birthDate"), scanned).mask, "scan");
  });

  it("rules with a key pattern decide entries, in turn; the rest of the map goes on to the next rule", () => {
    const decider = policyOf(
      `{ path: 'participants[].attributes{*ssn*}', mask: drop },
       { path: '*attributes{*mail*}', mask: email },
       { path: '*attributes{}', mask: token },
       { path: '*attributes{*name*}', mask: keep }`,
    );
    assert.equal(
      decided(decider)["participants[].attributes{}"],
      "authentication drop, ^[^]*ssn[^]*$ drop, ^[^]*mail[^]*$ email, token",
    );
    assert.deepEqual(decider.unused(), ["rule 4: path *attributes{*name*}"]);
  });

  it("a rule that matched no leaf is told", () => {
    const decider = policyOf("{ field: nothing, mask: keep }, { field: ani, mask: keep }, { path: ani, mask: keep }");
    assert.deepEqual(decider.unused().length, 3);
    decided(decider);
    assert.deepEqual(decider.unused(), ["rule 1: field nothing", "rule 3: path ani"]);
  });
});
