import { type Html, html, type Part } from "./html.ts";

/** A column of a table: its head, and whether it holds figures. */
export interface Head {
  readonly label: string;
  readonly figures?: boolean;
}

/** A cell with nothing to say. */
export const NONE = "–";

/** More rows than this make a page that no browser likes; what is left out is said, and stands in the JSON. */
const MOST_ROWS = 2_000;

/**
 * A table whose first column names its rows. On narrow screens the style sheet makes each row a block with the heads
 * before the values; the roles say what it is even then, as browsers forget tables that are not laid out as such.
 */
export function dataTable(caption: string, heads: readonly Head[], rows: readonly (readonly Part[])[]): Html {
  const cell = (part: Part, index: number) => {
    const { label, figures } = heads[index]!;
    const shown = html`<span class="value">${part}</span>`;
    if (index === 0) return html`<th scope="row" role="rowheader">${shown}</th>`;
    const classes = [figures && "figures", part === NONE && "none"].filter(Boolean).join(" ");
    return html`<td role="cell" data-label="${label}"${classes && html` class="${classes}"`}>${shown}</td>`;
  };
  const left = rows.length - MOST_ROWS;
  return html`<table role="table">
<caption>${caption}</caption>
<thead role="rowgroup"><tr role="row">${heads.map(({ label, figures }) => html`<th scope="col" role="columnheader"${figures ? html` class="figures"` : ""}>${label}</th>`)}</tr></thead>
<tbody role="rowgroup">${rows.slice(0, MOST_ROWS).map(
    (row) => html`
<tr role="row">${row.map(cell)}</tr>`,
  )}
</tbody></table>${left > 0 && html`<p>${left.toLocaleString("en")} more stand in report.json.</p>`}`;
}
