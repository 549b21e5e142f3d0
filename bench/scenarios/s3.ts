import { masklineCommand } from "../configuration.ts";
import type { Contender } from "../contender.ts";
import { type DataSpec, parquetData, rowsOf } from "../data.ts";
import { type Figure, S3 } from "../goals.ts";
import { installClickHouse } from "../install.ts";
import type { Options } from "../options.ts";
import { node, script } from "../places.ts";
import { contendersTable, type Findings } from "../report.ts";
import { objectContender } from "../s3-contender.ts";
import { interleaved, medianOf } from "../series.ts";

/** S3 to S3, maskline against ClickHouse; the gateway runs on the same cores. */
export async function s3({ shape, size, runs, workers, only }: Options): Promise<Findings> {
  const spec: DataSpec = { shape, size };
  requireRoom(spec);
  const series = await interleaved(await contendersFor(spec, workers, only), runs);
  const theirs = series.find(({ name }) => name === "clickhouse");
  const figures = series
    .filter((one) => theirs !== undefined && one !== theirs)
    .map((one): Figure => {
      const value = medianOf(theirs!, "wallSeconds") / medianOf(one, "wallSeconds");
      return { name: `clickhouse / ${one.name}, wall, S3 to S3`, value, goal: S3 };
    });
  return {
    name: `s3-${shape}-${size}`,
    title: `${shape}, ${rowsOf(spec).toLocaleString("en")} rows, S3 to S3, ${workers} workers`,
    tables: [contendersTable("S3 to S3", series)],
    figures,
    series,
  };
}

async function contendersFor(spec: DataSpec, workers: number, only: Options["only"]): Promise<Contender[]> {
  const { shape } = spec;
  const input = await parquetData(spec);
  const common = { input, rows: rowsOf(spec) };
  const ours = (name: string, plain: boolean) => ({
    ...common,
    name,
    command: ({ key }: { key: string }) =>
      masklineCommand(shape, workers, { plain }, `s3://input/${key}`, "s3://output/"),
  });
  const clickhouse = {
    ...common,
    name: "clickhouse",
    command: async ({ endpoint, key }: { endpoint: string; key: string }) => {
      const urls = [`${endpoint}/input/${key}`, `${endpoint}/output/clickhouse.jsonl`];
      return [node, script("clickhouse.ts"), ...urls, shape, String(workers)];
    },
  };
  const all = [ours("maskline", false), ours("maskline-plain", true), clickhouse];
  const wanted = all.filter(({ name }) => only?.includes(name) ?? true);
  const there = wanted.includes(clickhouse) && !(await installClickHouse()) ? wanted.slice(0, -1) : wanted;
  return Promise.all(there.map(objectContender));
}

/** The test gateway keeps 1 GiB, input and output together. */
function requireRoom({ shape, size }: DataSpec): void {
  const fits = size === "S" || (size === "M" && shape !== "transcript");
  if (!fits)
    throw new RangeError(`--s3: ${shape} of size ${size} does not fit the test gateway's 1 GiB; take a smaller size`);
}
