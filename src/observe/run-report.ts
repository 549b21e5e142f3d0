import type { Plan } from "../input/plan.ts";
import type { Reports } from "../output/claim.ts";
import type { ColumnReport, Manifest } from "../output/manifest.ts";
import type { Case, LeafDecision, Warning } from "../types.ts";
import type { Pace } from "./run-report-pace.ts";
import { runReportPage } from "./run-report-page.ts";

/** A decision for some of a column's values: patterns of the map entry's key, of what stands beside the value. */
export interface ReportCase extends Pick<Case, "keys" | "when"> {
  readonly mask: string;
  readonly rule: string;
  readonly clause?: string;
}

/** A column of the report: what its manifest says of it, and what was decided in full. */
export interface ReportColumn extends ColumnReport {
  /** Its kind in the input; several where the inputs differ. */
  readonly types: readonly string[];
  /** The mask's options, complete. */
  readonly options: Readonly<Record<string, unknown>>;
  /** What the decision serves, where its rule says so. */
  readonly clause?: string;
  /** Different values before and after, where they were counted. */
  readonly distinct?: { readonly in: number; readonly out: number };
  /** What becomes of those values for which a case of its own holds. */
  readonly cases: readonly ReportCase[];
}

/** Sums over all columns and objects. Bytes and rows per second are those of the output, over the run's own time. */
export interface ReportTotals {
  readonly values: number;
  readonly masked: number;
  readonly inputBytes: number;
  readonly outputBytes: number;
  readonly seconds: number;
  readonly rowsPerSecond: number;
  readonly bytesPerSecond: number;
}

/**
 * What a run did, for people who have to answer for it. It does not commit anything: it counts only where a manifest
 * of the same run lies beside it. Holds no value of any record.
 */
export interface RunReport extends Omit<Manifest, "state" | "columns"> {
  readonly committedBy: "manifest.json";
  readonly totals: ReportTotals;
  readonly columns: readonly ReportColumn[];
  /** By detector, over all columns. */
  readonly hits: Readonly<Record<string, number>>;
  readonly pace: Pace;
}

export function makeRunReport(run: {
  readonly manifest: Manifest;
  readonly plan: Plan;
  readonly warnings: readonly string[];
  readonly pace: Pace;
}): RunReport {
  const { plan, warnings, pace } = run;
  const { state: _, columns, ...manifest } = run.manifest;
  const seconds = (Date.parse(manifest.finishedAt) - Date.parse(manifest.startedAt)) / 1000;
  const sum = <T>(items: readonly T[], of: (item: T) => number) => items.reduce((total, item) => total + of(item), 0);
  const outputBytes = sum(manifest.outputs, ({ bytes }) => bytes);
  const perSecond = (amount: number) => Math.round(amount / Math.max(seconds, 1e-3));
  return {
    ...manifest,
    committedBy: "manifest.json",
    totals: {
      values: sum(columns, ({ values }) => values),
      masked: sum(columns, ({ masked }) => masked),
      inputBytes: sum(manifest.inputs, ({ bytes }) => bytes),
      outputBytes,
      seconds,
      rowsPerSecond: perSecond(manifest.rows),
      bytesPerSecond: perSecond(outputBytes),
    },
    columns: inFull(columns, plan),
    hits: hitsOf(columns),
    warnings: [...warnings.map((message) => ({ message })), ...manifest.warnings, ...warningsOf(manifest, columns)],
    pace,
  };
}

/** The report's files by name. */
export function runReportFiles(report: RunReport): Reports {
  return {
    "report.json": `${JSON.stringify(report, null, 2)}\n`,
    "report.html": runReportPage(report),
  };
}

function inFull(columns: readonly ColumnReport[], { objects }: Plan): ReportColumn[] {
  const idOf = (one: { path: string; mask: string; rule: string }) => JSON.stringify([one.path, one.mask, one.rule]);
  const leaves = Map.groupBy(
    objects.flatMap((object) => object.leaves),
    ({ path, decision: { mask, rule } }) => idOf({ path, mask, rule }),
  );
  return columns.map((column) => {
    const same = leaves.get(idOf(column)) ?? [];
    const { options = {}, cases = [], clause }: Partial<LeafDecision> = same[0]?.decision ?? {};
    return {
      ...column,
      types: [...new Set(same.map(({ field }) => field.kind))],
      options,
      ...(clause !== undefined && { clause }),
      cases: cases.map(({ keys, when, decision: { mask, rule, clause: follows } }) => ({
        ...{ keys, when, mask, rule },
        ...(follows !== undefined && { clause: follows }),
      })),
    };
  });
}

function hitsOf(columns: readonly ColumnReport[]): Record<string, number> {
  const hits: Record<string, number> = {};
  for (const column of columns) {
    for (const [detector, found] of Object.entries(column.hits)) hits[detector] = (hits[detector] ?? 0) + found;
  }
  return hits;
}

/** What a reader should not miss among the counts. */
function warningsOf({ quarantined }: Pick<Manifest, "quarantined">, columns: readonly ColumnReport[]): Warning[] {
  const each = (key: "invalidUtf8" | "nonFinite", message: string) =>
    columns.filter((column) => column[key] > 0).map(({ path }) => ({ column: path, message }));
  const left = quarantined.length;
  return [
    ...(left > 0 ? [{ message: `inputs that could not be read were left out: ${left}, named below` }] : []),
    ...each("invalidUtf8", "invalid UTF-8 was replaced by U+FFFD"),
    ...each("nonFinite", "NaN or infinite numbers were written as null"),
  ];
}
