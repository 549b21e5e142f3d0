import { displayUri } from "../store/uri.ts";
import type { Verified } from "../verify.ts";

/** What `verify` says to people when all is well. */
export function verifiedText({ runId, manifest, rows, outputs, verification }: Verified): string {
  const { sampledValues, excused } = verification;
  const number = (value: number) => value.toLocaleString("en");
  return [
    `verified: run ${runId}, every one of ${number(rows)} rows in ${number(outputs)} object${outputs === 1 ? "" : "s"}, ${number(sampledValues)} values`,
    ...excused.map(
      ({ column, what, from, why, values }) =>
        `  excused   ${column}: ${what}${from === undefined ? "" : ` of ${from}`}, ${number(values)} times (${why})`,
    ),
    `  manifest  ${displayUri(manifest)}`,
    "",
  ].join("\n");
}
