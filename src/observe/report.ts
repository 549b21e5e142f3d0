import { formatBytes } from "../config/bytes.ts";
import { count } from "../count.ts";
import type { Masked } from "../masking.ts";
import { recordUri } from "../output/claim.ts";
import type { Manifest } from "../output/manifest.ts";
import type { Prepared } from "../prepare.ts";
import { displayUri } from "../store/uri.ts";
import type { Case, Warning } from "../types.ts";
import { formatDuration } from "./progress.ts";
import { table } from "./table.ts";

/** What a run's end says to people. */
export function summary(result: Masked, seconds: number): string {
  const { manifest, output } = result;
  if (result.state === "committed" && result.again) {
    const lines = [
      `already committed: run ${manifest.runId} of ${manifest.finishedAt}, ${count(manifest.rows, "row")}`,
      ...importLines(result),
      `  manifest  ${displayUri(result.manifestUri)}`,
      `  ${result.journal === undefined ? "--replace" : "--fresh"} does it again`,
    ];
    return `${lines.join("\n")}\n`;
  }
  const outputBytes = manifest.outputs.reduce((sum, { bytes }) => sum + bytes, 0);
  const inputBytes = manifest.inputs.reduce((sum, { bytes }) => sum + bytes, 0);
  const masking = (Date.parse(manifest.finishedAt) - Date.parse(manifest.startedAt)) / 1000;
  const rate = Math.round(manifest.rows / Math.max(masking, 1e-3)).toLocaleString("en");
  const lines = [
    `${result.state}: run ${manifest.runId}, environment ${manifest.environment}`,
    `  rows      ${manifest.rows.toLocaleString("en")} in ${count(manifest.inputs.length, "object")}`,
    `  bytes     ${formatBytes(inputBytes)} in, ${formatBytes(outputBytes)} out`,
    `  time      ${formatDuration(seconds)}, ${rate} rows/s, ${formatBytes(outputBytes / Math.max(masking, 1e-3))}/s out`,
    ...importLines(result),
    ...maskedLines(manifest),
    ...notes(manifest),
  ];
  if (result.state === "committed")
    lines.push(
      `  output    ${displayUri(output)}`,
      `  manifest  ${displayUri(result.manifestUri)}`,
      `  report    ${displayUri(recordUri(output, manifest.runId, "report.html"))}`,
    );
  else lines.push("  nothing was written (--dry-run)");
  return `${lines.join("\n")}\n`;
}

function importLines(result: Masked): string[] {
  if (result.state !== "committed" || !result.imported) return [];
  const { total, imported, skippedDuplicates, failed } = result.imported;
  const said = [
    `${imported.toLocaleString("en")} of ${count(total, "record")}`,
    ...(skippedDuplicates > 0 ? [`${skippedDuplicates.toLocaleString("en")} were there already`] : []),
    ...(failed > 0 ? [`${failed.toLocaleString("en")} refused`] : []),
  ];
  return [`  imported  ${said.join(", ")}`];
}

function maskedLines({ columns }: Manifest): string[] {
  // A scan that found nothing has masked nothing.
  const masked = columns.filter(({ mask, masked: values }) => mask !== "keep" && (mask !== "scan" || values > 0));
  if (masked.length === 0) return ["  masked    no column"];
  const rows = masked.map(({ path, mask, masked: values, hits }) => {
    const found = Object.entries(hits).map(([detector, number]) => `${detector} ${number.toLocaleString("en")}`);
    return [path, mask, values.toLocaleString("en"), found.length > 0 ? `(${found.join(", ")})` : ""];
  });
  return table([["column", "mask", "values", ""], ...rows], "  masked    ");
}

function notes({ columns, quarantined, warnings }: Manifest): string[] {
  const sum = (key: "invalidUtf8" | "nonFinite") => columns.reduce((total, column) => total + column[key], 0);
  return [
    ...(sum("invalidUtf8") > 0
      ? [`  note      ${count(sum("invalidUtf8"), "value")} held invalid UTF-8, written as U+FFFD`]
      : []),
    ...(sum("nonFinite") > 0
      ? [`  note      ${count(sum("nonFinite"), "float")} were NaN or infinite, written as null`]
      : []),
    ...warnings.map((warning) => `  note      ${warningText(warning)}`),
    ...quarantined.map(({ uri, reason }) => `  SKIPPED   ${displayUri(uri)}: ${reason}`),
  ];
}

