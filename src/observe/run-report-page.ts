import { hash } from "node:crypto";
import { formatBytes } from "../config/bytes.ts";
import { count } from "../count.ts";
import { displayUri } from "../store/uri.ts";
import { Html, html, type Part } from "./html.ts";
import { dataTable, NONE } from "./html-table.ts";
import { formatDuration } from "./progress.ts";
import { warningText } from "./report.ts";
import type { RunReport } from "./run-report.ts";
import { paceChart } from "./run-report-chart.ts";
import { columnsTable, outcomes } from "./run-report-columns.ts";
import { STYLE } from "./run-report-style.ts";

/** A style sheet is no text: nothing in it is escaped. */
const STYLE_ELEMENT = new Html(`<style>${STYLE}</style>`);

/** The report as one page that needs nothing else: no script, no font, no picture from anywhere. */
export function runReportPage(report: RunReport): string {
  const { runId, environment, warnings, columns } = report;
  // The style sheet is the one thing that the page may use, by its digest.
  const policy = `default-src 'none'; style-src 'sha256-${hash("sha256", STYLE, "base64")}'; img-src data:; base-uri 'none'; form-action 'none'`;
  const parts: readonly (readonly [id: string, title: string, content: Part])[] = [
    ["warnings", "Warnings", warnings.length > 0 && list(warnings.map(warningText))],
    ["verification", "Verification", facts(report.verification)],
    ["columns", "Columns", columnsTable(columns)],
    ["detectors", "Found in free text", hitsTable(report)],
    ["pace", "Throughput", paceChart(report.pace)],
    ["outputs", "Outputs", outputsTable(report)],
    ["inputs", "Inputs", [inputsTable(report), quarantinedTable(report)]],
    ["provenance", "Provenance", provenance(report)],
  ];
  const shown = parts.filter(([, , content]) => content);
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<title>Masking report ${runId}, ${environment}</title>
<link rel="icon" href="data:,">
${STYLE_ELEMENT}
</head>
<body>
<header>
<p class="brand"><b>maskline</b> masking report</p>
<h1>${environment}</h1>
<p class="lede">${lede(report)}</p>
${totals(report)}
<p class="binding">This report alone proves nothing: run <code>${runId}</code> is committed only where <code>${report.committedBy}</code> with that run id lies beside it.</p>
<nav aria-label="Contents"><ul>${shown.map(([id, title]) => html`<li><a href="#${id}">${title}</a></li>`)}</ul></nav>
</header>
<main>
${shown.map(
  ([
    id,
    title,
    content,
  ]) => html`<section id="${id}" aria-labelledby="${id}-title"${id === "warnings" && html` class="warnings"`}>
<h2 id="${id}-title">${title}</h2>
${content}
</section>
`,
)}</main>
<footer><p>Counts, names and digests only: no value of any record stands in this report. Keyed tokens are pseudonymised data, not anonymised data: who has the key can find out whose a token is. ${columns.length.toLocaleString("en")} columns were decided; those kept as they are stand in the table above.</p></footer>
</body>
</html>
`.text;
}

function lede({ rows, inputs, outputs, columns }: RunReport): string {
  const counted = outcomes(columns).map(({ label, number }) => `${number.toLocaleString("en")} ${label}`);
  return `${count(rows, "row")} of ${count(inputs.length, "input")} in ${count(outputs.length, "output")}; of ${count(columns.length, "column")} ${counted.join(", ")}.`;
}

function totals({ rows, totals, startedAt, keyId, keyFingerprint }: RunReport): Html {
  const cards: readonly (readonly [string, Part, Part])[] = [
    ["Rows", rows.toLocaleString("en"), `${totals.rowsPerSecond.toLocaleString("en")} a second`],
    ["Values masked", totals.masked.toLocaleString("en"), `of ${totals.values.toLocaleString("en")}`],
    ["Written", formatBytes(totals.outputBytes), `from ${formatBytes(totals.inputBytes)}`],
    ["Time", formatDuration(totals.seconds), time(startedAt)],
    ["Key", keyId ?? "no name", html`<code>${keyFingerprint}</code>`],
  ];
  return html`<dl class="cards">${cards.map(([name, value, more]) => html`<div><dt>${name}</dt><dd><strong>${value}</strong> <span>${more}</span></dd></div>`)}</dl>`;
}

function hitsTable({ hits, columns }: RunReport): Part {
  const rows = Object.entries(hits).map(([detector, found]): Part[] => [
    detector,
    found.toLocaleString("en"),
    columns
      .filter((column) => column.hits[detector])
      .map(({ path }, index) => [index > 0 && ", ", html`<code>${path}</code>`]),
  ]);
  const heads = [{ label: "Detector" }, { label: "Replaced", figures: true }, { label: "In" }];
  return rows.length > 0 && dataTable("What the detectors found and the masks replaced", heads, rows);
}

function outputsTable({ outputs }: RunReport): Html {
  return dataTable(
    "Objects written, with their digests",
    [{ label: "Output" }, { label: "Rows", figures: true }, { label: "Size", figures: true }, { label: "SHA-256" }],
    outputs.map(({ uri, rows, bytes, sha256 }) => [
      displayUri(uri),
      rows.toLocaleString("en"),
      formatBytes(bytes),
      html`<code class="digest">${sha256}</code>`,
    ]),
  );
}

function inputsTable({ inputs }: RunReport): Html {
  return dataTable(
    "Objects read, in the version that was masked",
    [{ label: "Input" }, { label: "Rows", figures: true }, { label: "Size", figures: true }, { label: "ETag" }],
    inputs.map(({ uri, rows, bytes, etag }) => [
      displayUri(uri),
      rows.toLocaleString("en"),
      formatBytes(bytes),
      html`<code class="digest">${etag}</code>`,
    ]),
  );
}

function quarantinedTable({ quarantined }: RunReport): Part {
  return (
    quarantined.length > 0 &&
    dataTable(
      "Left out: could not be read",
      [{ label: "Input" }, { label: "Why" }],
      quarantined.map(({ uri, reason }) => [displayUri(uri), reason]),
    )
  );
}

function provenance(report: RunReport): Html {
  const { runId, maskline, keyFingerprint, keyId, policyDigest, schemaFingerprint, startedAt, finishedAt } = report;
  const { previousKeyId, previousKeyFingerprint } = report;
  const code = (text: string) => html`<code class="digest">${text}</code>`;
  const rows: readonly (readonly [string, Part])[] = [
    ["Run", code(runId)],
    ["Version", `maskline ${maskline}`],
    ["Key", keyId ?? "no name"],
    ["Key fingerprint", code(keyFingerprint)],
    ...(previousKeyFingerprint === undefined
      ? []
      : ([
          ["Previous key", previousKeyId ?? "no name"],
          ["Its fingerprint", code(previousKeyFingerprint)],
        ] as const)),
    ["Policy digest", code(policyDigest)],
    ["Schema fingerprint", code(schemaFingerprint)],
    ["Started", time(startedAt)],
    ["Finished", time(finishedAt)],
  ];
  return definitions(rows);
}

/** What stands in the manifest, however deep: names and values, and a table for each list of objects. */
function facts(content: object): Part {
  const entries = Object.entries(content).filter(([, value]) => value !== undefined && value !== null);
  const tables = entries.filter((entry): entry is [string, object[]] => isTable(entry[1]));
  const rest = entries.filter(([, value]) => !isTable(value) && !(Array.isArray(value) && value.length === 0));
  return [
    definitions(rest.map(([name, value]) => [words(name), textOf(name, value)])),
    tables.map(([name, rows]) => {
      const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
      const heads = names.map((label) => ({ label: words(label) }));
      return dataTable(
        words(name),
        heads,
        rows.map((row) => names.map((one) => textOf(one, (row as Record<string, unknown>)[one]) || NONE)),
      );
    }),
  ];
}

function isTable(value: unknown): value is object[] {
  return Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === "object" && one !== null);
}

function words(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

function textOf(name: string, value: unknown): string {
  if (value === undefined || value === null) return "";
  if (typeof value === "number")
    return name === "share" ? `${+(value * 100).toPrecision(3)} %` : value.toLocaleString("en");
  if (Array.isArray(value)) return value.map((one) => textOf(name, one)).join(", ");
  if (typeof value !== "object") return String(value);
  return Object.entries(value)
    .map(([one, inner]) => `${words(one)} ${textOf(one, inner)}`)
    .join("; ");
}

function definitions(rows: readonly (readonly [string, Part])[]): Html {
  return html`<dl class="facts">${rows.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}

function list(items: readonly string[]): Html {
  return html`<ul>${items.map((item) => html`<li>${item}</li>`)}</ul>`;
}

function time(iso: string): Html {
  return html`<time datetime="${iso}">${iso.slice(0, 19).replace("T", " ")} UTC</time>`;
}
