/** A column's elements, read in plain TypeScript. */
import assert from "node:assert/strict";
import { it } from "node:test";
import fc from "fast-check";
import { loadKernels } from "../../src/kernels/load.ts";
import type { Column } from "../../src/types.ts";
import { MemoryView, SourceColumn } from "../../src/worker/source-text.ts";

const kernels = loadKernels();
const { memory } = kernels;

function sourceOf(column: Pick<Column, "length" | "offsets" | "values" | "validity">, kind: "utf8" | "int64") {
  const view = new MemoryView();
  const field = { name: "a", kind, children: [] };
  const source = new SourceColumn(
    { ...column, field, nullCount: 0, valuesLength: 0, children: [] },
    true,
    view,
    kernels,
  );
  view.look(kernels);
  return source;
}

/** Bytes that are text or nearly so. */
const bytes = fc.oneof(
  fc
    .string({ unit: fc.constantFrom(..."ab é漢😀".split("")), maxLength: 80, size: "max" })
    .map((text) => Buffer.from(text)),
  fc.uint8Array({ maxLength: 12 }).map((some) => Buffer.from(some)),
);

it("a text is the one that it is, and no other", () => {
  const other = fc.record({
    at: fc.nat({ max: 80 }),
    cut: fc.nat({ max: 2 }),
    by: fc.constantFrom("", "a", "é", "\ufffd"),
  });
  fc.assert(
    fc.property(fc.array(fc.tuple(bytes, other, fc.boolean()), { minLength: 1, maxLength: 20 }), (elements) => {
      memory.reset();
      const values = elements.map(([value]) => value);
      const ends = values.map((_, index) => values.slice(0, index + 1).reduce((sum, one) => sum + one.length, 0));
      const bits = new Uint8Array((elements.length + 7) >> 3);
      for (const [index, [, , there]] of elements.entries()) if (there) bits[index >> 3]! |= 1 << (index & 7);
      const column = {
        length: elements.length,
        values: memory.put(Buffer.concat(values)),
        offsets: memory.put(new Uint8Array(Int32Array.of(0, ...ends).buffer)),
        validity: memory.put(bits),
      };
      const source = sourceOf(column, "utf8");
      for (const [index, [value, { at, cut, by }, there]] of elements.entries()) {
        const text = value.toString("utf8");
        const near = text.slice(0, at) + by + text.slice(at + cut);
        assert.equal(source.isNull(index), !there);
        assert.equal(source.text(index), there ? text : null);
        assert.equal(source.is(index, text), there);
        assert.equal(source.is(index, near), there && near === text);
        if (there) assert.equal(source.isEmpty(index), value.length === 0);
      }
    }),
    { numRuns: 1000 },
  );
});

it("integers of 64 bits are written whole", () => {
  const integer = fc.oneof(
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    fc
      .tuple(
        fc.constantFrom(0n, 2n ** 32n, 2n ** 52n, 2n ** 53n, -(2n ** 32n), -(2n ** 52n), -(2n ** 53n)),
        fc.bigInt({ min: -2n, max: 2n }),
      )
      .map(([base, more]) => base + more),
  );
  fc.assert(
    fc.property(fc.array(integer, { minLength: 1, maxLength: 20 }), (integers) => {
      memory.reset();
      const values = memory.put(new Uint8Array(BigInt64Array.from(integers).buffer));
      const source = sourceOf({ length: integers.length, offsets: 0, values, validity: 0 }, "int64");
      for (const [index, one] of integers.entries()) assert.equal(source.text(index), String(one));
    }),
  );
});
