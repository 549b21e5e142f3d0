import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { anyText, bitmap, bytesColumn, placeBytes, placeInt32 } from "./columns.ts";
import { guarded, kernels, memory, twins, unguard } from "./runs.ts";

const NEWLINE = 10;
const shifts = fc.nat({ max: 15 });
const lengths = Array.from({ length: 68 }, (_, length) => length);
/** Values of all the sizes at which the kernels change their ways. */
const anyValue = fc.oneof(
  fc.uint8Array({ maxLength: 5 }),
  fc.uint8Array({ maxLength: 70, size: "max" }),
  fc.nat({ max: 600 }).map((size) => new Uint8Array(size).fill(size)),
);

interface Placed {
  readonly values: number;
  readonly offsets: number;
  readonly bytes: number;
}

function placeText(texts: readonly (string | Uint8Array)[], shift: number, lead = 3): Placed {
  const column = bytesColumn(0, texts, lead);
  return {
    values: placeBytes(memory, column.values!, shift),
    offsets: placeInt32(memory, column.offsets!, shift),
    bytes: column.values!.length - lead,
  };
}

/** What `run` returns and writes into an output of `sizes` bytes each, guards checked. */
function outputs(sizes: readonly number[], shift: number, run: (...out: number[]) => unknown): unknown {
  const addresses = sizes.map((size) => guarded(size, shift));
  const result = run(...addresses);
  for (const [k, address] of addresses.entries()) unguard(address, sizes[k]!);
  return { result, bytes: addresses.map((address, k) => [...memory.u8(address, sizes[k]!)]) };
}

function exactly<T>(element: fc.Arbitrary<T>, length: number): fc.Arbitrary<T[]> {
  return fc.array(element, { minLength: length, maxLength: length });
}

test("join puts the separator after every value", () => {
  for (const length of lengths) {
    fc.assert(
      fc.property(exactly(anyValue, length), shifts, (texts, shift) => {
        memory.reset();
        const { values, offsets, bytes } = placeText(texts, shift);
        const [kernel, twin] = [kernels, twins].map(({ join }) =>
          outputs([bytes + length], shift, (out) => join(values, offsets, length, NEWLINE, out!)),
        );
        assert.deepEqual(kernel, twin);
      }),
      { numRuns: 8 },
    );
  }
});

test("split takes apart what join put together, in place too", () => {
  const value = anyValue.map((bytes) => bytes.map((byte) => (byte === NEWLINE ? 11 : byte)));
  for (const length of lengths) {
    fc.assert(
      fc.property(exactly(value, length), shifts, fc.boolean(), (texts, shift, inPlace) => {
        memory.reset();
        const { values, offsets, bytes } = placeText(texts, shift);
        const size = bytes + length;
        const joined = guarded(size, shift);
        kernels.join(values, offsets, length, NEWLINE, joined);
        const out = inPlace ? joined : guarded(size, shift);
        const offsetsOut = guarded(4 * (length + 1), shift);
        assert.equal(kernels.split(joined, size, NEWLINE, length, out, offsetsOut), length);
        for (const [address, room] of [
          [joined, size],
          [out, size],
          [offsetsOut, 4 * (length + 1)],
        ] as const) {
          unguard(address, room);
        }
        assert.ok(Buffer.concat(texts).equals(memory.u8(out, bytes)));
        assert.equal(kernels.countChanged(values, offsets, out, offsetsOut, length), 0);
      }),
      { numRuns: 8 },
    );
  }
});

