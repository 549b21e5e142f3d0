import { writeFile } from "node:fs/promises";
import * as arrow from "apache-arrow";
import { ByteWriter, ParquetWriter } from "hyparquet-writer";
import { Compression } from "parquet-wasm";
import { duckdb, parquetByWasm, sql } from "./writers.ts";

/** Text that breaks what counts characters, bytes or lines; masks must take each value as it is. */
export async function unicodeNames(path: string): Promise<void> {
  const names = [
    "Zoë",
    "Zoe\u0308",
    "ＺＯＥ\u0308 ",
    "\u{1F469}\u200D\u{1F4BB}",
    "𝒵𝑜ë",
    "ǅ ẞ İ ı ﬁ",
    "Σίσυφος ΣΊΣΥΦΟΣ",
    "محمد‎ الأحمد",
    "दीपिका",
    "さくら\u3000田中",
    "e\u0301\u0327\u0323",
    "\uFEFFBOM",
    "zero\u200Bwidth",
    'quote " backslash \\ slash /',
    "line\nfeed\r\nreturn",
    "tab\t bell\u0007 back\b form\f",
    "nul\u0000 one\u0001 unit\u001F del\u007F next\u0085",
    "sep\u2028par\u2029end",
    "",
    " ",
    null,
    "__proto__",
    "\u{10FFFF}\uFFFD\uFFFE",
    "a".repeat(300),
  ];
  const phones = [
    "+1 (415) 555‑0100",
    "４１５-555-0101 ext. 9",
    "٠٧٧٠٠٩٠٠١٢٣",
    "\u202A+442079460123\u202C",
    "12",
    "",
    null,
  ];
  const cards = [
    "4111\u00A01111\u00A01111\u00A01111",
    "４１１１１１１１１１１１１１１１",
    "4111–1111–1111–1111",
    "",
    null,
  ];
  const notes = [
    "card 4111\u20091111\u20091111\u20091111 ☎ +44 20 7946 0123.",
    "почта: иван@example.com\nssn 078-05-1120",
    "é\u0000 4111111111111111\u0001378282246310005",
    "nichts",
    null,
  ];
  const remarks = ["Ünal.", "a.b.é", "line\nnext.\n", "\n", ".\u2028.", "\r.x", null, ""];
  const of = <T>(values: readonly T[]) => names.map((_, index) => values[index % values.length] ?? null);
  const text = (values: readonly (string | null)[]) => arrow.vectorFromArray(values, new arrow.Utf8());
  const table = new arrow.Table({
    'näme "quoted"\n': text(names.map((_, index) => `row ${index}`)),
    firstName: text(names),
    lastName: text(names),
    phoneNumber: text(of(phones)),
    cardNumber: text(of(cards)),
    note: text(of(notes)),
    remark: text(of(remarks)),
    raw: text(names),
  });
  await writeFile(path, parquetByWasm(table, Compression.SNAPPY));
}

/** Identifiers in types that a mask of strings passes over: integers, decimals, doubles, bytes without a logical type. */
export async function phonesAsNumbers(path: string): Promise<void> {
  const rows = [
    "14155550100::BIGINT, 14155550101::UBIGINT, 14155550102::DOUBLE, encode('Zoë'), encode('Zoe@Example.com'), 4111111111111111::DECIMAL(19,0), 78051120::INTEGER, 100007::SMALLINT, '\\x00\\xFF'::BLOB",
    "442079460123, 447700900123, 447700900123, encode('Łucja'), encode(''), 378282246310005, 123456789, 7, ''::BLOB",
    "NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL",
    "-14155550100, 0, 1.5, '\\xC3\\x28 bad'::BLOB, encode('no address'), 12, -123456789, -1, NULL",
  ].map((row) => row.replace("100007::SMALLINT", "10007::SMALLINT"));
  const names =
    "phoneNumber mobilePhone homePhone firstName emailAddress cardNumber ssnNumber externalId payload".split(" ");
  await duckdb(
    `COPY (SELECT * FROM (VALUES ${rows.map((row) => `(${row})`).join(", ")}) AS t(${names.join(", ")}))
     TO ${sql(path)} (FORMAT parquet, COMPRESSION snappy)`,
  );
}

/** Row groups of 2, 0, 3 and 0 rows. */
export async function emptyRowGroups(path: string): Promise<void> {
  const bytes = new ByteWriter();
  const writer = new ParquetWriter({
    writer: bytes,
    schema: [
      { name: "root", num_children: 2 },
      { name: "firstName", type: "BYTE_ARRAY", converted_type: "UTF8", repetition_type: "OPTIONAL" },
      { name: "durationMs", type: "INT64", repetition_type: "OPTIONAL" },
    ],
  });
  const group = (names: (string | null)[], durations: bigint[]) =>
    writer.write({
      columnData: [
        { name: "firstName", data: names },
        { name: "durationMs", data: durations },
      ],
    });
  const empty = () => {
    const [first] = writer.row_groups;
    writer.row_groups.push({
      num_rows: 0n,
      total_byte_size: 0n,
      columns: first!.columns.map((chunk) => ({
        ...chunk,
        meta_data: {
          ...chunk.meta_data!,
          num_values: 0n,
          total_uncompressed_size: 0n,
          total_compressed_size: 0n,
        },
      })),
    });
  };
  await group(["Zoë", null], [1n, 2n]);
  empty();
  await group(["Jürgen", "", "Zoë"], [3n, 4n, 5n]);
  empty();
  await writer.finish();
  await writeFile(path, new Uint8Array(bytes.getBuffer()));
}
