import { createHmac } from "node:crypto";
import { z } from "zod";
import { EXIT, MasklineError } from "../errors.ts";
import { displayUri } from "../store/uri.ts";
import type { ImportResult } from "./types.ts";

const count = z.int().nonnegative();
const reply = z.looseObject({
  state: z.enum(["COMPLETED", "COMPLETED_WITH_PARTIAL_RESULTS"]),
  total: count,
  imported: count,
  skippedDuplicates: count,
  failed: count,
  errors: z
    .array(
      z.looseObject({
        id: z.union([z.string(), z.number()]),
        error: z.looseObject({ code: z.unknown(), retryable: z.boolean().catch(false) }),
      }),
    )
    .nullish(),
});

/** Refused records that are named at most. */
const NAMED = 100;

/** What an import is held against. */
export interface Expected {
  readonly jobId: string;
  readonly runId: string;
  /** Of the manifest. */
  readonly rows: number;
  readonly allowPartial: boolean;
  /** Keys the hashes of ids, which alone could be guessed. */
  readonly secret: string;
  /** URI of where the result is to be found. */
  readonly journal: string;
}

/** A result that counts, or why it does not. */
export type Judged =
  | { readonly result: ImportResult; readonly refusal?: undefined }
  | { readonly result: ImportResult | undefined; readonly refusal: MasklineError };

/** Judges what an import that completed says of itself. Counts decide, not its state. */
export function judgeImport(said: unknown, expected: Expected): Judged {
  const { jobId, runId, rows, allowPartial, secret, journal } = expected;
  const { data, error } = reply.safeParse(said);
  const refused = (code: string, what: string, retryable = false) =>
    new MasklineError(
      code,
      retryable ? EXIT.failure : EXIT.verification,
      `importing run ${runId}: the job ${jobId} ${what}`,
      { stage: "import", retryable },
    );
  if (!data) {
    const [issue] = error.issues;
    const what = `does not say what it did (${issue!.path.join(".")}: ${issue!.message}), so nothing counts as committed`;
    return { result: undefined, refusal: refused("ERR_IMPORT_COUNT", `${what}; ask who runs the import`) };
  }
  const { state, total, imported, skippedDuplicates, failed } = data;
  const all = data.errors ?? [];
  const errors = all.slice(0, NAMED).map(({ id, error: { code, retryable } }) => ({
    record: createHmac("sha256", secret).update(`maskline/import/v1/${id}`).digest("hex").slice(0, 16),
    code: codeOf(code),
    retryable,
  }));
  const result: ImportResult = { jobId, runId, state, total, imported, skippedDuplicates, failed, errors };
  const counts = `${total} records (${imported} imported, ${skippedDuplicates} duplicates, ${failed} refused)`;
  if (total !== rows || imported + skippedDuplicates + failed !== total) {
    const what = `counted ${counts}, the manifest has ${rows}; see that nothing else lies beneath the output's prefix`;
    return { result, refusal: refused("ERR_IMPORT_COUNT", `${what}, then start again`) };
  }
  if ((state === "COMPLETED") !== (failed === 0)) {
    const what = `ended as ${state} with ${counts}, which cannot both be; nothing counts as committed`;
    return { result, refusal: refused("ERR_IMPORT_COUNT", `${what}; ask who runs the import`) };
  }
  if (failed === 0 || allowPartial) return { result };
  const later = all.length >= failed && all.every(({ error: { retryable } }) => retryable);
  const what = `refused ${failed} of ${total} records: ${byCode(all.map(({ error }) => codeOf(error.code)))}`;
  const next = later ? "the target may take them later: start again" : "genesys.import.allowPartial lets them stay out";
  const where = `${displayUri(journal)} names ${errors.length} of them by a hash of their id`;
  return { result, refusal: refused("ERR_IMPORT_PARTIAL", `${what}; ${where}; ${next}`, later) };
}

/** A code as the API has them; whatever else stands there may be a value. */
function codeOf(code: unknown): string {
  if (typeof code !== "string" || code.length > 64) return "unknown";
  const digits = code.replace(/\D/g, "").length;
  return /^[A-Za-z]\w*([.-]\w+)*$/.test(code) && digits <= 4 ? code : "unknown";
}

/** "invalid.value 2, conflict 1": the most frequent five. */
function byCode(codes: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const code of codes) counts.set(code, (counts.get(code) ?? 0) + 1);
  const most = [...counts].sort(([, a], [, b]) => b - a).slice(0, 5);
  return most.map(([code, times]) => `${code} ${times}`).join(", ") || "no reasons were given";
}
