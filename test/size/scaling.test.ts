/** The simulation behind docs/scaling.md, and the page itself. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { type Service, type Setting, simulate } from "../../bench/scaling/simulation.ts";
import { type Measured, withTables } from "../../bench/scaling-model.ts";

const ROOT = join(import.meta.dirname, "../..");

const service: Service = { rows: 4000, worker: 0.016, main: 0.0002, writer: 0.0024, outputBytes: 2.6e6 };
const setting: Setting = {
  processes: 1,
  workers: 1,
  writers: 1,
  memoryRate: 1e12,
  sinkRate: 1e12,
  waitingBytes: 2 ** 27,
};

const isAbout = (actual: number, expected: number, tolerance: number) =>
  assert.ok(Math.abs(actual / expected - 1) < tolerance, `${actual} is not about ${expected}`);

test("the page's tables are those of the measurement (node bench/scaling-model.ts)", () => {
  const measured = JSON.parse(readFileSync(join(ROOT, "bench/results/size-model.json"), "utf8")) as Measured;
  const page = readFileSync(join(ROOT, "docs/scaling.md"), "utf8");
  assert.equal(withTables(page, measured), page);
});

test("one worker is as fast as a batch and its answer let it be", () => {
  isAbout(simulate(service, setting).rowsPerSecond, 4000 / (0.016 + 0.0002), 0.05);
});

test("many workers are as fast as what writes lets them be, several writers up to the main thread", () => {
  isAbout(simulate(service, { ...setting, workers: 32 }).rowsPerSecond, 4000 / 0.0024, 0.01);
  isAbout(simulate(service, { ...setting, workers: 32, processes: 3 }).rowsPerSecond, (3 * 4000) / 0.0024, 0.01);
  isAbout(simulate(service, { ...setting, workers: 32, writers: 3 }).rowsPerSecond, (3 * 4000) / 0.0024, 0.05);
  const { rowsPerSecond, mainBusy } = simulate(service, { ...setting, workers: 128, writers: 32 });
  isAbout(rowsPerSecond, 4000 / 0.0002, 0.01);
  isAbout(mainBusy, 1, 0.01);
});

test("a slow sink holds everything to its rate", () => {
  const { rowsPerSecond, sinkBusy } = simulate(service, { ...setting, workers: 8, processes: 4, sinkRate: 1e8 });
  isAbout(rowsPerSecond, (1e8 / 2.6e6) * 4000, 0.02);
  isAbout(sinkBusy, 1, 0.01);
});

test("too little memory bandwidth makes batches longer", () => {
  const { slowed, rowsPerSecond } = simulate(service, { ...setting, workers: 4, processes: 4, memoryRate: 5e9 });
  assert.ok(slowed > 2);
  assert.ok(rowsPerSecond * (2.6e6 / 4000) * 8 <= 5e9 * 1.1);
});

test("no resource gives more than it has, and the same seed gives the same", () => {
  const settings = fc.record({
    processes: fc.integer({ min: 1, max: 4 }),
    workers: fc.integer({ min: 1, max: 12 }),
    writers: fc.integer({ min: 1, max: 4 }),
    memoryRate: fc.double({ min: 1e9, max: 1e12, noNaN: true }),
    sinkRate: fc.double({ min: 1e7, max: 1e11, noNaN: true }),
    waitingBytes: fc.integer({ min: 1, max: 2 ** 28 }),
  });
  fc.assert(
    fc.property(settings, fc.integer(), (some, seed) => {
      const { rowsPerSecond } = simulate(service, some, seed);
      const most = [
        (some.processes * some.workers * 4000) / 0.016,
        (some.processes * some.writers * 4000) / 0.0024,
        (some.processes * 4000) / 0.0002,
        (some.sinkRate / 2.6e6) * 4000,
      ];
      assert.ok(rowsPerSecond <= Math.min(...most) * 1.1 + 4000);
      assert.equal(simulate(service, some, seed).rowsPerSecond, rowsPerSecond);
    }),
    { numRuns: 25 },
  );
});
