import { badInput, failure, MasklineError, messageOf, type Stage, usageError } from "../errors.ts";
import { codeOf } from "./errors.ts";

/** Nothing is there, or one of the directories on the way is none. */
export function isMissing(error: unknown): boolean {
  const code = codeOf(error);
  return code === "ENOENT" || code === "ENOTDIR";
}

const INPUT: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file; check the name and the mounts",
  ENOTDIR: "a directory on its path is a file; check the name",
  EISDIR: 'this is a directory; end it with "/" to read all beneath it',
  EACCES: "no permission to read it; run as a user who may, or change its mode",
  EPERM: "no permission to read it; run as a user who may, or change its mode",
  ELOOP: "its symbolic links go round in a circle; check the links",
  ENAMETOOLONG: "the name is too long for this file system; check the name",
};

const OUTPUT_WRONG: Readonly<Record<string, string>> = {
  EACCES: "no permission to write there; run as a user who may, or choose another output",
  EPERM: "no permission to write there; run as a user who may, or choose another output",
  EROFS: "the file system is read-only; choose another output",
  ENOTDIR: "a directory on its path is a file; choose another output",
  EEXIST: "a directory on its path is a file; choose another output",
  EISDIR: "a directory of that name is there; choose another output",
  ENAMETOOLONG: "the name is too long for this file system; choose another output",
  ELOOP: "its symbolic links go round in a circle; choose another output",
};

const OUTPUT_FAILED: Readonly<Record<string, string>> = {
  ENOSPC: "disk full; free space or choose another output, then run again",
  EDQUOT: "disk quota reached; free space or choose another output, then run again",
  EFBIG: "the file is larger than the file system or a limit allows; choose another output",
};

const OVERLOADED: Readonly<Record<string, string>> = {
  EMFILE: "too many files are open; raise the limit (ulimit -n), then run again",
  ENFILE: "too many files are open on this machine; run again later",
};

/**
 * What a failed system call means to the user. Errors that are not of the system (an abort, one of ours) pass.
 * @param doing - "reading …", "writing …" with the object's name
 */
export function localError(error: unknown, doing: string, side: "input" | "output", stage?: Stage): unknown {
  const code = codeOf(error);
  if (error instanceof MasklineError || code === undefined || !/^E[A-Z0-9]+$/.test(code)) return error;
  const details = { cause: error, stage: stage ?? (side === "input" ? "read" : "upload") } as const;
  const wrong = side === "input" ? INPUT[code] : OUTPUT_WRONG[code];
  if (wrong) return (side === "input" ? badInput : usageError)(`${doing}: ${wrong}`, details);
  const reason = OVERLOADED[code] ?? (side === "output" ? OUTPUT_FAILED[code] : undefined);
  return failure(`${doing}: ${reason ?? `${messageOf(error)}; check the disk, then run again`}`, details);
}
