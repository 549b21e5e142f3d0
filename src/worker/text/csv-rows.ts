import { type CsvError, type Parser, parse } from "csv-parse";
import { badInput, MasklineError } from "../../errors.ts";
import { MAX_ROW_BYTES } from "./limits.ts";

/** Takes a row, its bytes as characters U+0000 to U+00FF; row 0 is the header. */
type OnRow = (row: readonly string[], number: number) => void;

/** Drives csv-parse: bytes in, rows out at once. Its own messages, which quote values, go no further. */
export class CsvRows {
  readonly #parser: Parser;
  readonly #names: readonly string[];
  #rows = 0;
  /** Bytes fed since a row ended. */
  #open = 0;

  /**
   * @param names the columns, to name them in errors; with one (not with none), empty lines are rows
   * @param onRow may throw, which `feed` then does
   */
  constructor(names: readonly string[], onRow: OnRow) {
    this.#names = names;
    this.#parser = parse({
      // Bytes stay what they are: columns are made well-formed later, all at once.
      encoding: "latin1",
      record_delimiter: ["\r\n", "\n"],
      relax_column_count: true,
      skip_empty_lines: names.length !== 1,
      // Consumed here, rows do not pass through a stream's queue.
      on_record: (row: readonly string[]) => {
        this.#open = 0;
        onRow(row, this.#rows++);
        return null;
      },
    });
    this.#parser.on("error", () => {});
    this.#parser.resume();
  }

  /** @throws MasklineError ERR_BAD_INPUT, or what `onRow` throws */
  async feed(bytes: Uint8Array): Promise<void> {
    this.#open += bytes.length;
    await this.#settled((done) => this.#parser.write(asBuffer(bytes), done));
    if (this.#open > MAX_ROW_BYTES + bytes.length) {
      throw csvError(`row ${this.#rows} is longer than ${MAX_ROW_BYTES} bytes: a quote may not be closed`);
    }
  }

  /** @throws MasklineError ERR_BAD_INPUT, or what `onRow` throws */
  async end(): Promise<void> {
    await this.#settled((done) => {
      this.#parser.once("error", done);
      this.#parser.end(done);
    });
  }

  async #settled(start: (done: (error?: Error | null) => void) => void): Promise<void> {
    try {
      await new Promise<void>((resolve, reject) => start((error) => (error ? reject(error) : resolve())));
    } catch (error) {
      throw error instanceof MasklineError ? error : this.#plain(error);
    }
  }

  /** The parser's error without anything of the content. */
  #plain(error: unknown): unknown {
    const { code, column } = error as Partial<CsvError> & { column?: unknown };
    const problem = PROBLEMS[String(code)];
    if (problem === undefined) return error;
    const name = typeof column === "number" && this.#rows > 0 ? this.#names[column] : undefined;
    const where = this.#rows === 0 ? "the header" : `row ${this.#rows}`;
    return csvError(`${where}${name === undefined ? "" : `, column ${name}`}: ${problem}`);
  }
}

const PROBLEMS: Readonly<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: "a quote is opened and not closed before the end of the file",
  CSV_INVALID_CLOSING_QUOTE: "a closing quote is followed by something else than a comma or the end of the line",
  INVALID_OPENING_QUOTE: "a quote stands inside of a field that is not quoted",
  CSV_INVALID_OPENING_QUOTE: "a quote stands inside of a field that is not quoted",
};

export function csvError(problem: string): MasklineError {
  return badInput(`decoding CSV: ${problem}`, { stage: "decode" });
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
