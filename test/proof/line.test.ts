/** The letters and digits of a line of JSON. */
import assert from "node:assert/strict";
import { it } from "node:test";
import fc from "fast-check";
import { coreOf } from "../../src/proof/identifiers.ts";
import { coreOfLine } from "../../src/proof/line.ts";

function coreOfRecord(record: unknown): string {
  return coreOfLine(Buffer.from(JSON.stringify(record)));
}

it("has those of every value, whatever stands between them", () => {
  const unit = fc.constantFrom(...'aZ09 -.@"\\/\n\t\0é漢✓😀ａ１'.split(""), "\\u0041");
  const text = fc.string({ unit, maxLength: 30 });
  fc.assert(
    fc.property(fc.dictionary(text, text, { maxKeys: 4 }), (record) => {
      const core = coreOfRecord(record);
      const wide = /[\uff00-\uffef]/.test(JSON.stringify(record));
      for (const one of Object.entries(record).flat()) {
        // Where nothing is wide, what is beyond ASCII is left out as it stands.
        const plain = wide ? one.toWellFormed() : one.replace(/[^\0-\x7f]/g, "");
        assert.ok(core.includes(coreOf(plain)), JSON.stringify(record));
      }
    }),
    { numRuns: 2000 },
  );
});

it("has those of a line that is longer than any before", () => {
  const value = "Ab-1".repeat(20_000);
  assert.equal(coreOfRecord({ value }), `value${"ab1".repeat(20_000)}`);
});

it("has nothing of escapes", () => {
  assert.equal(coreOfLine(Buffer.from('{"a":"x\\u00e9y\\nz\\\\w"}')), "axyzw");
});
