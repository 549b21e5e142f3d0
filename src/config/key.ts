import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { usageError } from "../errors.ts";
import type { Config } from "./schema.ts";

/** The shortest master key, in bytes: HMAC-SHA-256's own strength. */
const SHORTEST = 32;

/** The master key's bytes: a variable's text as UTF-8, or a file's content, without a line end. */
export async function loadKey(
  key: Config["key"],
  directory: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Buffer> {
  const { bytes, source } = await readKey(key, directory, env);
  if (bytes.length < SHORTEST) {
    throw usageError(
      `reading the key from ${source}: ${bytes.length} bytes, at least ${SHORTEST} are needed; make one with: openssl rand -hex 32`,
    );
  }
  if (new Set(bytes).size < 8) {
    throw usageError(`reading the key from ${source}: it repeats a few bytes; make one with: openssl rand -hex 32`);
  }
  return bytes;
}

async function readKey(
  key: Config["key"],
  directory: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<{ bytes: Buffer; source: string }> {
  if ("env" in key) {
    const source = `the variable ${key.env}`;
    const text = env[key.env];
    if (!text)
      throw usageError(`reading the key from ${source}: it is not set; export ${key.env}=$(openssl rand -hex 32)`);
    return { bytes: Buffer.from(text.trim(), "utf8"), source };
  }
  const file = resolve(directory, key.file);
  const source = `the file ${file}`;
  try {
    const bytes = await readFile(file);
    return { bytes: Buffer.from(bytes.toString("latin1").replace(/\r?\n$/, ""), "latin1"), source };
  } catch (error) {
    throw usageError(`reading the key from ${source}: ${(error as NodeJS.ErrnoException).code}`, { cause: error });
  }
}
