/** DuckDB on the same work: `duckdb.ts input output shape threads`. Its tokens are plain salted SHA-256, the cheaper kind. */
import { createHash } from "node:crypto";
import { DuckDBInstance } from "@duckdb/node-api";
import type { Shape } from "../data.ts";
import { type Dialect, replacements } from "./sql.ts";

const [input, output, shape, threads] = process.argv.slice(2);
const salt = createHash("sha256").update("bench").digest("hex");
const literal = (text: string) => `'${text.replaceAll("'", "''")}'`;

const dialect: Dialect = {
  token: (value) => `'User_' || substr(sha256(${value} || '${salt}'), 1, 16)`,
  pattern: (value, step) => `regexp_replace(${value}, ${literal(step.match)}, ${literal(step.with)}, 'g')`,
  field: (struct, name) => `${struct}.${name}`,
  list: (value, name, body) => `list_transform(${value}, lambda ${name}: ${body})`,
  struct: (value, _, changed) =>
    `struct_update(${[value, ...[...changed].map(([name, sql]) => `${name} := ${sql}`)].join(", ")})`,
};

const instance = await DuckDBInstance.create(":memory:", { threads: threads! });
const connection = await instance.connect();
const changed = replacements(shape as Shape, dialect).map(([column, sql]) => `${sql} AS "${column}"`);
const select = `SELECT * REPLACE (${changed.join(", ")}) FROM read_parquet(${literal(input!)})`;
// Written in place: of /dev/null nothing may make a file.
const copied = await connection.runAndReadAll(
  `COPY (${select}) TO ${literal(output!)} (FORMAT json, USE_TMP_FILE false)`,
);
console.log(String(copied.getRowObjects()[0]!.Count));
