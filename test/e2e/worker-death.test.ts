/**
 * A worker thread that dies under a part: the decoder is given bytes that trap it, once or for good, in the middle of
 * what it has to decode.
 */
import assert from "node:assert/strict";
import { after, before, describe, it, type TestContext } from "node:test";
import { pathToFileURL } from "node:url";
import type { Worker } from "node:worker_threads";
import { tableFromArrays } from "apache-arrow";
import { Compression } from "parquet-wasm";
import { inspect } from "../../src/input/inspect.ts";
import { makePlan, type ObjectPlan, type PartPlan } from "../../src/input/plan.ts";
import { readPart } from "../../src/input/read.ts";
import { Decider } from "../../src/policy/decide.ts";
import { openStore } from "../../src/store/store.ts";
import { Budget } from "../../src/worker/budget.ts";
import { type OpenSource, PartFlow } from "../../src/worker/flow.ts";
import type { EncodedBatch } from "../../src/worker/messages.ts";
import { WorkerPool } from "../../src/worker/pool.ts";
import { Rooms } from "../../src/worker/rooms.ts";
import { KEY, Workspace } from "../support/cli.ts";
import { parquetByWasm } from "../support/generate/writers.ts";

const ROWS = 8000;
const signal = new AbortController().signal;

let object: ObjectPlan;
let part: PartPlan;
let work: Workspace;
const cleaning: (() => unknown)[] = [];

function poolOf(workers: number): { pool: WorkerPool; deaths: () => number } {
  let deaths = 0;
  const setup = { environment: "e", key: Buffer.from(KEY), verify: 1 };
  const pool = new WorkerPool({ workers, setup, stallTimeout: 60_000, onWorkerDeath: () => deaths++ });
  return { pool, deaths: () => deaths };
}

before(async () => {
  work = await Workspace.make({ after: (clean: () => unknown) => cleaning.push(clean) } as Pick<TestContext, "after">);
  const rows = Array.from({ length: ROWS }, (_, index) => index);
  const table = tableFromArrays({
    id: Int32Array.from(rows),
    note: rows.map((index) => `call ${index} from +1415555${String(index % 10_000).padStart(4, "0")}, twice`),
  });
  const bytes = parquetByWasm(table, Compression.SNAPPY, (builder) =>
    builder.setDictionaryEnabled(false).setDataPageSizeLimit(4096).setWriteBatchSize(64),
  );
  const path = await work.write("calls.parquet", bytes);
  const { pool } = poolOf(1);
  const { inputs } = await inspect([pathToFileURL(path).href], "fail", pool, {}, signal);
  await pool.close();
  const policy = { rules: [], presets: [], unmatched: { sensitive: "drop", text: "scan", other: "keep" } } as const;
  [object] = makePlan(inputs, new Decider(policy), { compression: "none", quoteInt64: false }).objects as [ObjectPlan];
  const [whole] = object.parts;
  part = { ...whole!, rowGroup: { ...whole!.rowGroup!, batchRows: 256 } };
});
after(async () => {
  for (const clean of cleaning) await clean();
});

const open: OpenSource = () => readPart(object, part, 1e9, openStore(object.input.object.uri), signal);

/** The part's bytes with damage that traps the decoder. */
const trapping: OpenSource = async () => {
  const opened = await open();
  if (opened.source.format === "parquet") opened.source.pieces[0]!.bytes.fill(0xff, 34_000, 34_004);
  return opened;
};

/** Threads as they are started, newest last. */
const threads: Worker[] = [];
process.on("worker", (worker) => threads.push(worker));

async function text(batches: AsyncIterable<EncodedBatch>, onBatch: (count: number) => unknown = () => {}) {
  const pieces: Buffer[] = [];
  let count = 0;
  for await (const { chunks } of batches) {
    pieces.push(...chunks.map((chunk) => Buffer.from(chunk)));
    await onBatch(++count);
  }
  return Buffer.concat(pieces).toString();
}

