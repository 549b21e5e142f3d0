import { maskline } from "../contenders.ts";
import type { DataSpec } from "../data.ts";
import type { Options } from "../options.ts";
import { type Findings, MIB } from "../report.ts";
import { interleaved } from "../series.ts";

/** Row groups of 64 MiB uncompressed: the peak against 1 GiB. */
export async function memory({ shape, size, runs, workers, discard }: Options): Promise<Findings> {
  const spec: DataSpec = { shape, size, rowGroups: "64MiB" };
  const [one] = await interleaved([await maskline(spec, workers, { discard })], runs);
  const peak = Math.max(...one!.usages.map(({ peakRssBytes }) => peakRssBytes)) / MIB;
  const verdict = peak <= 1024 ? "within 1024" : "above 1024";
  const rows = [[one!.rows.toLocaleString("en"), peak.toFixed(0), verdict]];
  return {
    name: `memory-${shape}-${size}`,
    title: `${shape}, row groups of 64 MiB, ${workers} workers`,
    tables: [{ title: "Memory", header: ["rows", "peak MiB", "bar"], rows }],
    figures: [],
    series: [one!],
  };
}
