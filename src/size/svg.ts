import { writeFile } from "node:fs/promises";
import { messageOf, usageError } from "../errors.ts";
import { rateOf, undisturbed } from "./model.ts";
import type { Sized } from "./report.ts";

const WIDTH = 720;
const HEIGHT = 400;
const LEFT = 90;
const RIGHT = 20;
const TOP = 50;
const BOTTOM = 50;

/** @throws MasklineError (exit 2) when it cannot be written there */
export async function writeChart(path: string, sized: Sized): Promise<void> {
  try {
    await writeFile(path, sizeSvg(sized));
  } catch (error) {
    throw usageError(`writing the chart: ${messageOf(error)}; name another file with --chart`, { cause: error });
  }
}

/** The curve as a picture: points measured, the model's line, the knee. */
function sizeSvg({ measurements, findings: { scaling }, knee }: Sized): string {
  const measured = measurements.map(undisturbed);
  const mostWorkers = Math.max(...measured.map(({ workers }) => workers), Math.ceil(knee.workers * 1.5), 4);
  const curve = Array.from({ length: mostWorkers }, (_, index) => ({
    workers: index + 1,
    rowsPerSecond: rateOf(scaling, index + 1),
  }));
  const highest = roundUp(Math.max(...[...measured, ...curve].map(({ rowsPerSecond }) => rowsPerSecond)));
  const x = (workers: number) => (LEFT + (workers / mostWorkers) * (WIDTH - LEFT - RIGHT)).toFixed(1);
  const y = (rate: number) => (HEIGHT - BOTTOM - (rate / highest) * (HEIGHT - TOP - BOTTOM)).toFixed(1);
  const line = curve.map(({ workers, rowsPerSecond }) => `${x(workers)},${y(rowsPerSecond)}`).join(" ");
  const step = Math.max(1, Math.ceil(mostWorkers / 16));
  const workersAxis = Array.from({ length: Math.floor(mostWorkers / step) }, (_, index) => (index + 1) * step);
  const rateAxis = [0.25, 0.5, 0.75, 1].map((share) => share * highest);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="system-ui, sans-serif" font-size="12" role="img" aria-label="rows per second by workers">
<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>
<text x="${LEFT}" y="24" font-size="16">rows/s by workers: measured ● and model —</text>
${rateAxis.map((rate) => `<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y(rate)}" y2="${y(rate)}" stroke="#ddd"/><text x="${LEFT - 8}" y="${y(rate)}" text-anchor="end" dominant-baseline="middle">${rate.toLocaleString("en")}</text>`).join("\n")}
${workersAxis.map((workers) => `<text x="${x(workers)}" y="${HEIGHT - BOTTOM + 20}" text-anchor="middle">${workers}</text>`).join("\n")}
<path d="M${LEFT} ${TOP}V${HEIGHT - BOTTOM}H${WIDTH - RIGHT}" fill="none" stroke="#333"/>
<line x1="${x(knee.workers)}" x2="${x(knee.workers)}" y1="${y(knee.rowsPerSecond)}" y2="${HEIGHT - BOTTOM}" stroke="#c60" stroke-dasharray="4 4"/>
<text x="${x(knee.workers)}" y="${HEIGHT - BOTTOM - 8}" fill="#c60" text-anchor="end">knee: ${knee.workers} </text>
<polyline points="${line}" fill="none" stroke="#06c" stroke-width="2"/>
${measured.map(({ workers, rowsPerSecond }) => `<circle cx="${x(workers)}" cy="${y(rowsPerSecond)}" r="5" fill="#06c"/>`).join("\n")}
</svg>
`;
}

/** The next of 1, 2, 4, 6, 8, 10, 20, … so that the axis has round figures. */
function roundUp(number: number): number {
  const power = 10 ** Math.floor(Math.log10(number));
  return [1, 2, 4, 6, 8, 10].map((factor) => factor * power).find((one) => one >= number)!;
}
