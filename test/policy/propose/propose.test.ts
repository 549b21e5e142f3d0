/** What is proposed for columns, by their names, types and values. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseConfig } from "../../../src/config/load.ts";
import type { PresetName } from "../../../src/policy/propose/fitting-presets.ts";
import { type Proposal, propose } from "../../../src/policy/propose/propose.ts";
import { configurationText } from "../../../src/policy/propose/text.ts";
import type { Field, Kind, LeafSample } from "../../../src/types.ts";
import { Tally } from "../../../src/worker/tally.ts";
import { field, key } from "../policies.ts";

const FRAME = { environment: "test-1", input: ["./a.parquet"], output: "./out/", found: "1 object", hasSchema: false };

function sampleOf(values: readonly string[], add: "add" | "addNumber" = "add"): LeafSample {
  const tally = new Tally();
  for (const value of values) tally[add](value);
  return tally.counts();
}

const column = (make: (index: number) => string, rows = 128) => Array.from({ length: rows }, (_, index) => make(index));
const scattered = (index: number) => (index * 7919 + 13) % 10_007;
const digits = (index: number, length: number) => String(scattered(index)).padStart(length, "0").slice(-length);

/** What becomes of one column: the rule as it is written, or `pause`, or who else decides. */
function ruleFor(name: string, values: readonly string[] = [], kind: Kind = "utf8", presets?: readonly PresetName[]) {
  const samples = new Map([[name, [sampleOf(values, kind === "utf8" ? "add" : "addNumber")]]]);
  const { rules, columns } = propose([[field(name, kind)]], samples, presets);
  const { mask, by } = columns[0]!;
  if (mask === "pause") return "pause";
  const [rule] = rules;
  return rule ? { mask: rule.mask, ...rule.options } : `${mask} by ${by}`;
}

function proposalFor(
  fields: readonly Field[],
  samples: Readonly<Record<string, readonly LeafSample[]>> = {},
): Proposal {
  return propose([fields], new Map(Object.entries(samples)));
}

describe("a column by its name", () => {
  const cases: readonly (readonly [name: string, expected: unknown, kind?: Kind, values?: string[]])[] = [
    ["custPhone", { mask: "token", domain: "phone", prefix: "Phone_" }],
    ["custPhone", { mask: "phone" }, "utf8", column((i) => `+1415555${digits(i, 4)}`)],
    ["custPhone", { mask: "token", domain: "phone", prefix: "Phone_" }, "utf8", column((i) => `ext. ${i}`)],
    ["kundenname", { mask: "token", domain: "person" }],
    ["caller", { mask: "phone" }, "utf8", column((i) => `+1415555${digits(i, 4)}`)],
    ["contact_mail_address", { mask: "email" }],
    ["date_of_birth", { mask: "date", to: "year" }, "date32"],
    ["date_of_birth", { mask: "date", to: "year" }],
    ["customerAge", { mask: "age" }, "int8", ["41"]],
    ["zip_code", { mask: "zip" }],
    ["street", { mask: "drop" }],
    ["latitude", { mask: "drop" }, "float64", ["1.5"]],
    ["steuernummer", { mask: "drop" }],
    ["loyaltyId", { mask: "token", domain: "loyalty", prefix: "Loyalty_" }],
    ["customer_no", { mask: "token", domain: "customer", prefix: "Customer_" }, "int64", ["12"]],
    ["kontonummer", { mask: "token", domain: "account", prefix: "Account_" }],
    ["clientIp", { mask: "ip" }, "utf8", column((i) => `203.0.113.${i}`)],
    ["clientIp", { mask: "token", domain: "device", prefix: "Device_" }, "utf8", column((i) => `host-${i}`)],
    ["sales_agent_id", { mask: "token", domain: "staff", prefix: "Agent_" }, "utf8", ["a", "b"]],
    ["callId", { mask: "token", domain: "call", prefix: "Call_" }, "utf8", ["a", "b"]],
    ["queueId", { mask: "keep" }, "utf8", ["a", "b"]],
    ["orderId", { mask: "keep" }, "int64", ["17", "4"]],
    ["handledBy", { mask: "token", domain: "person" }, "utf8", ["a", "b"]],
    ["diagnosis", "pause"],
    ["gender", "pause", "bool"],
  ];
  for (const [name, expected, kind, values] of cases) {
    it(`${name} (${kind ?? "utf8"}, ${values?.length ?? 0} values)`, () => {
      assert.deepEqual(ruleFor(name, values, kind), expected);
    });
  }
});