test("split counts separators and shows a text that lost or gained some", () => {
  const separators = fc.string({ unit: fc.constantFrom("\n", "a", "bcdefghijklmnopqrs"), maxLength: 30 });
  fc.assert(
    fc.property(separators, fc.nat({ max: 20 }), shifts, (text, length, shift) => {
      memory.reset();
      const bytes = placeBytes(memory, Buffer.from(`${text}\n?`), shift);
      const runs = [kernels, twins].map(({ split }) => {
        const offsetsOut = guarded(4 * (length + 1), shift);
        const out = guarded(text.length, shift);
        const found = split(bytes, text.length, NEWLINE, length, out, offsetsOut);
        unguard(offsetsOut, 4 * (length + 1));
        unguard(out, text.length);
        // An unterminated text has no result; what was written of it says nothing.
        if (found === -1) return found;
        const offsets = Buffer.from(memory.u8(offsetsOut, 4 * (length + 1)));
        return { found, offsets, values: Buffer.from(memory.u8(out, offsets.readInt32LE(4 * length))) };
      });
      assert.deepEqual(runs[0], runs[1]);
      const expected = text === "" || text.endsWith("\n") ? text.split("\n").length - 1 : -1;
      assert.equal(typeof runs[0] === "object" ? runs[0].found : runs[0], expected);
    }),
    { numRuns: 1000 },
  );
});

test("countChanged counts the elements that differ", () => {
  for (const length of lengths) {
    const pair = fc.oneof(
      anyValue.map((value) => [value, value] as const),
      fc.tuple(anyValue, anyValue),
      fc.tuple(fc.uint8Array({ minLength: 1, maxLength: 70, size: "max" }), fc.nat()).map(([value, at]) => {
        const other = Uint8Array.from(value);
        other[at % other.length]! ^= 1;
        return [value, other] as const;
      }),
    );
    fc.assert(
      fc.property(exactly(pair, length), shifts, shifts, (pairs, shiftA, shiftB) => {
        memory.reset();
        const a = placeText(
          pairs.map(([value]) => value),
          shiftA,
        );
        const b = placeText(
          pairs.map(([, value]) => value),
          shiftB,
          0,
        );
        const changed = kernels.countChanged(a.values, a.offsets, b.values, b.offsets, length);
        assert.equal(changed, pairs.filter(([x, y]) => !Buffer.from(x).equals(y)).length);
        assert.equal(changed, twins.countChanged(a.values, a.offsets, b.values, b.offsets, length));
      }),
      { numRuns: 8 },
    );
  }
});

test("countValid counts the bits in range only", () => {
  for (const length of [...lengths, 1000]) {
    fc.assert(
      fc.property(exactly(fc.boolean(), length), shifts, (bits, shift) => {
        memory.reset();
        const validity = placeBytes(memory, bitmap(bits), shift);
        assert.equal(kernels.countValid(validity, length), bits.filter(Boolean).length);
        assert.equal(twins.countValid(validity, length), bits.filter(Boolean).length);
      }),
      { numRuns: 8 },
    );
    assert.equal(kernels.countValid(0, length), length);
    assert.equal(twins.countValid(0, length), length);
  }
});

