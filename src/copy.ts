import { inTurn, mapAtOnce, Semaphore } from "./concurrency.ts";
import { isBadInput, type Quarantined } from "./input/inspect.ts";
import type { ObjectPlan, PartPlan } from "./input/plan.ts";
import { readPart } from "./input/read.ts";
import { objectsAtOnce, waitingBudget, writerCount } from "./input/resources.ts";
import { type OnBatch, uploadObject, type Written } from "./output/upload.ts";
import type { RunProof } from "./output/verify.ts";
import type { OutputWriter, Taken } from "./output/writers.ts";
import type { Prepared } from "./prepare.ts";
import { openStore, type Store } from "./store/store.ts";
import { displayUri } from "./store/uri.ts";
import { Budget } from "./worker/budget.ts";
import { PartFlow } from "./worker/flow.ts";
import type { EncodedBatch } from "./worker/messages.ts";
import { Rooms } from "./worker/rooms.ts";

/** Told of what is copied. */
export interface CopyObserver {
  partRead(bytes: number): void;
  partWritten(): void;
  batchWritten: OnBatch;
  /** Digest and hand-over to the store took so much CPU time. */
  chunkWritten(cpuSeconds: number): void;
  inFlight(bytes: number): void;
}

/** Opens the output object of a plan's object. */
export type OpenOutput = (object: ObjectPlan, taken: Taken) => OutputWriter;

/** An object's outcome: written, or unreadable and left out. */
export type Copied = Written | Quarantined;

/**
 * Read, mask and write all objects of a plan. Parts start in the plan's order, those of as many objects in turn as threads
 * write, as decoders become free, and run ahead of the writers within a budget of bytes; each object's batches are written
 * in order.
 * @param proof looks at every batch, and refuses those that are not as they should be
 */
export async function copyObjects(
  { plan, pool, shares, config, stores }: Prepared,
  open: OpenOutput,
  observer: CopyObserver,
  proof: RunProof,
  signal: AbortSignal,
): Promise<Copied[]> {
  const budget = new Budget(waitingBudget(config.runtime.memory));
  const rooms = new Rooms(budget);
  const inputs = new Map<string, Store>();
  const storeOf = ({ input: { object } }: ObjectPlan) => {
    const scheme = object.uri.split(":", 1)[0]!;
    const store = inputs.get(scheme) ?? openStore(object.uri, stores);
    inputs.set(scheme, store);
    return store;
  };
  const read = async (object: ObjectPlan, part: PartPlan) => {
    const opened = await readPart(object, part, shares.decoderBytes, storeOf(object), signal);
    observer.partRead(part.bytes);
    return opened;
  };
  const flows = plan.objects.map((object) =>
    object.parts.map(
      (part) => new PartFlow(nameOf(object, part), () => read(object, part), object.spec, pool, budget, rooms),
    ),
  );
  const stop = new AbortController();
  const all = flows.flat();
  const cancelAll = () => {
    stop.abort();
    for (const flow of all) flow.cancel();
  };
  signal.addEventListener("abort", cancelAll, { once: true });
  // Each thread that writes has work when workers spread over its objects; in the plan's order one large object has all of them.
  const atOnce = writerCount(plan.objects.length, pool.workers);
  const starting = startInOrder(inTurn(flows, atOnce), shares.decoders, stop.signal);
  try {
    return await mapAtOnce(plan.objects, objectsAtOnce(pool.workers), async (object, index): Promise<Copied> => {
      const own = flows[index]!;
      try {
        signal.throwIfAborted();
        const written = await uploadObject(
          object,
          inOrder(own, observer),
          open(object, (room, cpuSeconds) => {
            rooms.give(room);
            observer.chunkWritten(cpuSeconds);
          }),
          (of, batch, bytes, waited) => {
            proof.take(of, batch);
            observer.inFlight(budget.used);
            observer.batchWritten(of, batch, bytes, waited);
          },
        );
        return written;
      } catch (error) {
        for (const flow of own) flow.cancel();
        signal.throwIfAborted();
        if (config.runtime.onBadInput === "fail" || !isBadInput(error)) {
          cancelAll();
          throw error;
        }
        return { object: object.input.object, reason: (error as Error).message };
      }
    });
  } finally {
    signal.removeEventListener("abort", cancelAll);
    cancelAll();
    await starting;
    observer.inFlight(budget.used);
    for (const store of inputs.values()) await store.close();
  }
}

/** Starts the parts one after the other, each once a decoder is free; the next one's bytes are read meanwhile. */
async function startInOrder(flows: Iterable<PartFlow>, decoders: number, stop: AbortSignal): Promise<void> {
  const free = new Semaphore(decoders);
  for (const flow of flows) {
    if (stop.aborted) return;
    flow.prefetch();
    await free.acquire();
    if (stop.aborted) return;
    flow.start();
    void flow.decoded.then(() => free.release());
  }
}

async function* inOrder(flows: readonly PartFlow[], observer: CopyObserver): AsyncGenerator<EncodedBatch> {
  for (const flow of flows) {
    yield* flow.batches();
    observer.partWritten();
  }
}

function nameOf({ input }: ObjectPlan, part: PartPlan): string {
  const name = displayUri(input.object.uri);
  return part.rowGroup ? `${name}, row group ${part.index}` : name;
}
