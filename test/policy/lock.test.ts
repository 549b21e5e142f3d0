import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { leavesOf } from "../../src/policy/leaves.ts";
import { type LockedLeaf, lockedLeaves, lockOf, lockText, parseLock } from "../../src/policy/lock.ts";
import type { Field } from "../../src/types.ts";
import { field, key, policyOf } from "./policies.ts";

function locked(fields: readonly Field[], rules: string, more?: string): LockedLeaf[] {
  const decider = policyOf(rules, more);
  return lockedLeaves(leavesOf(fields).map((leaf) => ({ ...leaf, decision: decider.decide(leaf) })));
}

describe("the lock", () => {
  it("has a line a leaf: path, type, mask, who decided, and what it looks like", () => {
    const fields = [
      field("phoneNumber"),
      { ...field("at", "timestamp"), unit: "us", utc: true } as const,
      { ...field("amount", "decimal"), scale: 2, width: 16 },
      field("attributes", "map", key, field("value")),
    ];
    const rules = `{ field: at, mask: keep }, { path: "attributes{*ssn*}", mask: drop }`;
    assert.equal(
      lockText(lockOf([locked(fields, rules, "presets: [contact-center]\n  unmatched: { text: drop }")])),
      `{
  "version": 1,
  "leaves": [
    {"path":"phoneNumber","type":"utf8","mask":"phone","options":{"keep":"none","with":"[MASKED]"},"by":"preset contact-center: phoneNumber","clause":"ISO/IEC 20889 masking (suppression)","looks":"looks like a phone number"},
    {"path":"at","type":"timestamp(us, UTC)","mask":"keep","by":"rule field at"},
    {"path":"amount","type":"decimal(scale 2, 16 bytes)","mask":"keep","by":"unmatched.other"},
    {"path":"attributes{*ssn*}","type":"utf8","mask":"drop","by":"rule path attributes{*ssn*}","looks":"looks like a government number"},
    {"path":"attributes{} whose key looks sensitive","type":"utf8","mask":"replace","options":{"with":"[MASKED]"},"by":"unmatched.sensitive (keys that look sensitive)"},
    {"path":"attributes{}","type":"utf8","mask":"drop","by":"unmatched.text"}
  ]
}
`,
    );
  });

  it("has every path once for an input: what is decided by key, look or neighbour has one of its own", () => {
    const fields = [field("attributes", "map", key, field("value")), field("remote"), field("mediaType")];
    const rules = `{ path: "attributes{a*}", mask: drop }, { field: remote, mask: drop, when: { field: mediaType, is: [email] } }`;
    for (const presets of ["contact-center", "genesys-analytics", "hipaa-safe-harbor"]) {
      const paths = locked(fields, rules, `presets: [${presets}]`).map(({ path }) => path);
      assert.deepEqual(paths, [...new Set(paths)], presets);
    }
  });

  it("does not change when rules are put before others", () => {
    const fields = [field("a"), field("b")];
    const one = locked(fields, "{ field: a, mask: keep }");
    const other = locked(fields, "{ field: zzz, mask: drop }, { field: a, mask: keep }");
    assert.deepEqual(one, other);
  });

  it("has a leaf of several inputs once, and each type of it", () => {
    const inputs = [[field("a")], [field("a"), field("b")], [field("a", "int64")]].map((fields) => locked(fields, ""));
    assert.deepEqual(
      lockOf(inputs).leaves.map(({ path, type }) => `${path} ${type}`),
      ["a utf8", "b utf8", "a int64"],
    );
  });

  it("is read as it was written, whatever the names", () => {
    const leaf = fc.record(
      {
        path: fc.string({ unit: "binary" }),
        type: fc.string(),
        mask: fc.string(),
        by: fc.string({ unit: "grapheme" }),
      },
      { noNullPrototype: true },
    );
    fc.assert(
      fc.property(fc.array(leaf), (leaves) => {
        const lock = { version: 1, leaves } as const;
        const text = lockText(lock);
        assert.deepEqual(parseLock(text, "x"), lock);
        assert.equal(text.split("\n").length, leaves.length === 0 ? 5 : leaves.length + 6);
      }),
    );
  });

  it("that is none is refused, with what to do", () => {
    for (const [text, message] of [
      ["", /reading the lock x\.json: it is no JSON; take it back .* --approve/],
      ["<<<<<<< HEAD", /it is no JSON/],
      ["null", /reading the lock x\.json: it: .*object/],
      ['{"version":2,"leaves":[]}', /its version 2 is of a later maskline/],
      ['{"version":1,"leaves":[{"path":"a"}]}', /leaves\.0\.type: /],
      ['{"version":1,"leaves":[],"more":1}', /Unrecognized key/],
    ] as const) {
      assert.throws(() => parseLock(text, "x.json"), { code: "ERR_USAGE", exit: 2, message });
    }
  });
});
