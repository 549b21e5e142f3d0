import { hash } from "node:crypto";
import type { Finding } from "../../errors.ts";

/** All is committed and, where there is an import, the target has it. */
export interface Committed {
  readonly event: "committed";
  readonly runId: string;
  readonly environment: string;
  readonly rows: number;
  readonly outputs: readonly {
    readonly uri: string;
    readonly rows: number;
    readonly bytes: number;
    readonly sha256: string;
  }[];
  /** URI of the manifest. */
  readonly manifest: string;
  readonly imported?: {
    readonly jobId: string;
    readonly total: number;
    readonly imported: number;
    readonly skippedDuplicates: number;
    readonly failed: number;
  };
  /** ISO 8601. */
  readonly finishedAt: string;
}

/** Something that a person must look at. */
export interface Alert {
  readonly event: "alert";
  readonly kind: "drift" | "leak" | "import";
  readonly environment: string;
  /** One line, without any value of a record. */
  readonly summary: string;
  readonly findings: readonly Finding[];
  /** ISO 8601. */
  readonly occurredAt: string;
}

export type HookEvent = Committed | Alert;

/** 32 hex digits: of what happened, so that whoever is told twice can know it. An alert is another one the next day. */
export function eventId(event: HookEvent): string {
  const of =
    event.event === "committed"
      ? [event.runId, event.imported?.jobId]
      : [event.kind, event.summary, event.findings.map(({ path, kind, what }) => [path, kind, what]), dayOf(event)];
  return hash("sha256", JSON.stringify(["maskline", event.event, event.environment, of])).slice(0, 32);
}

function dayOf({ occurredAt }: Alert): string {
  return occurredAt.slice(0, 10);
}

/** The run that it is about; what stops one is told before it has an id. */
export function runOf(event: HookEvent): string | undefined {
  return event.event === "committed" ? event.runId : undefined;
}

/** ISO 8601. */
export function timeOf(event: HookEvent): string {
  return event.event === "committed" ? event.finishedAt : event.occurredAt;
}

/** A line for people. */
export function headline(event: HookEvent): string {
  if (event.event === "alert") return `maskline, ${event.environment}: ${event.kind}: ${event.summary}`;
  const { environment, rows, outputs, imported } = event;
  const objects = `${count(outputs.length)} object${outputs.length === 1 ? "" : "s"}`;
  const loaded = imported
    ? `; imported ${count(imported.imported)} of ${count(imported.total)}, there already ${count(imported.skippedDuplicates)}, failed ${count(imported.failed)}`
    : "";
  return `maskline, ${environment}: ${count(rows)} rows committed in ${objects}${loaded}`;
}

function count(of: number): string {
  return of.toLocaleString("en-US");
}

/** Well-formed text of at most `most` UTF-16 units, cut between characters; where something is missing, `…` says so. */
export function shortened(text: string, most: number): string {
  const whole = text.toWellFormed();
  return whole.length <= most ? whole : `${whole.slice(0, most - 1).replace(/[\uD800-\uDBFF]$/, "")}…`;
}
