/**
 * Benchmark data, made by DuckDB into bench/data/: `node bench/data.ts --shape cdr --size M`. Every value comes from a
 * hash of its row number, so a file is the same wherever it is made.
 */
import { existsSync } from "node:fs";
import { mkdir, rename } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { DuckDBInstance } from "@duckdb/node-api";

export const SIZES = { S: 200_000, M: 1_000_000, L: 4_000_000 } as const;
export type Size = keyof typeof SIZES;
export const SHAPES = ["cdr", "transcript"] as const;
export type Shape = (typeof SHAPES)[number];

/** What a file is to be: rows, and how they are cut into row groups. */
export interface DataSpec {
  readonly shape: Shape;
  readonly size: Size;
  /** Times the size's rows. */
  readonly times?: number;
  /** `usual` 122,880 rows; `one` row group in all; `64MiB` uncompressed each. */
  readonly rowGroups?: "usual" | "one" | "64MiB";
}

const directory = join(import.meta.dirname, "data");

export function rowsOf({ size, times = 1 }: DataSpec): number {
  return SIZES[size] * times;
}

/** The file's path; made where it is not there yet. */
export async function parquetData(spec: DataSpec): Promise<string> {
  const { times = 1, rowGroups = "usual" } = spec;
  const parts = [
    spec.shape,
    spec.size + (times === 1 ? "" : `x${times}`),
    ...(rowGroups === "usual" ? [] : [rowGroups]),
  ];
  const path = join(directory, `${parts.join("-")}.parquet`);
  const rows = rowsOf(spec);
  return make(path, async (to) => {
    const perGroup =
      rowGroups === "usual" ? 122_880 : rowGroups === "one" ? rows : await rowsIn(64 * 1024 * 1024, spec.shape);
    return `COPY (${query(spec.shape, rows)}) TO ${literal(to)}
      (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE ${perGroup})`;
  });
}

/** The same rows as JSON lines, for rivals that do not read Parquet. */
export async function jsonLinesData(spec: DataSpec): Promise<string> {
  const source = await parquetData(spec);
  return make(
    source.replace(/parquet$/, "jsonl"),
    (to) => `COPY (FROM ${literal(source)}) TO ${literal(to)} (FORMAT json)`,
  );
}

async function make(path: string, sql: (to: string) => string | Promise<string>): Promise<string> {
  if (existsSync(path)) return path;
  await mkdir(directory, { recursive: true });
  const partial = `${path}.partial`;
  await run(await sql(partial));
  await rename(partial, path);
  return path;
}

/** How many rows make so many uncompressed bytes, by the footer of the small file; DuckDB cuts at 2,048. */
async function rowsIn(bytes: number, shape: Shape): Promise<number> {
  const small = await parquetData({ shape, size: "S" });
  const [row] = await run(
    `SELECT sum(total_uncompressed_size) / max(r) AS per_row FROM parquet_metadata(${literal(small)}),
      (SELECT num_rows AS r FROM parquet_file_metadata(${literal(small)}))`,
  );
  return Math.floor(bytes / Number(row!.per_row) / 2048) * 2048;
}

const literal = (text: string) => `'${text.replaceAll("'", "''")}'`;

