import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { Compression } from "parquet-wasm";
import type { Decide } from "../oracle/oracle.ts";
import { decisions } from "../oracle/oracle.ts";
import { type Cdr, cdrs } from "./cdr.ts";
import { cdrsByDuckdb, cdrsByHyparquet, cdrsByWasm, plainCdr } from "./cdr-files.ts";
import { conversationsParquet } from "./conversations.ts";
import { emptyRowGroups, phonesAsNumbers, unicodeNames } from "./special.ts";
import { ARROW_TYPES, typesByDuckdb, typesByHyparquet, typesByWasm } from "./types.ts";

/** A fixture: its input, its policy as maskline.yaml has it, and the same policy as the oracle takes it. */
export interface Case {
  readonly name: string;
  /** Names of the input files; more than one means that each gives the same expected.jsonl. */
  readonly inputs: readonly string[];
  /** YAML under `policy:`. */
  readonly policy: string;
  readonly decide: Decide;
  readonly write: (directory: string) => Promise<void>;
  /** What columns are where the oracle's reader sees plain integers. */
  readonly types?: typeof ARROW_TYPES;
}

const UNMATCHED = "  unmatched: { sensitive: pause, text: keep, other: keep }";

const CDR_POLICY = `  presets: [contact-center]
  rules:
    - { field: transcript, mask: scan }
${UNMATCHED}`;

/** What the preset contact-center says of the seed's fields, and the rule above. */
const decideCdr = decisions([
  ["firstName", { mask: "token", domain: "person" }],
  ["lastName", { mask: "token", domain: "person" }],
  ["externalId", { mask: "token", domain: "external-id", prefix: "Ext_" }],
  ["phoneNumber", { mask: "phone" }],
  ["emailAddress", { mask: "email" }],
  ["cardNumber", { mask: "pan" }],
  ["transcript", { mask: "scan" }],
]);

const KEEP_ALL = `  rules:
    - { path: "*", mask: keep }
${UNMATCHED}`;
const keepAll = decisions([]);

const calls = cdrs(20260901, 48);

function cdrCase(name: string, write: (path: string, rows: readonly Cdr[]) => Promise<void>, rows = calls): Case {
  return {
    name,
    inputs: ["input.parquet"],
    policy: CDR_POLICY,
    decide: decideCdr,
    write: (directory) => write(join(directory, "input.parquet"), rows),
  };
}

function parquetCase(
  name: string,
  policy: string,
  decide: Decide,
  write: (path: string) => Promise<void>,
  input = "input.parquet",
): Case {
  return { name, inputs: [input], policy, decide, write: (directory) => write(join(directory, input)) };
}

