import { open } from "node:fs/promises";
import { resolve, sep } from "node:path";
import type { Secret } from "../config/key.ts";
import { usageError } from "../errors.ts";
import { readSecret } from "./secrets-manager.ts";

/** What is looked for, in the words of its messages. */
export interface Sought {
  /** "the key" */
  readonly name: string;
  /** What stands before the names of its settings: `key.` */
  readonly setting: string;
  /** What a shell makes one of. */
  readonly command: string;
}

/** A secret as it was found. */
interface Found {
  readonly bytes: Buffer;
  /** Where, for people. */
  readonly source: string;
  /** What a person should know of where it lies. */
  readonly warnings: readonly string[];
}

type Environment = Readonly<Record<string, string | undefined>>;

const CREDENTIAL: Sought = { name: "the credential", setting: "", command: "…" };

/**
 * A secret that is a text: what names or authorises us to others. Without the line end of its file, or the space around
 * it elsewhere.
 * @throws MasklineError (exit 2) when it is not there, empty or no text, (exit 1) when AWS is down past the retries; it
 * says where the secret should be, and nothing of what is there
 */
export async function loadSecret(secret: Secret, directory: string, env: Environment): Promise<string> {
  const { bytes, source } = await findSecret(secret, CREDENTIAL, directory, env);
  const text = textOf(bytes);
  if (text === undefined) throw usageError(`reading ${CREDENTIAL.name} from ${source}: it is not UTF-8 text`);
  if (text.trim() === "") throw usageError(`reading ${CREDENTIAL.name} from ${source}: it is empty`);
  return text;
}

function textOf(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/**
 * A secret's bytes: a variable's or a secret's text as UTF-8, or a file's content without a line end.
 * @throws MasklineError (exit 2) when it is not there, (exit 1) when AWS is down past the retries
 */
export async function findSecret(secret: Secret, sought: Sought, directory: string, env: Environment): Promise<Found> {
  if ("env" in secret) return ofVariable(secret.env, sought, env[secret.env]);
  if ("file" in secret) return await ofFile(resolve(directory, secret.file), sought);
  const source = `the secret ${secret.secretsManager}`;
  return { bytes: await readSecret(secret, sought, source), source, warnings: [] };
}

function ofVariable(name: string, sought: Sought, text: string | undefined): Found {
  const source = `the variable ${name}`;
  if (!text) throw usageError(`reading ${sought.name} from ${source}: it is not set; export ${name}=${sought.command}`);
  return { bytes: Buffer.from(text.trim(), "utf8"), source, warnings: [] };
}

async function ofFile(path: string, { name }: Sought): Promise<Found> {
  const source = `the file ${path}`;
  try {
    await using file = await open(path);
    const [content, { mode }] = [await file.readFile(), await file.stat()];
    const bytes = Buffer.from(content.toString("latin1").replace(/\r?\n$/, ""), "latin1");
    return { bytes, source, warnings: openTo(mode).map((whom) => `${name} in ${source} can be ${whom}: chmod 600 it`) };
  } catch (error) {
    throw usageError(`reading ${name} from ${source}: ${(error as NodeJS.ErrnoException).code}`, { cause: error });
  }
}

/** Who else a file's mode lets in. Windows has no such bits, and shows all of them. */
function openTo(mode: number): string[] {
  if ((mode & 0o777) === 0o666 && sep === "\\") return [];
  const readers = mode & 0o004 ? "read by everybody" : mode & 0o040 ? "read by its group" : undefined;
  const writers = mode & 0o022 ? "changed by others" : undefined;
  return [readers, writers].filter((one) => one !== undefined);
}
