import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { anyText, bytesColumn, placeBytes, placeInt32 } from "./columns.ts";
import { guarded, kernels, memory, twins, unguard } from "./runs.ts";

const characters = fc.constantFrom(..."aZ 12é¬ß語\uff11🙂🫠".split(""), "🙂", "語", "\ud835\udfce");
const text = fc.oneof(
  fc.string({ unit: fc.constantFrom(..."abcdeFGZ@[ 12"), maxLength: 70, size: "max" }),
  fc.array(characters, { maxLength: 60, size: "max" }).map((some) => some.join("").toWellFormed()),
  anyText.map((any) => any.toWellFormed()),
);
const shifts = fc.nat(15);

test("a text is folded by the table as the twin does", () => {
  const table = Uint8Array.from({ length: 0x10000 }, (_, point) => (point < 0x80 ? point : (point * 7) & 0xff));
  fc.assert(
    fc.property(fc.array(text, { maxLength: 4 }), fc.nat(1), shifts, (texts, lower, shift) => {
      memory.reset();
      const source = Buffer.from(texts.join(""));
      const [at, tableAt] = [placeBytes(memory, source, shift), placeBytes(memory, table)];
      const [kernel, twin] = [kernels, twins].map((of) => {
        const out = guarded(source.length, shift);
        const length = of.foldText(at, source.length, tableAt, lower, out);
        unguard(out, source.length);
        return { length, bytes: Buffer.from(memory.u8(out, Math.max(0, length))) };
      });
      assert.deepEqual(kernel, twin);
    }),
    { numRuns: 3000 },
  );
});

test("positions in code units become positions in bytes as the twin says", () => {
  fc.assert(
    fc.property(
      fc.array(text, { maxLength: 4 }),
      fc.array(fc.nat(150), { maxLength: 8 }),
      shifts,
      (texts, some, shift) => {
        memory.reset();
        const source = Buffer.from(texts.join(""));
        const at = placeBytes(memory, source, shift);
        const ascending = some.toSorted((a, b) => a - b);
        const [kernel, twin] = [kernels, twins].map((of) => {
          const positions = placeInt32(memory, ascending, shift);
          const result = of.bytePositions(at, source.length, positions, ascending.length);
          return { result, bytes: result === 1 ? Buffer.from(memory.u8(positions, ascending.length * 4)) : undefined };
        });
        assert.deepEqual(kernel, twin);
      },
    ),
    { numRuns: 5000 },
  );
});

test("spans of a joined column are replaced as the twin replaces them, and none across values", () => {
  const spans = fc.array(fc.tuple(fc.nat(25), fc.integer({ min: 1, max: 12 }), fc.nat(2)), { maxLength: 8 });
  fc.assert(
    fc.property(fc.array(fc.oneof(text, fc.constant("")), { maxLength: 6 }), spans, shifts, (texts, some, shift) => {
      memory.reset();
      const column = bytesColumn(0, texts, 3);
      const values = placeBytes(memory, column.values!, shift);
      const offsets = placeInt32(memory, column.offsets!, shift);
      let from = 0;
      const found = some.flatMap(([gap, size, which]) => {
        const start = from + gap;
        from = start + size;
        return [start, from, which];
      });
      const spansAt = placeInt32(memory, found, shift);
      const by = bytesColumn(0, ["", "#", "[A LABEL OF MORE THAN SIXTEEN]"]);
      const byAt = placeBytes(memory, by.values!, shift);
      const byOffsets = placeInt32(memory, by.offsets!, shift);
      const room = column.values!.length + some.length * 30;
      const [kernel, twin] = [kernels, twins].map((of) => {
        const [out, ends] = [guarded(room, shift), guarded(4 * (texts.length + 1), shift)];
        const length = of.patchSpans(
          ...([values, offsets, texts.length, spansAt, some.length, byAt, byOffsets, out, ends] as const),
        );
        unguard(out, room);
        unguard(ends, 4 * (texts.length + 1));
        if (length < 0) return length;
        return [Buffer.from(memory.u8(out, length)), Buffer.from(memory.u8(ends, 4 * (texts.length + 1)))];
      });
      assert.deepEqual(kernel, twin);
    }),
    { numRuns: 5000 },
  );
});
