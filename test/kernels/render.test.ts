import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import * as node from "../../src/kernels/node.ts";
import { anyScalar, bytesColumn, integers, type Model, placeColumn, structOf } from "./columns.ts";
import { encoded, kernels, memory, render, rendered, twins } from "./runs.ts";

const INT64_MIN = -(2n ** 63n);
const INT64_MAX = 2n ** 63n - 1n;

test("text forms of any scalar column are those of the twin, at lengths 0 to 67 and every alignment", () => {
  for (let length = 0; length <= 67; length++) {
    fc.assert(
      fc.property(anyScalar(length), fc.nat({ max: 15 }), fc.nat({ max: length }), (column, shift, from) => {
        memory.reset();
        const record = placeColumn(memory, column, shift);
        const expected = render(twins, record, from, length, 1 << 16);
        assert.deepEqual(render(kernels, record, from, length, 1 << 16), expected);
      }),
      { numRuns: 25 },
    );
  }
});

test("an output too short takes the elements that fit, to the byte", () => {
  fc.assert(
    fc.property(
      fc.nat({ max: 5 }).chain((length) => anyScalar(length)),
      (column) => {
        memory.reset();
        const record = placeColumn(memory, column);
        const bytes = Buffer.byteLength(render(twins, record, 0, column.length, 1 << 16).text);
        for (let room = 0; room <= Math.min(bytes + 1, 300); room++) {
          const expected = render(twins, record, 0, column.length, room);
          assert.deepEqual(render(kernels, record, 0, column.length, room), expected);
        }
      },
    ),
    { numRuns: 150 },
  );
});

test("nulls render as nothing", () => {
  const column = { ...bytesColumn(node.KIND_TEXT, ["a", "b", ""]), valid: [true, false, true] };
  assert.deepEqual(rendered(column), ["a", "", ""]);
  assert.deepEqual(rendered({ kind: node.KIND_NULL, length: 2 }), ["", ""]);
});

test("nested columns have no text form", () => {
  const column = structOf(1, {});
  memory.reset();
  const record = placeColumn(memory, column);
  assert.throws(() => render(kernels, record, 0, 1, 100), { name: "RuntimeError" });
  assert.throws(() => render(twins, record, 0, 1, 100), RangeError);
});

test("integers are exact at both ends of every width", () => {
  for (const width of [1, 2, 4, 8]) {
    const bits = BigInt(8 * width);
    const signed = [-(2n ** (bits - 1n)), -1n, 0n, 2n ** (bits - 1n) - 1n];
    assert.deepEqual(rendered(integers(node.KIND_INT, width, signed, { a: width })), signed.map(String));
    const unsigned = [0n, 2n ** bits - 1n];
    const b = node.INT_UNSIGNED;
    assert.deepEqual(rendered(integers(node.KIND_INT, width, unsigned, { a: width, b })), unsigned.map(String));
  }
  const powers = Array.from({ length: 19 }, (_, k) => 10n ** BigInt(k));
  const around = powers.flatMap((power) => [power - 1n, power, -power]);
  assert.deepEqual(rendered(integers(node.KIND_INT, 8, around, { a: 8 })), around.map(String));
});

test("quoted integers and decimals are strings in JSON", () => {
  const int = integers(node.KIND_INT, 8, [INT64_MIN], { a: 8, b: node.INT_QUOTED });
  const decimal = integers(node.KIND_DECIMAL, 8, [-5n], { a: 8, b: 2, quoted: true });
  assert.equal(encoded(structOf(1, { int, decimal })), '{"int":"-9223372036854775808","decimal":"-0.05"}\n');
});

test("decimals are exact, without exponent", () => {
  const cases: [unscaled: bigint, scale: number, text: string][] = [
    [12345n, 2, "123.45"],
    [5n, 2, "0.05"],
    [-5n, 2, "-0.05"],
    [0n, 2, "0.00"],
    [0n, 0, "0"],
    [0n, -3, "0"],
    [5n, -2, "500"],
    [-5n, -2, "-500"],
    [100n, 2, "1.00"],
  ];
  for (const [unscaled, b, text] of cases) {
    for (const a of [4, 8, 16, 32]) {
      assert.deepEqual(rendered(integers(node.KIND_DECIMAL, a, [unscaled], { a, b })), [text]);
    }
  }
  const least = -(2n ** 255n);
  const digits = String(-least);
  assert.deepEqual(rendered(integers(node.KIND_DECIMAL, 32, [least, -least - 1n], { a: 32, b: 38 })), [
    `-${digits.slice(0, -38)}.${digits.slice(-38)}`,
    `${digits.slice(0, -38)}.${digits.slice(-38, -1)}7`,
  ]);
});

