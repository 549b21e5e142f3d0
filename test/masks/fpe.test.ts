import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { FF1 } from "@noble/ciphers/ff1.js";
import fc from "fast-check";
import { maskNamed } from "../../src/masks/index.ts";
import { cardsOf } from "../support/oracle/cards.ts";
import { byRow, columns, compiled, throughColumn, type Values } from "./columns.ts";
import { ff1 } from "./twin/ff1.ts";
import { type FpeOptions, fpeTwin, numerals, textOf } from "./twin/fpe.ts";
import { context } from "./twin/keyed.ts";

const KEYS = ["2B7E151628AED2A6ABF7158809CF4F3C", "EF4359D8D580AA4F", "7F036D6F04FC6A94"];
const TWEAKS = ["", "39383736353433323130", "3737373770717273373737"];
/** NIST, "FF1 samples": by key length, then by tweak. */
const SAMPLES = [
  ["2433477484", "6124200773", "a9tv40mll9kdu509eum"],
  ["2830668132", "2496655549", "xbj3kv35jrawxv32ysr"],
  ["6657667009", "1001623463", "xs8a0azh2avyalyzuwd"],
];

function masked(values: Values, options: FpeOptions = {}, hit?: (name: string, hits: number) => void): Values {
  return throughColumn(compiled("fpe", { ...options }, context, hit), values, "1234567890");
}

describe("FF1", () => {
  it("gives NIST's samples, by the library and by its twin", () => {
    for (const [size, row] of SAMPLES.entries()) {
      const key = Buffer.from(KEYS.slice(0, size + 1).join(""), "hex");
      for (const [index, expected] of row.entries()) {
        const tweak = Buffer.from(TWEAKS[index]!, "hex");
        const radix = index === 2 ? 36 : 10;
        const plain = numerals(radix === 36 ? "0123456789abcdefghi" : "0123456789");
        assert.equal(textOf(ff1(radix, key, tweak, plain)), expected);
        assert.equal(textOf(FF1(radix, key, tweak).encrypt(plain)), expected);
      }
    }
  });
});

const digit = fc.constantFrom(..."0123456789");
const ids = fc.oneof(
  fc.string({ unit: digit, minLength: 4, maxLength: 20 }),
  fc.string({ unit: fc.constantFrom(..."0123456789 -."), maxLength: 20 }),
  fc.string({ unit: fc.constantFrom(..."0123456789abXYZ-"), maxLength: 14 }),
  fc.constantFrom("4111111111111111", "123-45-6789", "é1234567", "１２３４５６７", "1".repeat(128), "1".repeat(129)),
);
const values = fc.oneof(
  { weight: 1, arbitrary: columns },
  { weight: 4, arbitrary: fc.array(fc.option(ids, { freq: 8 }), { maxLength: 12, size: "max" }) },
);

describe("fpe", () => {
  for (const options of [
    {},
    { domain: "account", keepLast: 4 },
    { alphabet: "alphanumeric" },
    { alphabet: "alphanumeric", keepFirst: 2, keepLast: 1, length: 10 },
  ] as readonly FpeOptions[]) {
    it(`${JSON.stringify(options)} gives what its row-by-row twin gives`, () => {
      fc.assert(
        fc.property(values, (column) => {
          assert.deepEqual(
            masked(column, options),
            byRow(column, (value) => fpeTwin(value, options)),
          );
        }),
        { numRuns: 40 },
      );
    });
  }

  it("keeps form and case, and maps one to one", () => {
    const ids = Array.from({ length: 300 }, (_, i) => `AC-${String(i).padStart(8, "0")}/x`);
    const out = masked(ids, { alphabet: "alphanumeric", keepFirst: 2 });
    for (const one of out) assert.match(one!, /^AC-[0-9a-z]{8}\/[0-9a-z]$/);
    assert.equal(new Set(out).size, ids.length);
    const [punctuated, plain] = masked(["(123) 456-7890", "1234567890"]);
    assert.equal(punctuated!.replace(/\D/g, ""), plain);
  });

  it("makes no card number of one", () => {
    const cards = Array.from({ length: 150 }, (_, i) => `411111${String(i * 7_919_333).padStart(10, "0")}`);
    for (const options of [{}, { keepFirst: 6, keepLast: 4 }]) {
      for (const out of masked(cards, options)) assert.equal(cardsOf(out!).count, 0);
    }
  });

  it("replaces and counts what leaves fewer than a million, or holds more than symbols and separators", () => {
    let hits = 0;
    const short = ["12345", "1", "ABC1234567", "1234567\n", "123456789é", "1".repeat(129), "12345"];
    const out = masked([...short, "123456", null, ""], {}, (_, count) => {
      hits += count;
    });
    assert.deepEqual(
      out.slice(0, -3),
      short.map(() => "[MASKED]"),
    );
    assert.match(out[7]!, /^\d{6}$/);
    assert.equal(hits, short.length);
  });

  it("is refused where the options leave fewer than a million", () => {
    const { problem } = maskNamed("fpe");
    const of = (options: object) => problem!({ alphabet: "digits", keepFirst: 0, keepLast: 0, ...options } as never);
    assert.equal(of({ length: 16, keepFirst: 6, keepLast: 4 }), undefined);
    assert.match(of({ length: 15, keepFirst: 6, keepLast: 4 })!, /10\^5 is below/);
    assert.match(of({ length: 16, keepFirst: 8, keepLast: 4 })!, /10\^4 is below/);
    assert.match(of({ length: 5 })!, /NIST/);
    assert.match(of({ length: 3, keepFirst: 8 })!, /10\^0/);
    assert.equal(of({ length: 4, alphabet: "alphanumeric" }), undefined);
    assert.equal(of({}), undefined);
  });
});
