import type { KeySource, Secret } from "../config/key.ts";
import { usageError } from "../errors.ts";
import type { Previous } from "../policy/overlap.ts";
import { findSecret } from "./secret.ts";
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

const MAKE_ONE = "make one with: openssl rand -hex 32";
const KEY = { name: "the key", setting: "key.", command: "$(openssl rand -hex 32)" };

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
  key: Pick<KeySource, "id"> & Secret,
  directory: string,
  env: Readonly<Record<string, string | undefined>>,
  whenWeak: "refuse" | "warn" = "refuse",
): Promise<Key> {
  const { bytes, source, warnings } = await findSecret(key, KEY, directory, env);
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
