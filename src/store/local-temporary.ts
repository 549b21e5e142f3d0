/**
 * Files that writers have not finished. Their names say which process makes them: `.<name>.maskline-<system>-<process
 * id>-<process>-<file>.tmp`, so that those of a process that was killed can be told from those still being written.
 */
import { hash, randomBytes } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
import { readdir, stat, unlink } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { kill, pid } from "node:process";
import { getEnvironmentData, setEnvironmentData } from "node:worker_threads";
import { codeOf } from "./errors.ts";

/** Where a process cannot be looked for, what nobody wrote to for a day is nobody's. Milliseconds. */
const ABANDONED = 24 * 60 * 60 * 1000;

/** Bytes of a name that a temporary one has too: file systems take 255, and a character cut in half becomes U+FFFD. */
const NAME_BYTES = 180;

const NOWHERE = "00000000";
/** Process ids of one system are of one boot and one namespace: containers and machines may share a disk. */
const SYSTEM = system();
const NAME = "maskline.process";
/** A process id may be given again, in containers even at once. All threads of a process have the main thread's. */
const PROCESS = (getEnvironmentData(NAME) as string | undefined) ?? randomBytes(4).toString("hex");
setEnvironmentData(NAME, PROCESS);

function system(): string {
  try {
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8");
    return hash("sha256", boot + readlinkSync("/proc/self/ns/pid")).slice(0, 8);
  } catch {
    return NOWHERE;
  }
}

/** A file that a writer has not finished: no object. */
export function isTemporary(name: string): boolean {
  return /^\..*\.maskline-[\da-f]{8}-\d+-[\da-f]{8}-[\da-f]{8}\.tmp$/s.test(name);
}

export function temporaryFor(path: string): string {
  const start = Buffer.from(basename(path)).subarray(0, NAME_BYTES).toString();
  const file = randomBytes(4).toString("hex");
  return join(dirname(path), `.${start}.maskline-${SYSTEM}-${pid}-${PROCESS}-${file}.tmp`);
}

/** Removes what writers of these paths left whose processes are gone. What cannot be looked at or removed stays. */
export async function removeAbandoned(paths: readonly string[], signal: AbortSignal): Promise<void> {
  for (const [directory, own] of Map.groupBy(paths, (path) => dirname(path))) {
    signal.throwIfAborted();
    // A name that is cut may be another one's beginning.
    const names = new Set(own.map((path) => basename(path)).filter((name) => Buffer.byteLength(name) <= NAME_BYTES));
    for (const entry of await readdir(directory).catch(() => [])) {
      const [, name = "", madeOn = "", id = "", by = ""] =
        /^\.(.*)\.maskline-([\da-f]{8})-(\d+)-([\da-f]{8})-[\da-f]{8}\.tmp$/s.exec(entry) ?? [];
      if (!names.has(name)) continue;
      const path = join(directory, entry);
      const known = madeOn === SYSTEM && SYSTEM !== NOWHERE;
      const abandoned = known ? by !== PROCESS && !isAlive(Number(id)) : await isOld(path);
      if (abandoned) await unlink(path).catch(() => {});
    }
  }
}

/** This process is another one than had its id before it. */
function isAlive(id: number): boolean {
  if (id === pid) return false;
  try {
    kill(id, 0);
    return true;
  } catch (error) {
    // Another user's cannot be signalled; it is there.
    return codeOf(error) !== "ESRCH";
  }
}

async function isOld(path: string): Promise<boolean> {
  const stats = await stat(path).catch(() => undefined);
  return stats !== undefined && Date.now() - stats.mtimeMs > ABANDONED;
}
