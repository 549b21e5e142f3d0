import type { Kernels } from "../../src/kernels/load.ts";
import type { Column, Field } from "../../src/types.ts";

/** Values of a column: about what a worker gets at once. */
export const ROWS = 4096;

/** mulberry32: the same numbers below 2^32 in each run. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
}

/** A value per row, made from a source of random numbers. */
export function made<T>(seed: number, make: (below: (most: number) => number, row: number) => T): T[] {
  const next = random(seed);
  return Array.from({ length: ROWS }, (_, row) => make((most) => next() % most, row));
}

const digits = (below: (most: number) => number, count: number) =>
  Array.from({ length: count }, () => below(10)).join("");
const phoneNumber = (below: (most: number) => number) => `+1${2 + below(8)}${digits(below, 2)}555${digits(below, 4)}`;
const cardNumber = (below: (most: number) => number) =>
  `4111 ${digits(below, 4)} ${digits(below, 4)} ${digits(below, 4)}`;
const oneOf = (below: (most: number) => number, ...of: readonly string[]) => of[below(of.length)]!;

const TALK = ["The parcel was due on Tuesday.", "I can wait, that is fine.", "Charged 49.90 twice for order 20391."];
const REDEN = ["Die Rechnung stimmt nicht, können Sie das prüfen?", "Schöne Grüße aus Köln 🙂", "私は待っています。"];

/** Columns of short strings as exports hold them. */
export const TEXTS = {
  ids: made(1, (_, row) => `CRM-${String(row * 7919).padStart(9, "0")}`),
  uuids: made(2, (below) => `${digits(below, 8)}-${digits(below, 4)}-4a7b-a1c2-${digits(below, 12)}`),
  names: made(3, (below, row) => `${oneOf(below, "Smith", "Okafor", "Nakamura")} ${row}`),
  "non-ASCII names": made(4, (below, row) => `${oneOf(below, "Zoë Müller", "Łucja", "García")} ${row}`),
  "40 different names": made(5, (below) => `Agent ${below(40)}`),
  emails: made(6, (below, row) => `customer${row}@${oneOf(below, "example.com", "example.org")}`),
  phones: made(7, phoneNumber),
  cards: made(8, cardNumber),
  "a card in 100": made(9, (below) => (below(100) === 0 ? cardNumber(below) : oneOf(below, ...TALK))),
  "talk, no matches": made(10, (below) => `${oneOf(below, ...TALK)} ${oneOf(below, ...TALK)}`),
  "talk, a match in 4": made(11, (below) =>
    below(4) === 0
      ? `${oneOf(below, ...TALK)} Reach me on ${phoneNumber(below)}.`
      : `${oneOf(below, ...TALK)} ${oneOf(below, ...TALK)}`,
  ),
  "non-ASCII talk, a match in 4": made(12, (below) =>
    below(4) === 0 ? `${oneOf(below, ...REDEN)} Karte ${cardNumber(below)}.` : oneOf(below, ...REDEN, ...TALK),
  ),
  "text to escape": made(13, (below) => `"${oneOf(below, "line\nfeed", "tab\tbed", "back\\slash")}" ${below(1000)}`),
  "long text": made(14, (below) => Array.from({ length: 5 }, () => oneOf(below, ...TALK)).join(" ")),
  dates: made(15, (below) => new Date((below(40_000) - 9_000) * 86_400_000).toISOString().slice(0, 10)),
  "dates and times": made(16, (below) => new Date(below(2 ** 31) * 1000 + below(1000)).toISOString()),
  "American dates": made(17, (below) => `${1 + below(12)}/${1 + below(28)}/${1930 + below(90)}`),
  ages: made(18, (below) => String(below(105))),
  "ZIP codes": made(19, (below) => (below(4) === 0 ? `${digits(below, 5)}-${digits(below, 4)}` : digits(below, 5))),
  "IPv4 addresses": made(20, (below) => [below(256), below(256), below(256), below(256)].join(".")),
  "IPv6 addresses": made(21, (below) => `2001:db8:${below(65_536).toString(16)}::${below(65_536).toString(16)}`),
  amounts: made(22, (below) => `${below(10_000)}.${digits(below, 2)}`),
  counts: made(23, (below) => String(below(1_000_000))),
  transcripts: made(25, (below) => {
    const said = Array.from({ length: 7 }, () => oneOf(below, ...TALK, ...REDEN.slice(0, 2)));
    if (below(8) === 0) said[3] = `My card is ${cardNumber(below)}.`;
    if (below(4) === 0) said[5] = `Reach me on ${phoneNumber(below)}.`;
    return said.join(" ");
  }),
  accounts: made(24, (below) => `${digits(below, 3)}-${digits(below, 7)}`),
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** Names of the columns above. */
export type TextName = keyof typeof TEXTS;

/** Puts texts into the arena; every tenth null where asked for. */
export function textColumn(texts: readonly string[], kernels: Kernels, nulls = false): Column {
  const bytes = texts.map((text, row) => Buffer.from(nulls && row % 10 === 0 ? "" : text));
  const offsets = new Int32Array(texts.length + 1);
  for (const [row, value] of bytes.entries()) offsets[row + 1] = offsets[row]! + value.length;
  const joined = Buffer.concat(bytes);
  const validity = new Uint8Array((texts.length + 7) >> 3).fill(255);
  for (let row = 0; row < texts.length; row += 10) validity[row >> 3]! &= ~(1 << (row & 7));
  return {
    ...fixedColumn({ name: "column", kind: "utf8", children: [] }, joined, kernels),
    nullCount: nulls ? Math.ceil(texts.length / 10) : 0,
    validity: nulls ? kernels.memory.put(validity) : 0,
    offsets: kernels.memory.put(new Uint8Array(offsets.buffer)),
  };
}

/** Puts a column of `ROWS` fixed-width values into the arena. */
export function fixedColumn(field: Field, bytes: Uint8Array, kernels: Kernels): Column {
  return {
    field,
    length: ROWS,
    nullCount: 0,
    validity: 0,
    offsets: 0,
    values: kernels.memory.put(bytes),
    valuesLength: bytes.length,
    children: [],
  };
}

/** The column's values as strings. */
export function textsOf(column: Column, kernels: Kernels): string[] {
  const offsets = kernels.memory.i32(column.offsets, column.length + 1);
  const bytes = Buffer.from(kernels.memory.u8(column.values, column.valuesLength));
  return Array.from({ length: column.length }, (_, row) => bytes.toString("utf8", offsets[row]!, offsets[row + 1]!));
}
