import assert from "node:assert/strict";
import { describe, it } from "node:test";
import * as arrow from "apache-arrow";
import { loadKernels } from "../../src/kernels/load.ts";

import { fieldsOf } from "../../src/worker/schema.ts";
import { bitmap, make, tableOf, utf8 } from "./arrays.ts";
import { imported, linesOf } from "./batches.ts";

const kernels = loadKernels();

describe("text", () => {
  /** A binary or text column of raw bytes, one value after the other. */
  function rawColumn(type: arrow.DataType, values: readonly Uint8Array[]): arrow.Table {
    let end = 0;
    const valueOffsets = Int32Array.from([0, ...values.map((value) => (end += value.length))]);
    return tableOf(
      make({ type, length: values.length, nullCount: 0, valueOffsets, data: new Uint8Array(Buffer.concat(values)) }),
    );
  }

  function lines(table: arrow.Table, mask: string, more: object = {}) {
    kernels.memory.reset();
    const fields = fieldsOf(table.schema);
    const rules = [{ path: "c", mask, ...more }] as never;
    return linesOf(imported(table.batches[0]!, fields, kernels), fields, rules, kernels);
  }

  const broken = [
    Buffer.from("fine"),
    Buffer.from([0x61, 0xff, 0x62]),
    Buffer.from([0xc3]),
    Buffer.from([0xe2, 0x82]),
    Buffer.from([0xf0, 0x9f, 0x98, 0x80]),
    Buffer.from([0xed, 0xa0, 0x80]),
    Buffer.from([0xc0, 0x80]),
    Buffer.from([0xf4, 0x90, 0x80, 0x80]),
    Buffer.alloc(0),
  ];
  const repaired = broken.map((value) => new TextDecoder("utf-8", { ignoreBOM: true }).decode(value));
  const wrong = broken.filter((value, i) => !Buffer.from(repaired[i]!).equals(value)).length;

  it("that is no UTF-8 gets U+FFFD, and is counted by the value", () => {
    const expected = repaired.map((value) => `${JSON.stringify({ c: value })}\n`).join("");
    const kept = lines(rawColumn(new arrow.Utf8(), broken), "keep");
    assert.equal(kept.text, expected);
    assert.equal(kept.leaves[0]!.invalidUtf8, wrong);
    // Bytes that a mask reads as text.
    const masked = lines(rawColumn(new arrow.Binary(), broken), "regex", { patterns: [{ match: "nothing" }] });
    assert.equal(masked.text, expected);
    assert.equal(masked.leaves[0]!.invalidUtf8, wrong);
    assert.equal(masked.leaves[0]!.masked, 0);
  });

  it("that is well-formed as a whole is checked value by value", () => {
    const smile = Buffer.from("a😀b");
    for (let cut = 0; cut <= smile.length; cut++) {
      const parts = [smile.subarray(0, cut), smile.subarray(cut)];
      const decoded = parts.map((part) => new TextDecoder().decode(part));
      const { text, leaves } = lines(rawColumn(new arrow.Utf8(), parts), "keep");
      assert.equal(text, decoded.map((value) => `${JSON.stringify({ c: value })}\n`).join(""), `cut at ${cut}`);
      assert.equal(leaves[0]!.invalidUtf8, cut > 1 && cut < 5 ? 2 : 0);
    }
  });

  it("under nulls is not counted", () => {
    const data = make({
      type: new arrow.Utf8(),
      length: 3,
      nullCount: 1,
      nullBitmap: bitmap([true, false, true]),
      valueOffsets: Int32Array.of(0, 1, 4, 5),
      data: Uint8Array.from([0x61, 0xff, 0x31, 0xff, 0x62]),
    });
    for (const [mask, more] of [
      ["keep", {}],
      ["regex", { patterns: [{ match: "[0-9]" }] }],
      ["scan", {}],
    ] as const) {
      const { text, leaves } = lines(tableOf(data), mask, more);
      assert.equal(text, '{"c":"a"}\n{"c":null}\n{"c":"b"}\n');
      const { values, nulls, masked, invalidUtf8, hits } = leaves[0]!;
      assert.deepEqual(
        { values, nulls, masked, invalidUtf8, hits },
        { values: 2, nulls: 1, masked: 0, invalidUtf8: 0, hits: {} },
      );
    }
  });

  it("of floats has no NaN or infinity: they are null and counted, masked or not", () => {
    const values = Float64Array.of(1.5, Number.NaN, Number.POSITIVE_INFINITY, -0, Number.NEGATIVE_INFINITY);
    const table = tableOf(make({ type: new arrow.Float64(), length: 5, nullCount: 0, data: values }));
    for (const [mask, more, expected] of [
      ["keep", {}, ["1.5", "null", "null", "0", "null"]],
      ["replace", { with: "x" }, ['"x"', "null", "null", '"x"', "null"]],
    ] as const) {
      const { text, leaves } = lines(table, mask, more);
      assert.equal(text, expected.map((value) => `{"c":${value}}\n`).join(""));
      assert.equal(leaves[0]!.nonFinite, 3);
    }
  });

  it("counts what is masked: every value, or those that came out different", () => {
    const table = tableOf(utf8(["4111111111111111", "x", null, "", "5555555555554444"]));
    const counted = (mask: string, more: object = {}) => {
      const { values, nulls, masked } = lines(table, mask, more).leaves[0]!;
      return { values, nulls, masked };
    };
    assert.deepEqual(counted("keep"), { values: 4, nulls: 1, masked: 0 });
    assert.deepEqual(counted("token"), { values: 4, nulls: 1, masked: 4 });
    assert.deepEqual(counted("pan"), { values: 4, nulls: 1, masked: 2 });
    assert.deepEqual(counted("scan"), { values: 4, nulls: 1, masked: 2 });
    assert.deepEqual(counted("drop"), { values: 4, nulls: 1, masked: 4 });
    assert.deepEqual(counted("null"), { values: 4, nulls: 1, masked: 4 });
    assert.deepEqual(lines(table, "scan").leaves[0]!.hits, { card: 2 });
  });
});
