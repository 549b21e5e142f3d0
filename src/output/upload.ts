import { badInput } from "../errors.ts";
import type { ObjectPlan } from "../input/plan.ts";
import { displayUri } from "../store/uri.ts";
import { emptyStream } from "../worker/compress.ts";
import type { EncodedBatch, LeafCounts } from "../worker/messages.ts";
import type { OutputWriter } from "./writers.ts";

/** An output object as it was written. */
export interface Written {
  readonly rows: number;
  readonly bytes: number;
  /** Bytes of the JSON lines before compression. */
  readonly jsonBytes: number;
  readonly sha256: string;
  /** Per leaf, in the order of the plan. */
  readonly leaves: readonly LeafCounts[];
}

/** Told of every batch that was written. Its chunks are elsewhere by then: `bytes` is what they took. */
export type OnBatch = (object: ObjectPlan, batch: EncodedBatch, bytes: number, waitedMs: number) => void;

/**
 * Writes an object's batches in order, waiting for the store as long as it needs, and checks that every planned row
 * came. The object becomes visible only after that; after any failure nothing of it is left.
 */
export async function uploadObject(
  object: ObjectPlan,
  batches: AsyncIterable<EncodedBatch>,
  writer: OutputWriter,
  onBatch: OnBatch,
): Promise<Written> {
  const leaves = object.leaves.map(noCounts);
  let rows = 0;
  let bytes = 0;
  let jsonBytes = 0;
  const send = async (chunk: Uint8Array<ArrayBuffer>) => {
    bytes += chunk.length;
    await writer.write(chunk);
  };
  try {
    for await (const batch of batches) {
      const started = performance.now();
      const before = bytes;
      for (const chunk of batch.chunks) await send(chunk);
      rows += batch.rows;
      jsonBytes += batch.jsonBytes;
      for (const [index, counts] of batch.leaves.entries()) addCounts(leaves[index]!, counts);
      onBatch(object, batch, bytes - before, performance.now() - started);
    }
    if (rows !== object.input.rows) {
      const name = displayUri(object.input.object.uri);
      throw badInput(`reading ${name}: ${object.input.rows} rows were planned, ${rows} came`, { stage: "verify" });
    }
    // Its memory may be shared, and is taken over.
    if (bytes === 0) await send(Uint8Array.from(emptyStream(object.spec.compression)));
    const { sha256 } = await writer.finish();
    return { rows, bytes, jsonBytes, sha256, leaves };
  } catch (error) {
    // What went wrong is told, not what went wrong because of it.
    await writer.abort().catch(() => {});
    throw error;
  }
}

export function noCounts(): LeafCounts {
  return { values: 0, nulls: 0, masked: 0, invalidUtf8: 0, nonFinite: 0, hits: {} };
}

export function addCounts(sum: LeafCounts, more: LeafCounts): void {
  sum.values += more.values;
  sum.nulls += more.nulls;
  sum.masked += more.masked;
  sum.invalidUtf8 += more.invalidUtf8;
  sum.nonFinite += more.nonFinite;
  for (const [detector, hits] of Object.entries(more.hits)) sum.hits[detector] = (sum.hits[detector] ?? 0) + hits;
}
