import { availableParallelism } from "node:os";
import { readPart } from "../../src/input/read.ts";
import { loadKernels } from "../../src/kernels/load.ts";
import { leavesOf } from "../../src/policy/leaves.ts";
import { configure, type Prepared, prepare } from "../../src/prepare.ts";
import { openStore } from "../../src/store/store.ts";
import type { Field } from "../../src/types.ts";
import { encodeBatch } from "../../src/worker/encode.ts";
import { BatchMasker } from "../../src/worker/mask.ts";
import type { WorkerSetup } from "../../src/worker/messages.ts";
import { decodeParquet } from "../../src/worker/parquet.ts";

/** What a column takes of a worker's CPU time. */
export interface ColumnCost {
  readonly column: string;
  readonly type: string;
  /** Masks of its leaves. */
  readonly mask: string;
  readonly maskSeconds: number;
  readonly encodeSeconds: number;
}

interface Costs {
  readonly rows: number;
  readonly decodeSeconds: number;
  readonly columns: readonly ColumnCost[];
}

/**
 * Masks and encodes a file column by column in this thread, each alone, which samples of stacks cannot tell apart. The
 * first row group warms up and does not count.
 */
export async function columnCosts(configuration: string, input: string, key: string): Promise<Costs> {
  const surroundings = {
    env: { MASKLINE_KEY: key },
    directory: import.meta.dirname,
    version: "bench",
    cores: availableParallelism(),
    signal: new AbortController().signal,
  };
  const loaded = await configure(configuration, { input: [input] }, surroundings);
  const observer = { storeRetried: () => {}, workerRestarted: () => {} };
  await using prepared = await prepare(loaded, observer, surroundings);
  const setup = { environment: loaded.config.environment, key: Buffer.from(key) };
  return await timed(prepared, setup, surroundings.signal);
}

async function timed({ plan, stores }: Prepared, setup: WorkerSetup, signal: AbortSignal): Promise<Costs> {
  const [object] = plan.objects;
  const { spec, parts, input } = object!;
  const columns = columnsOf(spec.fields, spec.decisions).map(({ field, decisions }) => ({
    column: field.name,
    type: field.kind,
    mask: [...new Set(decisions.map(({ mask }) => mask))].join(", "),
    masker: new BatchMasker(decisions, setup),
    maskSeconds: 0,
    encodeSeconds: 0,
  }));
  const kernels = loadKernels();
  const store = openStore(input.object.uri, stores);
  let rows = 0;
  let decodeSeconds = 0;
  for (const part of parts) {
    const { source } = await readPart(object!, part, Number.MAX_SAFE_INTEGER, store, signal);
    if (source.format !== "parquet") throw new TypeError("profiling columns: not a Parquet file");
    const counts = parts.length === 1 || part !== parts[0];
    let decodingFrom = cpuSeconds();
    for await (const batch of decodeParquet(source, spec.fields, kernels)) {
      if (counts) decodeSeconds += cpuSeconds() - decodingFrom;
      for (const [index, one] of columns.entries()) {
        const before = kernels.memory.mark();
        const started = cpuSeconds();
        const { batch: masked, leaves } = one.masker.apply(
          { rows: batch.rows, columns: [batch.columns[index]!] },
          kernels,
        );
        const maskedAt = cpuSeconds();
        encodeBatch(masked, { ...spec, compression: "none" }, leaves, kernels);
        if (counts) {
          one.maskSeconds += maskedAt - started;
          one.encodeSeconds += cpuSeconds() - maskedAt;
        }
        kernels.memory.release(before);
      }
      if (counts) rows += batch.rows;
      decodingFrom = cpuSeconds();
    }
  }
  await store.close();
  return { rows, decodeSeconds, columns: columns.map(({ masker: _, ...cost }) => cost) };
}

/** Each top-level field with the decisions of its leaves. */
function columnsOf<Decision>(fields: readonly Field[], decisions: readonly Decision[]) {
  let leaf = 0;
  return fields.map((field) => {
    const from = leaf;
    leaf += leavesOf([field]).length;
    return { field, decisions: decisions.slice(from, leaf) };
  });
}

/** Of this thread: others that want the core do not count. */
function cpuSeconds(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1e6;
}
