import fc from "fast-check";
import type { Field, Kind } from "../../../src/types.ts";
import type { TextMask } from "./masks.ts";
import { type Decide, decisions, type Mask } from "./oracle.ts";
import type { Table, Value } from "./value.ts";

/** A rule as maskline.yaml has it. */
export type Rule = { readonly path: string } & Mask;

/** Rows with masks for their leaves. */
export interface MaskedTable {
  readonly table: Table;
  /** For the configuration; leaves without a rule are kept. */
  readonly rules: readonly Rule[];
  /** The same for the oracle. */
  readonly decide: Decide;
}

/** Pieces that break what joins, splits, escapes or counts. */
const PIECES = [
  ...'\n \r\n \0 \x01 \x1f \x7f \u0085 \u2028 \u2029 \u200b \ufeff \ufffd " \\ / \b \f \t'.split(" "),
  ..."é e\u0301 ß İ ſ K 漢 😀 👩\u200d💻 \u{10ffff} \u{10000} ﷺ ａ １ ٣ ﬁ ".split(" "),
  ...["4111 1111 1111 1111", "378282246310005", "4111-1111-1111-1112", "+1 (415) 555-0100", "tel:+14155550100"],
  ...["zoe@example.com", "mailto:ZOE@EXAMPLE.COM", "078-05-1120", "ssn 078051120", "Zoë", " Zoë ", "  ", "a", "1"],
  ...["00112233-4455-6677-8899-aabbccddeeff", "1700000000000", "null", "{}", "__proto__"],
];

/** Text in any script with the pieces above in it; never a lone surrogate. */
export const text: fc.Arbitrary<string> = fc.oneof(
  { weight: 1, arbitrary: fc.constant("") },
  { weight: 2, arbitrary: fc.string({ unit: "binary", maxLength: 12 }) },
  { weight: 2, arbitrary: fc.string({ unit: "grapheme", maxLength: 12 }) },
  { weight: 2, arbitrary: fc.string({ unit: "grapheme-ascii", maxLength: 40 }) },
  { weight: 5, arbitrary: fc.array(fc.constantFrom(...PIECES), { maxLength: 6 }).map((pieces) => pieces.join("")) },
);

const DAY = 86_400n;
const PER_SECOND = { s: 1n, ms: 1_000n, us: 1_000_000n, ns: 1_000_000_000n };
const unit = fc.constantFrom("s" as const, "ms" as const, "us" as const, "ns" as const);

const scalarField = (name: string): fc.Arbitrary<Field> => {
  const kinds: readonly Kind[] = [
    ...(["int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"] as const),
    ...(["bool", "float32", "float64", "date32", "date64"] as const),
  ];
  const plain = (kind: Kind): Field => ({ name, kind, children: [] });
  return fc.oneof(
    { weight: 6, arbitrary: fc.constant(plain("utf8")) },
    { weight: 4, arbitrary: fc.constantFrom(...kinds).map(plain) },
    { weight: 1, arbitrary: fc.constant(plain("binary")) },
    { weight: 1, arbitrary: fc.nat(38).map((scale) => ({ ...plain("decimal"), scale, width: 16 })) },
    { weight: 1, arbitrary: unit.map((one) => ({ ...plain("time"), unit: one })) },
    {
      weight: 1,
      arbitrary: fc.record({ unit, utc: fc.boolean() }).map((more) => ({ ...plain("timestamp"), ...more })),
    },
  );
};

/** Names that a path can say (no `.`, `[`, `{`, `*`), with what JSON escapes. */
const NAMES = [
  "a",
  "b1",
  "firstName",
  "näme",
  'quo"ted',
  "back\\slash",
  "line\nfeed",
  "漢字",
  "😀",
  "__proto__",
  "0",
  " ",
];

function fields(depth: number, most: number): fc.Arbitrary<readonly Field[]> {
  return fc
    .shuffledSubarray(NAMES, { minLength: 1, maxLength: most })
    .chain((names) => fc.tuple(...names.map((name) => field(name, depth))));
}

