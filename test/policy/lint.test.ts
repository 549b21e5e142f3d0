import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { leavesOf } from "../../src/policy/leaves.ts";
import { checkTokenLength, checkTypes } from "../../src/policy/lint.ts";
import { checkCards } from "../../src/policy/lint-cards.ts";
import { lintPolicy } from "../../src/policy/lint-policy.ts";
import type { Kind } from "../../src/types.ts";
import { configOf, decisionFor, field, key, policyOf } from "./policies.ts";

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

  it("refuses an unkeyed hash of a card number", () => {
    const [card, name] = leavesOf([field("cardNumber"), field("firstName")]);
    const decider = policyOf("{ field: '*', mask: salted-hash }");
    assert.throws(() => checkCards(card!, decider.decide(card!)), {
      exit: 2,
      message: /cardNumber: salted-hash.*PCI DSS 3\.5\.1\.1.*keyed/,
    });
    checkCards(name!, decider.decide(name!));
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
      lintPolicy(configOf(`{ field: a, mask: regex, patterns: [${pattern}] }`).policy, "sandbox-01");
    for (const bad of ["{ match: '(a+)+$' }", "{ match: '(a|a)*b' }", "{ match: '(x+x+)+y' }", "{ match: '\\s+$' }"]) {
      assert.throws(() => check(bad), { code: "ERR_USAGE", message: /policy\.rules\[0\].*catastrophically/ }, bad);
    }
    for (const bad of ["{ match: '(' }", "{ match: '\\p{Nope}', flags: u }", "{ match: a, flags: uv }"]) {
      assert.throws(() => check(bad), /policy\.rules\[0\]: .*nvalid/, bad);
    }
    for (const good of ["{ match: '\\d{4,16}' }", "{ match: '^a+$', flags: im }", "{ match: '[a-z]{1,64}@' }"])
      check(good);
    const nested = "{ field: a, mask: json, rules: [{ field: b, mask: regex, patterns: [{ match: '(a+)+$' }] }] }";
    assert.throws(
      () => lintPolicy(configOf(nested).policy, "sandbox-01"),
      /policy\.rules\[0\]\.rules\[0\]: .*catastroph/,
    );
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
