import { mapAtOnce } from "./concurrency.ts";
import { usageError } from "./errors.ts";
import type { ObjectPlan } from "./input/plan.ts";
import { readPart } from "./input/read.ts";
import { readManifest, recordUri } from "./output/claim.ts";
import type { Manifest } from "./output/manifest.ts";
import { type Conclusion, LOOKING, RunProof, verificationError } from "./output/verify.ts";
import { WrittenLines } from "./output/written.ts";
import type { Prepared, Surroundings } from "./prepare.ts";
import { openStore, type Store } from "./store/store.ts";
import { displayUri, joinUri } from "./store/uri.ts";
import type { BatchProof, PackedBatch } from "./worker/messages.ts";

/** Told of the rows that were compared. */
export type OnCompared = (rows: number, bytes: number) => void;

/** What is still as it was committed. */
export interface Verified {
  readonly state: "verified";
  readonly runId: string;
  readonly manifest: string;
  readonly rows: number;
  readonly outputs: number;
  readonly verification: Conclusion["verification"];
}

/**
 * Reads what a run committed, and its inputs, once more: every row is compared, and nothing is masked or written.
 * @throws MasklineError (exit 4) when the output is not what the input became, or not what was committed
 */
export async function verify(prepared: Prepared, onCompared: OnCompared, { signal }: Surroundings): Promise<Verified> {
  const { plan, identity, output, stores, pool } = prepared;
  await using store = openStore(output, stores);
  const manifestUri = recordUri(output, identity.runId, "manifest.json");
  const manifest = await readManifest(store, output, identity.runId, signal);
  if (!manifest) {
    throw usageError(
      `verifying ${displayUri(output)}: these inputs, masked in this way with this key, are not committed there; run them ` +
        `first, or name what they were with --input and --output`,
      { stage: "verify" },
    );
  }
  const proof = new RunProof(1, LOOKING);
  const objects = plan.objects.filter(({ input }) => manifest.inputs.some(({ uri }) => uri === input.object.uri));
  const comparing = new Comparing(prepared, store, manifest, proof, onCompared, signal);
  await mapAtOnce(objects, pool.workers + 1, (object) => comparing.object(object));
  const { verification } = proof.conclude(objects);
  return {
    state: "verified",
    runId: identity.runId,
    manifest: manifestUri,
    rows: manifest.rows,
    outputs: objects.length,
    verification,
  };
}

/** The comparison of objects with what became of them. */
class Comparing {
  readonly #prepared: Prepared;
  readonly #store: Store;
  readonly #manifest: Manifest;
  readonly #proof: RunProof;
  readonly #onCompared: OnCompared;
  readonly #signal: AbortSignal;

  constructor(
    prepared: Prepared,
    store: Store,
    manifest: Manifest,
    proof: RunProof,
    onCompared: OnCompared,
    signal: AbortSignal,
  ) {
    this.#prepared = prepared;
    this.#store = store;
    this.#manifest = manifest;
    this.#proof = proof;
    this.#onCompared = onCompared;
    this.#signal = signal;
  }

  async object(object: ObjectPlan): Promise<void> {
    const uri = joinUri(this.#prepared.output, object.output);
    const said = this.#manifest.outputs.find((one) => one.uri === uri);
    const found = said && (await this.#store.head(uri, this.#signal));
    if (!found) throw changed(uri, said ? "it is gone" : "the manifest does not name it");
    if (found.size !== said.bytes) throw changed(uri, `it has ${found.size} bytes, ${said.bytes} were committed`);
    const lines = new WrittenLines(found, object.spec.compression, this.#store, this.#signal);
    await this.#rows(object, lines);
    const { bytesLeft, sha256 } = await lines.finish();
    if (lines.damage !== undefined) throw changed(uri, `it cannot be decompressed (${lines.damage})`);
    if (bytesLeft) throw changed(uri, "it has more rows than its input");
    if (sha256 !== said.sha256) throw changed(uri, "its SHA-256 is not that of what was committed");
  }

  /** Batches of the input beside as many lines of the output, some at once, in their order. */
  async #rows(object: ObjectPlan, lines: WrittenLines): Promise<void> {
    const { pool } = this.#prepared;
    const waiting: { readonly rows: number; readonly proof: Promise<BatchProof> }[] = [];
    const next = async () => {
      const { rows, proof } = waiting.shift()!;
      this.#proof.take(object, { rows, proof: await proof });
    };
    for await (const batch of this.#batches(object)) {
      const { bytes, lines: found } = await lines.take(batch.rows);
      if (found < batch.rows) {
        const uri = joinUri(this.#prepared.output, object.output);
        throw changed(
          uri,
          lines.damage ? `it cannot be decompressed (${lines.damage})` : "it has fewer rows than its input",
        );
      }
      this.#onCompared(batch.rows, bytes.length);
      const { rows } = batch;
      const proof = pool.prove(batch, bytes, object.spec);
      proof.catch(() => {});
      waiting.push({ rows, proof });
      if (waiting.length > pool.workers) await next();
    }
    while (waiting.length > 0) await next();
  }

  async *#batches(object: ObjectPlan): AsyncGenerator<PackedBatch> {
    const { pool, shares, stores } = this.#prepared;
    await using inputs = openStore(object.input.object.uri, stores);
    for (const part of object.parts) {
      this.#signal.throwIfAborted();
      const { source, supply } = await readPart(object, part, shares.decoderBytes, inputs, this.#signal);
      const session = pool.openPart(source, object.spec, 0, supply);
      try {
        for (;;) {
          const reply = await session.next(true);
          if (reply.type === "end") break;
          if (reply.type === "decoded") yield reply.batch;
        }
      } finally {
        session.close();
      }
    }
  }
}

function changed(uri: string, what: string): Error {
  return verificationError([{ path: displayUri(uri), kind: "object", what }], LOOKING);
}
