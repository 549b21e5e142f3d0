import { randomBytes } from "node:crypto";
import type { LoadedConfig } from "./config/load.ts";
import { EXIT, type Finding, MasklineError } from "./errors.ts";
import { writeLock } from "./lock-file.ts";
import type { Drift } from "./policy/drift.ts";
import { type Lock, lockOf } from "./policy/lock.ts";
import { type Preparation, type Prepared, prepare, type Surroundings } from "./prepare.ts";

/** What `maskline drift` found, and did. */
export interface DriftResult {
  readonly state: "unchanged" | "harmless" | "decision-needed" | "no-lock" | "approved";
  readonly lock: string;
  readonly inputs: number;
  /** What was compared besides, or in place of inputs: the schema of an export to come. */
  readonly schema?: string;
  readonly columns: number;
  readonly changes: readonly Drift[];
}

/** Nothing is masked here: the key stays where it is. */
const KEY = "MASKLINE_DRIFT_KEY";

/**
 * Inputs' own footers → decisions → differences from the lock; `approve` makes the live schema the approved one.
 * @throws MasklineError (exit 3) where a column that is to be approved has no decision yet
 */
export async function drift(
  { config, ...loaded }: LoadedConfig,
  approve: boolean,
  surroundings: Surroundings,
  preparation: Preparation = {},
): Promise<DriftResult> {
  const ignore = { storeRetried: () => {}, workerRestarted: () => {} };
  const keyless = { ...loaded, config: { ...config, key: { env: KEY } } };
  const env = { ...surroundings.env, [KEY]: randomBytes(32).toString("hex") };
  await using prepared = await prepare(
    keyless,
    ignore,
    { ...surroundings, env },
    { ...preparation, sampled: approve ? "all" : "undecided" },
  );
  const { lock, plan } = prepared;
  const live: Lock = lockOf(lock.live.map(({ leaves }) => leaves));
  const found = { lock: lock.file, inputs: plan.objects.length, columns: live.leaves.length };
  const changes = lock.drifts ?? [];
  if (approve) {
    requireDecisions(prepared);
    await writeLock(lock.file, live);
    return { state: "approved", ...found, changes };
  }
  return { state: lock.drifts === undefined ? "no-lock" : stateOf(changes), ...found, changes };
}

/** What it comes to, where something was approved. */
export function stateOf(changes: readonly Drift[]): DriftResult["state"] {
  if (changes.some(({ stops }) => stops)) return "decision-needed";
  return changes.length > 0 ? "harmless" : "unchanged";
}

/** @throws MasklineError (exit 3) where a person must decide, or nothing was approved yet */
export function requireApproved({ state, lock, changes }: DriftResult): void {
  if (state === "no-lock")
    throw drifted(`reading ${lock}: it is not there; approve the columns: maskline drift --approve`);
  if (state === "decision-needed") requireApproval(`comparing with ${lock}`, changes);
}

/**
 * Nothing is written while a field needs a person's decision.
 * @throws MasklineError (exit 3) naming each and what to do
 */
export function gate(prepared: Prepared): void {
  requireDecisions(prepared);
  const { file, drifts = [] } = prepared.lock;
  requireApproval(`comparing with ${file}`, drifts);
}

function requireDecisions({ plan: { paused } }: Prepared): void {
  if (paused.length === 0) return;
  const advice = "add a rule for each (mask: token, drop, keep, …) to policy.rules, or set policy.unmatched.sensitive";
  const findings = paused.map(({ path, reason }) => {
    return { path, kind: "sensitive-looking", what: reason.replace(/^unmatched\.\w+ \((.*)\)$/, "$1"), advice };
  });
  const fields = paused.map(({ input, path }, index) => `  ${path} in ${input}: ${findings[index]!.what}`);
  throw drifted(
    `deciding the columns: ${new Set(paused.map(({ path }) => path)).size} that no rule names look sensitive; nothing was written\n${fields.join("\n")}\n${advice}`,
    findings,
  );
}

/**
 * @param doing - what was being done, as errors begin
 * @throws MasklineError (exit 3) naming each of the drifts that stop, and what to do
 */
export function requireApproval(doing: string, drifts: readonly Drift[]): void {
  const stopping = drifts.filter(({ stops }) => stops);
  if (stopping.length === 0) return;
  const lines = stopping.flatMap(({ kind, path, what, advice, inputs }) => [
    `  ${path} in ${someOf(inputs)}: ${kind}: ${what}`,
    `    ${advice}`,
  ]);
  throw drifted(
    `${doing}: ${stopping.length} of the columns need${stopping.length === 1 ? "s" : ""} a person's decision; nothing was written\n${lines.join("\n")}`,
    stopping.map(({ path, kind, what, advice }) => ({ path, kind, what, advice })),
  );
}

function drifted(message: string, findings: readonly Finding[] = []): MasklineError {
  return new MasklineError("ERR_DRIFT", EXIT.drift, message, { stage: "drift", findings });
}

/** The first of the inputs, and how many more. */
function someOf(inputs: readonly string[]): string {
  return inputs.length === 1 ? inputs[0]! : `${inputs[0]} and ${inputs.length - 1} more`;
}
