import { maskline } from "../contenders.ts";
import type { DataSpec } from "../data.ts";
import { GROWTH_MEMORY, GROWTH_TIME } from "../goals.ts";
import type { Options } from "../options.ts";
import { type Findings, MIB } from "../report.ts";
import { interleaved, medianOf } from "../series.ts";

/** 8 times the rows: does time grow with them, and memory not? */
export async function growth({ shape, size, runs, workers, discard }: Options): Promise<Findings> {
  const specs: readonly DataSpec[] = [
    { shape, size },
    { shape, size, times: 8 },
  ];
  const contenders = [];
  for (const spec of specs) contenders.push(await maskline(spec, workers, { discard }));
  const series = await interleaved(contenders, runs);
  const [small, large] = series;
  const times = (what: "wallSeconds" | "peakRssBytes") => medianOf(large!, what) / medianOf(small!, what);
  const rows = series.map((one) => [
    one.rows.toLocaleString("en"),
    medianOf(one, "wallSeconds").toFixed(2),
    (medianOf(one, "peakRssBytes") / MIB).toFixed(0),
  ]);
  return {
    name: `growth-${shape}-${size}`,
    title: `${shape}, 8 times the rows, ${workers} workers`,
    tables: [{ title: "Growth", header: ["rows", "wall s", "peak MiB"], rows }],
    figures: [
      { name: "time for 8 times the rows", value: times("wallSeconds"), goal: GROWTH_TIME },
      { name: "peak memory for 8 times the rows", value: times("peakRssBytes"), goal: GROWTH_MEMORY },
    ],
    series,
  };
}