async function run(sql: string): Promise<Record<string, unknown>[]> {
  const instance = await DuckDBInstance.create();
  const connection = await instance.connect();
  try {
    await connection.run("SET TimeZone = 'UTC'");
    return (await connection.runAndReadAll(sql)).getRowObjectsJS();
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** A number below `most` from the row and a salt: each salt another sequence. */
const below = (most: number, salt: number, row = "i") => `(hash(${row}, ${salt}) % ${most})::BIGINT`;
const oneOf = (salt: number, ...texts: string[]) =>
  `[${texts.map((text) => `'${text}'`).join(", ")}][1 + ${below(texts.length, salt)}]`;
const uuid = (salt: number, row = "i") => {
  const hex = `md5(concat(${row}, '/', ${salt}))`;
  const cuts = [`${hex}[1:8]`, `${hex}[9:12]`, `'4' || ${hex}[14:16]`, `'a' || ${hex}[18:20]`, `${hex}[21:32]`];
  return cuts.join(" || '-' || ");
};
const padded = (number: string, width: number) => `lpad((${number})::VARCHAR, ${width}, '0')`;

/** About one customer for three calls. */
const CUSTOMER = "c";
const PHONE = `'+1' || ${padded(`200 + ${below(799, 1, CUSTOMER)}`, 3)} || '555' || ${padded(below(10_000, 2, CUSTOMER), 4)}`;
const CARD = `${padded(below(10_000, 4), 4)} || sep || ${padded(below(10_000, 5), 4)} || sep || ${padded(below(10_000, 6), 4)}`;
const SSN = `${padded(below(1000, 7), 3)} || '-' || ${padded(below(100, 8), 2)} || '-' || ${padded(below(10_000, 9), 4)}`;

/** 21 columns; the seven to be masked: firstName, lastName, externalId, emailAddress, phoneNumber, cardNumber, notes. */
function query(shape: Shape, rows: number): string {
  const columns: Readonly<Record<string, string>> = {
    conversationId: uuid(10),
    direction: oneOf(11, "inbound", "inbound", "inbound", "outbound"),
    mediaType: oneOf(12, "voice", "chat", "email", "callback"),
    startTime: `TIMESTAMPTZ '2026-09-01 00:00:00+00' + to_milliseconds(i * 97 + ${below(97, 13)})`,
    durationMs: `1000 + ${below(3_600_000, 14)}`,
    queueName: oneOf(15, "Billing", "Claims", "Retention", "Förderung", "Support – DE", "サポート"),
    queueId: uuid(16, below(40, 16)),
    agentId: uuid(17, below(900, 17)),
    firstName: `CASE WHEN ${below(20, 18)} = 0 THEN NULL ELSE ${oneOf(19, "Zoë", "Mary", "Jürgen", "Priya", "Łucja", "James")} || ' ' || chr((65 + ${below(26, 20, CUSTOMER)})::INTEGER) END`,
    lastName: `${oneOf(21, "Smith", "García", "Müller", "Okafor", "Nakamura", "Žukauskas")} ${`|| ${below(9_000, 22, CUSTOMER)}`}`,
    externalId: `'CRM-' || ${padded(CUSTOMER, 9)}`,
    emailAddress: `'customer' || ${CUSTOMER} || '@' || ${oneOf(23, "example.com", "example.org", "mail.example.net")}`,
    phoneNumber: `CASE WHEN ${below(10, 24)} = 0 THEN NULL ELSE ${PHONE} END`,
    cardNumber: `CASE WHEN ${below(8, 25)} = 0 THEN '4111' || sep || ${CARD} END`,
    notes: `'Order ' || ${below(99_999, 26)} || ' was late' || CASE WHEN ${below(4, 27)} = 0 THEN ', ssn ' || ${SSN} ELSE ', nothing else' END || '. ' || ${oneOf(28, "Called back.", "Ticket closed ✓", "Wants a refund.")}`,
    wrapUpCode: oneOf(29, "RESOLVED", "TRANSFER", "CALLBACK", "ININ-WRAP-UP-TIMEOUT"),
    holdSeconds: `${below(900_000, 30)} / 1000`,
    sentiment: `(${below(2_000_001, 31)} - 1000000) / 1000000`,
    amount: `CASE WHEN ${below(3, 32)} = 0 THEN NULL ELSE (${below(10_000_000, 33)} / 100)::DECIMAL(12,2) END`,
    transfers: `${below(4, 34)}::INTEGER`,
    resolved: `${below(5, 35)} > 0`,
    ...(shape === "transcript" && { transcript: transcript() }),
  };
  const list = Object.entries(columns).map(([name, sql]) => `${sql} AS "${name}"`);
  return `SELECT ${list.join(",\n ")} FROM
    (SELECT i, hash(i, 99) % ${Math.ceil(rows / 3)} AS c, ['', ' ', '-'][1 + (hash(i, 3) % 3)::BIGINT] AS sep FROM range(${rows}) AS t(i)) ORDER BY i`;
}

/** About 300 characters of small talk; a card in every eighth, a phone in every fourth, a number in every tenth. */
function transcript(): string {
  const talk = (salt: number) =>
    oneOf(
      salt,
      "The parcel was due on Tuesday and has not come.",
      "My broadband drops every evening, about 3 times an hour.",
      "I was charged 49.90 twice for order 20391.",
      "Please hold on while I look that up. 🙂",
      "Die Rechnung stimmt nicht, können Sie das prüfen?",
      "That is fine, I can wait.",
    );
  return [
    oneOf(40, "Thank you for calling, how can I help you?", "Guten Tag, was kann ich für Sie tun?"),
    talk(41),
    talk(42),
    `CASE WHEN ${below(8, 43)} = 0 THEN 'My card is 4111' || sep || ${CARD} || '.' ELSE ${talk(44)} END`,
    talk(45),
    `CASE WHEN ${below(4, 46)} = 0 THEN 'Reach me on ' || ${PHONE} || '.' ELSE ${talk(47)} END`,
    `CASE WHEN ${below(10, 48)} = 0 THEN 'My number is ' || ${SSN} || '.' ELSE ${talk(49)} END`,
    "'Thank you, goodbye.'",
  ].join(" || ' ' || ");
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      shape: { type: "string", default: "cdr" },
      size: { type: "string", default: "S" },
      times: { type: "string", default: "1" },
      "row-groups": { type: "string", default: "usual" },
      jsonl: { type: "boolean", default: false },
    },
  });
  const spec = {
    shape: values.shape as Shape,
    size: values.size as Size,
    times: Number(values.times),
    rowGroups: values["row-groups"] as "usual",
  };
  console.log(await (values.jsonl ? jsonLinesData(spec) : parquetData(spec)));
}
