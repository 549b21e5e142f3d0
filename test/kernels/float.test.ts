import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { KIND_FLOAT, NODE_SLOTS, SLOT_A, SLOT_KIND, SLOT_LENGTH, SLOT_VALUES } from "../../src/kernels/node.ts";
import { kernels, twins } from "./runs.ts";

function texts(values: Float64Array | Float32Array): string[] {
  const { memory } = kernels;
  memory.reset();
  const slots = new Int32Array(NODE_SLOTS);
  slots[SLOT_KIND] = KIND_FLOAT;
  slots[SLOT_A] = values.BYTES_PER_ELEMENT;
  slots[SLOT_VALUES] = memory.put(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  slots[SLOT_LENGTH] = values.length;
  const record = memory.put(new Uint8Array(slots.buffer));
  const offsets = memory.alloc((values.length + 1) * 4);
  const out = memory.alloc(values.length * 26);
  assert.equal(kernels.renderText(record, 0, values.length, out, out + values.length * 26, offsets), values.length);
  const ends = memory.i32(offsets, values.length + 1);
  const bytes = Buffer.from(memory.u8(out, ends[values.length]!));
  return Array.from(values, (_, i) => bytes.toString("latin1", ends[i], ends[i + 1]));
}

const bits = fc
  .bigInt({ min: 0n, max: 2n ** 64n - 1n })
  .map((value) => Buffer.from(BigUint64Array.of(value).buffer).readDoubleLE(0));
const decimal = fc
  .tuple(fc.integer({ min: -1e9, max: 1e9 }), fc.integer({ min: 0, max: 9 }))
  .map(([n, k]) => n / 10 ** k);
const scaled = fc
  .tuple(fc.double({ min: -1, max: 1, noNaN: true }), fc.integer({ min: -30, max: 30 }))
  .map(([n, k]) => n * 10 ** k);
const power = fc.integer({ min: -1074, max: 1023 }).map((k) => 2 ** k);
const double = fc.oneof(bits, decimal, scaled, power, fc.double());

describe("floats", () => {
  test("doubles are written as JSON.stringify writes them", () => {
    fc.assert(
      fc.property(fc.array(double, { maxLength: 500, size: "max" }), (values) => {
        assert.deepEqual(
          texts(Float64Array.from(values)),
          values.map((value) => JSON.stringify(value)),
        );
      }),
      { numRuns: 300 },
    );
  });

  test("float32 is written as the double it is", () => {
    fc.assert(
      fc.property(fc.array(fc.float(), { maxLength: 200, size: "max" }), (values) => {
        assert.deepEqual(
          texts(Float32Array.from(values)),
          values.map((value) => JSON.stringify(Math.fround(value))),
        );
      }),
    );
  });

  test("edges: subnormals, powers of two and ten, the edges of notations", () => {
    const values = [
      5e-324, 2.2250738585072014e-308, 1.7976931348623157e308, 9007199254740992, 1e21, 1e20, 123456789012345680000,
    ];
    values.push(
      1e-6,
      1e-7,
      1.5e-7,
      0.1 + 0.2,
      4.35,
      1e23,
      9.5e-7,
      -0,
      0,
      1 / 3,
      2 ** 53,
      2 ** 63,
      1e22,
      1e15,
      1e16,
      1e17,
    );
    assert.deepEqual(
      texts(Float64Array.from(values)),
      values.map((value) => JSON.stringify(value)),
    );
  });

  test("the validity of finite values equals the twin's", () => {
    const column = fc.array(fc.oneof(double, fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY)), {
      maxLength: 67,
      size: "max",
    });
    fc.assert(
      fc.property(
        column,
        fc.boolean(),
        fc.boolean(),
        fc.uint8Array({ minLength: 9, maxLength: 9 }),
        (values, wide, nulls, bitmap) => {
          const { memory } = kernels;
          memory.reset();
          const floats = wide ? Float64Array.from(values) : Float32Array.from(values);
          const at = memory.put(new Uint8Array(floats.buffer));
          const validity = nulls ? memory.put(bitmap) : 0;
          const outs = [memory.alloc(9), memory.alloc(9)] as const;
          const counts = [kernels, twins].map((one, i) =>
            one.finiteBits(at, floats.BYTES_PER_ELEMENT, validity, values.length, outs[i]!),
          );
          assert.equal(counts[0], counts[1]);
          const size = (values.length + 7) >> 3;
          assert.deepEqual(Buffer.from(memory.u8(outs[0], size)), Buffer.from(memory.u8(outs[1], size)));
        },
      ),
    );
  });
});
