import type { Alert, Committed } from "../../../src/observe/webhooks/event.ts";

export const COMMITTED: Committed = {
  event: "committed",
  runId: "0123456789abcdef",
  environment: "sandbox-01",
  rows: 1_234_567,
  outputs: [
    { uri: "s3://masked/v2/a.jsonl", rows: 1_234_500, bytes: 99, sha256: "a".repeat(64) },
    { uri: "s3://masked/v2/b.jsonl", rows: 67, bytes: 1, sha256: "b".repeat(64) },
  ],
  manifest: "s3://masked/v2/_maskline/0123456789abcdef/manifest.json",
  imported: { jobId: "job-1", total: 1_234_567, imported: 1_234_000, skippedDuplicates: 560, failed: 7 },
  finishedAt: "2026-11-24T02:00:00.000Z",
};

export const ALERT: Alert = {
  event: "alert",
  kind: "drift",
  environment: "sandbox-01",
  summary: "1 of the columns needs a person's decision",
  findings: [
    {
      path: "participants[].attributes{*ssn*}",
      kind: "sensitive-looking",
      what: "new, utf8, looks like a government number: pause by unmatched.sensitive",
      advice: 'add a rule to policy.rules: { path: "…", mask: … }',
    },
  ],
  occurredAt: "2026-11-24T01:00:00.000Z",
};

/** An alert with findings of such texts. */
export function alertWith(texts: readonly string[]): Alert {
  const findings = texts.map((text) => ({ path: text, kind: "added", what: text, advice: text }));
  return { ...ALERT, summary: texts.join(" "), environment: texts[0] ?? "x", findings };
}
