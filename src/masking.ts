import { mapAtOnce } from "./concurrency.ts";
import { type CopyObserver, copyObjects, type OpenOutput } from "./copy.ts";
import { gate } from "./drift.ts";
import { badInput } from "./errors.ts";
import type { ImportResult } from "./genesys/types.ts";
import type { Quarantined } from "./input/inspect.ts";
import type { ObjectPlan } from "./input/plan.ts";
import { makeRunReport, runReportFiles } from "./observe/run-report.ts";
import { PaceRecorder } from "./observe/run-report-pace.ts";
import { claimOutputs, commit, recordUri } from "./output/claim.ts";
import { type Manifest, makeManifest } from "./output/manifest.ts";
import type { Written } from "./output/upload.ts";
import { COMMITTING, RunProof } from "./output/verify.ts";
import type { Prepared, Surroundings } from "./prepare.ts";
import { openStore, type Store } from "./store/store.ts";
import { joinUri } from "./store/uri.ts";

export interface MaskingOptions {
  /** Everything but writing. */
  readonly dryRun: boolean;
  /** May overwrite objects that another run wrote. */
  readonly replace: boolean;
}

/** Told of the steps. */
export interface MaskingObserver extends CopyObserver {
  planned(prepared: Prepared): void;
  committing(): void;
  /** An input turned out unreadable on the way. */
  leftOut(input: Quarantined): void;
}

/** What is committed, and where. */
export interface Committed {
  readonly state: "committed";
  readonly manifest: Manifest;
  readonly manifestUri: string;
  /** The complete output prefix. */
  readonly output: string;
  /** It was committed before. */
  readonly again: boolean;
  /** URI of the transfer's journal, where it is part of one. */
  readonly journal?: string;
  /** What the target says of it, where it was imported. */
  readonly imported?: ImportResult;
}

/** How it ended. */
export type Masked = Committed | { readonly state: "dry-run"; readonly manifest: Manifest; readonly output: string };

/** From a plan to a committed manifest: drift gate → read, mask, encode, upload → verify → commit. */
export async function maskAndCommit(
  prepared: Prepared,
  options: MaskingOptions,
  observer: MaskingObserver,
  { version, signal }: Pick<Surroundings, "version" | "signal">,
): Promise<Masked> {
  const startedAt = new Date();
  const { plan, identity, output, stores, writers, config } = prepared;
  observer.planned(prepared);
  gate(prepared);
  requireSome(plan.objects, prepared.quarantined);
  const uris = plan.objects.map((object) => joinUri(output, object.output));
  await using store = openStore(output, stores);
  const proof = new RunProof(config.verify, COMMITTING);

  const manifestOf = (
    written: readonly Written[],
    kept: Prepared,
    outputs: readonly string[],
    bad: readonly Quarantined[],
  ) => {
    const conclusion = proof.conclude(kept.plan.objects);
    const { plan } = kept;
    return makeManifest({ identity, version, plan, outputs, written, quarantined: bad, conclusion, startedAt });
  };

  if (options.dryRun) {
    const discard: OpenOutput = (_, taken) => writers.open(undefined, taken, signal);
    const copied = await copyObjects(prepared, discard, observer, proof, signal);
    const { written, kept, outputs, bad } = split(prepared, uris, copied);
    return { state: "dry-run", manifest: manifestOf(written, kept, outputs, bad), output };
  }

  const claim = await claimOutputs(store, output, identity, uris, options.replace, signal);
  if (claim.state === "committed") {
    const manifestUri = recordUri(output, identity.runId, "manifest.json");
    return { state: "committed", manifest: claim.manifest, manifestUri, output, again: true };
  }
  const finished: string[] = [];
  const open: OpenOutput = (object, taken) => {
    const uri = joinUri(output, object.output);
    const metadata = { "maskline-run": identity.runId };
    const { expectedBytes } = object;
    const options = { expectedBytes, replace: claim.replace, memory: prepared.shares.writerBytes, metadata };
    const writer = writers.open({ uri, options }, taken, signal);
    const finish = async () => {
      const landed = await writer.finish();
      finished.push(uri);
      return landed;
    };
    return { write: (chunk) => writer.write(chunk), finish, abort: () => writer.abort() };
  };
  const recorder = new PaceRecorder();
  const manifest = await copyObjects(prepared, open, paced(observer, recorder), proof, signal)
    .then((copied) => {
      observer.committing();
      // Its end is waited for with that of all: nothing is left to mask.
      prepared.pool.close().catch(() => {});
      const { written, kept, outputs, bad } = split(prepared, uris, copied);
      for (const one of bad.slice(prepared.quarantined.length)) observer.leftOut(one);
      requireSome(written, bad);
      return manifestOf(written, kept, outputs, bad);
    })
    .catch(async (error: unknown) => {
      await takeBack(store, finished);
      throw error;
    });
  const report = makeRunReport({ manifest, plan, warnings: prepared.warnings, pace: recorder.pace() });
  const manifestUri = await commit(store, output, manifest, runReportFiles(report), signal);
  return { state: "committed", manifest, manifestUri, output, again: false };
}

/** Tells the recorder, too, of what is written. */
function paced(observer: CopyObserver, recorder: PaceRecorder): CopyObserver {
  return {
    ...observer,
    batchWritten: (object, batch, bytes, waitedMs) => {
      recorder.add(batch.rows, bytes);
      observer.batchWritten(object, batch, bytes, waitedMs);
    },
  };
}

/** Skipping what is bad must leave something: a run of nothing is no success. */
function requireSome(good: readonly unknown[], bad: readonly Quarantined[]): void {
  if (good.length > 0 || bad.length === 0) return;
  const reasons = bad.map(({ reason }) => `  ${reason}`).join("\n");
  throw badInput(`reading the inputs: not one of ${bad.length} can be read; nothing was committed\n${reasons}`);
}

/** Milliseconds for the removal of what a failed run had finished. */
const CLEANUP_TIMEOUT = 30_000;

/** Removes the objects that a run finished before it failed: without a manifest they would only be in the way. */
async function takeBack(store: Store, finished: readonly string[]): Promise<void> {
  // The run's own signal may be what ended it. What cannot be removed is told by the claim, and overwritten next time.
  const signal = AbortSignal.timeout(CLEANUP_TIMEOUT);
  await mapAtOnce(finished, CLEANUPS_AT_ONCE, (uri) => store.remove(uri, signal)).catch(() => {});
}

const CLEANUPS_AT_ONCE = 8;

/** What was written, and what turned out unreadable on the way and was left out. */
function split(prepared: Prepared, uris: readonly string[], copied: readonly (Written | Quarantined)[]) {
  const isWritten = (one: Written | Quarantined): one is Written => "sha256" in one;
  const keep = <T>(items: readonly T[]) => items.filter((_, index) => isWritten(copied[index]!));
  return {
    written: copied.filter(isWritten),
    outputs: keep(uris),
    kept: { ...prepared, plan: { ...prepared.plan, objects: keep<ObjectPlan>(prepared.plan.objects) } },
    bad: [...prepared.quarantined, ...copied.filter((one): one is Quarantined => !isWritten(one))],
  };
}