/** Call detail records as RFC 4180 text without a last line end; null and empty are both empty. */
function csv(rows: readonly Cdr[]): string {
  const cell = (value: unknown) => {
    const text = value === null || value === undefined ? "" : String(value);
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const plain = rows.map(plainCdr);
  const header = Object.keys(plain[0]!);
  const lines = [header, ...plain.map((row) => header.map((name) => row[name]))];
  return lines.map((line) => line.map(cell).join(",")).join("\r\n");
}

/** gzip without the mark of the machine that wrote it (RFC 1952: OS 255 is unknown). */
function gzip(text: string): Uint8Array {
  const bytes = gzipSync(text, { level: 9 });
  bytes[9] = 255;
  return bytes;
}

const JSON_LINES = [
  '{"id":1,"firstName":"Zoë","contact":{"phoneNumber":"+1 (415) 555-0100","emails":["zoe@example.com"]},"score":1.50}',
  '{"id":9007199254740993,"firstName":"Jos\\u00e9 \\ud83d\\ude00","contact":{"phoneNumber":"tel:+14155550100","emails":[]}}',
  '{"id":-9223372036854775808,"firstName":null,"contact":null,"score":1e400,"tags":["a","b"]}',
  '{"id":18446744073709551615,"contact":{"phoneNumber":null,"emails":[null,"MAILTO:Zoe@Example.com"]},"score":-0}',
  "",
  '{ "id" : 2 , "score" : 1E5, "firstName" : "quote \\" slash \\/ \\\\ tab \\t line\\nfeed \\u2028 \\u0000", "active" : true }',
  '{"id":3,"firstName":"","contact":{"emails":["a@example.com","b@example.org"],"vip":false},"tags":[]}',
  '{"id":4,"firstName":"lone \\ud800 half","contact":{},"score":0.1,"tags":[null],"account":378282246310005}',
  '{"id":5,"firstName":"Zoë","lines":[{"text":"card 4111 1111 1111 1111","seconds":12},{"seconds":3.25}]}',
];

const jsonLinesDecide = decisions([
  ["firstName", { mask: "token", domain: "person" }],
  ["contact.phoneNumber", { mask: "token", domain: "phone", prefix: "Tel_", length: 12 }],
  ["contact.emails[]", { mask: "email" }],
  ["account", { mask: "pan", keep: "last4" }],
  ["lines[].text", { mask: "scan" }],
]);

const JSON_LINES_POLICY = `  rules:
    - { field: firstName, mask: token, domain: person }
    - { path: contact.phoneNumber, mask: token, domain: phone, prefix: Tel_, length: 12 }
    - { path: "contact.emails[]", mask: email }
    - { field: account, mask: pan, keep: last4 }
    - { path: "lines[].text", mask: scan }
    - { field: "*", mask: keep }
${UNMATCHED}`;

const NESTED_POLICY = `  rules:
    - { path: "participants[].participantName", mask: token, domain: person }
    - { path: "participants[].externalContactId", mask: token, domain: external-id, prefix: Ext_ }
    - { path: "participants[].attributes{*ssn*}", mask: drop }
    - { path: "participants[].attributes{customer*}", mask: token, domain: person }
    - { path: "participants[].attributes{}", mask: scan }
    - { path: "participants[].sessions[].ani", mask: token, domain: phone, prefix: Tel_, length: 16 }
    - { path: "participants[].sessions[].dnis", mask: token, domain: phone, prefix: Tel_, length: 16 }
    - { path: "participants[].sessions[].remote", mask: replace, with: "[REMOTE]" }
    - { path: "participants[].sessions[].callbackNumbers[]", mask: phone }
    - { path: "participants[].sessions[].bcc[]", mask: drop }
    - { path: "participants[].sessions[].metrics[].name", mask: keep }
    - { path: "participants[].sessions[].flow.transferTargetAddress", mask: "null" }
    - { path: "participants[].sessions[].segments[].wrapUpNote", mask: scan }
    - { path: "participants[].sessions[].segments[].subject", mask: regex, patterns: [{ match: "CASE-\\\\d+", with: "CASE-#" }, { match: "#", with: "no. $&" }] }
${UNMATCHED}`;

const decideNested = decisions([
  ["participants[].participantName", { mask: "token", domain: "person" }],
  ["participants[].externalContactId", { mask: "token", domain: "external-id", prefix: "Ext_" }],
  ["participants[].attributes{*ssn*}", { mask: "drop" }],
  ["participants[].attributes{customer*}", { mask: "token", domain: "person" }],
  ["participants[].attributes{*}", { mask: "scan" }],
  ["participants[].sessions[].ani", { mask: "token", domain: "phone", prefix: "Tel_" }],
  ["participants[].sessions[].dnis", { mask: "token", domain: "phone", prefix: "Tel_" }],
  ["participants[].sessions[].remote", { mask: "replace", with: "[REMOTE]" }],
  ["participants[].sessions[].callbackNumbers[]", { mask: "phone" }],
  ["participants[].sessions[].bcc[]", { mask: "drop" }],
  ["participants[].sessions[].flow.transferTargetAddress", { mask: "null" }],
  ["participants[].sessions[].segments[].wrapUpNote", { mask: "scan" }],
  [
    "participants[].sessions[].segments[].subject",
    {
      mask: "regex",
      patterns: [
        { match: "CASE-\\d+", with: "CASE-#" },
        { match: "#", with: "no. $&" },
      ],
    },
  ],
]);

/** Codecs by file name and who writes them. */
const CODECS: readonly (readonly [string, (path: string) => Promise<void>])[] = [
  ["none.parquet", (path) => cdrsByWasm(path, calls.slice(0, 12), Compression.UNCOMPRESSED)],
  ["snappy.parquet", (path) => cdrsByDuckdb(path, calls.slice(0, 12), "COMPRESSION snappy")],
  ["gzip.parquet", (path) => cdrsByWasm(path, calls.slice(0, 12), Compression.GZIP)],
  ["brotli.parquet", (path) => cdrsByWasm(path, calls.slice(0, 12), Compression.BROTLI)],
  ["lz4_raw.parquet", (path) => cdrsByWasm(path, calls.slice(0, 12), Compression.LZ4_RAW)],
  ["lz4.parquet", (path) => cdrsByWasm(path, calls.slice(0, 12), Compression.LZ4)],
  ["zstd.parquet", (path) => cdrsByDuckdb(path, calls.slice(0, 12), "COMPRESSION zstd, PARQUET_VERSION v2")],
];

/** Every case; a folder each. */
export const CASES: readonly Case[] = [
  cdrCase("flat-duckdb", (path, rows) => cdrsByDuckdb(path, rows)),
  cdrCase("flat-hyparquet", (path, rows) => cdrsByHyparquet(path, rows, 20)),
  cdrCase("flat-parquet-wasm", (path, rows) =>
    cdrsByWasm(path, rows, Compression.ZSTD, (builder) => builder.setMaxRowGroupSize(25)),
  ),
  parquetCase("nested-conversations", NESTED_POLICY, decideNested, (path) => conversationsParquet(path, 24)),
  parquetCase(
    "transcript",
    `  rules:
    - { field: transcript, mask: scan, with: "<LABEL>", detectors: [card, email, ssn] }
    - { field: firstName, mask: salted-hash }
    - { field: lastName, mask: salted-hash, prefix: "", length: 64 }
    - { field: phoneNumber, mask: "null" }
    - { field: emailAddress, mask: email, keep: domain }
    - { field: externalId, mask: regex, patterns: [{ match: "^(?<kind>crm)-\\\\d{3}", with: "$<kind>-***", flags: i }] }
    - { field: cardNumber, mask: pan, keep: bin+last4 }
    - { field: queueName, mask: replace, with: "queue \\"x\\"" }
    - { field: agentId, mask: drop }
    - { field: durationMs, mask: token, domain: duration, prefix: D, length: 10 }
    - { field: amount, mask: regex, patterns: [{ match: "\\\\d", with: "9" }] }
${UNMATCHED}`,
    decisions([
      ["transcript", { mask: "scan", with: "<LABEL>", detectors: ["card", "email", "ssn"] }],
      ["firstName", { mask: "salted-hash" }],
      ["lastName", { mask: "salted-hash", prefix: "", length: 64 }],
      ["phoneNumber", { mask: "null" }],
      ["emailAddress", { mask: "email", keep: "domain" }],
      ["externalId", { mask: "regex", patterns: [{ match: "^(?<kind>crm)-\\d{3}", with: "$<kind>-***", flags: "i" }] }],
      ["cardNumber", { mask: "pan", keep: "bin+last4" }],
      ["queueName", { mask: "replace", with: 'queue "x"' }],
      ["agentId", { mask: "drop" }],
      ["durationMs", { mask: "token", domain: "duration", prefix: "D", length: 10 }],
      ["amount", { mask: "regex", patterns: [{ match: "\\d", with: "9" }] }],
    ]),
    (path) => cdrsByWasm(path, cdrs(7, 60), Compression.BROTLI),
  ),
  parquetCase("types-duckdb", KEEP_ALL, keepAll, typesByDuckdb),
  parquetCase("types-hyparquet", KEEP_ALL, keepAll, typesByHyparquet),
  { ...parquetCase("types-parquet-wasm", KEEP_ALL, keepAll, typesByWasm), types: ARROW_TYPES },
  cdrCase("empty-rows", (path, rows) => cdrsByDuckdb(path, rows), []),
  parquetCase(
    "empty-row-groups",
    `  presets: [contact-center]\n${UNMATCHED}`,
    decisions([["firstName", { mask: "token", domain: "person" }]]),
    emptyRowGroups,
  ),
  parquetCase(
    "unicode",
    `  rules:
    - { field: firstName, mask: token, domain: person }
    - { field: lastName, mask: token }
    - { field: phoneNumber, mask: phone }
    - { field: cardNumber, mask: pan }
    - { field: note, mask: scan }
    - { field: remark, mask: regex, patterns: [{ match: "^\\\\w+|\\\\p{L}$", with: "‹$&›", flags: u }, { match: "\\\\.", with: "·", flags: s }] }
    - { field: raw, mask: keep }
    - { field: "n*me*quoted*", mask: keep }
${UNMATCHED}`,
    decisions([
      ["firstName", { mask: "token", domain: "person" }],
      ["lastName", { mask: "token" }],
      ["phoneNumber", { mask: "phone" }],
      ["cardNumber", { mask: "pan" }],
      ["note", { mask: "scan" }],
      [
        "remark",
        {
          mask: "regex",
          patterns: [
            { match: "^\\w+|\\p{L}$", with: "‹$&›", flags: "u" },
            { match: "\\.", with: "·", flags: "s" },
          ],
        },
      ],
    ]),
    unicodeNames,
  ),
  parquetCase(
    "phones-as-numbers",
    `  presets: [contact-center]
  rules:
    - { field: ssnNumber, mask: regex, patterns: [{ match: "\\\\d{5}(?=\\\\d{4}$)", with: "*****" }] }
    - { field: payload, mask: keep }
${UNMATCHED}`,
    decisions([
      ["ssnNumber", { mask: "regex", patterns: [{ match: "\\d{5}(?=\\d{4}$)", with: "*****" }] }],
      ["phoneNumber", { mask: "phone" }],
      ["mobilePhone", { mask: "phone" }],
      ["homePhone", { mask: "phone" }],
      ["firstName", { mask: "token", domain: "person" }],
      ["emailAddress", { mask: "email" }],
      ["cardNumber", { mask: "pan" }],
      ["externalId", { mask: "token", domain: "external-id", prefix: "Ext_" }],
    ]),
    phonesAsNumbers,
  ),
  parquetCase("csv", CDR_POLICY, decideCdr, (path) => writeFile(path, `\uFEFF${csv(cdrs(11, 24))}`), "input.csv"),
  parquetCase(
    "csv-gz",
    CDR_POLICY,
    decideCdr,
    (path) => writeFile(path, gzip(`${csv(cdrs(12, 24))}\r\n`)),
    "input.csv.gz",
  ),
  parquetCase(
    "jsonl",
    JSON_LINES_POLICY,
    jsonLinesDecide,
    (path) => writeFile(path, `${JSON_LINES.join("\n")}\n`),
    "input.jsonl",
  ),
  parquetCase(
    "jsonl-gz",
    JSON_LINES_POLICY,
    jsonLinesDecide,
    (path) => writeFile(path, gzip(JSON_LINES.join("\r\n"))),
    "input.jsonl.gz",
  ),
  {
    name: "codecs",
    inputs: CODECS.map(([file]) => file),
    policy: CDR_POLICY,
    decide: decideCdr,
    write: async (directory) => {
      for (const [file, write] of CODECS) await write(join(directory, file));
    },
  },
];
