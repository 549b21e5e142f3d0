import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { messageOf } from "../errors.ts";
import type { Store } from "../store/store.ts";
import type { ObjectInfo } from "../types.ts";
import type { BatchSpec } from "../worker/messages.ts";
import { zstdFrames } from "./zstd-frames.ts";

/** Bytes of one read. */
const CHUNK = 4 * 1024 * 1024;
const LINE_FEED = 0x0a;

/** An output object read again, line by line, by whoever wants so many of them. */
export class WrittenLines {
  readonly #digest = createHash("sha256");
  readonly #chunks: AsyncIterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);
  /** Why nothing more can be read of it. */
  damage: string | undefined;

  constructor(object: ObjectInfo, compression: BatchSpec["compression"], store: Store, signal: AbortSignal) {
    const bytes = Readable.from(this.#read(object, store, signal), { objectMode: false, highWaterMark: CHUNK });
    this.#chunks = decompressed(bytes, compression)[Symbol.asyncIterator]();
  }

  /** The next lines with their line feeds, fewer where it ends. */
  async take(lines: number): Promise<{ readonly bytes: Uint8Array<ArrayBuffer>; readonly lines: number }> {
    const parts: Buffer[] = [];
    let found = 0;
    while (found < lines) {
      if (this.#rest.length === 0 && !(await this.#more())) break;
      let end = 0;
      while (found < lines) {
        const at = this.#rest.indexOf(LINE_FEED, end);
        if (at === -1) {
          end = this.#rest.length;
          break;
        }
        end = at + 1;
        found++;
      }
      parts.push(this.#rest.subarray(0, end));
      this.#rest = this.#rest.subarray(end);
    }
    const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of parts) {
      bytes.set(part, at);
      at += part.length;
    }
    return { bytes, lines: found };
  }

  /** Reads to the end. */
  async finish(): Promise<{ readonly bytesLeft: boolean; readonly sha256: string }> {
    let bytesLeft = this.#rest.length > 0;
    while (await this.#more()) bytesLeft ||= this.#rest.length > 0;
    return { bytesLeft, sha256: this.#digest.digest("hex") };
  }

  async #more(): Promise<boolean> {
    try {
      const { done, value } = await this.#chunks.next();
      this.#rest = done ? Buffer.alloc(0) : value;
      return !done;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (!(error instanceof RangeError) && code?.startsWith("Z") !== true) throw error;
      this.damage = messageOf(error);
      return false;
    }
  }

  async *#read(object: ObjectInfo, store: Store, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    for (let start = 0; start < object.size; start += CHUNK) {
      const bytes = await store.read(object, { start, end: Math.min(object.size, start + CHUNK) }, signal);
      this.#digest.update(bytes);
      yield bytes;
    }
  }
}

function decompressed(bytes: Readable, how: BatchSpec["compression"]): AsyncIterable<Buffer> {
  if (how === "none") return bytes;
  if (how === "zstd") return zstdFrames(bytes);
  const through = createGunzip();
  bytes.on("error", (error) => through.destroy(error));
  return bytes.pipe(through);
}
