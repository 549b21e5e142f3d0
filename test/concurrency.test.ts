import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import fc from "fast-check";
import { inTurn, mapAtOnce } from "../src/concurrency.ts";

describe("mapAtOnce", () => {
  it("keeps the order of the items and the limit", async () => {
    let running = 0;
    let most = 0;
    const results = await mapAtOnce([3, 1, 2, 0], 2, async (item) => {
      most = Math.max(most, ++running);
      await sleep(item);
      running--;
      return item * 10;
    });
    assert.deepEqual(results, [30, 10, 20, 0]);
    assert.equal(most, 2);
  });

  it("rejects with what failed first, not with what failed of it, and begins nothing more", async () => {
    const begun: number[] = [];
    const stop = Promise.withResolvers<never>();
    const mapped = mapAtOnce([0, 1, 2], 2, async (item) => {
      begun.push(item);
      if (item === 0) await stop.promise;
      stop.reject(new Error("was cancelled"));
      throw new Error("the cause");
    });
    await assert.rejects(mapped, { message: "the cause" });
    assert.deepEqual(begun, [0, 1]);
  });
});

describe("inTurn", () => {
  it("takes of so many lists one item each, and goes on with the next list where one ends", () => {
    const lists = [["a1", "a2", "a3"], ["b1"], [], ["c1", "c2"]];
    assert.deepEqual([...inTurn(lists, 1)], lists.flat());
    assert.deepEqual([...inTurn(lists, 2)], ["a1", "b1", "a2", "a3", "c1", "c2"]);
    assert.deepEqual([...inTurn(lists, 9)], ["a1", "b1", "c1", "a2", "c2", "a3"]);
  });

  it("leaves nothing out, keeps each list's order, and never has more lists begun and not ended", () => {
    const lengths = fc.array(fc.nat(6), { maxLength: 12 });
    fc.assert(
      fc.property(lengths, fc.integer({ min: 1, max: 15 }), (some, atOnce) => {
        const lists = some.map((length, list) => Array.from({ length }, (_, index) => ({ list, index })));
        const taken = some.map(() => 0);
        for (const { list, index } of inTurn(lists, atOnce)) {
          assert.equal(index, taken[list]!++);
          const open = taken.filter((count, other) => count > 0 && count < some[other]!).length;
          assert.ok(open <= atOnce);
          // A list is begun only when those before it are begun.
          assert.ok(some.slice(0, list).every((length, other) => length === 0 || taken[other]! > 0));
        }
        assert.deepEqual(taken, some);
      }),
    );
  });
});
