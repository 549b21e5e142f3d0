/**
 * Writing a local file so that it appears whole or not at all: a temporary name beside it, fsync, then link or
 * rename into place, then fsync of the directory.
 */
import { type FileHandle, link, lstat, mkdir, open, rename, unlink } from "node:fs/promises";
import { dirname } from "node:path";
import { failure, MasklineError } from "../errors.ts";
import type { ObjectInfo } from "../types.ts";
import { aborted, codeOf, exists } from "./errors.ts";
import { isMissing, localError } from "./local-errors.ts";
import { infoOf } from "./local-file.ts";
import { type FileSink, sinkOf } from "./local-sink.ts";
import { temporaryFor } from "./local-temporary.ts";
import type { CreateOptions, ObjectWriter } from "./store.ts";
import { displayUri, formatUri } from "./uri.ts";

/** File systems without hard links (FAT, some network and FUSE mounts) answer link() with one of these. */
const NO_LINKS = new Set(["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK"]);

/** Opens a writer. Missing directories are made (mode 0700); the file gets mode 0600; both less the umask. */
export async function createLocal(
  path: string,
  options: Pick<CreateOptions, "replace" | "expectedBytes">,
  signal: AbortSignal,
  hardLink: typeof link = link,
): Promise<ObjectWriter> {
  signal.throwIfAborted();
  const doing = `writing ${displayUri(formatUri({ scheme: "file", path }))}`;
  try {
    if (path.endsWith("/")) throw Object.assign(new Error("EISDIR: the name of a directory"), { code: "EISDIR" });
    await refuseTaken(path, doing, options.replace);
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const temporary = temporaryFor(path);
    const file = await open(temporary, "wx", 0o600);
    const sink = await sinkOf(temporary, file, options.expectedBytes);
    return new LocalWriter({ path, temporary, file, sink, doing, replace: options.replace, signal, hardLink });
  } catch (error) {
    throw localError(error, doing, "output");
  }
}

/** Early, so that a run does not work for hours towards a name it may not take. */
async function refuseTaken(path: string, doing: string, replace: boolean): Promise<void> {
  try {
    const there = await lstat(path);
    if (there.isDirectory()) throw Object.assign(new Error("EISDIR: a directory"), { code: "EISDIR" });
    if (!replace) throw exists(doing);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}

interface LocalTarget {
  readonly path: string;
  readonly temporary: string;
  readonly file: FileHandle;
  readonly sink: FileSink;
  readonly doing: string;
  readonly replace: boolean;
  readonly signal: AbortSignal;
  readonly hardLink: typeof link;
}

class LocalWriter implements ObjectWriter {
  readonly #target: LocalTarget;
  #written = 0;
  #state: "open" | "finished" | "failed" = "open";
  #failure: unknown;
  #pending: Promise<unknown> = Promise.resolve();

  constructor(target: LocalTarget) {
    this.#target = target;
  }

  write(chunk: Uint8Array): Promise<void> {
    return this.#step(() => this.#append(chunk));
  }

  finish(): Promise<ObjectInfo> {
    return this.#step(() => this.#commit());
  }

  async abort(): Promise<void> {
    const { file, sink, temporary, doing } = this.#target;
    if (this.#state === "finished") return;
    this.#fail(aborted(doing));
    await this.#pending;
    await sink.close();
    await file.close().catch(() => {});
    try {
      await unlink(temporary);
    } catch (error) {
      if (!isMissing(error)) throw localError(error, `removing what is left of ${doing}`, "output");
    }
  }

  #fail(error: unknown): void {
    if (this.#state !== "open") return;
    this.#state = "failed";
    this.#failure = error;
  }

  async #step<T>(action: () => Promise<T>): Promise<T> {
    if (this.#state === "failed") throw this.#failure;
    if (this.#state === "finished") throw new Error(`${this.#target.doing}: it is finished already`);
    try {
      this.#target.signal.throwIfAborted();
      const result = action();
      this.#pending = result.catch(() => {});
      return await result;
    } catch (error) {
      const explained = localError(error, this.#target.doing, "output");
      this.#fail(explained);
      throw explained;
    }
  }

  async #append(chunk: Uint8Array): Promise<void> {
    await this.#target.sink.append(chunk);
    this.#written += chunk.length;
  }

  async #commit(): Promise<ObjectInfo> {
    const { file, sink, path, temporary, doing } = this.#target;
    await sink.end();
    await file.sync();
    const stats = await file.stat({ bigint: true });
    await file.close();
    if (Number(stats.size) !== this.#written) {
      throw failure(`${doing}: ${this.#written} bytes were written but the file has ${stats.size}; run again`);
    }
    if (this.#state === "failed") throw this.#failure;
    await this.#place();
    this.#state = "finished";
    if (!this.#target.replace) await unlink(temporary).catch((error) => ignoreMissing(error));
    await syncDirectory(dirname(path));
    return infoOf(path, stats);
  }

  async #place(): Promise<void> {
    const { path, temporary, doing, replace, hardLink } = this.#target;
    if (replace) return rename(temporary, path);
    try {
      await hardLink(temporary, path);
    } catch (error) {
      const code = codeOf(error);
      if (code === "EEXIST") throw exists(doing, error);
      if (code === undefined || !NO_LINKS.has(code)) throw error;
      await refuseTaken(path, doing, false);
      await rename(temporary, path);
    }
  }
}

function ignoreMissing(error: unknown): void {
  if (!isMissing(error)) throw error;
}

/** The new name survives a power cut only once its directory is on disk; some file systems cannot sync one. */
async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, "r");
  try {
    await directory.sync();
  } catch (error) {
    if (codeOf(error) !== "EINVAL" && codeOf(error) !== "ENOTSUP") throw error;
  } finally {
    await directory.close();
  }
}

async function writeWhole(path: string, body: Uint8Array, replace: boolean, signal: AbortSignal): Promise<void> {
  const writer = await createLocal(path, { replace, expectedBytes: body.length }, signal);
  try {
    await writer.write(body);
    await writer.finish();
  } catch (error) {
    await writer.abort();
    throw error;
  }
}

/** A small file, replaced atomically. */
export function putLocal(path: string, body: Uint8Array, signal: AbortSignal): Promise<void> {
  return writeWhole(path, body, true, signal);
}

/** A small file, unless one is there: of several at once exactly one gets true. */
export async function putIfAbsentLocal(path: string, body: Uint8Array, signal: AbortSignal): Promise<boolean> {
  try {
    await writeWhole(path, body, false, signal);
    return true;
  } catch (error) {
    if (error instanceof MasklineError && error.code === "ERR_EXISTS") return false;
    throw error;
  }
}
