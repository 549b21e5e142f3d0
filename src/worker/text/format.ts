import type { Kernels } from "../../kernels/load.ts";
import type { Batch, Field } from "../../types.ts";
import type { Bytes } from "./source.ts";

/** A batch of a text file. */
export interface TextBatch extends Batch {
  /** Values with invalid UTF-8 or an escape of half a surrogate pair, where U+FFFD was put. */
  readonly invalidUtf8?: number;
}

/** A text format that is decoded into columns. Errors name rows, lines and columns, never a value. */
export interface TextFormat {
  /**
   * One pass over the bytes: schema and number of rows.
   *
   * @param declared fields that the schema has in any case, before all others; JSON lines only
   * @throws MasklineError ERR_BAD_INPUT
   */
  describe(bytes: Bytes, declared?: readonly Field[]): Promise<{ fields: Field[]; rows: number }>;

  /**
   * Batches of about `batchBytes` bytes of input each; where they end depends on the bytes and `fields` only, never on
   * how the stream is cut into chunks. A batch lies in the kernels' arena, whatever else is there; it is good until
   * the next is asked for, and the consumer resets the arena before asking.
   *
   * @param fields as `describe` gave them for the same bytes, or wider ones: more members, text in place of scalars
   * @param batchBytes 1 to 256 MiB
   * @throws MasklineError ERR_BAD_INPUT; also when the bytes do not match `fields`
   */
  batches(bytes: Bytes, fields: readonly Field[], batchBytes: number, kernels: Kernels): AsyncIterable<TextBatch>;
}

export { csv } from "./csv.ts";
export { jsonl } from "./jsonl.ts";
