import { createHash } from "node:crypto";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import type { Store } from "../store/store.ts";
import type { ObjectInfo } from "../types.ts";
import { JsonText } from "../worker/text/json-text.ts";
import { blocksOfLines } from "../worker/text/lines.ts";
import { gunzip } from "../worker/text/source.ts";
import { idOfLine } from "./page.ts";
import type { ExportedFile } from "./types.ts";

/** Fast: staged objects are read once, soon, from nearby. */
const LEVEL = 1;
/** What JSON of conversations takes compressed at that level, to size multipart uploads by. */
const RATIO = 8;
/** Bytes of a ranged read. */
const STEP = 4 << 20;

/**
 * Writes an object of JSON lines, compressed, in place of one of that name. A slow store holds up who gives the lines.
 * @param lines - bytes of whole lines
 * @param expectedBytes - of all lines together, about
 */
export async function stageLines(
  store: Store,
  uri: string,
  lines: AsyncIterable<Uint8Array>,
  expectedBytes: number,
  signal: AbortSignal,
): Promise<Omit<ExportedFile, "rows">> {
  const writer = await store.create(uri, { expectedBytes: expectedBytes / RATIO, replace: true }, signal);
  try {
    const hash = createHash("sha256");
    let size = 0;
    const write = async (compressed: AsyncIterable<Buffer>): Promise<void> => {
      for await (const chunk of compressed) {
        hash.update(chunk);
        size += chunk.length;
        await writer.write(chunk);
      }
    };
    await pipeline(lines, createGzip({ level: LEVEL }), write, { signal });
    await writer.finish();
    return { uri, size, sha256: hash.digest("hex") };
  } catch (error) {
    await writer.abort();
    signal.throwIfAborted();
    throw error;
  }
}

/** The ids of a staged object's conversations. */
export async function* stagedIds(store: Store, object: ObjectInfo, signal: AbortSignal): AsyncGenerator<string> {
  const text = new JsonText();
  const tooLong = () => text.error("it is too long");
  for await (const block of blocksOfLines(gunzip(bytesOf(store, object, signal)), tooLong)) {
    for (let at = 0; at < block.length; at = text.end + 1) {
      text.open(block, at, block.indexOf("\n", at));
      yield idOfLine(text);
    }
  }
}

async function* bytesOf(store: Store, object: ObjectInfo, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < object.size; start += STEP) {
    yield await store.read(object, { start, end: Math.min(object.size, start + STEP) }, signal);
  }
}
