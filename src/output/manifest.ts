import { createHmac, hash } from "node:crypto";
import type { Config } from "../config/schema.ts";
import type { Quarantined } from "../input/inspect.ts";
import type { Plan } from "../input/plan.ts";
import type { Key, Keys } from "../keys/load.ts";
import type { Warning } from "../types.ts";
import type { LeafCounts } from "../worker/messages.ts";
import { addCounts, noCounts, type Written } from "./upload.ts";
import type { Verification } from "./verify.ts";

/** What identifies a run: a retry of the same work has the same, and finds its own. */
export interface RunIdentity {
  readonly runId: string;
  readonly policyDigest: string;
  readonly keyFingerprint: string;
  /** The key's name, where it has one; it decides nothing. */
  readonly keyId?: string;
  /** While keys are changed: of the key whose tokens stand beside the new ones. */
  readonly previousKeyFingerprint?: string;
  readonly previousKeyId?: string;
  readonly environment: string;
}

/** A column of the manifest: what was decided and what happened. */
export interface ColumnReport extends LeafCounts {
  readonly path: string;
  readonly mask: string;
  readonly rule: string;
}

/** The record of a committed run; data without one is not there. Holds no value of any record. */
export interface Manifest extends RunIdentity {
  readonly version: 1;
  readonly maskline: string;
  readonly state: "committed";
  readonly schemaFingerprint: string;
  readonly inputs: readonly { uri: string; etag: string; bytes: number; rows: number }[];
  readonly outputs: readonly { uri: string; input: string; rows: number; bytes: number; sha256: string }[];
  readonly quarantined: readonly { uri: string; reason: string }[];
  readonly rows: number;
  readonly columns: readonly ColumnReport[];
  readonly unusedRules: readonly string[];
  readonly warnings: readonly Warning[];
  readonly verification: Verification;
  readonly startedAt: string;
  readonly finishedAt: string;
}

/** Derives a run's identity from everything that decides its output bytes. */
export function identify(
  config: Config,
  { key, previous }: Keys,
  inputs: readonly { uri: string; etag: string }[],
  maskline: string,
): RunIdentity {
  const { policy, compression, int64, environment } = config;
  const policyDigest = hash("sha256", JSON.stringify({ policy, compression, int64 }));
  const keyFingerprint = fingerprint(key);
  const previousKeyFingerprint = previous && fingerprint(previous);
  const content = {
    inputs: inputs.map(({ uri, etag }) => [uri, etag]),
    policyDigest,
    keyFingerprint,
    environment,
    maskline,
    ...(previous && { previousKeyFingerprint, suffix: previous.suffix }),
  };
  const runId = hash("sha256", JSON.stringify(content)).slice(0, 16);
  return {
    ...{ runId, policyDigest, keyFingerprint, environment },
    ...(key.id !== undefined && { keyId: key.id }),
    ...(previousKeyFingerprint !== undefined && { previousKeyFingerprint }),
    ...(previous?.id !== undefined && { previousKeyId: previous.id }),
  };
}

function fingerprint({ bytes }: Key): string {
  return createHmac("sha256", bytes).update("maskline/fingerprint/v1").digest("hex").slice(0, 16);
}

/** Counts per column over all outputs; columns of one path and decision are one. */
export function columnReports(plan: Plan, written: readonly Written[]): ColumnReport[] {
  const columns = new Map<string, ColumnReport>();
  for (const [index, { leaves }] of plan.objects.entries()) {
    for (const [leaf, { path, decision }] of leaves.entries()) {
      const { mask, rule } = decision;
      const id = JSON.stringify([path, mask, rule]);
      const column = columns.get(id) ?? { path, mask, rule, ...noCounts() };
      const counts = written[index]?.leaves[leaf];
      if (counts) addCounts(column, counts);
      columns.set(id, column);
    }
  }
  return [...columns.values()];
}

export function makeManifest(run: {
  readonly identity: RunIdentity;
  readonly version: string;
  readonly plan: Plan;
  readonly outputs: readonly string[];
  readonly written: readonly Written[];
  readonly quarantined: readonly Quarantined[];
  readonly verification: Verification;
  readonly startedAt: Date;
}): Manifest {
  const { identity, version, plan, outputs, written, quarantined, verification, startedAt } = run;
  return {
    version: 1,
    maskline: version,
    ...identity,
    state: "committed",
    schemaFingerprint: plan.schema,
    inputs: plan.objects.map(({ input: { object, rows } }) => ({
      uri: object.uri,
      etag: object.etag,
      bytes: object.size,
      rows,
    })),
    outputs: written.map(({ rows, bytes, sha256 }, index) => ({
      uri: outputs[index]!,
      input: plan.objects[index]!.input.object.uri,
      rows,
      bytes,
      sha256,
    })),
    quarantined: quarantined.map(({ object, reason }) => ({ uri: object.uri, reason })),
    rows: written.reduce((sum, { rows }) => sum + rows, 0),
    columns: columnReports(plan, written),
    unusedRules: plan.unusedRules,
    warnings: plan.warnings,
    verification,
    startedAt: startedAt.toISOString(),
    finishedAt: new Date().toISOString(),
  };
}
