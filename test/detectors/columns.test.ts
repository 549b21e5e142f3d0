/** What becomes of a value must not depend on what stands beside it in its column. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { hitsIn } from "../../src/detectors/detector.ts";
import { DETECTORS, hardIdentifiers } from "../../src/detectors/index.ts";
import { compiled, throughColumn } from "../masks/columns.ts";
import { corpus } from "./corpus/read.ts";
import { context, scanned } from "./scan.ts";

const texts = [...corpus().values()].flatMap((lines) => lines.map(({ text }) => text));

/** Words, figures and marks that begin, end or part what detectors look for. */
const pieces = fc.constantFrom(
  ..."one two double oh uh forty 1 4 12 0044 415 555 0100 4111 1111 078 05 1120 my number is account MRN cvv born April".split(
    " ",
  ),
  ...[
    "security code",
    "on the back",
    "DE89",
    "http://",
    "www.",
    "a.com/",
    "@",
    "%40",
    "x.io",
    "::",
    "2001:db8",
    ".1",
    ":",
    "+1",
  ],
  ...[" ", " ", " ", ", ", "-", ".", "/", "_", "\n", "\r", "\0", "\x01", "\x1f", "\x7f", "\x02", "\u2028"],
  ...["é", "١", "𝟒", "漢", "😀", "－", "\u00a0", "\u200b", "ﬁ", "ß", "º"],
);
const made = fc.array(pieces, { maxLength: 24, size: "max" }).map((parts) => parts.join(""));
const value = fc.oneof({ weight: 3, arbitrary: made }, { weight: 2, arbitrary: fc.constantFrom(...texts) });
/** With a space between pieces: a hit that ends within a word may leave the beginning of another. */
const spaced = fc.oneof(
  fc.array(pieces, { maxLength: 16, size: "max" }).map((parts) => parts.join(" ")),
  fc.tuple(fc.constantFrom(...texts), fc.constantFrom(...texts)).map((both) => both.join(" ")),
);
const separators = fc.constantFrom("", "\0", "\0\x01", "\0\x01\x1f\x7f", "漢", "é");

describe("scan over a column", () => {
  it("gives what it gives of each value alone, and counts as much", () => {
    fc.assert(
      fc.property(fc.array(value, { maxLength: 30, size: "max" }), separators, (values, extra) => {
        const hits: Record<string, number> = {};
        const mask = compiled("scan", {}, context, (name, found) => {
          hits[name] = (hits[name] ?? 0) + found;
        });
        const column = [...values, extra];
        const alone = column.map((text) => scanned(text));
        assert.deepEqual(
          throughColumn(mask, column),
          alone.map(({ text }) => text),
        );
        const counted: Record<string, number> = {};
        for (const one of alone)
          for (const [name, found] of Object.entries(one.hits)) counted[name] = (counted[name] ?? 0) + found;
        assert.deepEqual(hits, counted);
      }),
      { numRuns: 300 },
    );
  });

  it("leaves nothing that any detector would still find", () => {
    fc.assert(
      fc.property(spaced, (text) => {
        const { text: result } = scanned(text);
        for (const one of DETECTORS) assert.deepEqual(hitsIn(result, [one]), [], `${one.name}: ${text} → ${result}`);
      }),
      { numRuns: 2000 },
    );
  });

  it("looks the same wherever a value lies: words are met at any offset", () => {
    const spoken = "four one five five five five oh one three two";
    for (let before = 0; before < 70; before++) {
      const text = `${"x".repeat(before)} ${spoken}.`;
      assert.equal(scanned(text).text, `${"x".repeat(before)} [PHONE].`);
    }
  });

  it("always looks for codes and tracks", () => {
    const text = "zoe@example.com cvv 123 ;4111111111111111=27121010000000000? 415-555-0100";
    assert.equal(scanned(text, "email").text, "[EMAIL] cvv [CVV] [TRACK] 415-555-0100");
  });
});

describe("hard identifiers", () => {
  it("are told with their places in the text as it stands", () => {
    for (const before of ["", "é ", "😀 𝟏 ", "漢字 "]) {
      for (const [identifier, detector] of Object.entries(IDENTIFIERS)) {
        const text = `${before}(${identifier}) 😀`;
        const start = before.length + 1;
        assert.deepEqual(hardIdentifiers(text), [{ detector, start, end: start + identifier.length }], text);
      }
    }
  });

  it("are no dates of birth, references or pages", () => {
    assert.deepEqual(hardIdentifiers("born 12/04/1985, MRN 1234567, account 12345678, https://example.com"), []);
  });
});

const IDENTIFIERS: Readonly<Record<string, string>> = {
  "4111 1111 1111 1111": "card",
  "𝟒𝟏𝟏𝟏𝟏𝟏𝟏𝟏𝟏𝟏𝟏𝟏𝟏𝟏𝟏𝟏": "card",
  "078-05-1120": "ssn",
  "DE89 3704 0044 0532 0130 00": "iban",
  "zoe@example.com": "email",
  "192.0.2.1": "ip",
  "2001:db8::1": "ip",
  "+1 415 555 0100": "phone",
  ";4111111111111111=27121010000000000?": "track",
};
