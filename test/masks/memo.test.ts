import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { ValueMask } from "../../src/masks/mask.ts";
import { memoised } from "../../src/masks/memo.ts";
import { mapValues } from "../../src/masks/text.ts";
import { throughColumn, type Values } from "./columns.ts";

/** A mask whose results are as long as their values and longer than a memo takes, and that says what it was given. */
function watched(): { mask: ValueMask; seen: () => number } {
  let seen = 0;
  const mask: ValueMask = (column, kernels) =>
    mapValues(column, kernels, (value) => {
      seen++;
      return `${value.length}:${value}${"é".repeat(value.length % 90)}`;
    });
  return { mask, seen: () => seen };
}

const value = fc.oneof(
  fc.string({ maxLength: 45, size: "max" }),
  fc.constantFrom(
    "",
    "a",
    "b",
    "ab",
    "aaaaaaaa",
    "aaaaaaab",
    "Zoë",
    "x".repeat(39),
    "x".repeat(40),
    "x".repeat(41),
    "\0",
    "\0\0",
  ),
);

describe("the memo", () => {
  it("changes nothing in what a mask makes of columns that follow each other, whatever repeats", () => {
    const batch = fc.tuple(
      fc.array(fc.option(value), { minLength: 1, maxLength: 60 }),
      fc.integer({ min: 1, max: 12 }),
    );
    fc.assert(
      fc.property(fc.array(batch, { minLength: 1, maxLength: 6 }), (batches) => {
        const plain = watched().mask;
        const memo = memoised(watched().mask);
        for (const [values, times] of batches) {
          const repeated: Values = Array.from({ length: times }, () => values)
            .flat()
            .map((one) => one?.toWellFormed() ?? null);
          assert.deepEqual(
            throughColumn(memo, repeated, "under a null"),
            throughColumn(plain, repeated, "under a null"),
          );
        }
      }),
      { numRuns: 200 },
    );
  });

  it("asks for a value once, as long as few are new", () => {
    const { mask, seen } = watched();
    const memo = memoised(mask);
    const few: Values = Array.from({ length: 4096 }, (_, i) => (i % 10 === 0 ? null : `agent ${i % 50}`));
    throughColumn(memo, few);
    const first = seen();
    for (let batch = 0; batch < 5; batch++) throughColumn(memo, few);
    assert.equal(seen(), first);
  });

  it("switches itself off where most values are new, and stays right", () => {
    const { mask, seen } = watched();
    const memo = memoised(mask);
    const batchOf = (batch: number): Values => Array.from({ length: 4096 }, (_, i) => `value ${batch * 4096 + i}`);
    for (let batch = 0; batch < 4; batch++) {
      assert.deepEqual(throughColumn(memo, batchOf(batch)), throughColumn(watched().mask, batchOf(batch)));
    }
    const before = seen();
    throughColumn(memo, batchOf(3));
    throughColumn(memo, batchOf(3));
    assert.equal(seen() - before, 2 * 4096);
  });
});