describe("a column by its values", () => {
  const cases: readonly (readonly [what: string, values: string[], expected: unknown, kind?: Kind])[] = [
    ["phone numbers", column((i) => `+1415555${digits(i, 4)}`), { mask: "phone" }],
    ["phone numbers as numbers", column((i) => `1415555${digits(i, 4)}`), { mask: "phone" }, "int64"],
    ["email addresses", column((i) => `x${i}@example.com`), { mask: "email" }],
    ["births", column((i) => `${1940 + (i % 60)}-03-07`), { mask: "date", to: "year" }],
    ["web addresses", column((i) => `https://example.com/${i}`), { mask: "token", domain: "url", prefix: "Url_" }],
    ["now this, now that", column((i) => (i % 2 ? `415-555-${digits(i, 4)}` : "Sales desk")), "pause"],
    [
      "mostly phone numbers, which the mask for them would not cover",
      column((i) => (i % 10 ? `415-555-${digits(i, 4)}` : "Sales desk")),
      { mask: "token", domain: "phone", prefix: "Phone_" },
    ],
    ["sentences", column((i) => `the caller asked ${i} times for the same thing`), { mask: "scan" }],
    ["JSON", column((i) => `{"phone": "+1415555${digits(i, 4)}", "n": ${i}}`), { mask: "json" }],
    ["what only begins as JSON", column((i) => `{"word": ${i}`), { mask: "scan" }],
    ["UUIDs", column((i) => `0199c0de-4155-7550-8123-${digits(i, 12)}`), { mask: "keep" }],
    ["a category", column((i) => ["open", "closed", "escalated"][i % 3]!), { mask: "keep" }],
    ["too few for a category", column((i) => ["open", "closed"][i % 2]!, 20), { mask: "scan" }],
    ["times", column((i) => `2026-01-07T10:00:${digits(i, 2)}Z`), { mask: "keep" }],
    ["short numbers", column((i) => `${scattered(i)}.5`), { mask: "keep" }],
    ["codes", column((i) => `ORD-${i}`), { mask: "scan" }],
    ["nothing", [], "scan by unmatched.text"],
    ["no number", [], "keep by unmatched.other", "int32"],
    ["amounts", column((i) => `${scattered(i)}.25`), { mask: "keep" }, "float64"],
  ];
  for (const [what, values, expected, kind] of cases) {
    it(what, () => assert.deepEqual(ruleFor("c1", values, kind), expected));
  }
});

describe("presets", () => {
  const names = (proposal: Proposal) => proposal.presets.map(({ name }) => name);

  it("contact-center always; pci-dss where a name or values show cards; genesys-analytics for conversations", () => {
    assert.deepEqual(names(proposalFor([field("a")])), ["contact-center"]);
    assert.deepEqual(names(proposalFor([field("cardNo")])), ["contact-center", "pci-dss"]);
    const mentioned = sampleOf(
      column((i) => (i % 8 ? "nothing of note was said" : "he paid with 4111 1111 1111 1111")),
    );
    assert.deepEqual(names(proposalFor([field("c1")], { c1: [mentioned] })), ["contact-center", "pci-dss"]);
    const participants = field("participants", "list", field("item", "struct", field("purpose")));
    assert.deepEqual(names(proposalFor([participants])), ["contact-center", "genesys-analytics"]);
  });

  it("what they decide needs no rule", () => {
    const { rules, columns } = proposalFor([field("phoneNumber"), field("cardNumber")]);
    assert.deepEqual(rules, []);
    assert.deepEqual(
      columns.map(({ path, mask, by }) => [path, mask, by]),
      [
        ["phoneNumber", "phone", "preset contact-center: phoneNumber"],
        ["cardNumber", "pan", "preset contact-center: cardNumber"],
      ],
    );
  });

  it("hipaa-safe-harbor only when asked: no token, no scanned text, of times the year", () => {
    const asked = ["hipaa-safe-harbor"] as const;
    assert.deepEqual(ruleFor("handledBy", ["a", "b"], "utf8", asked), { mask: "drop" });
    assert.deepEqual(
      ruleFor(
        "c1",
        column((i) => `ORD-${i}`),
        "utf8",
        asked,
      ),
      { mask: "drop" },
    );
    assert.equal(
      ruleFor(
        "c1",
        column((i) => "ab"[i % 2]!),
        "utf8",
        asked,
      ),
      "drop by unmatched.text",
    );
    assert.match(String(ruleFor("c1", [], "timestamp", asked)), /^date by preset hipaa-safe-harbor/);
  });

  it("two forms of one card number do not both stay", () => {
    const { columns } = proposalFor([field("cardFirst6"), field("cardLast4")]);
    assert.deepEqual(columns.map(({ mask }) => mask).toSorted(), ["drop", "pan"]);
  });
});