function flowOf(pool: WorkerPool, source: OpenSource, budget: number): PartFlow {
  const flow = new PartFlow(
    "calls.parquet, row group 0",
    source,
    object.spec,
    pool,
    new Budget(budget),
    new Rooms(new Budget(0)),
  );
  flow.start();
  return flow;
}

/** Takes one batch at a time: the decoder waits, so that it is killed in the middle. */
const TIGHT = 1;
const AMPLE = 1 << 30;

describe("a worker that dies", () => {
  let expected: string;
  before(async () => {
    const { pool, deaths } = poolOf(1);
    expected = await text(flowOf(pool, open, AMPLE).batches());
    await pool.close();
    assert.equal(deaths(), 0);
    assert.equal(expected.split("\n").length, ROWS + 1);
    assert.equal(expected.split("\n")[1234], '{"id":1234,"note":"call 1234 from [PHONE], twice"}');
  });

  it("costs one more try from the first batch that was not delivered", async () => {
    const { pool, deaths } = poolOf(1);
    const counts: number[] = [];
    const kill = async (count: number) => {
      counts.push(count);
      if (count === 5) await threads.at(-1)!.terminate();
    };
    assert.equal(await text(flowOf(pool, open, TIGHT).batches(), kill), expected);
    await pool.close();
    assert.equal(deaths(), 1);
    assert.equal(counts.length, Math.ceil(ROWS / 256));
  });

  it("as often as there is progress in between", async () => {
    const { pool, deaths } = poolOf(1);
    // Of the two that were asked for, one may have come before the death: the third is the next thread's.
    const kill = (count: number) => (count % 3 === 1 && count <= 10 ? threads.at(-1)!.terminate() : undefined);
    assert.equal(await text(flowOf(pool, open, TIGHT).batches(), kill), expected);
    await pool.close();
    assert.equal(deaths(), 4);
  });

  it("by the decoder's trap, tries again with the bytes read anew", async () => {
    const { pool, deaths } = poolOf(2);
    let opened = 0;
    const once: OpenSource = () => (++opened === 1 ? trapping() : open());
    assert.equal(await text(flowOf(pool, once, AMPLE).batches()), expected);
    await pool.close();
    assert.deepEqual([deaths(), opened], [1, 2]);
  });

  it("twice at the same place, is the input's fault", async () => {
    const { pool, deaths } = poolOf(2);
    await assert.rejects(text(flowOf(pool, trapping, AMPLE).batches()), {
      code: "ERR_BAD_INPUT",
      exit: 5,
      message: /^decoding calls\.parquet, row group 0: the decoder ended its thread twice at the same place/,
    });
    assert.equal(deaths(), 2);
    // The pool goes on.
    assert.equal(await text(flowOf(pool, open, AMPLE).batches()), expected);
    await pool.close();
  });

  it("does not take other parts with it, whatever they had handed on to it", async () => {
    const { pool, deaths } = poolOf(3);
    const budget = new Budget(400_000);
    const flows = [0, 1, 2, 3].map(
      (index) =>
        new PartFlow(`part ${index}`, index === 2 ? trapping : open, object.spec, pool, budget, new Rooms(budget)),
    );
    flows[0]!.start();
    flows[1]!.start();
    let killed = 0;
    const kill = async (count: number) => {
      if (count % 6 !== 0 || killed >= 4) return;
      killed++;
      await threads.at(-1 - (killed % 3))!.terminate();
    };
    assert.equal(await text(flows[0]!.batches(), kill), expected);
    flows[2]!.start();
    assert.equal(await text(flows[1]!.batches()), expected);
    flows[3]!.start();
    await assert.rejects(text(flows[2]!.batches()), { code: "ERR_BAD_INPUT" });
    assert.equal(await text(flows[3]!.batches()), expected);
    await pool.close();
    assert.ok(deaths() >= 2);
  });
});
