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
  /** Not there where it was found before there was a run. */
  readonly runId?: string;
  /** One line, without any value of a record. */
  readonly summary: string;
  readonly findings: readonly Finding[];
  /** ISO 8601. */
  readonly occurredAt: string;
}

export type HookEvent = Committed | Alert;

/** 32 hex digits: of the run and what happened, so that whoever is told twice can know it. */
export function eventId(event: HookEvent): string {
  const kind = event.event === "alert" ? event.kind : "";
  // Without a run, the same findings are the same event.
  const of = event.runId ?? (event as Alert).findings.map(({ path, kind: change, what }) => [path, change, what]);
  return hash("sha256", JSON.stringify(["maskline", event.event, kind, event.environment, of])).slice(0, 32);
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
