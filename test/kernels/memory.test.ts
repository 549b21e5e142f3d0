import assert from "node:assert/strict";
import { test } from "node:test";
import { loadKernels } from "../../src/kernels/load.ts";
import { KernelMemory } from "../../src/kernels/memory.ts";

/** A memory of `pages` that only pretends to grow, up to `most` pages. */
function pretending(most: number): KernelMemory {
  let size = 65_536;
  const buffer = {
    get byteLength() {
      return size;
    },
  } as ArrayBuffer;
  const grow = (pages: number) => {
    if (size / 65_536 + pages > most) throw new RangeError("no more pages");
    size += pages * 65_536;
    return 0;
  };
  return new KernelMemory({ buffer, grow }, 1000);
}

test("allocations are aligned, apart, and never at 0", () => {
  const { memory } = loadKernels();
  let end = 1;
  for (const size of [0, 1, 15, 16, 17, 1000]) {
    const address = memory.alloc(size);
    assert.equal(address % 16, 0);
    assert.ok(address >= end);
    // The slack that kernels may read belongs to the allocation.
    end = address + size + 64;
  }
});

test("memory grows as needed and keeps what it holds", () => {
  const { memory } = loadKernels();
  const address = memory.put(Uint8Array.of(1, 2, 3));
  const before = memory.byteLength;
  const large = memory.alloc(50_000_000);
  assert.ok(memory.byteLength >= large + 50_000_000 && before < memory.byteLength);
  assert.deepEqual([...memory.u8(address, 3)], [1, 2, 3]);
});

test("put copies a view of the same memory although growing detaches it", () => {
  const { memory } = loadKernels();
  const source = memory.alloc(10_000_000);
  memory.u8(source, 10_000_000).fill(7);
  const copy = memory.put(memory.u8(source, 10_000_000));
  assert.ok(memory.u8(copy, 10_000_000).every((byte) => byte === 7));
});

test("release gives back what came after the mark, reset everything", () => {
  const { memory } = loadKernels();
  const first = memory.alloc(10);
  const mark = memory.mark();
  const second = memory.alloc(10);
  memory.release(mark);
  assert.equal(memory.alloc(10), second);
  memory.reset();
  assert.equal(memory.alloc(10), first);
  assert.throws(() => memory.release(mark + 1_000_000), RangeError);
  assert.throws(() => memory.release(0), RangeError);
});

test("views have the type and place asked for", () => {
  const { memory } = loadKernels();
  const address = memory.alloc(16);
  memory.u8(address, 16).fill(0xff);
  assert.deepEqual([...memory.i32(address, 4)], [-1, -1, -1, -1]);
  assert.deepEqual([...memory.u32(address, 1)], [2 ** 32 - 1]);
  assert.deepEqual([...memory.i64(address, 2)], [-1n, -1n]);
  assert.deepEqual([...memory.u64(address, 1)], [2n ** 64n - 1n]);
  assert.deepEqual([...memory.i16(address, 1), ...memory.u16(address, 1), ...memory.i8(address, 1)], [-1, 65_535, -1]);
  memory.f64(address, 1).fill(1.5);
  assert.equal(memory.f64(address, 1)[0], 1.5);
  memory.f32(address, 1).fill(-2);
  assert.equal(memory.f32(address, 1)[0], -2);
});

test("sizes that are none, and memory that is not to be had, are range errors", () => {
  const memory = pretending(1000);
  for (const size of [-1, 1.5, Number.NaN]) assert.throws(() => memory.alloc(size), /not a size/);
  assert.throws(() => memory.alloc(2 ** 32), /ends at 4 GiB/);
  assert.throws(() => memory.alloc(65_536_000), /cannot grow/);
  // Nothing was taken by what failed, and less than the usual step is still given.
  assert.equal(memory.alloc(65_535_000 - 1008 - 1000), 1008);
});

test("the arena reaches past 2 GiB", () => {
  const memory = pretending(65_536);
  memory.alloc(3 * 2 ** 30);
  assert.ok(memory.alloc(16) > 2 ** 31);
});

test("shrink gives back the end of the latest allocation", () => {
  const { memory } = loadKernels();
  const address = memory.alloc(1000);
  memory.shrink(address, 10);
  const next = memory.alloc(10);
  assert.ok(next >= address + 10 + 64 && next < address + 200);
  assert.throws(() => memory.shrink(address, 1000), RangeError);
  assert.throws(() => memory.shrink(0, 1), RangeError);
});