function field(name: string, depth: number): fc.Arbitrary<Field> {
  if (depth === 0) return scalarField(name);
  const nested = (kind: Kind) => (children: readonly Field[]) => ({ name, kind, children });
  return fc.oneof(
    { weight: 4, arbitrary: scalarField(name) },
    { weight: 1, arbitrary: fields(depth - 1, 3).map(nested("struct")) },
    { weight: 1, arbitrary: field("item", depth - 1).map((item) => nested("list")([item])) },
    { weight: 1, arbitrary: fc.tuple(mapKey, field("value", depth - 1)).map(nested("map")) },
  );
}

const mapKey: fc.Arbitrary<Field> = fc.constantFrom<Kind>("utf8", "utf8", "int32", "int64").map((kind) => ({
  name: "key",
  kind,
  children: [],
}));

/** A value of the field; null about as often as `nulls` (0 to 1) says. */
function anyValue(of: Field, nulls: number): fc.Arbitrary<Value> {
  const some = presentValue(of, nulls);
  return nulls === 0
    ? some
    : fc.oneof(
        { weight: Math.round((1 - nulls) * 20) + 1, arbitrary: some },
        { weight: Math.round(nulls * 20), arbitrary: fc.constant(null) },
      );
}

function presentValue(of: Field, nulls: number): fc.Arbitrary<Value> {
  switch (of.kind) {
    case "struct":
      return fc.tuple(...of.children.map((child) => anyValue(child, nulls)));
    case "list":
      return fc.array(anyValue(of.children[0]!, nulls), { maxLength: 4 });
    case "map": {
      const [key, value] = of.children as [Field, Field];
      return fc.uniqueArray(fc.tuple(presentValue(key, 0), anyValue(value, nulls)), {
        maxLength: 4,
        selector: ([name]) => String(name),
      });
    }
    case "bool":
      return fc.boolean();
    case "int8":
    case "int16":
    case "int32": {
      const most = 2 ** (Number(of.kind.slice(3)) - 1);
      return fc.oneof(fc.integer({ min: -most, max: most - 1 }), fc.constantFrom(-most, most - 1, 0));
    }
    case "uint8":
    case "uint16":
    case "uint32": {
      const most = 2 ** Number(of.kind.slice(4)) - 1;
      return fc.oneof(fc.integer({ min: 0, max: most }), fc.constantFrom(0, most));
    }
    case "int64":
      return fc.oneof(
        fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
        fc.constantFrom(-(2n ** 63n), 14155550100n),
      );
    case "uint64":
      return fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
    case "float32":
      return fc.oneof(fc.float(), fc.constantFrom(-0, Number.NaN, Math.fround(0.1), Math.fround(1e-45)));
    case "float64":
      return fc.oneof(fc.double(), fc.integer(), fc.constantFrom(-0, 1e21, 1e-7, 5e-324, 0.1, 123456789012345680000));
    case "decimal":
      return fc.oneof(
        fc.bigInt({ min: -(10n ** 38n) + 1n, max: 10n ** 38n - 1n }),
        fc.bigInt({ min: -999n, max: 999n }),
      );
    case "date32":
      return fc.oneof(fc.integer({ min: -800_000, max: 3_000_000 }), fc.integer({ min: -99_000_000, max: 99_000_000 }));
    case "date64":
      return fc.bigInt({ min: -700_000n, max: 2_900_000n }).map((days) => days * DAY * 1000n);
    case "time":
      return fc.bigInt({ min: 0n, max: DAY * PER_SECOND[of.unit!] - 1n }).map((ticks) => rounded(ticks, of));
    case "timestamp": {
      const seconds = of.unit === "ns" ? 9_000_000_000n : 250_000_000_000n;
      const most = seconds * PER_SECOND[of.unit!];
      return fc.bigInt({ min: of.unit === "ns" ? -most : -most / 5n, max: most }).map((ticks) => rounded(ticks, of));
    }
    case "binary":
      return fc.oneof(
        fc.uint8Array({ maxLength: 8 }),
        text.map((one) => new Uint8Array(Buffer.from(one))),
      );
    default:
      return text;
  }
}

/** Every other time with fewer digits after the point. */
function rounded(ticks: bigint, of: Field): bigint {
  const step = ticks % 3n === 0n ? PER_SECOND[of.unit!] : ticks % 3n === 1n ? 1_000n : 1n;
  return step > 1n && of.unit !== "s" ? ticks - (ticks % step) : ticks;
}

