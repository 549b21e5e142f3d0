import assert from "node:assert/strict";
import { createHash, createHmac } from "node:crypto";
import { describe, test } from "node:test";
import fc from "fast-check";
import { loadKernels } from "../../src/kernels/load.ts";
import { hashColumn, hmacColumn } from "../../src/masks/digest.ts";
import type { Column } from "../../src/types.ts";

const kernels = loadKernels();

function columnOf(values: readonly (Uint8Array | null)[]): Column {
  const { memory } = kernels;
  const ends = new Int32Array(values.length + 1);
  const bits = new Uint8Array((values.length + 7) >> 3);
  for (const [index, value] of values.entries()) {
    ends[index + 1] = ends[index]! + (value?.length ?? 0);
    if (value) bits[index >> 3]! |= 1 << (index & 7);
  }
  const bytes = Buffer.concat(values.map((value) => value ?? new Uint8Array(0)));
  const field = { name: "column", kind: "utf8", children: [] } as const;
  const nullCount = values.filter((value) => value === null).length;
  const offsets = memory.put(new Uint8Array(ends.buffer));
  const validity = nullCount === 0 ? 0 : memory.put(bits);
  const length = values.length;
  return {
    field,
    length,
    nullCount,
    validity,
    offsets,
    values: memory.put(bytes),
    valuesLength: bytes.length,
    children: [],
  };
}

function textsOf(column: Column): string[] {
  const offsets = kernels.memory.i32(column.offsets, column.length + 1);
  const bytes = Buffer.from(kernels.memory.u8(column.values, column.valuesLength));
  return Array.from({ length: column.length }, (_, i) => bytes.toString("utf8", offsets[i], offsets[i + 1]));
}

// Block edges lie at 55, 64, 119 … bytes; past four blocks values are hashed one by one.
const length = fc.oneof(
  fc.nat(70),
  fc.constantFrom(54, 55, 56, 63, 64, 65, 118, 119, 120, 246, 247, 248, 300),
  fc.nat(900),
);
const value = length.chain((size) => fc.uint8Array({ minLength: size, maxLength: size, size: "max" }));
const column = fc.array(fc.option(value, { freq: 8 }), { maxLength: 67, size: "max" });
const options = fc.record({
  prefix: fc.string({ maxLength: 20 }),
  digits: fc.integer({ min: 1, max: 64 }),
  ending: fc.string({ maxLength: 20 }),
});

describe("digests of columns", () => {
  test("HMAC-SHA-256 equals node:crypto's", () => {
    fc.assert(
      fc.property(column, fc.uint8Array({ minLength: 1, maxLength: 64, size: "max" }), options, (values, key, how) => {
        kernels.memory.reset();
        const got = textsOf(hmacColumn(columnOf(values), Buffer.from(key), how, kernels));
        const want = values.map((one) =>
          one?.length
            ? how.prefix + createHmac("sha256", key).update(one).digest("hex").slice(0, how.digits) + how.ending
            : "",
        );
        assert.deepEqual(got, want);
      }),
    );
  });

  test("SHA-256 of value and suffix equals node:crypto's", () => {
    fc.assert(
      fc.property(
        column,
        fc.string({ maxLength: 200, size: "max", unit: "grapheme-ascii" }),
        options,
        (values, suffix, how) => {
          kernels.memory.reset();
          const got = textsOf(hashColumn(columnOf(values), suffix, how, kernels));
          const want = values.map((one) =>
            one?.length
              ? how.prefix +
                createHash("sha256").update(one).update(suffix).digest("hex").slice(0, how.digits) +
                how.ending
              : "",
          );
          assert.deepEqual(got, want);
        },
      ),
    );
  });

  test("RFC 4231, test cases 1 and 2", () => {
    kernels.memory.reset();
    const how = { prefix: "", digits: 64 };
    const one = hmacColumn(columnOf([Buffer.from("Hi There")]), Buffer.alloc(20, 0x0b), how, kernels);
    assert.deepEqual(textsOf(one), ["b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"]);
    const two = hmacColumn(columnOf([Buffer.from("what do ya want for nothing?")]), Buffer.from("Jefe"), how, kernels);
    assert.deepEqual(textsOf(two), ["5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"]);
  });
});
