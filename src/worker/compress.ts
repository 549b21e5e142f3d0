import { gzipSync, zstdCompressSync } from "node:zlib";
import type { BatchSpec } from "./messages.ts";

/** Bytes as the output's compression has them: a gzip member or zstd frame of its own, which concatenate. */
export function compressed(bytes: Uint8Array, how: BatchSpec["compression"]): Uint8Array {
  switch (how) {
    case "gzip":
      return gzipSync(bytes, { level: 6 });
    case "zstd":
      return zstdCompressSync(bytes);
    default:
      return bytes;
  }
}

/** An empty output is still a valid stream of its compression. */
export function emptyStream(how: BatchSpec["compression"]): Uint8Array {
  return compressed(new Uint8Array(0), how);
}
