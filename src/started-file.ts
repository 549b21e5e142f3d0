import { posix } from "node:path";

/**
 * A file that is started by itself, as a thread or a process: the sources run as they are; in a build, all emitted files
 * lie in one folder.
 * @param source the file's path from the one that asks
 * @param from URL of the one that asks: its `import.meta.url`
 */
export function startedFile(source: string, from: string): URL {
  return new URL(from.endsWith(".ts") ? source : `${posix.basename(source, ".ts")}.js`, from);
}
