/** The memory of an upload, under uploaders of both kinds: one that joins blocks, as lib-storage does, and one that sends them as they are. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { PartMemory } from "../../src/store/part-memory.ts";

const BLOCK = 4;

/** Parts under way, at most so many at once: a part is sent only when one of those before has been stored. */
const plans = fc.record({
  blocksToAPart: fc.integer({ min: 1, max: 6 }),
  blocks: fc.integer({ min: 1, max: 60 }),
  atOnce: fc.integer({ min: 1, max: 4 }),
  joins: fc.boolean(),
  /** Which of those under way is stored next. */
  order: fc.infiniteStream(fc.nat()),
});

/** Cuts blocks into parts: joined, with the block that reaches into the next; or one block after the other, as it is. */
function* partsOf(blocks: Iterable<Uint8Array>, partBytes: number, joins: boolean): Generator<Uint8Array> {
  if (!joins) return yield* blocks;
  let rest: Uint8Array[] = [];
  for (const block of blocks) {
    rest.push(block);
    while (rest.reduce((sum, { length }) => sum + length, 0) > partBytes) {
      // As lib-storage: a remainder is a view of the memory that the part before lies in.
      const joined = new Uint8Array(Buffer.concat(rest));
      yield joined.subarray(0, partBytes);
      rest = [joined.subarray(partBytes)];
    }
  }
  yield rest.length === 1 ? rest[0]! : new Uint8Array(Buffer.concat(rest));
}

test("whatever the uploader does with blocks, and in whatever order parts are stored, what is stored is what was written", () => {
  fc.assert(
    fc.property(plans, ({ blocksToAPart, blocks, atOnce, joins, order }) => {
      const partBytes = (joins ? blocksToAPart : 1) * BLOCK;
      const memory = new PartMemory(BLOCK, partBytes);
      const written = function* () {
        for (let index = 0; index < blocks; index++) yield memory.block().fill(index + 1);
      };
      const stored: Buffer[] = [];
      const underWay: { readonly PartNumber: number; readonly Body: Uint8Array }[] = [];
      const storeOne = (next: number) => {
        const [part] = underWay.splice(next % underWay.length, 1);
        // Read only now: memory that was used again in between shows.
        stored[part!.PartNumber - 1] = Buffer.from(part!.Body);
        memory.stored(part!);
      };
      let number = 1;
      for (const Body of partsOf(written(), partBytes, joins)) {
        const part = { PartNumber: number++, Body };
        memory.sending(part);
        underWay.push(part);
        if (underWay.length === atOnce) storeOne(order.next().value);
      }
      while (underWay.length > 0) storeOne(order.next().value);
      memory.end();
      const expected = Buffer.concat(Array.from({ length: blocks }, (_, index) => Buffer.alloc(BLOCK, index + 1)));
      assert.deepEqual(Buffer.concat(stored), expected);
    }),
  );
});

test("memory does not grow with the upload, and all of it is given back", () => {
  const memory = new PartMemory(BLOCK, 4 * BLOCK);
  const seen = new Set<ArrayBufferLike>();
  const written = function* () {
    for (let index = 0; index < 1000; index++) {
      const block = memory.block();
      seen.add(block.buffer);
      yield block;
    }
  };
  const bodies: Uint8Array[] = [];
  const underWay: { readonly PartNumber: number; readonly Body: Uint8Array }[] = [];
  for (const Body of partsOf(written(), 4 * BLOCK, true)) {
    bodies.push(Body);
    const part = { PartNumber: bodies.length, Body };
    memory.sending(part);
    underWay.push(part);
    if (underWay.length === 3) memory.stored(underWay.shift()!);
    assert.ok(bodies.filter(({ length }) => length > 0).length <= 4);
  }
  for (const part of underWay) memory.stored(part);
  memory.end();
  assert.ok(seen.size <= 8, `${seen.size} blocks`);
  assert.ok([...seen, ...bodies.map(({ buffer }) => buffer)].every(({ byteLength }) => byteLength === 0));
});
