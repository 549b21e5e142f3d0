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
  /** How often parts are sent, in turn. */
  attempts: fc.array(fc.integer({ min: 1, max: 2 }), { minLength: 1, maxLength: 5 }),
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
    fc.property(plans, ({ blocksToAPart, blocks, atOnce, joins, attempts, order }) => {
      const partBytes = (joins ? blocksToAPart : 1) * BLOCK;
      const memory = new PartMemory(BLOCK, partBytes);
      const written = function* () {
        for (let index = 0; index < blocks; index++) yield memory.block().fill(index + 1);
      };
      const stored: Buffer[] = [];
      const underWay: { readonly PartNumber: number; readonly Body: Uint8Array }[] = [];
      const late: { readonly left: Uint8Array; readonly was: Buffer }[] = [];
      const sent = ({ PartNumber }: { readonly PartNumber: number }) => attempts[PartNumber % attempts.length]!;
      const storeOne = (next: number) => {
        const [part] = underWay.splice(next % underWay.length, 1);
        // Read only now: memory that was used again in between shows.
        stored[part!.PartNumber - 1] = Buffer.from(part!.Body);
        if (sent(part!) > 1) memory.doubt(part!);
        memory.stored(part!);
        // What is left of an earlier attempt goes out only now.
        if (sent(part!) > 1) late.push({ left: part!.Body, was: Buffer.from(part!.Body) });
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
      for (const { left, was } of late) assert.deepEqual(Buffer.from(left), was);
    }),
  );
});

test("memory does not grow with the upload, in whatever order parts are stored, and all of it is given back", () => {
  fc.assert(
    fc.property(fc.infiniteStream(fc.nat()), (order) => {
      const memory = new PartMemory(BLOCK, 4 * BLOCK);
      const blocks = new Set<ArrayBufferLike>();
      const written = function* () {
        for (let index = 0; index < 400; index++) {
          const block = memory.block();
          blocks.add(block.buffer);
          yield block;
        }
      };
      const bodies: Uint8Array[] = [];
      const underWay: { readonly PartNumber: number; readonly Body: Uint8Array }[] = [];
      // One is never overtaken by more than two: the row of those that wait for it would be as long.
      let eldest = 0;
      for (const Body of partsOf(written(), 4 * BLOCK, true)) {
        bodies.push(Body);
        const part = { PartNumber: bodies.length, Body };
        memory.sending(part);
        underWay.push(part);
        if (underWay.length === 3) {
          const next = ++eldest > 2 ? 0 : order.next().value % 3;
          if (next === 0) eldest = 0;
          memory.stored(underWay.splice(next, 1)[0]!);
        }
        const kept = bodies.filter(({ length }) => length > 0).length;
        assert.ok(kept <= 6, `${kept} parts are kept`);
      }
      for (const part of underWay) memory.stored(part);
      memory.end();
      assert.ok(blocks.size <= 8, `${blocks.size} blocks`);
      assert.ok([...blocks, ...bodies.map(({ buffer }) => buffer)].every(({ byteLength }) => byteLength === 0));
    }),
  );
});
