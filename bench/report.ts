import { type Figure, goalsTable, met } from "./goals.ts";
import type { Options } from "./options.ts";
import { medianOf, type Series } from "./series.ts";
import { keepDated, machine, markdown, type Table } from "./table.ts";

/** What a scenario found. */
export interface Findings {
  /** Of the files in bench/results/. */
  readonly name: string;
  readonly title: string;
  readonly tables: readonly Table[];
  readonly figures: readonly Figure[];
  readonly series: readonly Series[];
}

export const MIB = 1024 * 1024;

/** Prints the findings and keeps them, dated. */
export async function report(findings: Findings, options: Options): Promise<void> {
  const { tables, figures, series } = findings;
  const { runs, workers, discard, scenario } = options;
  const discarded = discard && scenario !== "compare";
  const name = discarded ? `${findings.name}-discarded` : findings.name;
  const title = discarded ? `${findings.title}, output discarded` : findings.title;
  const shown = figures.length > 0 ? [...tables, goalsTable(figures)] : tables;
  const text = [
    `# ${title}`,
    "",
    `Medians of ${runs} interleaved ${runs === 1 ? "run" : "runs"}; ${machine()}.`,
    "",
    ...shown.map(markdown),
  ].join("\n");
  process.stdout.write(text);
  const judged = figures.map((figure) => ({ ...figure, met: met(figure) }));
  await keepDated(name, text, { title, runs, workers, machine: machine(), figures: judged, series });
}

/** One line a contender; its time is compared with the first one's. */
export function contendersTable(title: string, series: readonly Series[]): Table {
  const first = series[0]!;
  const header = ["", "wall s", "CPU s", "rows/s", "MB/s in", "MB/s out", "peak MiB", `× ${first.name}`];
  const rows = series.map((one) => {
    const wall = medianOf(one, "wallSeconds");
    return [
      one.name,
      wall.toFixed(2),
      medianOf(one, "cpuSeconds").toFixed(2),
      Math.round(one.rows / wall).toLocaleString("en"),
      (one.inputBytes / 1e6 / wall).toFixed(1),
      one.outputBytes === 0 ? "-" : (one.outputBytes / 1e6 / wall).toFixed(1),
      (medianOf(one, "peakRssBytes") / MIB).toFixed(0),
      (wall / medianOf(first, "wallSeconds")).toFixed(2),
    ];
  });
  return { title, header, rows };
}
