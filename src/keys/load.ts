import { open } from "node:fs/promises";
import { resolve, sep } from "node:path";
import type { KeySource } from "../config/key.ts";
import { usageError } from "../errors.ts";
import type { Previous } from "../policy/overlap.ts";
import { readSecret, type SecretSource } from "./secrets-manager.ts";
import { isPublic, weakness } from "./strength.ts";

/** A master key, and what may be said of it. */
export interface Key {
  readonly bytes: Buffer;
  readonly id: string | undefined;
  /** What a person should know of where it comes from. */
  readonly warnings: readonly string[];
}

/** The key, while keys are changed the one before it, and what a person should know of both. */
export interface Keys {
  readonly key: Key;
  readonly previous: (Key & Previous) | undefined;
  readonly warnings: readonly string[];
}

type Source = { readonly env: string } | { readonly file: string } | SecretSource;

/** A key as it was found. */
interface Found {
  readonly bytes: Buffer;
  /** Where, for people. */
  readonly source: string;
  readonly warnings: readonly string[];
}

const MAKE_ONE = "make one with: openssl rand -hex 32";

/**
 * The master keys. A key's bytes are a variable's or a secret's text as UTF-8, or a file's content, without a line end.
 * @throws MasklineError (exit 2) when it is not there or too weak; never with a part of it
 */
export async function loadKeys(
  { previous, ...own }: KeySource,
  directory: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Keys> {
  const key = await loadKey(own, directory, env);
  if (!previous) return { key, previous: undefined, warnings: key.warnings };
  // A key that is given up for its weakness is still to be had.
  const before = await loadKey(previous, directory, env, "warn");
  if (before.bytes.equals(key.bytes)) throw usageError("reading the keys: key.previous is the same key");
  return {
    key,
    previous: { ...before, suffix: previous.suffix },
    warnings: [...key.warnings, ...before.warnings, BOTH],
  };
}

const BOTH =
  "the previous key's tokens stand beside the new ones, which links old data with new: take key.previous out after this run";

async function loadKey(
  key: Pick<KeySource, "id"> & Source,
  directory: string,
  env: Readonly<Record<string, string | undefined>>,
  whenWeak: "refuse" | "warn" = "refuse",
): Promise<Key> {
  const { bytes, source, warnings } = await find(key, directory, env);
  const weak = weakness(bytes);
  if (weak) {
    const problem = `reading the key from ${source}: ${weak}; ${MAKE_ONE}`;
    if (whenWeak === "refuse") throw usageError(problem);
    return { bytes, id: key.id, warnings: [...warnings, problem] };
  }
  // Who may read the file matters little where everybody has the key.
  const told = isPublic(bytes)
    ? [`the key from ${source} is public: good for made-up data only; ${MAKE_ONE}`]
    : warnings;
  return { bytes, id: key.id, warnings: told };
}

async function find(key: Source, directory: string, env: Readonly<Record<string, string | undefined>>): Promise<Found> {
  if ("env" in key) return ofVariable(key.env, env[key.env]);
  if ("file" in key) return await ofFile(resolve(directory, key.file));
  const source = `the secret ${key.secretsManager}`;
  return { bytes: await readSecret(key, source), source, warnings: [] };
}

function ofVariable(name: string, text: string | undefined): Found {
  const source = `the variable ${name}`;
  if (!text) throw usageError(`reading the key from ${source}: it is not set; export ${name}=$(openssl rand -hex 32)`);
  return { bytes: Buffer.from(text.trim(), "utf8"), source, warnings: [] };
}

async function ofFile(path: string): Promise<Found> {
  const source = `the file ${path}`;
  try {
    await using file = await open(path);
    const [content, { mode }] = [await file.readFile(), await file.stat()];
    const bytes = Buffer.from(content.toString("latin1").replace(/\r?\n$/, ""), "latin1");
    return { bytes, source, warnings: openTo(mode).map((whom) => `the key in ${source} can be ${whom}: chmod 600 it`) };
  } catch (error) {
    throw usageError(`reading the key from ${source}: ${(error as NodeJS.ErrnoException).code}`, { cause: error });
  }
}

/** Who else a file's mode lets in. Windows has no such bits, and shows all of them. */
function openTo(mode: number): string[] {
  if ((mode & 0o777) === 0o666 && sep === "\\") return [];
  const readers = mode & 0o004 ? "read by everybody" : mode & 0o040 ? "read by its group" : undefined;
  const writers = mode & 0o022 ? "changed by others" : undefined;
  return [readers, writers].filter((one) => one !== undefined);
}