/** Random schemas and rows: nested, null-heavy or without nulls, empty, with separators inside values. */
export const tables: fc.Arbitrary<Table> = fc
  .record({
    fields: fields(3, 6),
    nulls: fc.constantFrom(0, 0, 0.1, 0.5, 0.95),
    length: fc.oneof(fc.integer({ min: 0, max: 12 }), fc.integer({ min: 13, max: 90 })),
  })
  .chain(({ fields: of, nulls, length }) =>
    fc
      .array(fc.tuple(...of.map((one) => anyValue(one, nulls))), { minLength: length, maxLength: length, size: "max" })
      .map((rows) => ({ fields: of, rows })),
  );

const TEXT_KINDS = new Set<Kind>(["utf8", "binary", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32"]);
for (const kind of ["uint64", "decimal", "float32", "float64"] as const) TEXT_KINDS.add(kind);

/** Patterns that meet the pieces: anchors, boundaries, lookaround, line ends, what matches a separator or nothing. */
const PATTERNS: readonly { readonly match: string; readonly with?: string; readonly flags?: string }[] = [
  { match: "\\d{4}", with: "####" },
  { match: "^.", with: "<$&>" },
  { match: ".$", with: "", flags: "m" },
  { match: "\\bZo", with: "[$`|$']" },
  { match: "(?<=@)[a-z.]{1,30}", with: "host", flags: "i" },
  { match: "[^a-z]", with: "-", flags: "iu" },
  { match: "\\s", with: "\n" },
  { match: "x*", with: "." },
  { match: "\\p{L}", with: "λ", flags: "u" },
  { match: ".", with: "$$", flags: "s" },
  { match: "(?<first>\\w)(\\w)", with: "$2$<first>" },
];

const textMask: fc.Arbitrary<TextMask> = fc.oneof(
  fc.constantFrom<TextMask>(
    { mask: "replace", with: "" },
    { mask: "replace", with: 'a "b" \n é' },
    { mask: "token" },
    { mask: "token", domain: "person", prefix: "", length: 64 },
    { mask: "token", domain: "phone", prefix: "T\u00e9l_", length: 8 },
    { mask: "token", domain: "email" },
    { mask: "salted-hash" },
    { mask: "pan" },
    { mask: "pan", keep: "last4" },
    { mask: "pan", keep: "bin+last4" },
    { mask: "phone" },
    { mask: "phone", with: "" },
    { mask: "email" },
    { mask: "email", keep: "domain" },
    { mask: "scan" },
    { mask: "scan", detectors: ["card", "ssn"], with: "<LABEL>" },
  ),
  fc.subarray([...PATTERNS], { minLength: 1, maxLength: 3 }).map((patterns) => ({ mask: "regex" as const, patterns })),
);

const structural = fc.constantFrom<Mask>({ mask: "keep" }, { mask: "drop" }, { mask: "null" });

/** Random rows with random masks on their leaves. */
export const maskedTables: fc.Arbitrary<MaskedTable> = tables.chain((table) => {
  const leaves = table.fields.flatMap((one) => leavesUnder(one, one.name));
  const ruleOf = ([path, kind]: readonly [string, Kind]): fc.Arbitrary<Rule> =>
    (TEXT_KINDS.has(kind)
      ? fc.oneof({ weight: 4, arbitrary: textMask }, { weight: 1, arbitrary: structural })
      : structural
    ).map((mask: Mask) => ({ path, ...mask }));
  return fc.tuple(...leaves.map((leaf) => fc.option(ruleOf(leaf), { freq: 3 }))).map((options) => {
    const rules = options.filter((rule) => rule !== null);
    return { table, rules, decide: decisions(rules.map((rule) => [rule.path.replaceAll("{}", "{*}"), rule])) };
  });
});

function leavesUnder(of: Field, path: string): (readonly [string, Kind])[] {
  if (of.kind === "struct") return of.children.flatMap((child) => leavesUnder(child, `${path}.${child.name}`));
  if (of.kind === "list") return leavesUnder(of.children[0]!, `${path}[]`);
  if (of.kind === "map") return leavesUnder(of.children[1]!, `${path}{}`);
  return [[path, of.kind]];
}
