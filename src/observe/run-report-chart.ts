import { formatBytes } from "../config/bytes.ts";
import { type Html, html } from "./html.ts";
import { formatDuration } from "./progress.ts";
import type { Pace } from "./run-report-pace.ts";

const WIDTH = 1000;
const HEIGHT = 240;
const LEFT = 80;
const RIGHT = 8;
const TOP = 18;
const BOTTOM = 44;

/** Rows per second over the run's time: a step for each stretch, so that nothing is drawn that was not measured. */
export function paceChart({ stretchSeconds, seconds, stretches }: Pace): Html {
  const lengths = stretches.map((_, index) => Math.min(stretchSeconds, seconds - index * stretchSeconds));
  // A sliver at the end would show the rate of a single batch.
  const drawn = lengths.filter((length) => length >= stretchSeconds / 4).length;
  if (drawn < 2) return html`<p>The run was over in ${formatDuration(seconds)}: too short for a chart.</p>`;
  const rates = stretches.slice(0, drawn).map(({ rows }, index) => rows / lengths[index]!);
  const end = (drawn - 1) * stretchSeconds + lengths[drawn - 1]!;
  const highest = roundUp(Math.max(...rates, 1));
  const x = (at: number) => (LEFT + (at / end) * (WIDTH - LEFT - RIGHT)).toFixed(1);
  const y = (rate: number) => (HEIGHT - BOTTOM - (rate / highest) * (HEIGHT - TOP - BOTTOM)).toFixed(1);
  const line = rates.map((rate, index) => `V${y(rate)}H${x(Math.min(end, (index + 1) * stretchSeconds))}`).join("");
  const ticks = [0, 0.25, 0.5, 0.75, 1];
  const median = rates.toSorted((a, b) => a - b)[drawn >> 1]!;
  const bytes = stretches.reduce((sum, stretch) => sum + stretch.bytes, 0);
  const says = `Rows per second over ${formatDuration(end)}: median ${number(median)}, highest ${number(Math.max(...rates))}, lowest ${number(Math.min(...rates))}.`;
  return html`<figure>
<svg class="chart" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${says}">
${ticks.map((share) => html`<line class="grid" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y(share * highest)}" y2="${y(share * highest)}"/><text x="${LEFT - 8}" y="${y(share * highest)}" text-anchor="end" dominant-baseline="middle">${short(share * highest)}</text>`)}
<path class="area" d="M${x(0)} ${y(0)}${line}V${y(0)}Z"/>
<path class="line" d="M${x(0)} ${y(0)}${line}"/>
${ticks.map((share) => html`<text x="${x(share * end)}" y="${HEIGHT - BOTTOM + 30}" text-anchor="${share === 0 ? "start" : share === 1 ? "end" : "middle"}">${formatDuration(share * end)}</text>`)}
</svg>
<figcaption>${says} One step is ${stretchSeconds} s; ${formatBytes(bytes / Math.max(seconds, 1e-3))} of output a second on average.</figcaption>
</figure>`;
}

function number(rate: number): string {
  return Math.round(rate).toLocaleString("en");
}

function short(rate: number): string {
  return rate.toLocaleString("en", { notation: "compact", maximumFractionDigits: 1 });
}

/** The next of 1, 2, 4, 6, 8, 10, 20, … */
function roundUp(rate: number): number {
  const power = 10 ** Math.floor(Math.log10(rate));
  return [1, 2, 4, 6, 8, 10].map((factor) => factor * power).find((one) => one >= rate)!;
}
