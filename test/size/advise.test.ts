import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { sharesOf, workerCount } from "../../src/input/resources.ts";
import { advise, type Findings, MARGIN, memoryFor, type Planned } from "../../src/size/advise.ts";
import { rateOf } from "../../src/size/model.ts";

const MIB = 1024 * 1024;

/** A plan as far as memory goes: one object with a row group of so many bytes. */
function planWith(uncompressed: number, output = "file:///out/"): Planned {
  const rowGroup = { range: { start: 0, end: 1 }, uncompressed, batchRows: 1, dictionaries: [] };
  const input = { object: { uri: "/a.parquet" } };
  const object = { input, expectedBytes: 1e9, parts: [{ index: 0, rows: 1, bytes: 1, rowGroup }] };
  return { plan: { objects: [object], rows: 1 }, output } as unknown as Planned;
}

const plan = planWith(64 * MIB);

/** 100,000 rows/s alone, a million rows/s at most. */
const findings: Findings = {
  scaling: { worker: 9e-6, main: 1e-7, writer: 1e-6, objects: 1, contention: 0, crosstalk: 0 },
  memory: { base: 150 * MIB, perWorker: 100 * MIB },
  inputBytesPerRow: 60,
  outputBytesPerRow: 500,
  startSeconds: 1,
};

const load = { rows: 1e9, windowSeconds: 3601, cores: undefined };

test("a load that one process does is one process's, with no more workers than it needs", () => {
  const { shards, workers, neededRowsPerSecond, seconds, writeBytesPerSecond } = advise(load, findings, plan);
  assert.equal(shards, 1);
  assert.equal(Math.round(neededRowsPerSecond), Math.round(1e9 / 3600));
  assert.ok(rateOf(findings.scaling, workers) >= neededRowsPerSecond * MARGIN);
  assert.ok(rateOf(findings.scaling, workers - 1) < neededRowsPerSecond * MARGIN);
  assert.ok(seconds < 3601 / 1.2);
  assert.equal(writeBytesPerSecond, rateOf(findings.scaling, workers) * 500);
});

test("a load beyond the knee is shared by several processes", () => {
  const { shards, workers } = advise({ ...load, rows: 1e10 }, findings, plan);
  assert.ok(shards > 1 && workers <= 12);
});

test("processes share out the objects, and each is reckoned with its own", () => {
  const objects = fc.integer({ min: 1, max: 200 });
  const rows = fc.integer({ min: 1e6, max: 1e12 });
  fc.assert(
    fc.property(objects, rows, fc.integer({ min: 2, max: 64 }), (many, some, cores) => {
      const scaling = { ...findings.scaling, objects: many };
      const wanted = { rows: some, windowSeconds: 3601, cores };
      const { shards, workers, cpu } = advise(wanted, { ...findings, scaling }, plan);
      const own = { ...scaling, objects: Math.max(1, Math.floor(many / shards)) };
      assert.ok(shards * rateOf(own, workers) * 1.000001 >= (some / 3600) * MARGIN);
      assert.ok(cpu <= cores);
    }),
  );
  const advised = (many: number) =>
    advise({ ...load, rows: 7e9 }, { ...findings, scaling: { ...findings.scaling, objects: many } }, plan).shards;
  // Of two objects in three processes each has one, as if there were but one for each.
  assert.deepEqual([advised(1), advised(2), advised(100)], [3, 3, 1]);
});

test("a process gets no more than the cores that there are, the main thread's share among them", () => {
  const { shards, cpu } = advise({ ...load, cores: 4 }, findings, plan);
  assert.ok(shards > 1 && cpu <= 4);
});

test("whatever the load, it is done within the window with the margin", () => {
  const rows = fc.integer({ min: 1, max: 1e12 });
  const windows = fc.integer({ min: 2, max: 1e6 });
  const cores = fc.option(fc.integer({ min: 1, max: 128 }), { nil: undefined });
  fc.assert(
    fc.property(rows, windows, cores, (some, windowSeconds, most) => {
      const { seconds } = advise({ rows: some, windowSeconds, cores: most }, findings, plan);
      assert.ok((seconds - 1) * MARGIN <= (windowSeconds - 1) * 1.000001);
    }),
  );
});

test("a window that ends before the start is no window", () => {
  assert.throws(() => advise({ ...load, windowSeconds: 1 }, findings, plan), RangeError);
});

test("memory lets every worker decode, and the container has more than the plan reckons with", () => {
  const large = planWith(512 * MIB);
  const memory = memoryFor(large, 4);
  const decoders = (bytes: number) => sharesOf(large.plan, large.output, 4, bytes).decoders;
  assert.equal(decoders(memory), 4);
  assert.ok(decoders(memory - 256 * MIB) < 4);
  assert.equal(workerCount("auto", 8, memoryFor(planWith(MIB), 8)), 8);
  const { memoryLimitBytes, runtimeMemoryBytes } = advise(load, findings, plan);
  assert.ok(memoryLimitBytes >= runtimeMemoryBytes * 1.25);
});
