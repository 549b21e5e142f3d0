import { createHash } from "node:crypto";
import { z } from "zod";
import { mapAtOnce } from "../concurrency.ts";
import { badInput } from "../errors.ts";
import type { Store } from "../store/store.ts";
import { displayUri, formatUri } from "../store/uri.ts";
import type { ObjectInfo } from "../types.ts";
import type { S3Prefix } from "./s3-prefix.ts";
import type { Exported, ExportedFile } from "./types.ts";

const count = z.int().nonnegative();
const reply = z.looseObject({
  files: z.array(
    z.looseObject({
      key: z.string().min(1).max(1024),
      size: count,
      sha256: z.string().regex(/^[0-9a-f]{64}$/, "64 hex digits in lower case"),
      rowCount: count,
    }),
  ),
  schemaVersion: z.union([z.string().max(200), z.int().transform(String)]).nullish(),
});

/**
 * What a job that is fulfilled says that it exported.
 * @throws MasklineError (exit 5) when that is not what an export says, or a file lies outside of the staging area
 */
export function exportedOf(jobId: string, said: unknown, staging: S3Prefix): Exported {
  const doing = `reading what the export job ${jobId} wrote`;
  const { data, error } = reply.safeParse(said);
  if (!data) {
    const [issue] = error.issues;
    throw badInput(`${doing}: ${issue!.path.join(".")}: ${issue!.message}; ${ANEW}`, { stage: "export" });
  }
  const seen = new Set<string>();
  const files = data.files.map(({ key, size, sha256, rowCount }, index): ExportedFile => {
    const wrong = wrongKey(key, staging.keyPrefix) ?? (seen.has(key) ? "named twice" : undefined);
    if (wrong !== undefined) {
      throw badInput(`${doing}: the key of file ${index + 1} is ${wrong}; nothing of it was read; ${ANEW}`, {
        stage: "export",
      });
    }
    seen.add(key);
    return { uri: formatUri({ scheme: "s3", bucket: staging.bucket, key }), size, sha256, rows: rowCount };
  });
  const { schemaVersion } = data;
  return { jobId, files, ...(typeof schemaVersion === "string" && { schemaVersion }) };
}

const ANEW = "ask the vendor; --fresh asks for another job";

/** What is wrong with a key that must lie beneath a prefix. */
function wrongKey(key: string, prefix: string): string | undefined {
  if (!key.startsWith(prefix)) return "not beneath the prefix that was asked for";
  const name = key.slice(prefix.length);
  if (name.split("/").some((segment) => /^\.{0,2}$/.test(segment)) || /\p{Cc}/u.test(name)) {
    return "no plain name of an object";
  }
  return undefined;
}

/** Files that are read at once. */
const AT_ONCE = 4;
/** Bytes of a ranged read. */
const STEP = 8 << 20;

/**
 * Holds the exported files against what the job said of them, size and content, before anything looks inside.
 * @returns the objects as they were read, in the order of the files
 * @throws MasklineError (exit 5) naming the first that is missing or another one
 */
export async function checkFiles(
  { jobId, files }: Exported,
  store: Pick<Store, "head" | "read">,
  signal: AbortSignal,
): Promise<ObjectInfo[]> {
  return await mapAtOnce(files, AT_ONCE, async ({ uri, size, sha256 }) => {
    const wrong = (what: string) =>
      badInput(
        `checking ${displayUri(uri)} of the export job ${jobId}: ${what}; nothing of it was masked; see who else ` +
          "writes there, and export anew with --fresh",
        { stage: "export" },
      );
    const object = await store.head(uri, signal);
    if (!object) throw wrong("it is not there");
    if (object.size !== size) throw wrong(`it has ${object.size} bytes, the job wrote ${size}`);
    const hash = createHash("sha256");
    for (let start = 0; start < size; start += STEP) {
      hash.update(await store.read(object, { start, end: Math.min(start + STEP, size) }, signal));
    }
    if (hash.digest("hex") !== sha256) throw wrong("its SHA-256 is not the one that the job said");
    return object;
  });
}

/**
 * Holds the inputs, as they were inspected, against the files as they were exported and checked: the same objects,
 * unchanged since, with as many rows.
 * @throws MasklineError (exit 5) naming the first that differs
 */
export function checkRows(
  { jobId, files }: Exported,
  checked: readonly ObjectInfo[],
  inputs: readonly { readonly object: ObjectInfo; readonly rows: number }[],
): void {
  const found = new Map(inputs.map((input) => [input.object.uri, input]));
  const wrong = (uri: string, what: string) =>
    badInput(`checking ${displayUri(uri)} of the export job ${jobId}: ${what}; export anew with --fresh`, {
      stage: "export",
    });
  for (const [index, { uri, rows }] of files.entries()) {
    const input = found.get(uri);
    if (!input) throw wrong(uri, "it is not among the inputs");
    if (input.object.etag !== checked[index]?.etag) throw wrong(uri, "it changed since its SHA-256 was checked");
    if (input.rows !== rows) throw wrong(uri, `it has ${input.rows} rows, the job wrote ${rows}`);
    found.delete(uri);
  }
  for (const uri of found.keys()) throw wrong(uri, "the job did not write it");
}
