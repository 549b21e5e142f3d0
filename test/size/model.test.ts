import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { fitMemory, fitScaling, kneeOf, rateOf, type Scaling, undisturbed } from "../../src/size/model.ts";

const close = (actual: number, expected: number, tolerance: number, scale = expected) =>
  assert.ok(Math.abs(actual - expected) <= tolerance * scale + Number.EPSILON, `${actual} is not about ${expected}`);

/** Seconds per row: alone, the main thread's share of it, contention beyond that, crosstalk. */
const laws = fc
  .record({
    alone: fc.double({ min: 1e-7, max: 1e-3, noNaN: true }),
    serial: fc.double({ min: 0, max: 0.2, noNaN: true }),
    waiting: fc.double({ min: 0, max: 0.2, noNaN: true }),
    crosstalk: fc.double({ min: 0, max: 0.01, noNaN: true }),
  })
  .map(({ alone, serial, waiting, crosstalk }) => ({
    serial: alone * serial,
    law: { alone, contention: alone * (serial + waiting), crosstalk: alone * crosstalk } satisfies Scaling,
  }));

const pointsOf = (law: Scaling, counts: readonly number[]) =>
  counts.map((workers) => ({ workers, rowsPerSecond: rateOf(law, workers) }));

test("the fit finds the law that points were made by", () => {
  fc.assert(
    fc.property(laws, ({ law, serial }) => {
      const fitted = fitScaling(pointsOf(law, [1, 2, 4, 8, 16]), serial);
      close(fitted.alone, law.alone, 1e-6);
      close(fitted.contention, law.contention, 1e-6, law.alone);
      close(fitted.crosstalk, law.crosstalk, 1e-6, law.alone);
    }),
  );
});

test("a few counts of workers tell contention, and no crosstalk", () => {
  fc.assert(
    fc.property(laws, ({ law, serial }) => {
      const without = { ...law, crosstalk: 0 };
      const fitted = fitScaling(pointsOf(without, [1, 2]), serial);
      close(fitted.contention, law.contention, 1e-6, law.alone);
      assert.equal(fitted.crosstalk, 0);
    }),
  );
});

test("noise of some percent moves what is predicted within the measured range by no more", () => {
  const counts = [1, 2, 4, 8, 16];
  const noise = fc.array(fc.double({ min: -0.03, max: 0.03, noNaN: true }), { minLength: 5, maxLength: 5 });
  fc.assert(
    fc.property(laws, noise, ({ law, serial }, off) => {
      const points = pointsOf(law, counts).map(({ workers, rowsPerSecond }, index) => ({
        workers,
        rowsPerSecond: rowsPerSecond * (1 + off[index]!),
      }));
      const fitted = fitScaling(points, serial);
      for (const workers of counts) close(rateOf(fitted, workers), rateOf(law, workers), 0.08);
    }),
  );
});

test("contention is never below the main thread's time, whatever the points say", () => {
  const points = fc.array(
    fc.record({
      workers: fc.integer({ min: 1, max: 64 }),
      rowsPerSecond: fc.double({ min: 1, max: 1e7, noNaN: true }),
    }),
    { minLength: 1, maxLength: 8 },
  );
  fc.assert(
    fc.property(points, fc.double({ min: 0, max: 1e-6, noNaN: true }), (some, serial) => {
      const { alone, contention, crosstalk } = fitScaling(some, serial);
      assert.ok(alone > 0 && contention >= serial && crosstalk >= 0);
    }),
  );
});

test("one point is a law, none is not", () => {
  assert.deepEqual(fitScaling([{ workers: 1, rowsPerSecond: 4 }], 0.01), {
    alone: 0.25,
    contention: 0.01,
    crosstalk: 0,
  });
  assert.throws(() => fitScaling([], 0), RangeError);
});

test("the knee of contention alone is where the main thread could keep up no longer", () => {
  assert.equal(kneeOf({ alone: 10, contention: 1, crosstalk: 0 }), 9);
  assert.equal(kneeOf({ alone: 10, contention: 10, crosstalk: 0 }), 1);
  assert.equal(kneeOf({ alone: 10, contention: 0, crosstalk: 0 }), 1024);
});

test("crosstalk brings the knee nearer", () => {
  fc.assert(
    fc.property(laws, ({ law }) => {
      assert.ok(kneeOf(law) <= kneeOf({ ...law, crosstalk: 0 }));
    }),
  );
});

test("what others took of the cores is left out, but no CPU time", () => {
  const measured = { workers: 2, rowsPerSecond: 100, workerSecondsPerRow: 0.015, delaySecondsPerRow: 0.004 };
  assert.equal(undisturbed(measured).rowsPerSecond, 125);
  assert.equal(undisturbed({ ...measured, delaySecondsPerRow: 0 }).rowsPerSecond, 100);
  close(undisturbed({ ...measured, delaySecondsPerRow: 0.02 }).rowsPerSecond, 2 / 0.015, 1e-9);
  // Helping threads make the CPU time of a worker's row more than its time.
  assert.equal(undisturbed({ ...measured, workerSecondsPerRow: 0.025 }).rowsPerSecond, 100);
});

test("memory is a share in common and one of each worker", () => {
  const peaks = [1, 2, 4].map((workers) => ({ workers, peakBytes: 100 + 50 * workers }));
  const { base, perWorker } = fitMemory(peaks);
  close(base, 100, 1e-9);
  close(perWorker, 50, 1e-9);
  assert.deepEqual(fitMemory([{ workers: 1, peakBytes: 100 }]), { base: 0, perWorker: 100 });
});

test("memory that noise bends is rather over- than underestimated", () => {
  const more = fc.integer({ min: 1, max: 1e9 });
  fc.assert(
    fc.property(more, more, (one, two) => {
      const { base, perWorker } = fitMemory([
        { workers: 1, peakBytes: one },
        { workers: 2, peakBytes: two },
      ]);
      assert.ok(base >= 0 && perWorker >= 0);
      assert.ok(base + perWorker >= one * 0.999 && base + 2 * perWorker >= two * 0.999);
    }),
  );
});
