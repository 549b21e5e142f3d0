import { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { badInput } from "../../errors.ts";

/** Bytes of an object, in order. A chunk stays as it is once it was given. */
export type Bytes = AsyncIterable<Uint8Array>;

/**
 * The content of gzip bytes (RFC 1952), any number of members after one another. Reads no further than a few chunks
 * ahead of its reader; giving up early closes `bytes`.
 *
 * @throws MasklineError ERR_BAD_INPUT when the stream is no gzip, corrupt, cut short or followed by anything else;
 *   what `bytes` itself throws passes through
 */
export async function* gunzip(bytes: Bytes): Bytes {
  let read = 0;
  async function* counted(): Bytes {
    for await (const chunk of bytes) {
      read += chunk.length;
      yield chunk;
    }
  }
  const source = Readable.from(counted(), { objectMode: false });
  const gunzip = createGunzip();
  source.on("error", (error) => gunzip.destroy(error));
  source.pipe(gunzip);
  try {
    yield* gunzip as AsyncIterable<Buffer>;
  } catch (error) {
    throw asBadInput(error);
  } finally {
    gunzip.destroy();
    source.destroy();
  }
  // zlib takes a zero byte after a member for the end and drops what follows, which may be members.
  if (gunzip.bytesWritten !== read) {
    throw badInput("decompressing gzip: bytes follow the compressed data: write the file again", { stage: "decode" });
  }
}

function asBadInput(error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException | undefined)?.code ?? "";
  if (!/^Z_[A-Z]+_ERROR$/.test(code)) return error;
  const what = code === "Z_BUF_ERROR" ? "the data ends early" : "the data is corrupt or no gzip";
  return badInput(`decompressing gzip: ${what}: write or copy the file again`, { stage: "decode", cause: error });
}

const UTF8_BOM = [0xef, 0xbb, 0xbf];

/**
 * Text without its UTF-8 byte order mark.
 *
 * @throws MasklineError ERR_BAD_INPUT when it starts with the mark of UTF-16
 */
export async function* withoutBom(bytes: Bytes): Bytes {
  let head: Uint8Array | null = new Uint8Array(0);
  for await (const chunk of bytes) {
    if (head === null) {
      yield chunk;
      continue;
    }
    head = head.length === 0 ? chunk : Buffer.concat([head, chunk]);
    if (head.length < UTF8_BOM.length) continue;
    yield afterBom(head);
    head = null;
  }
  if (head !== null && head.length > 0) yield afterBom(head);
}

function afterBom(head: Uint8Array): Uint8Array {
  if ((head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff)) {
    throw badInput("decoding text: it is UTF-16, and only UTF-8 is read: convert it first", { stage: "decode" });
  }
  return UTF8_BOM.every((byte, i) => head[i] === byte) ? head.subarray(UTF8_BOM.length) : head;
}
