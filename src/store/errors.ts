import { EXIT, MasklineError } from "../errors.ts";
import type { ByteRange, ObjectInfo } from "../types.ts";

/** The error's system code (`ENOENT`), if it has one. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}

/** The object is no longer the version that was planned: reading it again cannot help, planning again can. */
export function changed(doing: string, cause?: unknown): MasklineError {
  return new MasklineError(
    "ERR_CHANGED",
    EXIT.failure,
    `${doing}: the object changed while being read; run again once nobody writes to it`,
    { stage: "read", cause },
  );
}

/** Creation without `replace` met an object. */
export function exists(doing: string, cause?: unknown): MasklineError {
  return new MasklineError(
    "ERR_EXISTS",
    EXIT.usage,
    `${doing}: an object of that name is already there; choose another output, or allow overwriting with --replace`,
    { stage: "upload", cause },
  );
}

/** A writer was used after its abort. */
export function aborted(doing: string): MasklineError {
  return new MasklineError("ERR_ABORTED", EXIT.failure, `${doing}: the write was aborted; run again`, {
    stage: "upload",
    retryable: true,
  });
}

/** @throws RangeError unless `0 <= start <= end <= size`, all of them integers */
export function checkRange(object: ObjectInfo, { start, end }: ByteRange): void {
  const inside = Number.isSafeInteger(start) && Number.isSafeInteger(end) && 0 <= start && start <= end;
  if (!inside || end > object.size) {
    throw new RangeError(`bytes [${start}, ${end}) do not lie within ${object.uri} of ${object.size} bytes`);
  }
}
