import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import * as node from "../../src/kernels/node.ts";
import { anyScalar, anyStruct, bytesColumn, integers, type Model, placeColumn, structOf } from "./columns.ts";
import { encode, encoded, kernels, memory, twins } from "./runs.ts";

const PLENTY = 1 << 20;

function assertSameRows(root: Model, shift: number): void {
  memory.reset();
  const record = placeColumn(memory, root, shift);
  const expected = encode(twins, record, 0, root.length, PLENTY);
  assert.deepEqual(encode(kernels, record, 0, root.length, PLENTY), expected);
  for (const line of expected.text.split("\n").slice(0, -1)) JSON.parse(line);
}

test("rows of any tree of columns are those of the twin, at every alignment", () => {
  const tree = fc.nat({ max: 5 }).chain((length) => anyStruct(length, 4));
  fc.assert(fc.property(tree, fc.nat({ max: 15 }), assertSameRows), { numRuns: 500 });
});

test("rows of scalar columns of 0 to 67 elements are those of the twin", () => {
  for (let length = 0; length <= 67; length++) {
    const root = fc
      .array(anyScalar(length), { maxLength: 6 })
      .map((columns) => structOf(length, Object.fromEntries(columns.map((column, k) => [`c${k}`, column]))));
    fc.assert(fc.property(root, fc.nat({ max: 15 }), assertSameRows), { numRuns: 10 });
  }
});

test("an output too short takes the whole rows that fit and is taken up at the next one", () => {
  const tree = fc.nat({ max: 4 }).chain((length) => anyStruct(length, 3));
  fc.assert(
    fc.property(tree, (root) => {
      memory.reset();
      const record = placeColumn(memory, root);
      const whole = encode(twins, record, 0, root.length, PLENTY);
      const lines = whole.text.split("\n").map((line) => `${line}\n`);
      const longest = Math.max(...lines.map((line) => Buffer.byteLength(line)));
      let text = "";
      for (let row = 0; row < root.length; ) {
        const part = encode(kernels, record, row, root.length, longest);
        assert.deepEqual(part, encode(twins, record, row, root.length, longest));
        assert.ok(part.rows > 0);
        row += part.rows;
        text += part.text;
      }
      assert.equal(text, whole.text);
    }),
    { numRuns: 200 },
  );
});

test("no room, from none to one byte more than enough, is exceeded", () => {
  const tree = fc.nat({ max: 3 }).chain((length) => anyStruct(length, 2));
  fc.assert(
    fc.property(tree, fc.nat({ max: 15 }), (root, shift) => {
      memory.reset();
      const record = placeColumn(memory, root, shift);
      const bytes = Buffer.byteLength(encode(twins, record, 0, root.length, PLENTY).text);
      for (let room = 0; room <= Math.min(bytes + 1, 300); room++) {
        const expected = encode(twins, record, 0, root.length, room);
        assert.deepEqual(encode(kernels, record, 0, root.length, room), expected);
      }
    }),
    { numRuns: 60 },
  );
});

test("a struct is an object in the order of its members, nulls written", () => {
  const text = { ...bytesColumn(node.KIND_TEXT, ["a", "b"]), valid: [true, false] };
  const inner = { ...structOf(2, { x: integers(node.KIND_INT, 1, [1n, 2n], { a: 1 }) }), valid: [false, true] };
  const root = structOf(2, { text, nothing: { kind: node.KIND_NULL, length: 2 }, inner });
  assert.equal(
    encoded(root),
    '{"text":"a","nothing":null,"inner":null}\n{"text":null,"nothing":null,"inner":{"x":2}}\n',
  );
});

test("lists and maps take their items by offsets that need not begin at 0", () => {
  const numbers = integers(node.KIND_INT, 2, [9n, 1n, -2n, 3n], { a: 2 });
  const keys = bytesColumn(node.KIND_TEXT, ["?", 'k"1', "k2", "k3"]);
  const list: Model = { kind: node.KIND_LIST, length: 3, offsets: [1, 3, 3, 4], children: [numbers] };
  const map: Model = { kind: node.KIND_MAP, length: 3, offsets: [1, 3, 3, 4], children: [keys, numbers] };
  assert.equal(
    encoded(structOf(3, { list, map })),
    `{"list":[1,-2],"map":{"k\\"1":1,"k2":-2}}\n{"list":[],"map":{}}\n{"list":[3],"map":{"k3":3}}\n`,
  );
});

test("map keys of other kinds are quoted, once", () => {
  const value = integers(node.KIND_INT, 1, [0n], { a: 1 });
  const mapOf = (key: Model): Model => ({ kind: node.KIND_MAP, length: 1, offsets: [0, 1], children: [key, value] });
  const root = structOf(1, {
    bool: mapOf({ kind: node.KIND_BOOL, length: 1, values: Uint8Array.of(1) }),
    int: mapOf(integers(node.KIND_INT, 4, [-7n], { a: 4 })),
    quotedInt: mapOf(integers(node.KIND_INT, 8, [7n], { a: 8, b: node.INT_QUOTED })),
    decimal: mapOf(integers(node.KIND_DECIMAL, 16, [5n], { a: 16, b: 2 })),
    date: mapOf(integers(node.KIND_DATE32, 4, [0n])),
  });
  const maps = '{"bool":{"true":0},"int":{"-7":0},"quotedInt":{"7":0},"decimal":{"0.05":0},"date":{"1970-01-01":0}}\n';
  assert.equal(encoded(root), maps);
});

test("omitted columns leave no trace", () => {
  const omit: Model = { kind: node.KIND_OMIT, length: 1 };
  const kept = integers(node.KIND_INT, 1, [1n], { a: 1 });
  const key = bytesColumn(node.KIND_TEXT, ["k"]);
  const root = structOf(1, {
    first: omit,
    kept,
    struct: structOf(1, { only: omit }),
    list: { kind: node.KIND_LIST, length: 1, offsets: [0, 1], children: [omit] },
    map: { kind: node.KIND_MAP, length: 1, offsets: [0, 1], children: [key, omit] },
    keyless: { kind: node.KIND_MAP, length: 1, offsets: [0, 1], children: [omit, kept] },
    last: omit,
  });
  assert.equal(encoded(root), '{"kept":1,"struct":{},"list":[],"map":{},"keyless":{}}\n');
});

test("a map key that is nested and a kind that does not exist stop the encoding", () => {
  const value = integers(node.KIND_INT, 1, [1n], { a: 1 });
  const map: Model = { kind: node.KIND_MAP, length: 1, offsets: [0, 1], children: [structOf(1, { value }), value] };
  for (const column of [map, { ...value, kind: 99 }, { ...value, a: 3 }]) {
    memory.reset();
    const record = placeColumn(memory, structOf(1, { column }));
    assert.throws(() => encode(kernels, record, 0, 1, PLENTY), { name: "RuntimeError" });
  }
});

test("a single huge string is encoded whole", () => {
  const text = 'line "one" of many 😀\n'.repeat(500_000);
  memory.reset();
  const record = placeColumn(memory, structOf(1, { text: bytesColumn(node.KIND_TEXT, [text]) }));
  const line = `${JSON.stringify({ text })}\n`;
  const bytes = Buffer.byteLength(line);
  assert.deepEqual(encode(kernels, record, 0, 1, bytes - 1), { rows: 0, text: "" });
  const { rows, text: written } = encode(kernels, record, 0, 1, bytes);
  assert.equal(rows, 1);
  assert.ok(written === line);
});
