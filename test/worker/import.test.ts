/** Arrow's layouts that tables of the oracle do not have, each against what apache-arrow itself reads. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import * as arrow from "apache-arrow";
import { loadKernels } from "../../src/kernels/load.ts";
import type { Field } from "../../src/types.ts";
import { fieldsOf } from "../../src/worker/schema.ts";
import { bitmap, make, tableOf, utf8 } from "./arrays.ts";
import { imported, tableLines } from "./batches.ts";

const kernels = loadKernels();

/** The column's values as JSON, which the table must come out as, wherever its arrays start in their buffers. */
function check(data: arrow.Data, values: readonly unknown[]): void {
  const expected = values.map((value) => `{"c":${JSON.stringify(value)}}\n`).join("");
  for (const offset of [0, 3, 8]) assert.equal(tableLines(tableOf(data), [], kernels, offset), expected);
}

const words = ["zoë", null, "", "😀", "a".repeat(40), "a\nb", null, "z"];

describe("import", () => {
  it("takes text with 64-bit offsets", () => {
    check(utf8(words, new arrow.LargeUtf8()), words);
    const bytes = arrow.vectorFromArray([Buffer.from("é"), null, Buffer.alloc(0)], new arrow.LargeBinary()).data[0]!;
    check(bytes as arrow.Data, ["w6k=", null, ""]);
  });

  it("takes dictionaries of every index width, with nulls in the index and in the dictionary", () => {
    const indices = [0, 2, 1, 3, 0, 3, 2, 1, 0];
    const valid = indices.map((_, i) => i !== 4);
    const expected = indices.map((index, i) => (valid[i] ? words[index] : null));
    const types: [arrow.DataType, { from(values: number[]): ArrayBufferView }][] = [
      [new arrow.Int8(), Int8Array],
      [new arrow.Int16(), Int16Array],
      [new arrow.Int32(), Int32Array],
      [new arrow.Uint8(), Uint8Array],
      [new arrow.Uint16(), Uint16Array],
      [new arrow.Uint32(), Uint32Array],
    ];
    for (const [index, Values] of types) {
      for (const value of [new arrow.Utf8(), new arrow.LargeUtf8()]) {
        const type = new arrow.Dictionary(value, index as arrow.Int32, 1);
        const dictionary = new arrow.Vector([utf8(words.slice(0, 4), value)]);
        check(
          make({ type, length: 9, nullBitmap: bitmap(valid), nullCount: 1, data: Values.from(indices), dictionary }),
          expected,
        );
      }
    }
  });

  it("takes dictionaries of fixed width, and empty ones", () => {
    const int64 = arrow.vectorFromArray([2n ** 53n, null, -1n], new arrow.Int64());
    const type = new arrow.Dictionary(new arrow.Int64(), new arrow.Int32(), 2);
    const table = tableOf(make({ type, length: 4, nullCount: 0, data: Int32Array.of(2, 1, 0, 2), dictionary: int64 }));
    assert.equal(tableLines(table, [], kernels), '{"c":-1}\n{"c":null}\n{"c":9007199254740992}\n{"c":-1}\n');

    const none = new arrow.Vector([utf8([])]) as arrow.Vector<arrow.Utf8>;
    const nulls = make({
      type: new arrow.Dictionary(new arrow.Utf8(), new arrow.Int32(), 3),
      length: 3,
      nullCount: 3,
      nullBitmap: bitmap([false, false, false]),
      data: Int32Array.of(0, 0, 0),
      dictionary: none,
    });
    check(nulls, [null, null, null]);
  });

  it("refuses a dictionary index that is out of range", () => {
    const type = new arrow.Dictionary(new arrow.Utf8(), new arrow.Int32(), 4);
    const data = make({
      type,
      length: 1,
      nullCount: 0,
      data: Int32Array.of(5),
      dictionary: new arrow.Vector([utf8(["a"])]),
    });
    assert.throws(() => tableLines(tableOf(data), [], kernels), {
      code: "ERR_BAD_INPUT",
      message: /column c.*out of range/,
    });
  });

  it("takes lists of fixed size and binaries of fixed width, nested and with nulls", () => {
    const child = utf8(["a", "b", null, "d", "é", ""]);
    const list = new arrow.FixedSizeList(2, new arrow.Field("item", child.type, true));
    check(make({ type: list, length: 3, nullCount: 1, nullBitmap: bitmap([true, false, true]), child }), [
      ["a", "b"],
      null,
      ["é", ""],
    ]);
    const bytes = new arrow.FixedSizeBinary(3);
    check(
      make({
        type: bytes,
        length: 3,
        nullCount: 1,
        nullBitmap: bitmap([true, false, true]),
        data: Uint8Array.from([1, 2, 3, 9, 9, 9, 255, 0, 1]),
      }),
      ["AQID", null, "/wAB"],
    );
    const inner = make({ type: bytes, length: 4, nullCount: 0, data: Uint8Array.from({ length: 12 }, (_, i) => i) });
    const pairs = new arrow.FixedSizeList(2, new arrow.Field("item", bytes, true));
    check(make({ type: pairs, length: 2, nullCount: 0, child: inner }), [
      ["AAEC", "AwQF"],
      ["BgcI", "CQoL"],
    ]);
  });

  it("takes lists and maps that start in the middle of their items, at every bit of the bitmaps below", () => {
    for (let start = 0; start <= 17; start++) {
      const items = start + 20;
      const valid = Array.from({ length: items }, (_, i) => i % 3 !== 0);
      const bits = Array.from({ length: items }, (_, i) => i % 5 < 2);
      const sizes = [3, 0, 9, 8];
      const offsets = Int32Array.from([0, 3, 3, 12, 20], (offset) => start + offset);
      const expected = (at: (i: number) => unknown) => {
        let next = start;
        return sizes.map((size) => Array.from({ length: size }, () => at(next++)));
      };
      const columns: [arrow.Data, (i: number) => unknown][] = [
        [
          make({ type: new arrow.Bool(), length: items, nullBitmap: bitmap(valid), data: bitmap(bits) }),
          (i) => (valid[i] ? bits[i] : null),
        ],
        [
          make({
            type: new arrow.Int16(),
            length: items,
            nullBitmap: bitmap(valid),
            data: Int16Array.from({ length: items }, (_, i) => -i),
          }),
          (i) => (valid[i] ? -i : null),
        ],
        [
          utf8(Array.from({ length: items }, (_, i) => (valid[i] ? `é${i}` : null))),
          (i) => (valid[i] ? `é${i}` : null),
        ],
        [
          make({
            type: new arrow.Dictionary(new arrow.Utf8(), new arrow.Int8(), 9),
            length: items,
            nullBitmap: bitmap(valid),
            data: Int8Array.from({ length: items }, (_, i) => i % 4),
            dictionary: new arrow.Vector([utf8(words.slice(2, 6))]),
          }),
          (i) => (valid[i] ? words.slice(2, 6)[i % 4] : null),
        ],
        [
          make({
            type: new arrow.FixedSizeBinary(1),
            length: items,
            nullBitmap: bitmap(valid),
            data: Uint8Array.from({ length: items }, (_, i) => i),
          }),
          (i) => (valid[i] ? Buffer.of(i).toString("base64") : null),
        ],
      ];
      for (const [child, at] of columns) {
        const type = new arrow.List(new arrow.Field("item", child.type, true));
        check(make({ type, length: 4, nullCount: 0, valueOffsets: offsets, child }), expected(at));
        // The same one level deeper: the outer list starts in the middle too.
        const outer = new arrow.List(new arrow.Field("item", type, true));
        const inner = make({ type, length: 4, nullCount: 0, valueOffsets: offsets, child });
        const data = make({ type: outer, length: 2, nullCount: 0, valueOffsets: Int32Array.of(1, 2, 4), child: inner });
        const lists = expected(at);
        check(data, [[lists[1]], [lists[2], lists[3]]]);
      }
    }
  });

  it("takes a null struct whose members are not null, and lists below nulls", () => {
    const member = utf8(["a", "b", "c"]);
    const type = new arrow.Struct([new arrow.Field("m", member.type, true)]);
    check(make({ type, length: 3, nullCount: 1, nullBitmap: bitmap([true, false, true]), children: [member] }), [
      { m: "a" },
      null,
      { m: "c" },
    ]);
    const list = new arrow.List(new arrow.Field("item", member.type, true));
    check(
      make({
        type: list,
        length: 3,
        nullCount: 1,
        nullBitmap: bitmap([true, false, true]),
        valueOffsets: Int32Array.of(0, 1, 2, 3),
        child: member,
      }),
      [["a"], null, ["c"]],
    );
  });

  it("takes views: short values inline, long ones in any of several buffers", () => {
    const long = "a value of more than twelve bytes";
    const values = ["", "twelve bytes", long, null, "é", `${long}, again`];
    const buffers = [Buffer.from(`xx${long}`), Buffer.from(`${long}, again`)];
    const views = Buffer.alloc(16 * values.length);
    for (const [i, value] of values.entries()) {
      const bytes = Buffer.from(value ?? "under a null, longer than twelve");
      views.writeInt32LE(bytes.length, 16 * i);
      if (bytes.length <= 12) bytes.copy(views, 16 * i + 4);
      else {
        bytes.copy(views, 16 * i + 4, 0, 4);
        views.writeInt32LE(i === 5 ? 1 : 0, 16 * i + 8);
        views.writeInt32LE(i === 5 ? 0 : 2, 16 * i + 12);
      }
    }
    const nullBitmap = bitmap(values.map((value) => value !== null));
    const props = {
      length: values.length,
      nullCount: 1,
      nullBitmap,
      views: new Uint8Array(views),
      variadicBuffers: buffers,
    };
    check(make({ type: new arrow.Utf8View(), ...props }), values);
    const base64 = values.map((value) => (value === null ? null : Buffer.from(value).toString("base64")));
    check(make({ type: new arrow.BinaryView(), ...props }), base64);
  });

  it("takes columns without rows, of every layout", () => {
    const empty = [
      make({ type: new arrow.Utf8(), length: 0, valueOffsets: new Int32Array(0), data: new Uint8Array(0) }),
      make({ type: new arrow.Utf8(), length: 0 }),
      make({ type: new arrow.Null(), length: 0 }),
      make({ type: new arrow.List(new arrow.Field("item", new arrow.Utf8(), true)), length: 0, child: utf8([]) }),
      make({ type: new arrow.Struct([]), length: 0, children: [] }),
    ];
    for (const data of empty) check(data, []);
  });

  it("refuses types it does not know, with the column's name", () => {
    const union = new arrow.DenseUnion([0], [new arrow.Field("a", new arrow.Int32())]);
    const schema = new arrow.Schema([new arrow.Field("odd", union)]);
    assert.throws(() => fieldsOf(schema), { code: "ERR_BAD_INPUT", exit: 5, message: /column odd/ });
  });

  it("refuses to read a column as another type than was planned, with its name", () => {
    const int32 = arrow.vectorFromArray([1], new arrow.Int32()).data[0] as arrow.Data;
    const [batch] = tableOf(int32).batches;
    const planned = [
      { name: "c", kind: "int64" },
      { name: "c", kind: "utf8" },
      { name: "d", kind: "int32" },
      { name: "c", kind: "list", children: [{ name: "item", kind: "int32", children: [] }] },
    ] as const;
    for (const field of planned) {
      const fields = [{ children: [], ...field }] as Field[];
      assert.throws(() => imported(batch!, fields, kernels), {
        code: "ERR_BAD_INPUT",
        message: new RegExp(`column ${field.name}: the schema is not the planned one`),
      });
    }
    assert.throws(() => imported(batch!, [], kernels), { code: "ERR_BAD_INPUT" });
  });
});