test("gatherText expands indices, -1 to empty", () => {
  for (const count of lengths) {
    const source = fc.array(anyValue, { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(source, exactly(fc.nat(), count), shifts, (texts, picks, shift) => {
        memory.reset();
        const { values, offsets } = placeText(texts, shift);
        const chosen = picks.map((pick) => (pick % (texts.length + 1)) - 1);
        const indices = placeInt32(memory, chosen, shift);
        const expected = Buffer.concat(chosen.map((index) => texts[index] ?? new Uint8Array()));
        assert.equal(kernels.gatherTextSize(offsets, indices, count), expected.length);
        assert.equal(twins.gatherTextSize(offsets, indices, count), expected.length);
        const [kernel, twin] = [kernels, twins].map(({ gatherText }) =>
          outputs([expected.length, 4 * (count + 1)], shift, (out, outOffsets) =>
            gatherText(values, offsets, indices, count, out!, outOffsets!),
          ),
        );
        assert.deepEqual(kernel, twin);
      }),
      { numRuns: 8 },
    );
  }
});

test("gatherFixed expands indices of every width, -1 to zeros", () => {
  for (const width of [1, 2, 4, 8, 12, 16, 32]) {
    for (const count of lengths) {
      fc.assert(
        fc.property(exactly(fc.integer({ min: -1, max: 9 }), count), shifts, (chosen, shift) => {
          memory.reset();
          const values = placeBytes(
            memory,
            Uint8Array.from({ length: 10 * width }, (_, k) => k + 1),
            shift,
          );
          const indices = placeInt32(memory, chosen, shift);
          const [kernel, twin] = [kernels, twins].map(({ gatherFixed }) =>
            outputs([width * count], shift, (out) => gatherFixed(values, width, indices, count, out!)),
          );
          assert.deepEqual(kernel, twin);
        }),
        { numRuns: 3 },
      );
    }
  }
});

test("charBoundaries finds a value that starts inside a character", () => {
  for (const length of lengths) {
    fc.assert(
      fc.property(exactly(anyText, length), fc.nat(), shifts, (texts, cut, shift) => {
        memory.reset();
        const { values, offsets } = placeText(texts, shift);
        assert.equal(kernels.charBoundaries(values, offsets, length), 1);
        const bytes = Buffer.from(texts.join(""));
        const at = bytes.length === 0 ? 0 : cut % (bytes.length + 1);
        const halves = placeText([bytes.subarray(0, at), bytes.subarray(at), ""], shift);
        const whole = at === bytes.length || (bytes[at]! & 0xc0) !== 0x80 ? 1 : 0;
        assert.equal(kernels.charBoundaries(halves.values, halves.offsets, 3), whole);
        assert.equal(twins.charBoundaries(halves.values, halves.offsets, 3), whole);
      }),
      { numRuns: 8 },
    );
  }
});

test("hasByte finds a byte at any place and none outside", () => {
  for (const length of lengths) {
    for (let shift = 0; shift < 16; shift++) {
      memory.reset();
      // The byte stands right before and right after the range: only inside of it counts.
      const address = placeBytes(memory, new Uint8Array(length + 2).fill(0xc3), shift) + 1;
      memory.u8(address, length).fill(0x20);
      assert.equal(kernels.hasByte(address, length, 0xc3), 0);
      assert.equal(twins.hasByte(address, length, 0xc3), 0);
      for (let at = 0; at < length; at++) {
        memory
          .u8(address, length)
          .fill(0x20)
          .fill(0xc3, at, at + 1);
        assert.equal(kernels.hasByte(address, length, 0xc3), 1);
        assert.equal(twins.hasByte(address, length, 0xc3), 1);
      }
    }
  }
});

test("patchText puts other values at some indices", () => {
  for (const length of lengths) {
    fc.assert(
      fc.property(exactly(fc.tuple(anyValue, fc.option(anyValue)), length), shifts, shifts, (pairs, shift, byShift) => {
        memory.reset();
        const column = placeText(
          pairs.map(([value]) => value),
          shift,
        );
        const patches = pairs.flatMap(([, other], index) => (other ? [{ index, other }] : []));
        const by = placeText(
          patches.map(({ other }) => other),
          byShift,
        );
        const indices = placeInt32(
          memory,
          patches.map(({ index }) => index),
          byShift,
        );
        const size = pairs.reduce((sum, [value, other]) => sum + (other ?? value).length, 0);
        const [kernel, twin] = [kernels, twins].map(({ patchText }) =>
          outputs([size, 4 * (length + 1)], shift, (out, outOffsets) =>
            patchText(
              ...([column.values, column.offsets, length] as const),
              ...([indices, patches.length, by.values, by.offsets, out!, outOffsets!] as const),
            ),
          ),
        );
        assert.deepEqual(kernel, twin);
      }),
      { numRuns: 8 },
    );
  }
});

test("canonicalText folds by its tables and leaves out what they do not cover", () => {
  const short = fc.string({ unit: fc.constantFrom(..."aB 0:\té߿ßŁ😀ア".split("")), maxLength: 12, size: "max" });
  const ascii = fc.array(fc.oneof(fc.integer({ min: 1, max: 0x7f }), fc.constantFrom(0x80, 0x81)), {
    minLength: 128,
    maxLength: 128,
  });
  const identity = Array.from({ length: 128 }, (_, byte) => byte);
  const keepsMost = fc
    .tuple(ascii, fc.nat({ max: 127 }))
    .map(([bytes, from]) => [...identity.slice(0, from), ...bytes.slice(from)]);
  // As masks have them: what is printable is kept, in small letters or as it is, but perhaps for some characters.
  const letter = fc.constantFrom<number>(0x3a, 0x40, 0x42, 0x5a, 0x61, 0x7b);
  const printable = fc
    .record({ small: fc.boolean(), spaces: fc.boolean(), outs: fc.array(letter, { maxLength: 2 }) })
    .map(({ small, spaces, outs }) =>
      identity.map((byte) => {
        if (byte < 0x20 || byte === 0x7f || outs.includes(byte) || (byte === 0x20 && !spaces)) return 0x81;
        return small && byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte;
      }),
    );
  const word = fc.string({ unit: fc.constantFrom(..."aBzZ@[`{~0éÉ߿Ł".split("")), minLength: 1, maxLength: 20 });
  const name = fc
    .tuple(fc.array(word, { minLength: 1, maxLength: 3 }), fc.constantFrom(" ", " ", " ", "  ", "ア", "\t"))
    .map(([words, between]) => words.join(between));
  const names = fc.array(fc.oneof({ weight: 30, arbitrary: name }, { weight: 1, arbitrary: short }), {
    maxLength: 200,
    size: "max",
  });
  const pairs = fc.oneof(
    fc.constant(Array.from({ length: 1920 }, (_, i) => 0x80 + ((i + 33) % 1920))),
    fc
      .tuple(fc.nat({ max: 1919 }), fc.integer({ min: 0x80, max: 0x7ff }))
      .map(([none, to]) =>
        Array.from({ length: 1920 }, (_, i) => (i % 7 === none % 7 ? 0 : i % 11 === 0 ? to : i + 0x80)),
      ),
  );
  fc.assert(
    fc.property(
      fc.oneof(fc.array(fc.oneof(short, anyText), { maxLength: 20 }), names),
      fc.oneof(ascii, keepsMost, printable, printable),
      pairs,
      fc.nat({ max: 3 }),
      shifts,
      (texts, bytes, points, rules, shift) => {
        memory.reset();
        const length = texts.length;
        const {
          values,
          offsets,
          bytes: size,
        } = placeText(
          texts.map((text) => text.toWellFormed()),
          shift,
        );
        const asciiAt = placeBytes(memory, Uint8Array.from(bytes), shift);
        const pairsAt = placeBytes(memory, new Uint8Array(Uint16Array.from(points).buffer), 0);
        const [kernel, twin] = [kernels, twins].map(({ canonicalText }) => {
          const sizes = [size, 4 * (length + 1), 4 * length];
          const [out, outOffsets, left] = sizes.map((room) => guarded(room, shift));
          const count = canonicalText(values, offsets, length, asciiAt, pairsAt, rules, out!, outOffsets!, left!);
          for (const [k, address] of [out, outOffsets, left].entries()) unguard(address!, sizes[k]!);
          const ends = Buffer.from(memory.u8(outOffsets!, 4 * (length + 1)));
          const text = Buffer.from(memory.u8(out!, ends.readInt32LE(4 * length)));
          return { count, ends, text, left: Buffer.from(memory.u8(left!, 4 * count)) };
        });
        assert.deepEqual(kernel, twin);
      },
    ),
    { numRuns: 1500 },
  );
});

test("withWindow finds the values that hold a window's bytes", () => {
  const text = fc.string({ unit: fc.constantFrom(..."0123456789--ab é".split("")), maxLength: 45, size: "max" });
  const window = fc.array(fc.constantFrom(0x80, 0x80, 0x80, 0x2d, 0x61), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(fc.array(text, { maxLength: 20 }), window, shifts, (texts, wanted, shift) => {
      memory.reset();
      const length = texts.length;
      const { values, offsets } = placeText(texts, shift);
      const at = placeBytes(memory, Uint8Array.from(wanted), shift);
      const [kernel, twin] = [kernels, twins].map(({ withWindow }) => {
        const out = guarded(4 * length, shift);
        const count = withWindow(values, offsets, length, at, wanted.length, out);
        unguard(out, 4 * length);
        return Buffer.from(memory.u8(out, 4 * count));
      });
      assert.deepEqual(kernel, twin);
    }),
    { numRuns: 2000 },
  );
});
