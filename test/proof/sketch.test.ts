/** Sketches of distinct values, against the plain sets that they stand for. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { loadKernels } from "../../src/kernels/load.ts";
import { PairSketch } from "../../src/proof/sketch.ts";
import { mixed } from "./mixed.ts";

const MASK = 2n ** 64n - 1n;

/** The kernel's hash once more, in plain integers. */
function hashOf(text: string, seed: bigint): number {
  const bytes = Buffer.from(text, "utf8");
  const factor = 0x9e3779b97f4a7c15n;
  let hash = seed ^ ((BigInt(bytes.length) * factor) & MASK);
  for (let at = 0; at < bytes.length; at += 8) {
    let word = 0n;
    for (const [k, byte] of bytes.subarray(at, at + 8).entries()) word |= BigInt(byte) << BigInt(8 * k);
    hash = ((hash ^ word) * factor) & MASK;
    hash ^= hash >> 32n;
  }
  hash = ((hash ^ (hash >> 33n)) * 0xff51afd7ed558ccdn) & MASK;
  hash = ((hash ^ (hash >> 33n)) * 0xc4ceb9fe1a85ec53n) & MASK;
  hash ^= hash >> 33n;
  return Number(hash >> 12n);
}

const kernels = loadKernels();

function place(values: readonly (string | null)[]): { values: number; offsets: number; validity: number } {
  const { memory } = kernels;
  const bytes = values.map((value) => Buffer.from(value ?? "", "utf8"));
  const ends = Int32Array.of(
    0,
    ...bytes.map((_, index) => bytes.slice(0, index + 1).reduce((sum, one) => sum + one.length, 0)),
  );
  const bits = new Uint8Array((values.length + 7) >> 3);
  for (const [index, value] of values.entries()) if (value !== null) bits[index >> 3]! |= 1 << (index & 7);
  return {
    values: memory.put(Buffer.concat(bytes)),
    offsets: memory.put(new Uint8Array(ends.buffer)),
    validity: memory.put(bits),
  };
}

function pairsOf(
  a: readonly (string | null)[],
  b: readonly string[],
  below: readonly [number, number],
  seed = 7n,
): [number, number, number][] {
  const { memory } = kernels;
  memory.reset();
  const [first, second] = [place(a), place(b)];
  const at = memory.put(new Uint8Array(BigUint64Array.of(seed).buffer));
  const limits = memory.put(new Uint8Array(Float64Array.from(below).buffer));
  const seen = memory.put(new Uint8Array(64 * 16));
  const out = memory.alloc(a.length * 24);
  const { values, offsets, validity } = first;
  const count = kernels.sketchPairs(
    values,
    offsets,
    second.values,
    second.offsets,
    validity,
    a.length,
    at,
    limits,
    seen,
    64,
    out,
  );
  const found = memory.f64(out, count * 3).slice();
  return Array.from({ length: count }, (_, k) => [found[3 * k]!, found[3 * k + 1]!, found[3 * k + 2]!]);
}

const value = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 30 }),
  fc.constantFrom("", "a", "b", "12345678", "123456789"),
);

describe("sketchPairs", () => {
  it("tells of every different pair with a small hash, and of no other", () => {
    const rows = fc.array(fc.tuple(fc.option(value), value), { minLength: 1, maxLength: 70 });
    const limit = fc.constantFrom(0, 2 ** 51, 2 ** 52, Number.POSITIVE_INFINITY);
    fc.assert(
      fc.property(rows, limit, limit, fc.bigInt({ min: 0n, max: MASK }), (pairs, belowA, belowB, seed) => {
        const a = pairs.map(([one]) => one);
        const b = pairs.map(([, one]) => one);
        const found = pairsOf(a, b, [belowA, belowB], seed);
        const wanted = new Set<string>();
        for (const [index, [one, other]] of pairs.entries()) {
          if (one === null || one === "" || other === "") continue;
          const hashes = [hashOf(one, seed), hashOf(other, seed)] as const;
          if (hashes[0] < belowA || hashes[1] < belowB) wanted.add(hashes.join());
          const told = found.find(([x, y]) => x === hashes[0] && y === hashes[1]);
          if (told) assert.ok(told[2] <= index);
        }
        // Lately is not always: what shares a slot with another may be told of twice.
        assert.deepEqual(new Set(found.map(([x, y]) => `${x},${y}`)), wanted);
      }),
    );
  });

  it("does not tell again of what it told lately", () => {
    assert.equal(pairsOf(Array(70).fill("x"), Array(70).fill("y"), [2 ** 52, 2 ** 52]).length, 1);
  });
});

