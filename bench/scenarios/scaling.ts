import { maskline } from "../contenders.ts";
import { type DataSpec, rowGroupsIn } from "../data.ts";
import { type Figure, SCALING } from "../goals.ts";
import type { Options } from "../options.ts";
import type { Findings } from "../report.ts";
import { interleaved, medianOf, type Series } from "../series.ts";

const WORKERS = [1, 2] as const;
/** One row group of everything needs more than usual. */
const MEMORY = "8GiB";

/** One worker and two, on one file with one row group and on one with sixteen. */
export async function scaling({ shape, size, runs, discard }: Options): Promise<Findings> {
  const specs = (["one", "16"] as const).map((rowGroups): DataSpec => ({ shape, size, rowGroups }));
  const contenders = [];
  const groups: string[] = [];
  for (const spec of specs) {
    for (const workers of WORKERS) {
      const contender = await maskline(spec, workers, { discard, memory: MEMORY });
      const rowGroups = await rowGroupsIn(contender.input);
      groups.push(rowGroups === 1 ? "1 row group" : `${rowGroups} row groups`);
      contenders.push({ ...contender, name: `${groups.at(-1)}, ${workers} ${workers === 1 ? "worker" : "workers"}` });
    }
  }
  const series = await interleaved(contenders, runs);
  const rows = series.map((one, index) => [
    groups[index]!,
    String(WORKERS[index % 2]),
    medianOf(one, "wallSeconds").toFixed(2),
    medianOf(one, "cpuSeconds").toFixed(2),
  ]);
  return {
    name: `scaling-${shape}-${size}`,
    title: `${shape}, ${series[0]!.rows.toLocaleString("en")} rows, one worker and two`,
    tables: [{ title: "Scaling", header: ["", "workers", "wall s", "CPU s"], rows }],
    figures: [0, 2].map((at) => speedup(groups[at]!, series[at]!, series[at + 1]!)),
    series,
  };
}

function speedup(rowGroups: string, one: Series, two: Series): Figure {
  const value = medianOf(one, "wallSeconds") / medianOf(two, "wallSeconds");
  return { name: `1 → 2 workers, ${rowGroups}`, value, goal: SCALING };
}
