import assert from "node:assert/strict";
import { test } from "node:test";
import { delaysOf, type ThreadTimes } from "../../src/size/threads.ts";
import { Window } from "../../src/size/window.ts";

/** A process whose batches are of 10 rows, 100 bytes, one each tenth of a second. */
function process(workers: number, delays = { main: 0, workers: 0 }) {
  const state = { wall: 1, ended: 0 };
  const clocks = {
    times: () => ({ wall: state.wall, cpu: state.wall * 0.9, main: state.wall * 0.1 }),
    delays: () => ({ main: delays.main * state.wall, workers: delays.workers * state.wall }),
  };
  const window = new Window(workers, 10, clocks, () => state.ended++);
  const write = (waiting = 0) => {
    window.inFlight(waiting);
    window.written(10, 100);
    window.wrote(0.02);
    state.wall += 0.1;
  };
  return { state, window, write };
}

test("rates and times are those of the window, after the warm-up", () => {
  const { state, window, write } = process(1);
  while (state.ended === 0) write();
  const { rowsPerSecond, seconds, outputBytesPerRow, rowsPerBatch, ...perRow } = window.result();
  assert.ok(Math.abs(rowsPerSecond - 100) < 1e-6);
  assert.ok(Math.abs(seconds - 7) < 0.2);
  const { mainSecondsPerRow: main, writerSecondsPerRow: writer, workerSecondsPerRow: workers } = perRow;
  assert.ok([main - 0.001, writer - 0.002, workers - 0.006].every((off) => Math.abs(off) < 1e-9));
  assert.deepEqual([outputBytesPerRow, rowsPerBatch], [10, 10]);
});

test("what waits for its turn counts when it was done, not when it is written", () => {
  const { state, window, write } = process(1);
  // As much waits as is written, until it comes all at once.
  for (let batch = 1; batch <= 95; batch++) write(batch * 100);
  for (let left = 94; state.ended === 0; left--) write(left * 100);
  assert.ok(Math.abs(window.result().rowsPerSecond / 200 - 1) < 0.12);
});

test("the end is told once, and nothing counts after it", () => {
  const { state, window, write } = process(1);
  while (state.ended === 0) write();
  const before = window.result();
  for (let batch = 0; batch < 50; batch++) write();
  assert.deepEqual([window.result(), state.ended], [before, 1]);
});

test("before its end there is no result", () => {
  const { window, write } = process(1);
  write();
  assert.throws(() => window.result(), RangeError);
});

test("workers' waiting is lost, the main thread's only as far as workers stood idle", () => {
  const lost = (workers: number, delays: { main: number; workers: number }) => {
    const { state, window, write } = process(workers, delays);
    while (state.ended === 0) write();
    const { delaySecondsPerRow, rowsPerSecond } = window.result();
    return Number((delaySecondsPerRow * rowsPerSecond).toFixed(6));
  };
  assert.equal(lost(1, { main: 0, workers: 0.2 }), 0.2);
  // One worker is busy for 0.8 of the second.
  assert.equal(lost(1, { main: 0.5, workers: 0 }), 0.2);
  assert.equal(lost(4, { main: 0.5, workers: 0 }), 2);
});

test("the workers are the busiest threads beside the main one", () => {
  const threads: ThreadTimes[] = [
    { id: 1, cpu: 50, delay: 7 },
    { id: 2, cpu: 1, delay: 100 },
    { id: 3, cpu: 20, delay: 2 },
    { id: 4, cpu: 30, delay: 3 },
  ];
  assert.deepEqual(delaysOf(threads, 1, 2), { main: 7, workers: 5 });
  assert.deepEqual(delaysOf([], 1, 2), { main: 0, workers: 0 });
});
