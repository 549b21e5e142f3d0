import { mapAtOnce } from "./concurrency.ts";
import { MasklineError } from "./errors.ts";
import type { ColumnChunk } from "./input/footer.ts";
import type { Inspected } from "./input/inspect.ts";
import { textSupply } from "./input/supply.ts";
import { type Leaf, leavesOf } from "./policy/leaves.ts";
import { openStore, type Store, type StoreOptions } from "./store/store.ts";
import type { ByteRange, Field, LeafSample } from "./types.ts";
import type { Source } from "./worker/messages.ts";
import { WorkerDied, type WorkerPool } from "./worker/pool.ts";

/** Files of one schema that are looked into, spread evenly over all of them, and files at once. */
const FILES = 8;
const AT_ONCE = 8;
/** Rows of a row group, and bytes of a text file, that are looked at. */
const ROWS = 256;
const TEXT_BYTES = 256 * 1024;

/** What the content of leaves shows, by path: everything that any file of the run has there. */
export type Samples = ReadonlyMap<string, readonly LeafSample[]>;

/**
 * Looks at the first rows of some files of each schema, in the columns whose leaves are wanted. What cannot be read is
 * left to the run, which says so itself.
 */
export async function sampleInputs(
  inputs: readonly Inspected[],
  wanted: (leaf: Leaf) => boolean,
  pool: WorkerPool,
  memory: number,
  options: StoreOptions,
  signal: AbortSignal,
): Promise<Samples> {
  const samples = new Map<string, LeafSample[]>();
  const schemas = Map.groupBy(
    inputs.filter(({ rows }) => rows > 0),
    ({ fields }) => JSON.stringify(fields),
  );
  const chosen = [...schemas.values()].flatMap((files) => {
    const leaves = leavesOf(files[0]!.fields).filter(wanted);
    const paths = new Set(leaves.map(({ path }) => path));
    return leaves.length === 0 ? [] : spread(files, FILES).map((input) => ({ input, paths }));
  });
  const found = await mapAtOnce(chosen, AT_ONCE, async ({ input, paths }) => {
    const fields = projected(input.fields, paths);
    const counted = await sampleFile(input, fields, pool, memory, options, signal);
    return leavesOf(fields).map(({ path }, index) => ({ path, sample: paths.has(path) ? counted[index] : undefined }));
  });
  for (const { path, sample } of found.flat()) {
    if (sample) samples.set(path, [...(samples.get(path) ?? []), sample]);
  }
  return samples;
}

/** At most `count` of the files: the first, the last and some between. */
function spread<T>(files: readonly T[], count: number): T[] {
  if (files.length <= count) return [...files];
  return Array.from({ length: count }, (_, index) => files[Math.round((index * (files.length - 1)) / (count - 1))]!);
}

/** The top-level columns that hold one of the leaves. */
function projected(fields: readonly Field[], paths: ReadonlySet<string>): readonly Field[] {
  // The decoder knows columns by their path: names with dots are ambiguous.
  if (fields.some(({ name }) => name.includes("."))) return fields;
  return fields.filter((field) => leavesOf([field]).some(({ path }) => paths.has(path)));
}

async function sampleFile(
  input: Inspected,
  fields: readonly Field[],
  pool: WorkerPool,
  memory: number,
  options: StoreOptions,
  signal: AbortSignal,
): Promise<LeafSample[]> {
  await using store = openStore(input.object.uri, options);
  const kept = new Set(leavesOf(fields).map(({ path }) => path));
  for (let attempt = 1; ; attempt++) {
    // Readers of text want all fields. What cannot be read in part is read once more as the run will read it, so that
    // content which nobody looked at never comes through.
    const read = input.footer === undefined || attempt > 1 ? input.fields : fields;
    try {
      const all = await sampleFields(input, read, pool, memory, store, signal);
      return leavesOf(read).flatMap(({ path }, index) => (kept.has(path) ? [all[index]!] : []));
    } catch (error) {
      // Damage, and what does not fit: the run meets the same, and has more to say on it.
      const known = error instanceof MasklineError && (error.code === "ERR_BAD_INPUT" || error.code === "ERR_USAGE");
      if (!known && !(error instanceof WorkerDied)) throw error;
      if (attempt > 1) return [];
    }
  }
}

async function sampleFields(
  input: Inspected,
  fields: readonly Field[],
  pool: WorkerPool,
  memory: number,
  store: Store,
  signal: AbortSignal,
): Promise<LeafSample[]> {
  if (input.footer === undefined) {
    const { type, gzip } = input.format;
    const source = { format: type as "csv" | "jsonl", gzip, rows: input.rows, batchBytes: TEXT_BYTES };
    return await pool.sample({ source, fields }, textSupply(input.object, store, signal));
  }
  const source = await rowGroupSource(input, fields, memory, store, signal);
  return await pool.sample({ source, fields }, async () => null);
}

async function rowGroupSource(
  { object, footer, fields: all }: Inspected,
  fields: readonly Field[],
  memory: number,
  store: Store,
  signal: AbortSignal,
): Promise<Source> {
  const { sample, piece, annotations } = footer!;
  const { group, chunks } = sample!;
  const names = new Set(fields.map(({ name }) => name));
  const ranges = fields.length === all.length ? [group.range] : joined(chunks, names);
  const read = await mapAtOnce(ranges, AT_ONCE, async (range) => ({
    start: range.start,
    bytes: await store.read(object, range, signal),
  }));
  return {
    format: "parquet",
    size: object.size,
    pieces: [...read, { start: piece.start, bytes: piece.bytes.slice() }],
    // The check of INT96 reads the whole row group; the run does it.
    annotations: { ...annotations, int96: [] },
    dictionaries: group.dictionaries.filter(({ offset }) =>
      ranges.some((one) => one.start <= offset && offset < one.end),
    ),
    most: memory,
    rowGroup: group.index,
    rows: group.rows,
    batchRows: ROWS,
    ...(fields.length < all.length && { columns: [...names] }),
  };
}

/**
 * The decoder asks for ranges that lie no further apart than this, in bytes, as one: they must be here as one. It is 1,024
 * in parquet-wasm 0.8; more costs less than another request.
 */
const GAP = 64 * 1024;

/** Where the columns lie; neighbours are read at once. */
function joined(chunks: readonly ColumnChunk[], names: ReadonlySet<string>): ByteRange[] {
  const ranges: { start: number; end: number }[] = [];
  const wanted = chunks.filter(({ column }) => names.has(column)).map(({ range }) => range);
  for (const { start, end } of wanted.toSorted((a, b) => a.start - b.start)) {
    const last = ranges.at(-1);
    if (last && start <= last.end + GAP) last.end = Math.max(last.end, end);
    else ranges.push({ start, end });
  }
  return ranges;
}
