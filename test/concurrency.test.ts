import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { mapAtOnce } from "../src/concurrency.ts";

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
