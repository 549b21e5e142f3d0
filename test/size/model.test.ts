import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { fitMemory, fitScaling, kneeOf, rateOf, type Scaling, undisturbed } from "../../src/size/model.ts";

const close = (actual: number, expected: number, tolerance: number, scale = expected) =>
  assert.ok(Math.abs(actual - expected) <= tolerance * scale + Number.EPSILON, `${actual} is not about ${expected}`);

/** Workers that take so long for a row; the other terms as shares of that. */
const laws = fc
  .record({
    worker: fc.double({ min: 1e-7, max: 1e-3, noNaN: true }),
    main: fc.double({ min: 0, max: 0.1, noNaN: true }),
    writer: fc.double({ min: 0, max: 0.3, noNaN: true }),
    objects: fc.integer({ min: 1, max: 20 }),
    contention: fc.double({ min: 0, max: 0.2, noNaN: true }),
    crosstalk: fc.double({ min: 0, max: 0.01, noNaN: true }),
  })
  .map(
    ({ worker, main, writer, objects, contention, crosstalk }): Scaling => ({
      worker,
      main: worker * main,
      writer: worker * writer,
      objects,
      contention: worker * contention,
      crosstalk: worker * crosstalk,
    }),
  );

const pointsOf = (law: Scaling, counts: readonly number[]) =>
  counts.map((workers) => ({ workers, rowsPerSecond: rateOf(law, workers) }));

test("the fit finds the law that points were made by", () => {
  fc.assert(
    fc.property(laws, (law) => {
      const fitted = fitScaling(pointsOf(law, [1, 2, 4, 8, 16]), law);
      for (const name of ["worker", "contention", "crosstalk"] as const) {
        close(fitted[name], law[name], 1e-5, law.worker);
      }
    }),
  );
});

test("a few counts of workers tell contention, and no crosstalk", () => {
  fc.assert(
    fc.property(laws, (law) => {
      const fitted = fitScaling(pointsOf({ ...law, crosstalk: 0 }, [1, 2]), law);
      close(fitted.contention, law.contention, 1e-6, law.worker);
      assert.equal(fitted.crosstalk, 0);
    }),
  );
});

test("noise of some percent moves what is predicted within the measured range by little more", () => {
  const counts = [1, 2, 4, 8, 16];
  const noise = fc.array(fc.double({ min: -0.03, max: 0.03, noNaN: true }), { minLength: 5, maxLength: 5 });
  fc.assert(
    fc.property(laws, noise, (law, off) => {
      const points = pointsOf(law, counts).map(({ workers, rowsPerSecond }, index) => ({
        workers,
        rowsPerSecond: rowsPerSecond * (1 + off[index]!),
      }));
      const fitted = fitScaling(points, law);
      for (const workers of counts) close(rateOf(fitted, workers), rateOf(law, workers), 0.1);
    }),
  );
});

test("whatever the points say, no coefficient is below 0 and nothing is faster than the shared thread", () => {
  const points = fc.array(
    fc.record({
      workers: fc.integer({ min: 1, max: 64 }),
      rowsPerSecond: fc.double({ min: 1, max: 1e7, noNaN: true }),
    }),
    { minLength: 1, maxLength: 8 },
  );
  const seconds = fc.double({ min: 1e-9, max: 1e-4, noNaN: true });
  fc.assert(
    fc.property(points, seconds, seconds, (some, main, writer) => {
      const fitted = fitScaling(some, { main, writer, objects: 1 });
      assert.ok(fitted.worker >= 0 && fitted.contention >= 0 && fitted.crosstalk >= 0);
      assert.ok(rateOf(fitted, 256) * Math.max(main, writer) <= 1 + 1e-9);
    }),
  );
});

test("one point is a law, none is not", () => {
  const { worker, contention } = fitScaling([{ workers: 1, rowsPerSecond: 4 }], { main: 0, writer: 0.05, objects: 1 });
  close(worker, 0.2, 1e-9);
  assert.equal(contention, 0);
  assert.throws(() => fitScaling([], { main: 0, writer: 0, objects: 1 }), RangeError);
});

test("rates are those of the repairman's machines", () => {
  // Erlang's formula: with exponential times, the server is idle with the probability 1 / Σ n! / (n − k)! · (s / z)^k.
  const law = { worker: 5, main: 0.1, writer: 1, objects: 1, contention: 0, crosstalk: 0 };
  for (const workers of [1, 2, 5, 12]) {
    let term = 1;
    let sum = 1;
    for (let k = 1; k <= workers; k++) sum += term *= (workers - k + 1) * (law.writer / law.worker);
    close(rateOf(law, workers), (1 - 1 / sum) / law.writer, 1e-12);
  }
});

test("without contention more workers give more, up to the shared thread's own rate", () => {
  fc.assert(
    fc.property(laws, fc.integer({ min: 1, max: 100 }), (law, workers) => {
      const pure = { ...law, contention: 0, crosstalk: 0 };
      const rate = rateOf(pure, workers);
      const shared = Math.max(law.main, law.writer / Math.min(law.objects, Math.ceil(workers / 4)));
      assert.ok(rateOf(pure, workers + 1) >= rate * (1 - 1e-12));
      assert.ok(rate <= (workers / (pure.worker + shared)) * (1 + 1e-12));
      assert.ok(rate * shared <= 1 + 1e-12);
    }),
  );
});

test("the knee is about where the workers keep the shared thread busy", () => {
  const knee = (worker: number, shared: number) =>
    kneeOf({ worker, main: 0, writer: shared, objects: 1, contention: 0, crosstalk: 0 });
  for (const ratio of [4, 10, 40]) assert.ok(knee(ratio, 1) > ratio && knee(ratio, 1) < ratio * 1.5 + 1);
  assert.equal(knee(1, 0), 256);
  assert.equal(kneeOf({ worker: 10, main: 0, writer: 0, objects: 1, contention: 10, crosstalk: 0 }), 1);
});

test("crosstalk brings the knee nearer", () => {
  fc.assert(
    fc.property(laws, (any) => {
      // Of several objects the threads that write come in steps, and slower workers are served longer by those of one step.
      const law = { ...any, objects: 1 };
      assert.ok(kneeOf(law) <= kneeOf({ ...law, crosstalk: 0 }));
    }),
    { numRuns: 300 },
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

test("more objects have more threads that write, until the main thread is the limit", () => {
  const law = { worker: 10, main: 0.1, writer: 1, objects: 1, contention: 0, crosstalk: 0 };
  const most = (objects: number) => rateOf({ ...law, objects }, 256);
  close(most(1), 1, 1e-3);
  close(most(3), 3, 1e-3);
  close(most(100), 10, 0.05);
  // Four workers have one such thread, however many objects there are.
  assert.equal(rateOf({ ...law, objects: 9 }, 4), rateOf(law, 4));
});
