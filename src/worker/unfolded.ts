import { formatBytes } from "../config/bytes.ts";
import { usageError } from "../errors.ts";
import type { ParquetSource } from "./messages.ts";
import { bytesFrom } from "./pieces.ts";

/** Decoding takes about so many times the bytes that the values unfold to. Measured. */
const FACTOR = 1.5;

/**
 * A dictionary holds a value once that rows repeat, and the footer does not say how long it is: a row group of a few
 * kilobytes may unfold to gigabytes. The dictionaries' own page headers tell the average length of their values.
 * @throws MasklineError (exit 2) when the row group unfolds to more than a decoder may take
 */
export function checkUnfolded({ pieces, dictionaries, most }: ParquetSource): void {
  let bytes = 0;
  for (const { offset, values } of dictionaries) {
    const page = bytesFrom(pieces, offset, offset + LONGEST);
    const header = page && dictionaryHeader(page);
    if (header && header.entries > 0) bytes += (header.bytes / header.entries) * values;
  }
  if (bytes * FACTOR <= most) return;
  throw usageError(
    `it unfolds to about ${formatBytes(bytes)}, for values that its dictionaries hold once; decoding it needs ` +
      `about ${formatBytes(bytes * FACTOR)} and runtime.memory leaves ${formatBytes(most)}: raise it, lower runtime.workers, or export smaller row groups`,
    { stage: "decode" },
  );
}

/** Bytes that the fields read here take at most. */
const LONGEST = 64;
/** Thrift compact protocol: an i32 and a struct as a field's type; PageHeader.dictionary_page_header's number. */
const I32 = 5;
const STRUCT = 12;
const DICTIONARY_PAGE_HEADER = 7;

/** Size before compression and number of entries, from a PageHeader (parquet.thrift); undefined when it is none. */
export function dictionaryHeader(header: Uint8Array): { bytes: number; entries: number } | undefined {
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let scale = 1; at < header.length; scale *= 128) {
      const byte = header[at++]!;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
    }
    return Number.NaN;
  };
  let bytes = 0;
  for (let field = 0; at < header.length; ) {
    const mark = header[at++]!;
    if (mark >> 4 === 0) return undefined;
    field += mark >> 4;
    const type = mark & 15;
    if (type === I32) {
      const value = varint();
      if (field === 2) bytes = value;
    } else if (type === STRUCT && field === DICTIONARY_PAGE_HEADER) {
      // Its first field is the number of values.
      if (header[at++] !== (1 << 4) + I32) return undefined;
      const entries = varint();
      return bytes >= 0 && entries >= 0 ? { bytes, entries } : undefined;
    } else {
      return undefined;
    }
  }
  return undefined;
}
