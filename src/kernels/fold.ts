/** Text as detectors read it, one byte for a UTF-16 code unit, and what they find put back into the column. */
export interface FoldFunctions {
  /**
   * Each character of `length` bytes of valid UTF-8 to `out`, which has room for as many: those beyond ASCII by `table`,
   * 65,536 bytes by code point, and ASCII as it is, its letters in lower case where `lower` is 1; the pictures from
   * U+1F300 to U+1FAFF as two bytes 0xac.
   *
   * @returns bytes written; -1 where there is another character of four bytes
   */
  foldText(source: number, length: number, table: number, lower: number, out: number): number;

  /**
   * Turns `count` ascending positions (int32) in code units of a text into positions of its `length` bytes, in place.
   *
   * @returns 1; 0 where one lies within a character or behind the text: some are then changed
   */
  bytePositions(source: number, length: number, positions: number, count: number): number;

  /**
   * The column with texts in place of spans. Spans are ascending, not empty, and three int32 each: where it begins and
   * ends in the column joined with a byte behind each value, and which of `texts`. `out` has room for the column's bytes
   * and the texts'; `outOffsets` gets length + 1 offsets, the first of them 0.
   *
   * @returns bytes written; -1 when a span is not within a value
   */
  patchSpans(
    values: number,
    offsets: number,
    length: number,
    spans: number,
    count: number,
    texts: number,
    textOffsets: number,
    out: number,
    outOffsets: number,
  ): number;
}
