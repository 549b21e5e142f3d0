import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { ANY_DIGIT, windowOf } from "../../src/masks/window.ts";

/** The window as it reads: d for any digit. */
function shown(pattern: RegExp): string | undefined {
  const window = windowOf(pattern);
  return window && [...window].map((byte) => (byte === ANY_DIGIT ? "d" : String.fromCharCode(byte))).join("");
}

describe("the window of a pattern", () => {
  it("is the longest run of digits and characters that every match holds", () => {
    assert.equal(shown(/\b\d{3}-\d{2}-\d{4}\b/), "ddd-dd-d");
    assert.equal(shown(/\+?\d{10,15}/), "dddddddd");
    assert.equal(shown(/\d{4}[ -]?\d{4}/), "dddd");
    assert.equal(shown(/(?:ab)(c)\d+x/), "abcd");
    assert.equal(shown(/a\d{2,3}b/), "add");
    assert.equal(shown(/@[a-z]+/i), "@");
    assert.equal(shown(/id-\d/i), "-d");
    for (const none of [/a|b/, /\d*/, /[ab]/, /(?:a|b)/, /é/, /(?:ab)?/, /(?=12)[^x]/, /\D/, /a?/]) {
      assert.equal(shown(none), undefined, String(none));
    }
  });

  it("is in everything that a pattern matches", () => {
    const pieces = [
      "\\d",
      "\\d{2}",
      "\\d{3,5}",
      "-",
      "a",
      "[ab]?",
      "(?:\\d-)",
      "x*",
      "\\b",
      "\\d+",
      "(a|b)",
      "(?=\\d)",
      "a{0}",
      ".",
      "-?",
    ];
    const patterns = fc.array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 5 }).map((some) => some.join(""));
    const text = fc.string({ unit: fc.constantFrom(..."0123aabx--".split("")), maxLength: 20, size: "max" });
    fc.assert(
      fc.property(patterns, fc.constantFrom("", "i", "u"), text, (match, flags, value) => {
        const pattern = new RegExp(match, flags);
        const window = windowOf(pattern);
        const found = pattern.exec(value)?.[0];
        if (window === undefined || found === undefined) return;
        const isAt = (at: number) =>
          [...window].every((byte, k) =>
            byte === ANY_DIGIT ? /^[0-9]$/.test(found[at + k] ?? "") : found.charCodeAt(at + k) === byte,
          );
        assert.ok(Array.from(found, (_, at) => at).some(isAt), `${pattern} in ${JSON.stringify(found)}`);
      }),
      { numRuns: 3000 },
    );
  });
});
