/** DuckDB on the same work: `duckdb.ts input output shape threads`. Its tokens are plain salted SHA-256, the cheaper kind. */
import { createHash } from "node:crypto";
import { DuckDBInstance } from "@duckdb/node-api";
import type { Shape } from "../data.ts";
import { patternsOf, TOKENS } from "../masks.ts";

const [input, output, shape, threads] = process.argv.slice(2);
const salt = createHash("sha256").update("bench").digest("hex");
const literal = (text: string) => `'${text.replaceAll("'", "''")}'`;

const tokens = TOKENS.map((name) => [name, `'User_' || substr(sha256("${name}" || '${salt}'), 1, 16)`]);
const patterns = Object.entries(patternsOf(shape as Shape)).map(([name, steps]) => [
  name,
  steps.reduce(
    (sql, step) => `regexp_replace(${sql}, ${literal(step.match)}, ${literal(step.with)}, 'g')`,
    `"${name}"`,
  ),
]);
const replaced = [...tokens, ...patterns].map(([name, sql]) => `${sql} AS "${name}"`);

const instance = await DuckDBInstance.create(":memory:", { threads: threads! });
const connection = await instance.connect();
await connection.run(
  `COPY (SELECT * REPLACE (${replaced.join(", ")}) FROM read_parquet(${literal(input!)})) TO ${literal(output!)} (FORMAT json)`,
);
