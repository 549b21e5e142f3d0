import { type Html, html, type Part } from "./html.ts";
import { dataTable, NONE } from "./html-table.ts";
import type { ReportCase, ReportColumn } from "./run-report.ts";

/** What becomes of a column, for people: by a word and a sign, as colours alone tell not everybody. */
const OUTCOMES = {
  masked: { sign: "●", label: "masked" },
  partly: { sign: "◑", label: "masked in part" },
  scanned: { sign: "◐", label: "scanned" },
  removed: { sign: "✕", label: "removed" },
  emptied: { sign: "∅", label: "emptied" },
  kept: { sign: "○", label: "kept as they are" },
} as const;

type Outcome = keyof typeof OUTCOMES;

const BY_MASK: Readonly<Record<string, Outcome>> = { keep: "kept", drop: "removed", null: "emptied", scan: "scanned" };

function outcomeOf({ mask, cases }: ReportColumn): Outcome {
  const outcome = BY_MASK[mask] ?? "masked";
  return outcome === "kept" && cases.some((one) => one.mask !== "keep") ? "partly" : outcome;
}

/** How many columns came to what. */
export function outcomes(columns: readonly ReportColumn[]): { label: string; number: number }[] {
  return Object.entries(OUTCOMES)
    .map(([outcome, { label }]) => ({
      label,
      number: columns.filter((column) => outcomeOf(column) === outcome).length,
    }))
    .filter(({ number }) => number > 0);
}

/** One row a column and decision; figures that no column has are left out. */
export function columnsTable(columns: readonly ReportColumn[]): Html {
  const some = (has: (column: ReportColumn) => unknown) => columns.some(has);
  const figures = true;
  const shown: readonly { label: string; figures?: boolean; of: (column: ReportColumn) => Part }[] = [
    { label: "Column", of: ({ path, types }) => html`<code>${path}</code> <small>${types.join(", ")}</small>` },
    { label: "Outcome", of: outcome },
    { label: "Decided by", of: decidedBy },
    { label: "Values", figures, of: ({ values }) => number(values) },
    { label: "Null", figures, of: ({ nulls }) => number(nulls) },
    { label: "Masked", figures, of: masked },
    ...(some(({ distinct }) => distinct)
      ? [
          {
            label: "Distinct, in → out",
            figures,
            of: distinctValues,
          },
        ]
      : []),
    ...(some(({ hits }) => Object.keys(hits).length > 0) ? [{ label: "Found", of: found }] : []),
  ];
  return dataTable(
    "Every column, what was decided for it, and what happened",
    shown,
    columns.map((column) => shown.map(({ of }) => of(column))),
  );
}

function outcome(column: ReportColumn): Part {
  const { mask, options } = column;
  const kind = outcomeOf(column);
  const { sign, label } = OUTCOMES[kind];
  const said = Object.entries(options).map(
    ([name, value]) => `${name} ${typeof value === "string" ? value : JSON.stringify(value)}`,
  );
  return html`<span class="outcome ${kind}"><span aria-hidden="true">${sign}</span> ${kind === "kept" ? "kept" : label}</span> <b>${mask}</b>${said.length > 0 && html` <small>${said.join("; ")}</small>`}`;
}

function decidedBy({ rule, clause, cases }: ReportColumn): Part {
  return [
    rule,
    clause !== undefined && html` <small>${clause}</small>`,
    cases.map((one) => html` <small>${caseText(one)}</small>`),
  ];
}

function caseText({ keys, when, mask, rule, clause }: ReportCase): string {
  const where = [
    keys !== undefined && `the key matches ${keys}`,
    when !== undefined && `${when.field ?? "the value"} matches ${when.is}`,
  ].filter(Boolean);
  // What a key must look like, the rule says.
  const which = where.length === 0 ? "for some keys" : `where ${where.join(" and ")}`;
  return `${which}: ${mask}, ${rule}${clause === undefined ? "" : `, ${clause}`}`;
}

function masked({ masked: number_, values, mask, cases }: ReportColumn): Part {
  if (mask === "keep" && cases.length === 0) return NONE;
  return html`${number(number_)}${values > 0 && html` <small>${percent(number_ / values)}</small>`}`;
}

/** Whole per cents, but neither none nor all where that is not so. */
function percent(share: number): string {
  if (share > 0 && share < 0.01) return "<1 %";
  if (share > 0.99 && share < 1) return ">99 %";
  return `${Math.round(share * 100)} %`;
}

function found({ hits }: ReportColumn): Part {
  const all = Object.entries(hits).map(([detector, times]) => `${detector} ${number(times)}`);
  return all.length > 0 ? all.join(", ") : NONE;
}

/** Of estimates the digits that are sure; two that are the same are one. */
function distinctValues({ distinct }: ReportColumn): string {
  if (!distinct) return NONE;
  const { in: before, out: after, exact } = distinct;
  if (exact) return `${number(before)} → ${number(after)}`;
  const [about, other] = [before, after].map((one) => one.toLocaleString("en", { maximumSignificantDigits: 2 }));
  return before === after ? `about ${about} each` : `about ${about} → ${other}`;
}

function number(amount: number): string {
  return amount.toLocaleString("en");
}
