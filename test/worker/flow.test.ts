/**
 * Parts on their way, with threads that answer late, hand on, and die, as the test says: whatever they do, batches come
 * whole and in order, and nothing of the budget stays taken.
 */
import assert from "node:assert/strict";
import { it } from "node:test";
import { setImmediate } from "node:timers/promises";
import fc from "fast-check";
import { Budget } from "../../src/worker/budget.ts";
import { PartFlow } from "../../src/worker/flow.ts";
import type { BatchSpec, EncodedBatch, PackedBatch, Source } from "../../src/worker/messages.ts";
import { WorkerDied, type WorkerPool } from "../../src/worker/pool.ts";
import { Rooms } from "../../src/worker/rooms.ts";
import type { NextBatch } from "../../src/worker/session.ts";

const LIMIT = 1000;
/** Bytes of the largest batch. */
const LARGEST = 400;

interface Script {
  /** Sizes of the batches, in bytes. */
  readonly sizes: readonly number[];
  /** Before which batches its thread dies, once each. */
  readonly deaths: readonly number[];
}

/** Turns of the event loop that the next answer takes, and whether it is handed on, used up one after the other. */
class Dice {
  readonly #throws: readonly number[];
  #at = 0;
  constructor(throws: readonly number[]) {
    this.#throws = throws;
  }
  next(sides: number): number {
    return (this.#throws[this.#at++ % this.#throws.length] ?? 0) % sides;
  }
}

class ScriptedPool {
  most = 0;
  /** Of four in a row the flow makes an error. */
  #lost = 0;
  readonly #scripts: readonly { readonly sizes: readonly number[]; readonly deaths: number[] }[];
  readonly #dice: Dice;

  constructor(scripts: readonly Script[], dice: Dice) {
    this.#scripts = scripts.map(({ sizes, deaths }) => ({ sizes, deaths: [...deaths] }));
    this.#dice = dice;
  }

  openPart({ rows: index }: Source, _: BatchSpec, skip: number) {
    const { sizes, deaths } = this.#scripts[index]!;
    let at = skip;
    let waiting = 0;
    let last: Promise<unknown> = Promise.resolve();
    let isClosed = false;
    let isDead = false;
    const closed = Promise.withResolvers<never>();
    closed.promise.catch(() => {});
    const answer = async (handOn: boolean): Promise<NextBatch> => {
      for (let turns = this.#dice.next(4); turns > 0; turns--) await setImmediate();
      // A port that is closed says nothing any more.
      if (isClosed) return await new Promise(() => {});
      const death = deaths.indexOf(at);
      if (death >= 0) deaths.splice(death, 1);
      isDead ||= death >= 0;
      if (isDead) throw new WorkerDied("part", new Error("scripted"));
      if (at > sizes.length) return await new Promise(() => {});
      const size = sizes[at];
      if (size === undefined) {
        at++;
        return { type: "end", rows: 0 };
      }
      const batch = batchOf(index, at++, size);
      if (handOn) return { type: "decoded", batch: batch as unknown as PackedBatch };
      return { type: "encoded", batch };
    };
    return {
      next: (handOn: boolean) => {
        this.most = Math.max(this.most, ++waiting);
        const mine = last.then(() => answer(handOn));
        last = mine.catch(() => {});
        return Promise.race([mine, closed.promise]).finally(() => waiting--);
      },
      close: () => {
        isClosed = true;
        closed.reject(new DOMException("closed", "AbortError"));
      },
    };
  }

  hasIdleWorker(): boolean {
    return this.#dice.next(3) === 0;
  }

  async encode(batch: PackedBatch): Promise<EncodedBatch> {
    for (let turns = this.#dice.next(6); turns > 0; turns--) await setImmediate();
    if (this.#dice.next(17) === 16 && this.#lost++ < 3) throw new WorkerDied("encode", new Error("scripted"));
    return batch as unknown as EncodedBatch;
  }
}

/** It bears its place in place of counts. */
function batchOf(part: number, index: number, size: number): EncodedBatch {
  return { rows: part, jsonBytes: index, chunks: [new Uint8Array(size)] } as unknown as EncodedBatch;
}

const scripts = fc.array(
  fc
    .record({
      sizes: fc.array(fc.integer({ min: 1, max: LARGEST }), { maxLength: 12 }),
      deaths: fc.uniqueArray(fc.nat(12)),
    })
    // A second death without progress is the input's fault: one each, before batches that there are.
    .map(({ sizes, deaths }) => ({ sizes, deaths: deaths.filter((at) => at < sizes.length) })),
  { minLength: 1, maxLength: 5 },
);

interface Made {
  readonly budget: Budget;
  readonly pool: ScriptedPool;
  readonly flows: readonly PartFlow[];
}

function started(parts: readonly Script[], throws: readonly number[]): Made {
  const budget = new Budget(LIMIT);
  const pool = new ScriptedPool(parts, new Dice(throws));
  const flows = parts.map((_, index) => {
    const open = async () => ({ source: { rows: index } as Source, supply: async () => null });
    return new PartFlow(`${index}`, open, {} as BatchSpec, pool as unknown as WorkerPool, budget, new Rooms(budget));
  });
  for (const flow of flows) flow.start();
  return { budget, pool, flows };
}

const dice = fc.array(fc.nat(1000), { minLength: 1, maxLength: 60 });

it("batches come whole and in order, whatever threads do", async () => {
  await fc.assert(
    fc.asyncProperty(scripts, fc.array(fc.nat(1000), { minLength: 1, maxLength: 60 }), async (parts, throws) => {
      const budget = new Budget(LIMIT);
      const pool = new ScriptedPool(parts, new Dice(throws));
      const flows = parts.map((_, index) => {
        const open = async () => ({ source: { rows: index } as Source, supply: async () => null });
        return new PartFlow(
          `${index}`,
          open,
          {} as BatchSpec,
          pool as unknown as WorkerPool,
          budget,
          new Rooms(budget),
        );
      });
      for (const flow of flows) flow.start();
      const came: [number, number, number][] = [];
      for (const flow of flows) {
        for await (const { rows, jsonBytes, chunks } of flow.batches()) {
          came.push([rows, jsonBytes, chunks[0]!.length]);
          // Two of each part may be larger than what was reckoned with, and the head has one in any case.
          assert.ok(budget.used <= LIMIT + (2 * parts.length + 1) * LARGEST, `${budget.used} bytes wait`);
          await setImmediate();
        }
        await flow.decoded;
      }
      assert.deepEqual(
        came,
        parts.flatMap(({ sizes }, part) => sizes.map((size, index) => [part, index, size])),
      );
      assert.ok(pool.most <= 2, `${pool.most} batches asked for at once`);
      assert.equal(budget.used, 0);
    }),
    { numRuns: 300 },
  );
});

it("cancelled at any moment, nobody waits for them any more, and nothing of the budget stays taken", async () => {
  await fc.assert(
    fc.asyncProperty(scripts, dice, fc.nat(40), async (parts, throws, turns) => {
      const { budget, flows } = started(parts, throws);
      const cancelled = async () => {
        for (let turn = 0; turn < turns; turn++) await setImmediate();
        for (const flow of flows) flow.cancel();
      };
      const reading = flows.map(async (flow) => {
        for await (const _ of flow.batches()) await setImmediate();
      });
      await Promise.all([cancelled(), Promise.allSettled(reading), ...flows.map(({ decoded }) => decoded)]);
      // A reply may still be on its way.
      for (let turn = 0; turn < 20; turn++) await setImmediate();
      assert.equal(budget.used, 0);
    }),
    { numRuns: 300 },
  );
});
