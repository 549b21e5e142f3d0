import assert from "node:assert/strict";
import { test } from "node:test";
import { coresArgument, rowsArgument, secondsArgument } from "../../src/size/arguments.ts";
import { schedule, workerCounts } from "../../src/size/measure.ts";

test("rows are said as people say them", () => {
  assert.deepEqual(
    ["250000", "4,000,000", "1_000", "40M", "1.5G", "2k"].map(rowsArgument),
    [250_000, 4_000_000, 1000, 40_000_000, 1_500_000_000, 2000],
  );
});

for (const wrong of ["", "0", "-1", "x", "1,00", "4 M", "1e9", "99999999G"]) {
  test(`rows are not "${wrong}"`, () => {
    assert.throws(() => rowsArgument(wrong), { code: "ERR_USAGE", exit: 2, message: /^--rows .*a number of rows/ });
  });
}

test("times have a unit", () => {
  const window = secondsArgument("--window");
  assert.deepEqual(["4h", "30m", "1.5s", "500ms"].map(window), [14_400, 1800, 1.5, 0.5]);
  for (const wrong of ["4", "0h", "h", "-1h", "4 h"]) {
    assert.throws(() => window(wrong), { code: "ERR_USAGE", message: /^--window .*a duration/ });
  }
});

test("cores are whole", () => {
  assert.equal(coresArgument("16"), 16);
  for (const wrong of ["0", "1.5", "x", "2000"]) assert.throws(() => coresArgument(wrong), { code: "ERR_USAGE" });
});

test("workers are measured in powers of two, and as many as there are cores", () => {
  assert.deepEqual([1, 2, 4, 6, 64].map(workerCounts), [
    [1],
    [1, 2],
    [1, 2, 4],
    [1, 2, 4, 6],
    [1, 2, 4, 8, 16, 32, 64],
  ]);
});

test("more time is more turns, not longer ones", () => {
  assert.equal(schedule(10, 2).turns, 1);
  const long = schedule(120, 2);
  assert.ok(long.turns >= 6 && long.seconds <= 10);
  assert.ok(schedule(1, 7).seconds >= 2);
});
