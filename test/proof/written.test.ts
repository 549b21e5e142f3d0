/** What is told of numbers without writing them. */
import assert from "node:assert/strict";
import { it } from "node:test";
import fc from "fast-check";
import { isShort, SHORT_NUMBER } from "../../src/proof/written.ts";

const decimal = fc
  .tuple(fc.integer({ min: -(10 ** 9), max: 10 ** 9 }), fc.integer({ min: -12, max: 6 }))
  .map(([digits, exponent]) => Number(`${digits}e${exponent}`));
/** Doubles just beside a short decimal are long ones. */
const beside = decimal.map((value) => value * (1 + Number.EPSILON));

it("a number that counts as short is written with eleven characters or fewer", () => {
  fc.assert(
    fc.property(
      fc.oneof(decimal, beside, fc.double(), fc.integer(), fc.constantFrom(-0, 1e10, 1e-7, -1e9)),
      (value) => {
        if (isShort(value)) assert.ok(String(value).length <= SHORT_NUMBER, String(value));
      },
    ),
    { numRuns: 20_000 },
  );
});

it("what people count with is short", () => {
  for (const value of [0, -1, 42, 3_600_000, 675.936, 0.144426, -0.814, 42_851.87, 9_999_999_999]) {
    assert.ok(isShort(value), String(value));
  }
});
