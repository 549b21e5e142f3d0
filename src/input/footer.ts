import { parquetMetadata } from "hyparquet";
import { badInput, messageOf } from "../errors.ts";
import type { Store } from "../store/store.ts";
import { displayUri } from "../store/uri.ts";
import type { ByteRange, ObjectInfo } from "../types.ts";
import type { Annotations, DictionaryPage, FilePiece } from "../worker/messages.ts";
import { annotationsOf } from "./annotations.ts";

/** A row group as its footer describes it. Sizes in bytes. */
export interface RowGroup {
  readonly index: number;
  readonly rows: number;
  readonly uncompressed: number;
  /** Where all its column chunks lie in the file. */
  readonly range: ByteRange;
  readonly dictionaries: readonly DictionaryPage[];
  /** Values of each column chunk, items of lists and nulls among them. */
  readonly values: readonly number[];
}

/** A Parquet file's footer: what a plan needs of it, and its bytes for the decoder. */
export interface Footer {
  readonly piece: FilePiece;
  readonly rows: number;
  readonly rowGroups: readonly RowGroup[];
  readonly annotations: Annotations;
  /** The row group that shows what the columns hold, where there are rows, and its column chunks in schema order. */
  readonly sample: { readonly group: RowGroup; readonly chunks: readonly ColumnChunk[] } | undefined;
}

/** A column chunk: the top-level column that it belongs to, and where it lies. */
export interface ColumnChunk {
  readonly column: string;
  readonly range: ByteRange;
}

/** Read at once from the end of a file: most footers fit, so that one request is enough. */
const TAIL = 256 * 1024;
/** Magic bytes and footer length at the end of a file. */
const TRAILER = 8;
/** A footer larger than this is taken for damage. */
const LARGEST = 512 * 1024 * 1024;

/**
 * Reads and checks a file's footer.
 * @throws MasklineError (exit 5) when it is not Parquet, truncated, encrypted, or its numbers contradict each other
 */
export async function readFooter(object: ObjectInfo, store: Store, signal: AbortSignal): Promise<Footer> {
  const name = displayUri(object.uri);
  const bad = (what: string, cause?: unknown) =>
    badInput(`reading the footer of ${name}: ${what}`, { stage: "plan", ...(cause === undefined ? {} : { cause }) });
  if (object.size === 0) throw bad("the file is empty (0 bytes); was its export finished?");
  if (object.size < 2 * TRAILER) throw bad(`${object.size} bytes are no Parquet file`);
  let start = Math.max(0, object.size - TAIL);
  let bytes = await store.read(object, { start, end: object.size }, signal);
  const trailer = new DataView(bytes.buffer, bytes.length - TRAILER, TRAILER);
  const magic = Buffer.from(bytes.subarray(bytes.length - 4)).toString("latin1");
  if (magic === "PARE") throw bad("it is encrypted (PARE); export it without Parquet encryption, or decrypt it first");
  if (magic !== "PAR1") throw bad("it does not end as a Parquet file does; it is truncated or something else");
  const length = trailer.getUint32(0, true);
  if (length + TRAILER + 4 > object.size || length > LARGEST)
    throw bad("its length is not that of the footer; the file is damaged");
  if (length + TRAILER > bytes.length) {
    start = object.size - length - TRAILER;
    bytes = await store.read(object, { start, end: object.size }, signal);
  }
  try {
    const footer = bytes.buffer.slice(bytes.length - length - TRAILER);
    const metadata = parquetMetadata(footer);
    const rowGroups = metadata.row_groups.map((group, index) => rowGroup(group, index, object.size));
    const rows = Number(metadata.num_rows);
    const sum = rowGroups.reduce((total, group) => total + group.rows, 0);
    if (sum !== rows) throw bad(`it promises ${rows} rows, its row groups hold ${sum}; the file is damaged`);
    const group = cheapest(rowGroups);
    const sample = group && { group, chunks: chunksOf(metadata.row_groups[group.index]!) };
    return { piece: { start, bytes }, rows, rowGroups, annotations: annotationsOf(metadata), sample };
  } catch (error) {
    if (error instanceof Error && error.name === "MasklineError") throw error;
    throw bad(`it cannot be parsed (${messageOf(error)}); the file is damaged`, error);
  }
}

type Metadata = ReturnType<typeof parquetMetadata>;

/** So many rows say what a column holds. */
const ENOUGH_ROWS = 2_048;

/**
 * The smallest row group that has enough rows, else the first with any: where columns are single pages, they are
 * decompressed whole for their first rows.
 */
function cheapest(groups: readonly RowGroup[]): RowGroup | undefined {
  const sizeOf = ({ range: { start, end } }: RowGroup) => end - start;
  const [first, ...others] = groups.filter(({ rows }) => rows >= ENOUGH_ROWS);
  if (first === undefined) return groups.find(({ rows }) => rows > 0);
  return others.reduce((least, one) => (sizeOf(one) < sizeOf(least) ? one : least), first);
}

function chunksOf({ columns }: Metadata["row_groups"][number]): ColumnChunk[] {
  return columns.map(({ meta_data: chunk }) => ({ column: chunk!.path_in_schema[0]!, range: rangeOf(chunk!) }));
}

type ChunkMetadata = NonNullable<Metadata["row_groups"][number]["columns"][number]["meta_data"]>;

function rangeOf(chunk: ChunkMetadata): ByteRange {
  // Some writers leave 0 where there is no dictionary page.
  const dictionary = Number(chunk.dictionary_page_offset ?? 0n);
  const data = Number(chunk.data_page_offset);
  const start = dictionary > 0 && dictionary < data ? dictionary : data;
  return { start, end: start + Number(chunk.total_compressed_size) };
}

function rowGroup(group: Metadata["row_groups"][number], index: number, size: number): RowGroup {
  const where = `row group ${index}`;
  let start = size;
  let end = 0;
  const dictionaries: DictionaryPage[] = [];
  const values: number[] = [];
  for (const { meta_data: chunk, file_path: elsewhere } of group.columns) {
    if (elsewhere) throw new Error(`${where} keeps a column in another file`);
    if (!chunk) throw new Error(`${where} has an encrypted column`);
    const range = rangeOf(chunk);
    const variable = chunk.type === "BYTE_ARRAY" || chunk.type === "FIXED_LEN_BYTE_ARRAY";
    if (variable && range.start < Number(chunk.data_page_offset)) {
      dictionaries.push({ offset: range.start, values: Number(chunk.num_values) });
    }
    values.push(Number(chunk.num_values));
    start = Math.min(start, range.start);
    end = Math.max(end, range.end);
  }
  if (group.columns.length === 0) start = end;
  const rows = Number(group.num_rows);
  if (!(start >= 0 && start <= end && end <= size)) throw new Error(`${where} lies outside of the file`);
  if (!Number.isSafeInteger(rows) || rows < 0) throw new Error(`${where} has ${rows} rows`);
  return { index, rows, uncompressed: Number(group.total_byte_size), range: { start, end }, dictionaries, values };
}
