import type { BigIntStats } from "node:fs";
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
