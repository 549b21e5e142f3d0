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

/** A file's bytes [start, end), a view where one piece holds them; undefined where none does. */
export function bytesBetween(
  pieces: readonly FilePiece[],
  start: number,
  end: number,
): Uint8Array<ArrayBuffer> | undefined {
  const piece = pieces.find((one) => one.start <= start && end <= one.start + one.bytes.length);
  return piece?.bytes.subarray(start - piece.start, end - piece.start);
}

/** The same where pieces hold only what lies at either end, and in between: a reader of some columns asks over those that it skips. */
export function bytesAcross(
  pieces: readonly FilePiece[],
  start: number,
  end: number,
): Uint8Array<ArrayBuffer> | undefined {
  const whole = bytesBetween(pieces, start, end);
  if (whole) return whole;
  if (!bytesFrom(pieces, start, end) || !bytesFrom(pieces, end - 1, end)) return undefined;
  const bytes = new Uint8Array(end - start);
  for (const { start: at, bytes: own } of pieces) {
    const from = Math.max(start, at);
    const to = Math.min(end, at + own.length);
    if (from < to) bytes.set(own.subarray(from - at, to - at), from - start);
  }
  return bytes;
}
