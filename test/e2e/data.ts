/** Inputs made on the spot. */
import { duckdb, sql } from "../support/generate/writers.ts";

/** Two calls with everything the preset masks; each value occurs nowhere else. */
export const CALLS_CSV = `conversationId,queueName,firstName,phoneNumber,cardNumber,durationMs
c-1,Sales,Rosalindah,+14155550123,4111111111111111,1200
c-2,Support,Bartholomewx,+442079460987,5555555555554444,
`;

/** The policy for these columns. */
export const CALLS_POLICY = { presets: ["contact-center"], unmatched: { text: "keep" } };

/**
 * Seeded calls by DuckDB: id, firstName, phoneNumber, cardNumber, note (about 200 bytes of text with a phone and a
 * card in it) and amount, in row groups of `rowGroup` rows.
 */
export async function writeCalls(path: string, rows: number, rowGroup: number): Promise<void> {
  await duckdb(
    `COPY (
       SELECT i AS id,
         ['Ada','Grace','Linus','Ken','Barbara','Zoë'][1 + (hash(i) % 6)::INT] || (hash(i * 7) % 5000) AS "firstName",
         '+1415555' || lpad((hash(i * 3) % 10000)::VARCHAR, 4, '0') AS "phoneNumber",
         '411111111111' || lpad((hash(i * 5) % 10000)::VARCHAR, 4, '0') AS "cardNumber",
         'Customer called about order ' || i || ', call back on +1415555' || lpad((hash(i * 3) % 10000)::VARCHAR, 4, '0')
           || ' or pay with 4111 1111 1111 1111. ' || repeat('Nothing else was said. ', 5) AS note,
         (hash(i * 11) % 1000000) / 100.0 AS amount
       FROM range(${rows}) AS t(i) ORDER BY i
     ) TO ${sql(path)} (FORMAT parquet, COMPRESSION snappy, ROW_GROUP_SIZE ${rowGroup})`,
  );
}

export const BIG_POLICY = {
  presets: ["contact-center"],
  rules: [{ field: "note", mask: "scan" }],
};

/** Masks what the fixtures hold, keeps the rest: no file stops for a decision. */
export const CDR_RULES = {
  presets: ["contact-center"],
  rules: [{ field: "transcript", mask: "scan" }],
  unmatched: { sensitive: "keep", text: "keep", other: "keep" },
};
