/** JSON documents in a text column, against JSON.parse and the same rules a value at a time. */
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { ColumnMask, MaskContext } from "../../src/masks/mask.ts";
import { looksLikeData } from "../../src/policy/data-names.ts";
import { looksSensitive } from "../../src/policy/sensitive.ts";
import { compiled, throughColumn, type Values } from "./columns.ts";

const context: MaskContext = {
  environment: "test",
  domainKey: (domain) => createHmac("sha256", "key").update(domain).digest(),
  judge: (name) => (looksLikeData(name) ? "data" : looksSensitive(name) ? "sensitive" : undefined),
};

const masks = new Map<string, ColumnMask>();

function masked(values: Values, options: object, judging = context): Values {
  const id = JSON.stringify([options, judging === context]);
  const mask = masks.get(id) ?? compiled("json", options as Record<string, unknown>, judging);
  masks.set(id, mask);
  return throughColumn(mask, values);
}

const one = (value: string, options: object = {}) => masked([value], options)[0];

const KEEP = { unmatched: { sensitive: "keep", text: "keep", other: "keep" } };

describe("json", () => {
  it("keeps a document's order, numbers and names, and every value that a rule keeps", () => {
    const document = '{ "b" : 1.0, "a":[1e400, -0, 12345678901234567890, true, null, "x\\u00e9\\/", {}, []] }';
    assert.equal(one(document, KEEP), '{"b":1.0,"a":[1e400,-0,12345678901234567890,true,null,"x\\u00e9\\/",{},[]]}');
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), (text) => {
        const [kept] = masked([text], KEEP, { ...context, judge: () => undefined });
        if (text === '""') assert.equal(kept, '""');
        else assert.deepEqual(JSON.parse(kept!), JSON.parse(text));
      }),
      { numRuns: 500 },
    );
  });

  it("masks by name and by path, drops members, and leaves what is no text where a mask gives none", () => {
    const document = JSON.stringify({
      customer: { firstName: "Zoë", phones: ["+1 415 555 0100", "x"], vip: true },
      note: null,
      total: 12.5,
    });
    const rules = [
      { path: "customer.phones[]", mask: "replace", with: "P" },
      { field: "first*", mask: "replace", with: "N" },
      { field: "vip", mask: "drop" },
      { field: "note", mask: "drop" },
      { field: "total", mask: "null" },
    ];
    assert.equal(one(document, { rules }), '{"customer":{"firstName":"N","phones":["P","P"]},"total":null}');
  });

  it("masks or scans what no rule names, names that look sensitive and data in place of names included", () => {
    const document = JSON.stringify({
      remarks: "card 4111 1111 1111 1111",
      paid: 4111111111111111,
      count: 3,
      ssn: "none given",
      address: { line: "1 Main St", since: 1999 },
      "zoe@example.com": { ok: true },
      empty: "",
    });
    assert.deepEqual(JSON.parse(one(document)!), {
      remarks: "card [CARD]",
      paid: "[CARD]",
      count: 3,
      ssn: "[MASKED]",
      address: { line: "[MASKED]", since: "[MASKED]" },
      "[NAME 1]": { ok: "[MASKED]" },
      empty: "",
    });
  });

  it("replaces what is no document whole", () => {
    const bad = [
      "call me at +14155550100",
      "{",
      '{"a":1,}',
      "[1,]",
      '{"a" 1}',
      "{'a':1}",
      '"\\x"',
      '"\n"',
      "01",
      "[1] 2",
      "nul",
    ];
    assert.deepEqual(
      masked(bad, KEEP),
      bad.map(() => "[MASKED]"),
    );
    const deep = (levels: number) => "[".repeat(levels) + "]".repeat(levels);
    assert.equal(one(deep(256), KEEP), deep(256));
    assert.equal(one(deep(257), KEEP), "[MASKED]");
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'{}[]",:\\ntrue1.e-0 '.split("")), maxLength: 12 }), (text) => {
        if (text === "") return;
        const parses = (() => {
          try {
            JSON.parse(text);
            return true;
          } catch {
            return false;
          }
        })();
        assert.equal(one(text, KEEP) !== "[MASKED]", parses);
      }),
      { numRuns: 3000 },
    );
  });

  it("is the same whatever stands beside it: values, documents, names", () => {
    const documents = fc.array(
      fc.oneof(
        { weight: 3, arbitrary: fc.json({ maxDepth: 3 }) },
        {
          weight: 1,
          arbitrary: fc.constantFrom<string | null>(null, "", "no document", '{"a.b":1}', '{"a":{"b":"é"}}'),
        },
      ),
      { maxLength: 12 },
    );
    const rules = [
      { path: "a.b", mask: "token" },
      { field: "*", mask: "replace", with: "R" },
    ];
    fc.assert(
      fc.property(documents, (values) => {
        assert.deepEqual(
          masked(values, { rules }),
          values.map((value) => masked([value], { rules })[0]),
        );
      }),
      { numRuns: 200 },
    );
    assert.match(one('{"a":{"b":"é"}}', { rules })!, /User_/);
    assert.equal(one('{"a.b":1}', { rules }), '{"a.b":"R"}');
  });

  it("takes 100,000 members and values of megabytes", () => {
    const many = JSON.stringify(
      Object.fromEntries(Array.from({ length: 100_000 }, (_, i) => [`k${i % 977}_${i}`, "v"])),
    );
    assert.equal(masked([many], KEEP, { ...context, judge: () => undefined })[0], many);
    const long = JSON.stringify({ text: `${'a\\"'.repeat(2_000_000)} 4111111111111111` });
    assert.match(one(long)!, /\[CARD\]"\}$/);
  });
});