describe("a map", () => {
  const attributes = field("attributes", "map", key, field("value"));
  const keyed = (keys: Readonly<Record<string, string[]>>, rest: string[] = []): LeafSample => ({
    ...sampleOf(rest),
    keys: Object.fromEntries(Object.entries(keys).map(([name, values]) => [name, sampleOf(values)])),
  });

  it("has rules for the keys that would stop a run, and goes on masking sensitive ones that nobody saw", () => {
    const phones = column((i) => `415-555-${digits(i, 4)}`);
    const sample = keyed({ customerSsn: ["123-45-6789"], backup: phones, language: ["en", "de"], gender: ["f"] });
    const { rules, columns, decider } = proposalFor([attributes], { "attributes{}": [sample] });
    assert.deepEqual(
      rules.map(({ target, mask }) => [target.path, mask]),
      [
        ["attributes{customerSsn}", "drop"],
        ["attributes{backup}", "phone"],
      ],
    );
    assert.deepEqual(
      columns.map(({ path, mask }) => [path, mask]),
      [
        ["attributes{}", "scan"],
        ["attributes{gender}", "pause"],
      ],
    );
    const { cases } = decider.decide({ ...leafOf(attributes), path: "attributes{}" });
    assert.ok(cases.some(({ sensitive, decision }) => sensitive && decision.mask === "replace"));
  });

  it("whose keys are data is masked whole, and none of them is shown", () => {
    const sample = keyed({ "Rosalindah Quux": ["415-555-0123"], Zebulon: ["415-555-0199"] });
    const proposal = proposalFor([attributes], { "attributes{}": [sample] });
    assert.deepEqual(
      proposal.columns.map(({ path, mask }) => [path, mask]),
      [["attributes{}", "token"]],
    );
    assert.doesNotMatch(JSON.stringify([proposal.rules, proposal.columns]), /Rosalindah|Zebulon/);
  });

  it("of codes is dropped: they are never stored", () => {
    const sample = keyed({ cvv: ["123"], "Rosalindah Quux": ["415-555-0123"] });
    const { columns } = proposalFor([field("other", "map", key, field("value"))], { "other{}": [sample] });
    assert.ok(columns.some(({ path, mask }) => path === "other{}" && mask === "drop"));
  });
});

function leafOf(map: Field) {
  return { path: `${map.name}{}`, name: map.name, field: map.children[1]!, inMap: true, around: [] };
}

describe("names that rules cannot simply say", () => {
  const decided = (fields: readonly Field[], samples: Readonly<Record<string, readonly LeafSample[]>> = {}) => {
    const proposal = proposalFor(fields, samples);
    const { policy } = parseConfig(configurationText(FRAME, proposal), "maskline.yaml");
    assert.deepEqual(policy.rules, proposal.policy.rules);
    return proposal.columns.map(({ path, mask }) => [path, mask]);
  };
  const words = [sampleOf(column((i) => `word ${i}`))];
  const categories = [sampleOf(column((i) => ["open", "closed"][i % 2]!))];

  it("wildcards, braces, quotes, line ends and other scripts", () => {
    const names = ["a*", "ab", "x{y}", "m{z", 'näme "q"\n', "# no sign", "- item", "null", "~", "123", "電話", "a: b"];
    const fields = names.map((name) => field(name));
    const found = decided(fields, Object.fromEntries(names.map((name) => [name, categories])));
    const expected = new Map([
      ['näme "q"\n', "token"],
      ["電話", "token"],
    ]);
    assert.deepEqual(
      found,
      names.map((name) => [name, expected.get(name) ?? "keep"]),
    );
  });

  it("what only one rule can name gets the strictest that is right for one of them", () => {
    // Rules know no case.
    const found = decided([field("state"), field("STATE")], { state: categories, STATE: words });
    assert.deepEqual(found, [
      ["state", "scan"],
      ["STATE", "scan"],
    ]);
  });

  it("a person decides on what cannot be told from what a person must decide", () => {
    // The names of both match the first one's.
    const mixed = [sampleOf(column((i) => (i % 2 ? `415-555-${digits(i, 4)}` : "Sales desk")))];
    const found = decided([field("c"), field("C")], { c: categories, C: mixed });
    assert.deepEqual(found, [
      ["c", "scan"],
      ["C", "pause"],
    ]);
  });

  it("a name of nothing is left to unmatched", () => {
    assert.deepEqual(decided([field("")], { "": categories }), [["", "scan"]]);
  });

  it("one column of several types is decided for all of them", () => {
    const samples = new Map([["c", [...words, sampleOf(["1.5"], "addNumber")]]]);
    const { columns } = propose([[field("c")], [field("c", "bool")]], samples);
    assert.deepEqual(
      columns.map(({ type, mask, by }) => [type, mask, by]),
      [
        ["utf8", "scan", "unmatched.text"],
        ["bool", "keep", "unmatched.other"],
      ],
    );
    const births = propose([[field("dob")], [field("dob", "time")]], new Map());
    assert.deepEqual(
      births.columns.map(({ mask }) => mask),
      ["drop"],
    );
  });
});
