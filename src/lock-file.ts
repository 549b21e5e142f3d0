import { randomUUID } from "node:crypto";
import { open, readFile, rename, rm } from "node:fs/promises";
import { usageError } from "./errors.ts";
import { type Lock, lockText, parseLock } from "./policy/lock.ts";

/** The lock, or undefined where there is none. */
export async function readLock(file: string): Promise<Lock | undefined> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return undefined;
    throw usageError(`reading the lock ${file}: ${code}`, { stage: "drift", cause: error });
  }
  return parseLock(text, file);
}

/** Writes the lock: whole, or not at all. */
export async function writeLock(file: string, lock: Lock): Promise<void> {
  const temporary = `${file}.${randomUUID()}.tmp`;
  try {
    await using handle = await open(temporary, "wx", 0o644);
    await handle.writeFile(lockText(lock));
    await handle.sync();
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    const { code } = error as NodeJS.ErrnoException;
    throw usageError(`writing the lock ${file}: ${code}; may this user write there?`, { stage: "drift", cause: error });
  }
}
