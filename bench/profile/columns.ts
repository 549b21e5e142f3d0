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
import { median } from "../measure.ts";

/** What a column takes of a worker's time. */
interface ColumnCost {
  readonly column: string;
  readonly type: string;
  /** Masks of its leaves. */
  readonly mask: string;
  /** Nanoseconds a row: the median of the batches, so that a batch that waited for a core does not count. */
  readonly masking: number;
  readonly encoding: number;
}

interface Costs {
  readonly columns: readonly ColumnCost[];
  /** Of all columns, nanoseconds a row: the median of the row groups. */
  readonly decoding: number;
}

/**
 * Masks and encodes a file column by column in this thread, each alone, which samples of stacks cannot tell apart.
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
  const { environment, verify } = loaded.config;
  const setup = { environment, key: Buffer.from(key), verify };
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
    masking: [] as number[],
    encoding: [] as number[],
  }));
  const kernels = loadKernels();
  const store = openStore(input.object.uri, stores);
  const decoding: number[] = [];
  for (const part of parts) {
    const { source } = await readPart(object!, part, Number.MAX_SAFE_INTEGER, store, signal);
    if (source.format !== "parquet") throw new TypeError("profiling columns: not a Parquet file");
    let decoded = 0;
    let since = performance.now();
    for await (const { rows, columns: batch } of decodeParquet(source, spec.fields, kernels)) {
      decoded += performance.now() - since;
      for (const [index, { masker, masking, encoding }] of columns.entries()) {
        const before = kernels.memory.mark();
        const started = performance.now();
        const { batch: masked, leaves } = masker.apply({ rows, columns: [batch[index]!] }, kernels);
        const maskedAt = performance.now();
        encodeBatch(masked, { ...spec, compression: "none" }, leaves, kernels);
        masking.push(((maskedAt - started) / rows) * 1e6);
        encoding.push(((performance.now() - maskedAt) / rows) * 1e6);
        kernels.memory.release(before);
      }
      since = performance.now();
    }
    decoding.push((decoded / part.rows) * 1e6);
  }
  await store.close();
  return {
    columns: columns.map(({ column, type, mask, masking, encoding }) => {
      return { column, type, mask, masking: median(masking), encoding: median(encoding) };
    }),
    decoding: median(decoding),
  };
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
