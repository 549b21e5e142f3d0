import { createHmac, hash } from "node:crypto";
import type { Config } from "../config/schema.ts";
import type { Quarantined } from "../input/inspect.ts";
import type { Plan } from "../input/plan.ts";
import type { Key, Keys } from "../keys/load.ts";
import type { Distinct } from "../proof/sketch.ts";
import type { Warning } from "../types.ts";
import type { LeafCounts } from "../worker/messages.ts";
import { columnId } from "./distinct.ts";
import { addCounts, noCounts, type Written } from "./upload.ts";
import type { Conclusion, Verification } from "./verify.ts";

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
  /** Different values before and after, where these must be as many. */
  readonly distinct?: Distinct;
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
  const { environment } = config;
  const policyDigest = digestOf(config);
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

function digestOf({ policy, compression, int64 }: Config): string {
  return hash("sha256", JSON.stringify({ policy, compression, int64 }));
}

/** A digest of all but the inputs that decides a run's output bytes: 16 hex digits. */
export function makingOf(config: Config, { key, previous }: Keys, maskline: string): string {
  const keys = [key, ...(previous ? [previous] : [])].map(fingerprint);
  const content = [digestOf(config), keys, previous?.suffix, config.environment, maskline];
  return hash("sha256", JSON.stringify(content)).slice(0, 16);
}

function fingerprint({ bytes }: Key): string {
  return createHmac("sha256", bytes).update("maskline/fingerprint/v1").digest("hex").slice(0, 16);
}

/** Counts per column over all outputs; columns of one path and decision are one. */
export function columnReports(
  plan: Plan,
  written: readonly Written[],
  distinct: Conclusion["distinct"],
): ColumnReport[] {
  const columns = new Map<string, ColumnReport>();
  for (const [index, { leaves }] of plan.objects.entries()) {
    for (const [leaf, { path, decision }] of leaves.entries()) {
      const { mask, rule } = decision;
      const id = columnId(path, decision);
      const different = distinct.get(id);
      const column = columns.get(id) ?? {
        path,
        mask,
        rule,
        ...noCounts(),
        ...(different && { distinct: different }),
      };
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
  readonly conclusion: Conclusion;
  readonly startedAt: Date;
}): Manifest {
  const { identity, version, plan, outputs, written, quarantined, conclusion, startedAt } = run;
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
    columns: columnReports(plan, written, conclusion.distinct),
    unusedRules: plan.unusedRules,
    warnings: plan.warnings,
    verification: conclusion.verification,
    startedAt: startedAt.toISOString(),
    finishedAt: new Date().toISOString(),
  };
}