/** What `plan` says to people: per column its type, mask and who decided; parts, sizes, names. */
export function planText({ plan, output, identity, pool, shares, lock, warnings }: Prepared): string {
  const lines = [
    `run ${identity.runId}, environment ${identity.environment}, output ${displayUri(output)}`,
    `${count(plan.objects.length, "object")}, ${count(plan.rows, "row")}, ${formatBytes(plan.bytes)}, ${count(pool.workers, "worker")}, ${shares.decoders} decoding`,
  ];
  const groups = Map.groupBy(plan.objects, ({ spec }) => spec.id);
  for (const objects of groups.values()) {
    lines.push("");
    for (const { input, output: name, parts } of objects) {
      lines.push(
        `${displayUri(input.object.uri)} → ${name}  (${formatBytes(input.object.size)}, ${count(input.rows, "row")}, ${count(parts.length, "part")})`,
      );
    }
    const rows = objects[0]!.leaves.map(({ path, field, decision }) => [
      path,
      field.kind,
      decision.mask,
      decision.rule,
      decision.clause ?? "",
    ]);
    const keyed = objects[0]!.leaves.flatMap(({ path, field, decision }) =>
      decision.cases.map((one) => {
        const { mask, rule, clause = "" } = one.decision;
        return [`${path} ${caseText(one)}`, field.kind, mask, rule, clause];
      }),
    );
    lines.push(...table([["column", "type", "mask", "decided by", "follows"], ...rows, ...keyed], "  "));
  }
  for (const warning of plan.warnings) lines.push(`warning: ${warningText(warning)}`);
  for (const { kind, path, what } of lock.drifts ?? []) lines.push(`${kind}: ${path}: ${what}`);
  if (!lock.drifts) lines.push(`note: no columns were approved yet; maskline drift --approve writes ${lock.file}`);
  for (const warning of warnings) lines.push(`warning: ${warning}`);
  return `${lines.join("\n")}\n`;
}

/** One line: what it is about, what there is to say, which clause it touches. */
export function warningText({ rule, column, message, clause }: Warning): string {
  const about = [rule, column === undefined ? undefined : `column ${column}`].filter((one) => one !== undefined);
  return [
    ...(about.length > 0 ? [about.join(", ")] : []),
    message,
    ...(clause === undefined ? [] : [`(${clause})`]),
  ].join(" ");
}

function caseText({ keys, looks, sensitive, when }: Case): string {
  const by = [(keys || looks || sensitive) && "key", when && (when.field ?? "value")].filter(Boolean);
  return `by ${by.join(" and ")}`;
}

/** The same as data, for machines. */
export function planJson({ plan, output, identity, pool, shares, quarantined, lock, warnings }: Prepared): unknown {
  return {
    ...identity,
    output,
    workers: pool.workers,
    decoders: shares.decoders,
    rows: plan.rows,
    bytes: plan.bytes,
    objects: plan.objects.map(({ input, output: name, leaves, parts, expectedBytes }) => ({
      input: input.object.uri,
      bytes: input.object.size,
      rows: input.rows,
      output: name,
      expectedBytes,
      parts: parts.map(({ index, rows, bytes, rowGroup }) => ({
        index,
        rows,
        bytes,
        uncompressed: rowGroup?.uncompressed ?? null,
      })),
      columns: leaves.map(({ path, field, decision: { mask, options, rule, clause, cases } }) => ({
        path,
        type: field.kind,
        mask,
        options,
        rule,
        clause: clause ?? null,
        cases: cases.map(({ keys, looks, when, decision }) => ({
          keys,
          looks,
          when,
          mask: decision.mask,
          rule: decision.rule,
          clause: decision.clause ?? null,
        })),
      })),
    })),
    paused: plan.paused,
    lock: { file: lock.file, changes: lock.drifts ?? null },
    unusedRules: plan.unusedRules,
    warnings: [...plan.warnings, ...warnings.map((message) => ({ message }))],
    quarantined: quarantined.map(({ object, reason }) => ({ uri: object.uri, reason })),
  };
}
