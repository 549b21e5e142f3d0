import { Buffer } from "node:buffer";
import { promisify } from "node:util";
import { zstdDecompress } from "node:zlib";

const decompress = promisify(zstdDecompress);

/**
 * The content of zstd frames that follow each other: Node's own stream ends with the first of them. A frame is what a
 * worker compressed at once, so it is held whole.
 * @throws RangeError where there is none
 */
export async function* zstdFrames(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let held = Buffer.alloc(0);
  for await (const chunk of chunks) {
    held = Buffer.concat([held, chunk]);
    for (let length = frameLength(held); length !== undefined; length = frameLength(held)) {
      yield await decompress(held.subarray(0, length));
      held = held.subarray(length);
    }
  }
  if (held.length > 0) throw new RangeError("a zstd frame is cut short");
}

const MAGIC = 0xfd2fb528;
/** Bytes of the dictionary's id and of the content's size, by their flags. */
const DICTIONARY = [0, 1, 2, 4];
const CONTENT = [0, 2, 4, 8];
const RLE = 1;

/** Bytes of the frame that begins here (RFC 8878, section 3.1.1), undefined where it is not all there. */
export function frameLength(bytes: Buffer): number | undefined {
  if (bytes.length < 5) return undefined;
  if (bytes.readUInt32LE(0) !== MAGIC) throw new RangeError("this is no zstd frame");
  const flags = bytes[4]!;
  const single = (flags >> 5) & 1;
  const content = flags >> 6 === 0 ? single : CONTENT[flags >> 6]!;
  let at = 5 + (1 - single) + DICTIONARY[flags & 3]! + content;
  for (;;) {
    if (at + 3 > bytes.length) return undefined;
    const header = bytes.readUIntLE(at, 3);
    at += 3 + (((header >> 1) & 3) === RLE ? 1 : header >> 3);
    if ((header & 1) === 1) break;
  }
  at += ((flags >> 2) & 1) * 4;
  return at <= bytes.length ? at : undefined;
}
