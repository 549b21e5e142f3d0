import type { Contender } from "../contender.ts";
import { database, decode, maskline, rowwise, seed } from "../contenders.ts";
import { type DataSpec, rowsOf } from "../data.ts";
import { CPU, DECODE, type Figure, type Goal, ROWWISE, WALL } from "../goals.ts";
import type { Usage } from "../measure.ts";
import type { Options } from "../options.ts";
import { contendersTable, type Findings } from "../report.ts";
import { interleaved, medianOf, type Series } from "../series.ts";

/** maskline against everyone on one shape; files written and, if asked for, discarded. */
export async function compare({ shape, size, runs, workers, only, discard }: Options): Promise<Findings> {
  const spec: DataSpec = { shape, size };
  const files = await contendersFor(spec, workers, only);
  const discarded = discard ? await discardingFor(spec, workers, only) : [];
  const series = await interleaved([...files, ...discarded], runs);
  const parts = [
    { title: "Files written", series: series.slice(0, files.length) },
    { title: "Output discarded", series: series.slice(files.length) },
  ].filter((part) => part.series.length > 0);
  return {
    name: `${shape}-${size}`,
    title: `${shape}, ${rowsOf(spec).toLocaleString("en")} rows, ${workers} workers`,
    tables: parts.map((part) => contendersTable(part.title, part.series)),
    figures: parts.flatMap((part) => figuresOf(shape, part.title.toLowerCase(), part.series)),
    series: [...parts[0]!.series, ...series.slice(files.length).map((one) => ({ ...one, discarded: true }))],
  };
}

type Makers = Readonly<Record<string, () => Promise<Contender | null>>>;

/** Where rows are flat, the row-wise pipelines can do the work too. */
function contendersFor(spec: DataSpec, workers: number, only: Options["only"]): Promise<Contender[]> {
  return wanted(only, {
    maskline: () => maskline(spec, workers),
    "maskline-plain": () => maskline(spec, workers, { plain: true }),
    duckdb: () => database("duckdb", spec, workers),
    clickhouse: () => database("clickhouse", spec, workers),
    ...(spec.shape !== "nested" && { rowwise: () => rowwise(spec), seed: () => seed(spec) }),
    decode: () => decode(spec),
  });
}

function discardingFor(spec: DataSpec, workers: number, only: Options["only"]): Promise<Contender[]> {
  return wanted(only, {
    maskline: () => maskline(spec, workers, { discard: true }),
    "maskline-plain": () => maskline(spec, workers, { discard: true, plain: true }),
    duckdb: () => database("duckdb", spec, workers, true),
    clickhouse: () => database("clickhouse", spec, workers, true),
  });
}

/** One after the other: the first one to need the data makes it. */
async function wanted(only: Options["only"], makers: Makers): Promise<Contender[]> {
  const made: Contender[] = [];
  for (const [name, make] of Object.entries(makers)) {
    const contender = (only?.includes(name) ?? true) ? await make() : null;
    if (contender) made.push(contender);
  }
  return made;
}

/** A goal of a shape: who over whom, in what. */
interface Match {
  readonly rival: string;
  readonly what: "wallSeconds" | "cpuSeconds";
  readonly goal: Goal;
}

function matchesOf(shape: DataSpec["shape"]): readonly Match[] {
  const wall = (rival: string, goal = WALL[shape]): Match => ({ rival, what: "wallSeconds", goal });
  const cpu = (rival: string, goal = CPU): Match => ({ rival, what: "cpuSeconds", goal });
  if (shape !== "cdr") return [wall("duckdb")];
  return [
    ...[wall("duckdb"), wall("clickhouse"), cpu("duckdb"), cpu("clickhouse")],
    ...[wall("rowwise", ROWWISE), wall("seed", ROWWISE), cpu("decode", DECODE)],
  ];
}

const UNITS = { wallSeconds: "wall", cpuSeconds: "CPU" } as const;

function figuresOf(shape: DataSpec["shape"], how: string, series: readonly Series[]): Figure[] {
  const by = new Map(series.map((one) => [one.name, one]));
  const ours = ["maskline", "maskline-plain"].filter((name) => by.has(name));
  return matchesOf(shape).flatMap(({ rival, what, goal }) => {
    const theirs = by.get(rival);
    if (!theirs) return [];
    return ours.map((name): Figure => {
      const times = ratio(theirs, by.get(name)!, what);
      const [label, value] =
        goal.sense === "at least" ? [`${rival} / ${name}`, times] : [`${name} / ${rival}`, 1 / times];
      return { name: `${label}, ${UNITS[what]}, ${how}`, value, goal };
    });
  });
}

function ratio(above: Series, below: Series, what: keyof Usage): number {
  return medianOf(above, what) / medianOf(below, what);
}
