/**
 * Local files as objects. An object is a regular file (symbolic links are followed).
 */
import type { BigIntStats, Dirent } from "node:fs";
import { type FileHandle, lstat, open, readdir, realpath, stat, unlink } from "node:fs/promises";
import { badInput, usageError } from "../errors.ts";
import type { ByteRange, ObjectInfo } from "../types.ts";
import { changed, checkRange } from "./errors.ts";
import { Selection, splitGlob } from "./glob.ts";
import { isMissing, localError } from "./local-errors.ts";
import { etagOf, infoOf } from "./local-file.ts";
import { isTemporary, removeAbandoned } from "./local-temporary.ts";
import { createLocal, putIfAbsentLocal, putLocal } from "./local-writer.ts";
import type { Store } from "./store.ts";
import { byUri, displayUri, parseUri } from "./uri.ts";

/** Bytes per positional read: how often an abort is noticed. */
const READ_STEP = 16 << 20;

export function localStore(): Store {
  const close = (): Promise<void> => Promise.resolve();
  return {
    list,
    head,
    read,
    create: (uri, options, signal) => createLocal(pathOf(uri), options, signal),
    putIfAbsent: (uri, body, signal) => putIfAbsentLocal(pathOf(uri), body, signal),
    put: (uri, body, signal) => putLocal(pathOf(uri), body, signal),
    tag: refuseTags,
    remove,
    removeAbandoned: (uris, signal) => removeAbandoned(uris.map(pathOf), signal),
    close,
    [Symbol.asyncDispose]: close,
  };
}

function pathOf(uri: string): string {
  const location = parseUri(uri);
  if (location.scheme !== "file") throw new TypeError(`${uri} is no local file`);
  return location.path;
}

async function list(pattern: string, signal: AbortSignal): Promise<ObjectInfo[]> {
  signal.throwIfAborted();
  const path = pathOf(pattern);
  const doing = `listing ${displayUri(pattern)}`;
  try {
    const exact = await objectAt(path);
    if (exact) return [exact];
    const named = await statOf(path);
    if (named && !path.endsWith("/")) {
      const hint = named.isDirectory() ? 'a directory; end it with "/" to read all beneath it' : "no regular file";
      throw badInput(`${doing}: this is ${hint}`, { stage: "plan" });
    }
    const { base, rest } = splitGlob(named ? path : pattern.endsWith("/") ? `${path}**/*` : path);
    const depth = named || rest.includes("**") ? Number.POSITIVE_INFINITY : rest.split("/").length;
    const found = new Selection<string>(path);
    for await (const file of walk(named ? path : base, depth, signal)) found.add(file, file);
    const objects = await Promise.all(found.items.map(listedAt));
    return objects.filter((object) => object !== null).sort(byUri);
  } catch (error) {
    throw localError(error, doing, "input", "plan");
  }
}

/** Paths of all files beneath a directory; nothing where there is none. A directory that cannot be read is an error. */
async function* walk(
  directory: string,
  depth: number,
  signal: AbortSignal,
  above: readonly string[] = [],
): AsyncGenerator<string> {
  if (depth < 1) return;
  signal.throwIfAborted();
  let entries: Dirent[];
  let real: string;
  try {
    entries = await readdir(directory, { withFileTypes: true });
    real = await realpath(directory);
  } catch (error) {
    if (isMissing(error)) return;
    throw error;
  }
  // A link that leads back to a directory we are in would go round for ever.
  if (above.includes(real)) return;
  for (const entry of entries) {
    if (isTemporary(entry.name)) continue;
    const path = `${directory}${entry.name}`;
    const isDirectory = entry.isSymbolicLink() ? (await statOf(path))?.isDirectory() : entry.isDirectory();
    if (isDirectory) yield* walk(`${path}/`, depth - 1, signal, [...above, real]);
    else yield path;
  }
}

async function head(uri: string, signal: AbortSignal): Promise<ObjectInfo | null> {
  signal.throwIfAborted();
  try {
    return await objectAt(pathOf(uri));
  } catch (error) {
    throw localError(error, `looking at ${displayUri(uri)}`, "input", "plan");
  }
}

async function read(object: ObjectInfo, range: ByteRange, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
  checkRange(object, range);
  signal.throwIfAborted();
  const doing = `reading bytes ${range.start}-${range.end} of ${displayUri(object.uri)}`;
  let file: FileHandle | undefined;
  try {
    file = await open(pathOf(object.uri), "r");
    const bytes = new Uint8Array(range.end - range.start);
    for (let done = 0; done < bytes.length; ) {
      signal.throwIfAborted();
      const step = Math.min(READ_STEP, bytes.length - done);
      const { bytesRead } = await file.read(bytes, done, step, range.start + done);
      if (bytesRead === 0) throw changed(doing);
      done += bytesRead;
    }
    // After the read, so that a file changed in place while it was being read is noticed too.
    if (etagOf(await file.stat({ bigint: true })) !== object.etag) throw changed(doing);
    return bytes;
  } catch (error) {
    throw localError(error, doing, "input");
  } finally {
    await file?.close();
  }
}

async function refuseTags(uri: string): Promise<never> {
  throw usageError(
    `tagging ${displayUri(uri)}: a local file has no tags; have it deleted or kept instead (genesys.export.afterwards)`,
    { stage: "commit" },
  );
}

async function remove(uri: string, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  try {
    await unlink(pathOf(uri));
  } catch (error) {
    if (!isMissing(error)) throw localError(error, `removing ${displayUri(uri)}`, "output");
  }
}

async function statOf(path: string): Promise<BigIntStats | null> {
  try {
    return await stat(path, { bigint: true });
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

async function objectAt(path: string): Promise<ObjectInfo | null> {
  if (path.endsWith("/")) return null;
  const stats = await statOf(path);
  return stats?.isFile() ? infoOf(path, stats) : null;
}

/** A link that leads nowhere is an error, since an input would be passed over in silence; a file just gone is not. */
async function listedAt(path: string): Promise<ObjectInfo | null> {
  const object = await objectAt(path);
  const isLink = async (): Promise<boolean> => (await lstat(path).catch(() => null))?.isSymbolicLink() ?? false;
  if (object === null && (await isLink())) await stat(path);
  return object;
}
