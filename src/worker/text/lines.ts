import { MAX_ROW_BYTES } from "./limits.ts";
import type { Bytes } from "./source.ts";

const LF = 0x0a;

/**
 * The same bytes cut into blocks of whole lines, a line feed after each, the last included.
 *
 * @param tooLong makes the error for a line that is too long; the lines before it were given
 */
export async function* blocksOfLines(bytes: Bytes, tooLong: () => Error): AsyncIterable<Buffer> {
  let open: Uint8Array[] = [];
  let openBytes = 0;
  for await (const chunk of bytes) {
    const buffer = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    let start = 0;
    if (openBytes > 0) {
      start = buffer.indexOf(LF) + 1;
      if (start > 0) {
        yield Buffer.concat([...open, buffer.subarray(0, start)]);
        open = [];
        openBytes = 0;
      }
    }
    const end = buffer.lastIndexOf(LF) + 1;
    if (end > start) yield buffer.subarray(start, end);
    const rest = buffer.subarray(Math.max(start, end));
    if (rest.length > 0) open.push(rest);
    openBytes += rest.length;
    if (openBytes > MAX_ROW_BYTES) throw tooLong();
  }
  if (openBytes > 0) yield Buffer.concat([...open, Buffer.of(LF)]);
}
