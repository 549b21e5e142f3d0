import type { FilePiece } from "./messages.ts";

/** A view of a file's bytes from `start` on, at most up to `end`, from the piece that holds `start`; undefined where none does. */
export function bytesFrom(
  pieces: readonly FilePiece[],
  start: number,
  end: number,
): Uint8Array<ArrayBuffer> | undefined {
  const piece = pieces.find((one) => one.start <= start && start < one.start + one.bytes.length);
  return piece?.bytes.subarray(start - piece.start, end - piece.start);
}

/** A view of a file's bytes [start, end); undefined where no piece holds them all. */
export function bytesBetween(
  pieces: readonly FilePiece[],
  start: number,
  end: number,
): Uint8Array<ArrayBuffer> | undefined {
  const bytes = bytesFrom(pieces, start, end);
  return bytes?.length === end - start ? bytes : undefined;
}
