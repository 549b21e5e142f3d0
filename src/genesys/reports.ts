import type { GenesysImport } from "../config/genesys.ts";
import { failure, messageOf } from "../errors.ts";
import { displayUri } from "../store/uri.ts";
import type { Api, Journal } from "./types.ts";

type Reports = GenesysImport["reports"];

/**
 * Pauses report jobs of the target that must not run during an import. Each is in the journal before it is paused, so
 * that it is resumed whatever happens.
 */
export async function pauseReports(api: Api, reports: Reports, journal: Journal, signal: AbortSignal): Promise<void> {
  for (const { name, pause, resume } of reports) {
    const paused = journal.state.paused ?? [];
    if (!paused.some((one) => one.name === name && one.resume === resume)) {
      await journal.update({ paused: [...paused, { name, resume }] }, signal);
    }
    await api.call({ method: "POST", path: pause, endpoint: "reportPause", idempotent: true }, signal);
  }
}

/**
 * Resumes all that the journal has as paused, also by earlier starts and under settings that are no more. One leaves
 * the journal only once it is resumed.
 * @param signal - one of its own: that of a run may be what ended it
 * @throws MasklineError (exit 1) naming those that stand still, when all have been tried
 */
export async function resumeReports(api: Api, reports: Reports, journal: Journal, signal: AbortSignal): Promise<void> {
  const failed: { readonly said: string; readonly cause: unknown }[] = [];
  for (const one of journal.state.paused ?? []) {
    const own = reports.filter(({ name }) => name === one.name);
    try {
      // As configured now, should the path have been wrong; a report that is configured no more, as it was.
      const path = own.some(({ resume }) => resume === one.resume) ? one.resume : (own[0]?.resume ?? one.resume);
      await api.call({ method: "POST", path, endpoint: "reportResume", idempotent: true }, signal);
      const rest = (journal.state.paused ?? []).filter((other) => other !== one);
      await journal.update({ paused: rest }, signal);
    } catch (cause) {
      const gone = own.length === 0 ? ", which genesys.import.reports has no more" : "";
      failed.push({ said: `"${one.name}"${gone} (${messageOf(cause)})`, cause });
    }
  }
  if (failed.length === 0) return;
  throw failure(
    `resuming report jobs: ${failed.map(({ said }) => said).join("; ")}; start again to try once more, or resume them ` +
      `by hand in the target organization and take them out of "paused" in ${displayUri(journal.uri)}`,
    { stage: "import", cause: failed[0]!.cause },
  );
}
