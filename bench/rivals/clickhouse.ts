/**
 * ClickHouse, embedded, on the same work: `clickhouse.ts input output shape threads`; input and output are paths, or
 * URLs of objects with the credentials in the AWS variables. Its tokens are plain salted SHA-256, the cheaper kind.
 */
import { createHash } from "node:crypto";
import { createRequire } from "node:module";
import type { Shape } from "../data.ts";
import { STRUCTS } from "../shapes/nested.ts";
import { type Dialect, type Replacement, replacements } from "./sql.ts";

/** Of chdb, which bench/package.json installs, what is used here. */
interface Chdb {
  queryAsync(sql: string): Promise<{ readonly rowsRead: number; text(): string }>;
}

const [input, output, shape, threads] = process.argv.slice(2);
const { queryAsync } = createRequire(import.meta.url)("chdb") as Chdb;
const salt = createHash("sha256").update("bench").digest("hex");
const literal = (text: string) => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;

const dialect: Dialect = {
  token: (value) => `concat('User_', lower(hex(substring(SHA256(concat(${value}, '${salt}')), 1, 8))))`,
  pattern: (value, step) => `replaceRegexpAll(${value}, ${literal(step.match)}, ${literal(step.with)})`,
  field: (struct, name) => `${struct}.${name}`,
  list: (value, name, body) => `arrayMap(${name} -> ${body}, ${value})`,
  struct: (value, list, changed) =>
    `tuple(${STRUCTS[list]!.map((name) => changed.get(name) ?? `${value}.${name}`).join(", ")})`,
};

function table(at: string, format: string): string {
  if (!at.startsWith("http")) return `file(${literal(at)}, ${format})`;
  const { AWS_ACCESS_KEY_ID: id = "", AWS_SECRET_ACCESS_KEY: secret = "" } = process.env;
  return `s3(${[at, id, secret, format].map(literal).join(", ")})`;
}

const settings = `SETTINGS max_threads = ${Number(threads)}, input_format_parquet_preserve_order = 1,
  output_format_json_quote_64bit_integers = 0`;
const source = table(input!, "Parquet");
const changed = await Promise.all(replacements(shape as Shape, dialect).map(named));
const select = `SELECT * REPLACE (${changed.join(", ")}) FROM ${source}`;
if (output === "/dev/null") {
  const { rowsRead } = await queryAsync(`${select} INTO OUTFILE '/dev/null' APPEND FORMAT JSONEachRow ${settings}`);
  console.log(rowsRead);
} else {
  // The faster of the two, but it cannot append to what is no file.
  await queryAsync(`INSERT INTO FUNCTION ${table(output!, "JSONEachRow")} ${select} ${settings}`);
}

/** A tuple made anew has no names: the column's own type gives them back. */
async function named([column, sql]: Replacement): Promise<string> {
  if (!sql.includes("tuple(")) return `${sql} AS "${column}"`;
  const type = await queryAsync(`SELECT toTypeName("${column}") FROM ${source} LIMIT 1 FORMAT TSVRaw`);
  return `CAST(${sql}, ${literal(type.text().trim())}) AS "${column}"`;
}
