import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseConfig } from "../../src/config/load.ts";
import { Decider } from "../../src/policy/decide.ts";
import { leavesOf } from "../../src/policy/leaves.ts";
import { checkPatterns, checkTokenLength, checkTypes } from "../../src/policy/lint.ts";
import { matcher } from "../../src/policy/match.ts";
import type { Field, Kind, LeafDecision } from "../../src/types.ts";

function field(name: string, kind: Kind = "utf8", ...children: Field[]): Field {
  return { name, kind, children };
}

const key = field("key");

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

/** A policy as the configuration gives it, with every default. */
function policyOf(rules: string, more = ""): Decider {
  return new Decider(configOf(rules, more).policy);
}

function configOf(rules: string, more = "") {
  return parseConfig(
    `environment: test\nkey: { env: KEY }\ninput: a.parquet\noutput: out\npolicy:\n  rules: [${rules}]\n  ${more}`,
    "maskline.yaml",
  );
}

/** What is decided per leaf: path → mask, and masks by key. */
function decided(decider: Decider, fields = SCHEMA): Record<string, string> {
  return Object.fromEntries(
    leavesOf(fields).map((leaf) => {
      const { path, mask, byKey } = decider.decide(leaf);
      return [path, [...byKey.map(({ keys, decision }) => `${keys} ${decision.mask}`), mask].join(", ")];
    }),
  );
}

function decisionFor(rules: string, leaf: Field, more?: string): LeafDecision {
  return policyOf(rules, more).decide(leavesOf([leaf])[0]!);
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
  const leaf = (path: string, name: string, inMap = false) => ({ path, name, field: field(name), inMap });
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
  });

  it("rules with a key pattern decide entries, in turn; the rest of the map goes on to the next rule", () => {
    const decider = policyOf(
      `{ path: 'participants[].attributes{*ssn*}', mask: drop },
       { path: '*attributes{*mail*}', mask: email },
       { path: '*attributes{}', mask: token },
       { path: '*attributes{*name*}', mask: keep }`,
    );
    assert.equal(decided(decider)["participants[].attributes{}"], "^[^]*ssn[^]*$ drop, ^[^]*mail[^]*$ email, token");
    assert.deepEqual(decider.unused(), ["rule 4: path *attributes{*name*}"]);
  });

  it("a rule that matched no leaf is told", () => {
    const decider = policyOf("{ field: nothing, mask: keep }, { field: ani, mask: keep }, { path: ani, mask: keep }");
    assert.deepEqual(decider.unused().length, 3);
    decided(decider);
    assert.deepEqual(decider.unused(), ["rule 1: field nothing", "rule 3: path ani"]);
  });
});

describe("lint", () => {
  it("refuses a mask that cannot handle its leaf's type, and names leaf, mask, rule and type", () => {
    const [leaf] = leavesOf([field("started", "timestamp")]);
    for (const mask of ["pan", "phone", "email", "scan", "regex, patterns: [{ match: a }]"]) {
      const decision = policyOf(`{ field: started, mask: ${mask} }`).decide(leaf!);
      assert.throws(() => checkTypes(leaf!, decision), {
        code: "ERR_USAGE",
        exit: 2,
        message: /the column started: .*rule 1: field started.* timestamp.*use token/,
      });
    }
    for (const mask of ["token", "salted-hash", "replace, with: x", "null", "drop", "keep"]) {
      checkTypes(leaf!, policyOf(`{ field: started, mask: ${mask} }`).decide(leaf!));
    }
  });

  it("refuses it for entries of a map too", () => {
    const [leaf] = leavesOf([field("times", "map", key, field("value", "timestamp"))]);
    const decision = policyOf("{ path: 'times{*x*}', mask: pan }, { field: times, mask: keep }").decide(leaf!);
    assert.throws(() => checkTypes(leaf!, decision), /times\{\}.*pan/);
  });

  it("takes every kind of text and number for masks of text", () => {
    const kinds: Kind[] = [
      "utf8",
      "binary",
      "int8",
      "int64",
      "uint64",
      "float32",
      "float64",
      "decimal",
      "number",
      "null",
    ];
    for (const kind of kinds) {
      for (const mask of ["pan", "phone", "email", "scan", "token"]) {
        const [leaf] = leavesOf([field("value", kind)]);
        checkTypes(leaf!, policyOf(`{ field: value, mask: ${mask} }`).decide(leaf!));
      }
    }
  });

  it("refuses tokens that the birthday bound lets collide, and says how long they must be", () => {
    const tokens = (length: number) => decisionFor(`{ field: id, mask: token, length: ${length} }`, field("id"));
    // n²/2 · 16^-8 reaches one half at 65,536.
    checkTokenLength(tokens(8), 65_535);
    assert.throws(() => checkTokenLength(tokens(8), 65_536), {
      code: "ERR_USAGE",
      message: /8 hex digits.*length: \d+/,
    });
    for (const rows of [65_536, 1e6, 1e9, 4e9]) {
      const needed = /length: (\d+)/.exec(messageOf(() => checkTokenLength(tokens(8), rows)))?.[1];
      checkTokenLength(tokens(Number(needed)), rows);
      assert.throws(() => checkTokenLength(tokens(Number(needed) - 1), rows), `${rows} rows, ${needed} digits`);
    }
    checkTokenLength(tokens(16), 4e9);
    checkTokenLength(decisionFor("{ field: id, mask: keep }", field("id")), 1e15);
  });

  it("refuses short tokens of map entries too", () => {
    const map = field("attributes", "map", key, field("value"));
    const rules = "{ path: 'attributes{id}', mask: token, length: 8 }, { field: attributes, mask: keep }";
    assert.throws(() => checkTokenLength(decisionFor(rules, map), 1e6), /attributes\{\}.*8 hex digits/);
  });

  it("refuses patterns that do not compile or backtrack catastrophically", () => {
    const check = (pattern: string) =>
      checkPatterns(configOf(`{ field: a, mask: regex, patterns: [${pattern}] }`).policy);
    for (const bad of ["{ match: '(a+)+$' }", "{ match: '(a|a)*b' }", "{ match: '(x+x+)+y' }", "{ match: '\\s+$' }"]) {
      assert.throws(() => check(bad), { code: "ERR_USAGE", message: /policy\.rules\[0\].*catastrophically/ }, bad);
    }
    for (const bad of ["{ match: '(' }", "{ match: '\\p{Nope}', flags: u }", "{ match: a, flags: uv }"]) {
      assert.throws(() => check(bad), /policy\.rules\[0\]: .*nvalid/, bad);
    }
    for (const good of ["{ match: '\\d{4,16}' }", "{ match: '^a+$', flags: im }", "{ match: '[a-z]{1,64}@' }"])
      check(good);
  });
});

function messageOf(action: () => void): string {
  try {
    action();
    return "";
  } catch (error) {
    return (error as Error).message;
  }
}