test("timestamps and dates agree with Date in all of its range", () => {
  const millis = fc.oneof(
    fc.integer({ min: -8.64e15, max: 8.64e15 }),
    fc.integer({ min: -6.3e13, max: 2.6e14 }),
    fc.constantFrom(0, -1, -8.64e15, 8.64e15, Date.UTC(2000, 1, 29), Date.UTC(1900, 1, 28, 24), -62_167_219_200_001),
  );
  fc.assert(
    fc.property(fc.array(millis, { maxLength: 20 }), (values) => {
      const ticks = values.map(BigInt);
      const expected = values.map((value) => new Date(value).toISOString());
      assert.deepEqual(rendered(integers(node.KIND_TIMESTAMP, 8, ticks, { a: node.UNIT_MS, b: 1 })), expected);
      const days = expected.map((text) => text.slice(0, text.indexOf("T")));
      assert.deepEqual(rendered(integers(node.KIND_DATE64, 8, ticks)), days);
      const day32 = values.map((value) => BigInt(Math.floor(value / 86_400_000)));
      assert.deepEqual(rendered(integers(node.KIND_DATE32, 4, day32)), days);
    }),
    { numRuns: 300 },
  );
});

test("every day of two eras agrees with Date", () => {
  for (let from = -146_097 - 719_528; from < 146_097 - 719_528; from += 2000) {
    const days = Array.from({ length: 2000 }, (_, k) => from + k);
    const expected = days.map((day) => new Date(day * 86_400_000).toISOString().replace(/T.*/, ""));
    assert.deepEqual(rendered(integers(node.KIND_DATE32, 4, days.map(BigInt))), expected);
  }
});

test("timestamps at both ends of int64 have a text in every unit", () => {
  const at = (a: number) => rendered(integers(node.KIND_TIMESTAMP, 8, [INT64_MIN, INT64_MAX, -1n], { a }));
  assert.deepEqual(at(node.UNIT_S), [
    "-292277022657-01-27T08:29:52.000",
    "+292277026596-12-04T15:30:07.000",
    "1969-12-31T23:59:59.000",
  ]);
  assert.deepEqual(at(node.UNIT_MS), [
    "-292275055-05-16T16:47:04.192",
    "+292278994-08-17T07:12:55.807",
    "1969-12-31T23:59:59.999",
  ]);
  assert.deepEqual(at(node.UNIT_US), [
    "-290308-12-21T19:59:05.224192",
    "+294247-01-10T04:00:54.775807",
    "1969-12-31T23:59:59.999999",
  ]);
  assert.deepEqual(at(node.UNIT_NS), [
    "1677-09-21T00:12:43.145224192",
    "2262-04-11T23:47:16.854775807",
    "1969-12-31T23:59:59.999999999",
  ]);
});

test("fractions have the fewest of 3, 6 or 9 digits that are exact", () => {
  const nanos = integers(node.KIND_TIME, 8, [0n, 120_000_000n, 1000n, 1n, 86_399_999_999_999n], { a: node.UNIT_NS });
  assert.deepEqual(rendered(nanos), [
    "00:00:00.000",
    "00:00:00.120",
    "00:00:00.000001",
    "00:00:00.000000001",
    "23:59:59.999999999",
  ]);
  assert.deepEqual(rendered(integers(node.KIND_TIME, 4, [86_399n], { a: node.UNIT_S })), ["23:59:59.000"]);
  assert.deepEqual(rendered(integers(node.KIND_TIME, 4, [-1n, 360_000_000n], { a: node.UNIT_MS })), [
    "-00:00:00.001",
    "100:00:00.000",
  ]);
});

test("durations are ISO 8601 seconds", () => {
  const millis = integers(node.KIND_DURATION, 8, [12_345n, -1500n, 0n, 1000n], { a: node.UNIT_MS });
  assert.deepEqual(rendered(millis), ["PT12.345S", "-PT1.5S", "PT0S", "PT1S"]);
  const ends = (a: number) => rendered(integers(node.KIND_DURATION, 8, [INT64_MIN, INT64_MAX], { a }));
  assert.deepEqual(ends(node.UNIT_S), ["-PT9223372036854775808S", "PT9223372036854775807S"]);
  assert.deepEqual(ends(node.UNIT_NS), ["-PT9223372036.854775808S", "PT9223372036.854775807S"]);
});

test("intervals keep the sign of each component", () => {
  const monthDayNano = (months: bigint, days: bigint, nanos: bigint) =>
    BigInt.asUintN(32, months) | (BigInt.asUintN(32, days) << 32n) | (BigInt.asUintN(64, nanos) << 64n);
  const interval = (a: number, values: bigint[]): Model => integers(node.KIND_INTERVAL, a, values, { a });
  assert.deepEqual(rendered(interval(4, [14n, -1n, 0n])), ["P14M", "P-1M", "PT0S"]);
  assert.deepEqual(rendered(interval(8, [1n | (2003n << 32n), BigInt.asUintN(64, -1n << 32n), 0n])), [
    "P1DT2.003S",
    "PT-0.001S",
    "PT0S",
  ]);
  assert.deepEqual(rendered(interval(16, [monthDayNano(1n, 2n, 3_000_000_004n), monthDayNano(-1n, 0n, INT64_MIN)])), [
    "P1M2DT3.000000004S",
    "P-1MT-9223372036.854775808S",
  ]);
});

test("binary is base64 with padding", () => {
  const values = ["", "f", "fo", "foo", "foob", "fooba", "foobar"];
  // RFC 4648, section 10.
  const expected = ["", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy"];
  assert.deepEqual(rendered(bytesColumn(node.KIND_BINARY, values)), expected);
});
