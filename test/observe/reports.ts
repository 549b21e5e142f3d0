/** Reports to look at: everything that one can hold. */
import type { ReportColumn, RunReport } from "../../src/observe/run-report.ts";

/** Names that try to become markup, to break out of an attribute, to look like another name, or to be too long. */
export const HOSTILE: readonly string[] = [
  `<script>document.title="hit"</script>`,
  `<img src=x onerror="document.title='hit'">`,
  `"><svg onload=document.title='hit'>`,
  `' onmouseover='document.title=1`,
  "</style></table></body><h1>hit",
  "<!-- <b>]]> &lt;b&gt; &amp;",
  "$\\u007bdocument.title='hit'} {{7*7}} `",
  `javascript:document.title="hit"`,
  "<base href=//evil.example><link rel=stylesheet href=//evil.example/x.css>",
  "<meta http-equiv=refresh content=0;url=//evil.example>",
  "evil\u202egnp.exe\u200b\u2066\ufeff",
  "line\nbreak\r\ttab\0nul\u2028\ud800",
  `zalgo${"\u0301\u0316".repeat(200)}`,
  `${"unbreakable".repeat(60)}`,
  "العمود",
  "列の名前 🙂",
];

export function column(path: string, more: Partial<ReportColumn> = {}): ReportColumn {
  return {
    ...{
      path,
      mask: "token",
      rule: "preset contact-center: firstName",
      values: 1_803_211,
      nulls: 12,
      masked: 1_803_211,
    },
    ...{ invalidUtf8: 0, nonFinite: 0, hits: {}, types: ["utf8"], cases: [] },
    options: { domain: "person", prefix: "User_", length: 16 },
    ...more,
  };
}

export function report(more: Partial<RunReport> = {}): RunReport {
  const none = { options: {}, masked: 0 };
  return {
    ...{ version: 1, maskline: "0.1.0", committedBy: "manifest.json", runId: "78bd0a8e69a016bd", keyId: "2026-11" },
    ...{ environment: "sandbox-01-prod-mirror", keyFingerprint: "9f0c52ab3d11e86a", rows: 2_000_000 },
    ...{ policyDigest: "5d".repeat(32), schemaFingerprint: "c0ffee0123456789" },
    ...{ startedAt: "2026-11-24T02:00:00.125Z", finishedAt: "2026-11-24T02:01:07.550Z" },
    inputs: [
      { uri: "s3://prod-exports/2026-11-23/calls.parquet", etag: `"${"ab".repeat(16)}-12"`, bytes: 73e6, rows: 2e6 },
    ],
    outputs: [
      {
        uri: "s3://sandbox/calls.jsonl",
        input: "s3://prod-exports/2026-11-23/calls.parquet",
        rows: 2e6,
        bytes: 630e6,
        sha256: "1f".repeat(32),
      },
    ],
    quarantined: [{ uri: "file:///exports/broken.parquet", reason: "reading /exports/broken.parquet: no footer" }],
    verification: {
      ...({
        rowCounts: "equal",
        nullCounts: "equal",
        share: 0.01,
        sampledRows: 20_000,
        sampledValues: 131_211,
      } as const),
      excused: [
        ...([
          { column: "notes", check: "survives", what: "name", from: "firstName", why: "coincidence", values: 3 },
        ] as const),
        ...([{ column: "durationMs", check: "detector", what: "phone", why: "kept by rule", values: 17 }] as const),
      ],
    },
    totals: {
      ...{ values: 14_000_000, masked: 9_200_000, inputBytes: 73e6, outputBytes: 630e6 },
      ...{ seconds: 67.4, rowsPerSecond: 29_670, bytesPerSecond: 9_350_000 },
    },
    columns: [
      column("conversationId", { mask: "keep", rule: "rule 5: field conversationId", ...none }),
      column("firstName", { distinct: { in: 48_211, out: 48_211 }, clause: "PCI DSS 6.5.5" }),
      column("cardNumber", {
        ...{ mask: "pan", masked: 211_000, values: 211_000, nulls: 1_789_000, clause: "PCI DSS 3.4.1, 3.5.1" },
        ...{ rule: "preset pci-dss: cardNumber", options: { keep: "none", with: "XXXX-XXXX-XXXX-XXXX" } },
      }),
      column("participants[].attributes{}", {
        ...{ mask: "scan", rule: "unmatched.text", options: { with: "[LABEL]" }, masked: 12 },
        cases: [{ keys: "^.*ssn.*$", mask: "drop", rule: "rule 2: path participants[].attributes{*ssn*}" }],
        hits: { ssn: 5, email: 7 },
      }),
      column("birthDate", {
        mask: "drop",
        rule: "unmatched.sensitive (looks like a date of birth)",
        options: {},
        types: ["date32"],
      }),
      column("notes", { mask: "null", rule: "rule 4: field notes", options: {} }),
      column("properties[].value", {
        ...{ mask: "keep", rule: "unmatched.other", options: {}, masked: 5 },
        cases: [
          { when: { field: "property", is: "^ani$" }, mask: "phone", rule: "rule 6: field value", clause: "HIPAA D" },
        ],
      }),
      column("durationMs", { mask: "keep", rule: "unmatched.other", types: ["int64", "int32"], ...none }),
    ],
    hits: { ssn: 5, email: 7 },
    unusedRules: ["rule 3: field loyaltyId"],
    warnings: [
      { rule: "rule 3: field loyaltyId", message: "matches no column" },
      { message: "inputs that could not be read were left out: 1, named below" },
      { column: "cardNumber", message: "a token and the last four of one card number", clause: "PCI DSS 3.5.1" },
    ],
    pace: {
      ...{ stretchSeconds: 0.5, seconds: 67.4 },
      stretches: Array.from({ length: 134 }, (_, index) => ({
        rows: Math.round(14_800 + 3_000 * Math.sin(index / 9) + 900 * Math.sin(index * 2.3)),
        bytes: 4_660_000,
      })),
    },
    ...more,
  };
}
