/** A journal as it is stored. */
import { z } from "zod";
import { type MasklineError, usageError } from "../errors.ts";
import type { Store } from "../store/store.ts";
import { displayUri } from "../store/uri.ts";
import type { JournalState } from "./types.ts";

const time = z.iso.datetime();
const count = z.int().nonnegative();
const file = z.strictObject({ uri: z.string(), size: count, sha256: z.string(), rows: count });
const job = {
  askedAt: time,
  attempt: z.int().positive().exactOptional(),
  id: z.string().exactOptional(),
  ended: z.string().exactOptional(),
};
const result = z.strictObject({
  jobId: z.string(),
  runId: z.string(),
  state: z.enum(["COMPLETED", "COMPLETED_WITH_PARTIAL_RESULTS"]),
  total: count,
  imported: count,
  skippedDuplicates: count,
  failed: count,
  errors: z.array(z.strictObject({ record: z.string(), code: z.string(), retryable: z.boolean() })),
});
const journal = z.strictObject({
  version: z.literal(1),
  id: z.uuid(),
  startedAt: time,
  settings: z.record(z.string(), z.string()),
  interval: z.string().exactOptional(),
  export: z.strictObject(job).exactOptional(),
  pages: z
    .strictObject({ cursor: z.string().exactOptional(), files: z.array(file), done: z.boolean() })
    .exactOptional(),
  exported: z
    .strictObject({ jobId: z.string(), files: z.array(file), schemaVersion: z.string().exactOptional() })
    .exactOptional(),
  import: z.strictObject({ ...job, runId: z.string(), refused: result.exactOptional() }).exactOptional(),
  committed: z.strictObject({ runId: z.string(), output: z.string(), made: z.string() }).exactOptional(),
  paused: z.array(z.strictObject({ name: z.string(), resume: z.string() })).exactOptional(),
  imported: result.exactOptional(),
  left: z.array(file).exactOptional(),
  masks: z.strictObject({ runId: z.string(), made: z.string() }).exactOptional(),
  finished: z.boolean().exactOptional(),
});

/** A journal larger than this is not ours. Bytes. */
const LARGEST = 256 * 1024 * 1024;

export function bytesOf(state: JournalState): Uint8Array {
  return Buffer.from(`${JSON.stringify({ version: 1, ...state }, null, 2)}\n`);
}

/** @throws MasklineError (exit 2) where it is damaged */
export async function readJournal(store: Store, uri: string, signal: AbortSignal): Promise<JournalState | undefined> {
  const object = await store.head(uri, signal);
  if (!object) return undefined;
  if (object.size > LARGEST) throw damaged(uri, `it has ${object.size} bytes`);
  const text = Buffer.from(await store.read(object, { start: 0, end: object.size }, signal)).toString("utf8");
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    throw damaged(uri, "it is no JSON");
  }
  const version = (content as { version?: unknown } | null)?.version;
  if (typeof version === "number" && version > 1) {
    throw usageError(
      `reading the journal ${displayUri(uri)}: its version ${version} is of a later maskline; use that one`,
      { stage: "export" },
    );
  }
  const { data, error } = journal.safeParse(content);
  if (!data) {
    const [issue] = error.issues;
    throw damaged(uri, `${issue!.path.join(".") || "it"}: ${issue!.message}`);
  }
  const { version: _, ...state } = data;
  return state;
}

function damaged(uri: string, how: string): MasklineError {
  return usageError(
    `reading the journal ${displayUri(uri)}: it is damaged (${how}), so nobody knows what was asked for already; ` +
      "see in the organizations whether an export or an import runs, resume the report jobs that stand still, then " +
      "remove this file: the next start begins anew",
    { stage: "export" },
  );
}
