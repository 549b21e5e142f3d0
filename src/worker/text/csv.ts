import type { MasklineError } from "../../errors.ts";
import type { Kernels } from "../../kernels/load.ts";
import type { Field } from "../../types.ts";
import { countCsvRows } from "./csv-count.ts";
import { CsvRows, csvError } from "./csv-rows.ts";
import type { TextBatch, TextFormat } from "./format.ts";
import { checkBatchBytes, MAX_ROW_BYTES } from "./limits.ts";
import { type Bytes, withoutBom } from "./source.ts";
import { TextBuilder } from "./text-builder.ts";

/**
 * CSV (RFC 4180): comma, double quotes, CRLF or LF, header required. Every column is text, an empty field an empty
 * text. Empty lines are no rows, except below the header where the file has one column: there they are empty texts.
 *
 * `describe` reads the header and counts rows by their quotes alone, which is exact for all that `batches` accepts;
 * what is wrong inside rows is found by `batches`.
 */
export const csv: TextFormat = {
  async describe(bytes: Bytes): Promise<{ fields: Field[]; rows: number }> {
    let names: readonly string[] | null = null;
    const header = new CsvRows([], (row) => {
      names ??= headerNames(row);
    });
    const counts = await countCsvRows(body(bytes), async (chunk) => {
      if (names === null) await header.feed(chunk);
      return names === null;
    });
    if (names === null) await header.end();
    if (names === null) throw csvError("the file has no header: its first row must name the columns");
    const fields = (names as readonly string[]).map((name): Field => ({ name, kind: "utf8", children: [] }));
    return { fields, rows: (fields.length > 1 ? counts.filled : counts.all) - 1 };
  },

  async *batches(bytes: Bytes, fields: readonly Field[], batchBytes: number, kernels: Kernels) {
    checkBatchBytes(batchBytes);
    const table = new Table(fields, batchBytes);
    const names = fields.map((field) => field.name);
    const rows = new CsvRows(names, (row, number) => (number === 0 ? checkHeader(row, names) : table.add(row, number)));
    for await (const chunk of body(bytes)) {
      for (const slice of slicesOf(chunk)) {
        await rows.feed(slice);
        while (table.full) yield table.take(kernels);
      }
    }
    await rows.end();
    while (table.full) yield table.take(kernels);
    if (table.started) yield table.take(kernels);
  },
};

/** The bytes from the header on: without byte order mark and empty lines before it. */
async function* body(bytes: Bytes): Bytes {
  let atStart = true;
  for await (const chunk of withoutBom(bytes)) {
    let start = 0;
    if (atStart) while (chunk[start] === 0x0a || chunk[start] === 0x0d) start++;
    if (start === chunk.length) continue;
    atStart = false;
    yield chunk.subarray(start);
  }
}

/** Rows as columns, cut into batches. Rows come faster than batches are taken, by at most one slice of input. */
class Table {
  readonly #fields: readonly Field[];
  readonly #batchBytes: number;
  readonly #done: Part[] = [];
  #part: Part;

  constructor(fields: readonly Field[], batchBytes: number) {
    this.#fields = fields;
    this.#batchBytes = batchBytes;
    this.#part = new Part(fields);
  }

  /** A batch is complete. */
  get full(): boolean {
    return this.#done.length > 0;
  }

  /** Rows wait for their batch to be completed. */
  get started(): boolean {
    return this.#part.rows > 0;
  }

  add(row: readonly string[], number: number): void {
    this.#part.add(row, number);
    if (this.#part.bytes < this.#batchBytes) return;
    this.#done.push(this.#part);
    this.#part = new Part(this.#fields);
  }

  /** The first batch, complete or not. */
  take(kernels: Kernels): TextBatch {
    const done = this.#done.shift();
    if (done) return done.finish(kernels);
    const last = this.#part;
    this.#part = new Part(this.#fields);
    return last.finish(kernels);
  }
}

/** The rows of one batch. */
class Part {
  rows = 0;
  /** Bytes of the rows, with a delimiter after each field and without quotes. */
  bytes = 0;
  readonly #columns: readonly TextBuilder[];

  constructor(fields: readonly Field[]) {
    this.#columns = fields.map((field) => new TextBuilder(field, field.name));
  }

  add(row: readonly string[], number: number): void {
    const columns = this.#columns;
    if (row.length !== columns.length) throw wrongLength(row.length, columns, number);
    let bytes = row.length;
    for (let i = 0; i < columns.length; i++) {
      const text = row[i]!;
      bytes += text.length;
      columns[i]!.addLatin1(text);
    }
    if (bytes > MAX_ROW_BYTES) throw csvError(`row ${number} is longer than ${MAX_ROW_BYTES} bytes`);
    this.bytes += bytes;
    this.rows++;
  }

  finish(kernels: Kernels): TextBatch {
    const columns = this.#columns.map((builder) => builder.finish(this.rows, kernels.memory));
    const invalidUtf8 = this.#columns.reduce((sum, builder) => sum + builder.invalidUtf8, 0);
    return { rows: this.rows, columns, invalidUtf8 };
  }
}

function wrongLength(length: number, columns: readonly TextBuilder[], number: number): MasklineError {
  const missing = columns[length];
  const which = missing ? `the column ${missing.path} and what follows it are missing` : "a comma may lack its quotes";
  return csvError(`row ${number} has ${length} fields and the header ${columns.length}: ${which}`);
}

/** Column names of a header row. */
function headerNames(row: readonly string[]): readonly string[] {
  const names = row.map((name) => Buffer.from(name, "latin1").toString("utf8"));
  const seen = new Set<string>();
  for (const [index, name] of names.entries()) {
    if (name === "") throw csvError(`column ${index + 1} has no name in the header`);
    if (seen.has(name))
      throw csvError(
        `the header names one column twice (column ${seen.size + 1} is a repetition); has the file a header?`,
      );
    seen.add(name);
  }
  return names;
}

function checkHeader(row: readonly string[], names: readonly string[]): void {
  const found = headerNames(row);
  if (found.length !== names.length || found.some((name, i) => name !== names[i])) {
    throw csvError("the header is not the one that was there before: the file changed while it was read");
  }
}

/** The parser copies what it could not finish with what comes next; large chunks would make many rows wait. */
const SLICE = 65_536;

function* slicesOf(chunk: Uint8Array): Iterable<Uint8Array> {
  for (let at = 0; at < chunk.length; at += SLICE) yield chunk.subarray(at, at + SLICE);
}
