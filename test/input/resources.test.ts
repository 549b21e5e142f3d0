/** How memory is shared out: never more than there is, and more of it never gives less. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { MasklineError } from "../../src/errors.ts";
import type { Plan } from "../../src/input/plan.ts";
import { objectsAtOnce, type Shares, sharesOf, waitingBudget } from "../../src/input/resources.ts";
import { partSizeFor, partsThatFit, writingMemory } from "../../src/store/writing-memory.ts";

const MIB = 2 ** 20;
const GIB = 2 ** 30;

const objects = fc.array(
  fc.record({
    expectedBytes: fc.integer({ min: 0, max: 2 ** 40 }),
    uncompressed: fc.array(fc.integer({ min: 1, max: 200 * MIB }), { maxLength: 4 }),
  }),
  { maxLength: 20 },
);
const output = fc.constantFrom("file:///out/", "s3://bucket/out/");
const workers = fc.integer({ min: 1, max: 64 });
const memory = fc.integer({ min: 256 * MIB, max: 64 * GIB });

function planOf(some: readonly { readonly expectedBytes: number; readonly uncompressed: readonly number[] }[]): Plan {
  return {
    objects: some.map(({ expectedBytes, uncompressed }, number) => ({
      input: { object: { uri: `file:///in/${number}.parquet` } },
      expectedBytes,
      parts: uncompressed.map((size, index) => ({ index, rows: 1, bytes: 0, rowGroup: { uncompressed: size } })),
    })),
  } as unknown as Plan;
}

function shared(...of: Parameters<typeof sharesOf>): Shares | undefined {
  try {
    return sharesOf(...of);
  } catch (error) {
    assert.ok(error instanceof MasklineError && error.exit === 2, String(error));
    return undefined;
  }
}

test("all shares together are no more than the memory, and each has what it cannot do without", () => {
  fc.assert(
    fc.property(objects, output, workers, memory, (some, to, count, bytes) => {
      const plan = planOf(some);
      const shares = shared(plan, to, count, bytes);
      if (!shares) return;
      const sizes = some.flatMap(({ uncompressed }) => uncompressed);
      const writers = Math.min(some.length, objectsAtOnce(count));
      const decoding = shares.decoderBytes * Math.max(1, Math.min(shares.decoders, sizes.length));
      if (sizes.length > 0) {
        assert.ok(decoding + writers * shares.writerBytes + waitingBudget(bytes) <= bytes);
        assert.ok(shares.decoders >= 1 && shares.decoders <= count);
        assert.ok(shares.decoderBytes >= Math.max(...sizes));
      }
      for (const { expectedBytes } of some) assert.ok(shares.writerBytes >= writingMemory(to, expectedBytes).least);
    }),
  );
});

test("with more memory no share is smaller", () => {
  fc.assert(
    fc.property(objects, output, workers, memory, memory, (some, to, count, one, other) => {
      const plan = planOf(some);
      const less = shared(plan, to, count, Math.min(one, other));
      if (!less) return;
      const more = sharesOf(plan, to, count, Math.max(one, other));
      assert.ok(more.writerBytes >= less.writerBytes && more.decoders >= less.decoders);
    }),
  );
});

test("an upload has as many parts under way as its memory carries: one at least, three where there is enough", () => {
  const uri = "s3://bucket/object";
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 46 }), (expected) => {
      const { least, most } = writingMemory(uri, expected);
      const part = partSizeFor(expected, 8 * MIB);
      assert.ok(least <= most);
      assert.equal(partsThatFit(0, part), 1);
      assert.equal(partsThatFit(least, part), 1);
      // A small one is a single part.
      if (expected > 4 * 9 * MIB) assert.equal(partsThatFit(most, part), 3);
    }),
  );
});
