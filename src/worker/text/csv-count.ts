import { csvError } from "./csv-rows.ts";
import type { Bytes } from "./source.ts";

const LF = 0x0a;
const CR = 0x0d;
const QUOTE = 0x22;

/**
 * Counts the rows of CSV, header included, which is the first line. In what a strict parser accepts, every quote opens, closes or is one of a pair inside quotes: so a line end is one of a row exactly where
 * the quotes before it are even in number.
 *
 * @param onChunk gets every chunk as long as it returns true
 * @returns `all` rows, and those that are not an empty line
 * @throws MasklineError ERR_BAD_INPUT when a quote is not closed
 */
export async function countCsvRows(
  bytes: Bytes,
  onChunk: (chunk: Uint8Array) => Promise<boolean>,
): Promise<{ all: number; filled: number }> {
  let all = 0;
  let filled = 0;
  let quoted = false;
  /** Bytes of the current row, but for a CR at its start, which ends an empty line or is content. */
  let length = 0;
  let afterCr = false;
  let more = true;
  for await (const chunk of bytes) {
    if (more) more = await onChunk(chunk);
    for (let i = 0; i < chunk.length; i++) {
      const byte = chunk[i]!;
      if (byte === LF && !quoted) {
        if (length > 0) filled++;
        all++;
        length = 0;
        afterCr = false;
      } else if (byte === CR && length === 0 && !afterCr) {
        afterCr = true;
      } else {
        length++;
        if (byte === QUOTE) quoted = !quoted;
      }
    }
  }
  if (quoted) throw csvError(`row ${filled}: a quote is opened and not closed before the end of the file`);
  const last = length > 0 || afterCr ? 1 : 0;
  return { all: all + last, filled: filled + last };
}
