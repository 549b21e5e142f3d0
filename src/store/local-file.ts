import { randomBytes } from "node:crypto";
import type { BigIntStats } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { ObjectInfo } from "../types.ts";
import { formatUri } from "./uri.ts";

/** The object that a file's stat describes. */
export function infoOf(path: string, stats: BigIntStats): ObjectInfo {
  return { uri: formatUri({ scheme: "file", path }), size: Number(stats.size), etag: etagOf(stats) };
}

/** Size, time of the last write in nanoseconds, inode: replaced or rewritten files differ in one of them. */
export function etagOf(stats: BigIntStats): string {
  return [stats.size, stats.mtimeNs, stats.ino].map((number) => number.toString(36)).join("-");
}

/** A file that a writer has not finished: no object. */
export function isTemporary(name: string): boolean {
  return /^\..*\.maskline-[0-9a-f]{16}\.tmp$/s.test(name);
}

/** A name holds 255 bytes on most file systems; a long one is cut, and a character cut in half becomes U+FFFD. */
export function temporaryFor(path: string): string {
  const start = Buffer.from(basename(path)).subarray(0, 180).toString();
  return join(dirname(path), `.${start}.maskline-${randomBytes(8).toString("hex")}.tmp`);
}