describe("a sketch of pairs", () => {
  it("counts distinct values, values with two results and results of two values, as sets do", () => {
    const pair = fc.tuple(fc.nat(30), fc.nat(30));
    fc.assert(
      fc.property(fc.array(pair, { maxLength: 80 }), (pairs) => {
        const sketch = new PairSketch();
        const fresh = pairs.filter(([a, b], place) => sketch.add(mixed(a), mixed(b + 100), place));
        const partners = (key: 0 | 1) => {
          const groups = Map.groupBy(pairs, (one) => one[key]);
          return [...groups.values()].map((group) => new Set(group.map((one) => one[1 - key])).size);
        };
        assert.deepEqual(sketch.distinct, { in: partners(0).length, out: partners(1).length, exact: true });
        assert.equal(sketch.split.count, partners(0).filter((size) => size > 1).length);
        assert.equal(sketch.merged.count, partners(1).filter((size) => size > 1).length);
        // What was new is all that another one needs.
        const other = new PairSketch();
        for (const [place, [a, b]] of fresh.entries()) other.add(mixed(a), mixed(b + 100), place);
        assert.deepEqual(other.distinct, sketch.distinct);
        assert.deepEqual([other.split.count, other.merged.count], [sketch.split.count, sketch.merged.count]);
      }),
    );
  });

  it("estimates many, finds a share of what collapses, and keeps a bounded number", () => {
    const many = 100_000;
    const sketch = new PairSketch();
    for (let value = 0; value < many; value++) {
      // One in a hundred shares its result with another.
      const result = value % 100 === 1 ? value - 1 : value;
      sketch.add(mixed(value), mixed(result + 10 * many), value);
    }
    const { in: before, out: after, exact } = sketch.distinct;
    assert.equal(exact, false);
    assert.ok(Math.abs(before / many - 1) < 0.12, `${before}`);
    assert.ok(Math.abs(after / (many * 0.99) - 1) < 0.12, `${after}`);
    assert.equal(sketch.split.count, 0);
    assert.ok(sketch.merged.count > 3);
    const [first, second] = sketch.merged.places[0]!;
    assert.equal(second, first + 1);
  });

  it("of many values that each have a result of their own it says one number, before and after", () => {
    for (const many of [2_000, 9_000, 60_000]) {
      const sketch = new PairSketch();
      for (let value = 0; value < many; value++) sketch.add(mixed(value), mixed(value + 1e6), value);
      const { in: before, out: after, exact } = sketch.distinct;
      assert.deepEqual([exact, after], [false, before]);
      assert.ok(Math.abs(before / many - 1) < 0.1, `${before} of ${many}`);
    }
  });

  it("joins as sets join, whichever values were sampled", () => {
    const [a, b] = [new PairSketch(), new PairSketch()];
    for (let value = 0; value < 60_000; value++) {
      a.add(mixed(value), mixed(value + 1e6), value);
      if (value % 3 === 0) b.add(mixed(value), mixed(value + 1e6), value);
    }
    const { sampled, before, after } = a.foundIn(b);
    assert.equal(after, before);
    assert.ok(Math.abs(before / sampled - 1 / 3) < 0.05, `${before} of ${sampled}`);
    assert.deepEqual((({ before: x, sampled: y }) => x === y)(b.foundIn(a)), true);
    const c = new PairSketch();
    for (let value = 0; value < 60_000; value += 3) c.add(mixed(value), mixed(value + 2e6), value);
    assert.equal(a.foundIn(c).after, 0);
    assert.ok(a.foundIn(c).before > 0);
  });
});
