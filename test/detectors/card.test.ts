import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { compiled, throughColumn } from "../masks/columns.ts";
import { context, masked, scanned } from "./scan.ts";

/** The last digit that makes the number pass the Luhn check, written without looking at the detector. */
function withCheckDigit(start: string): string {
  const sum = [...start]
    .reverse()
    .map((digit, index) => Number(digit) * (index % 2 === 0 ? 2 : 1))
    .reduce((total, value) => total + Math.floor(value / 10) + (value % 10), 0);
  return start + ((10 - (sum % 10)) % 10);
}

/** Prefixes and lengths that issuers use. */
const BRANDS: Readonly<Record<string, readonly (readonly [prefix: string, ...lengths: number[]])[]>> = {
  visa: [["4", 13, 16, 19]],
  mastercard: [
    ["51", 16],
    ["55", 16],
    ["2221", 16],
    ["2720", 16],
    ["25", 16],
  ],
  amex: [
    ["34", 15],
    ["37", 15],
  ],
  diners: [
    ["300", 14],
    ["305", 14],
    ["36", 14],
    ["38", 14],
  ],
  discover: [
    ["6011", 16, 19],
    ["644", 16],
    ["65", 16],
  ],
  jcb: [
    ["3528", 16],
    ["3589", 16, 19],
  ],
  unionpay: [["62", 16, 17, 18, 19]],
  maestro: [
    ["5018", 12, 13, 14, 15, 16, 17, 18, 19],
    ["6304", 12, 19],
    ["58", 16],
  ],
};

const NUMBERS = Object.values(BRANDS).flatMap((ranges) =>
  ranges.flatMap(([prefix, ...lengths]) =>
    lengths.map((length) => withCheckDigit(prefix.padEnd(length - 1, "5017389462"))),
  ),
);

/** Published test numbers. */
const PUBLISHED = [
  ...["4111111111111111", "4012888888881881", "4222222222222", "5555555555554444", "5105105105105100"],
  ...["2223003122003222", "378282246310005", "371449635398431", "30569309025904", "38520000023237"],
  ...["6011111111111117", "6011000990139424", "3530111333300000", "3566002020360505", "6200000000000005"],
  ...["6759649826438453", "6304000000000000"],
];

function grouped(number: string, separator: string, ...sizes: number[]): string {
  const groups: string[] = [];
  for (let at = 0, i = 0; at < number.length; i++) {
    const size = sizes[Math.min(i, sizes.length - 1)]!;
    groups.push(number.slice(at, at + size));
    at += size;
  }
  return groups.join(separator);
}

function inScript(number: string, zero: number): string {
  return [...number].map((digit) => String.fromCodePoint(zero + Number(digit))).join("");
}

const SEPARATORS = [
  " ",
  "-",
  ".",
  "  ",
  " - ".slice(0, 2),
  "\u00a0",
  "\u2007",
  "\u202f",
  "\u2009",
  "\u2010",
  "\u2011",
  "\u2013",
  "\u2014",
];

describe("cards in free text", () => {
  it("of every brand and length are found", () => {
    for (const number of [...NUMBERS, ...PUBLISHED]) {
      assert.deepEqual(scanned(`card ${number}, thanks`), { text: "card [CARD], thanks", hits: { card: 1 } }, number);
    }
  });

  it("are found with separators between groups, and in other digits", () => {
    for (const number of PUBLISHED) {
      const written = [
        ...SEPARATORS.flatMap((separator) => [grouped(number, separator, 4), grouped(number, separator, 4, 6, 5)]),
        inScript(number, 0xff10),
        inScript(number, 0x660),
        inScript(number, 0x6f0),
        inScript(number, 0x966),
        inScript(number, 0x1d7ce),
        grouped(number, " ", 1),
      ];
      for (const one of written) {
        assert.deepEqual(scanned(`(${one})`, "card"), { text: "([CARD])", hits: { card: 1 } }, one);
      }
    }
  });

  it("are found with a mark and spaces between groups of four, as people write them", () => {
    const marks = [" - ", "  -  ", "   ", "\u00b7", " \u2022 ", ":", ",", " \u2013 ", " / ", "; ", "\n- ", "\r\n\r\n"];
    for (const mark of marks) {
      const text = `paid by ${grouped("4111111111111111", mark, 4)}, yes`;
      assert.deepEqual(scanned(text), { text: "paid by [CARD], yes", hits: { card: 1 } }, JSON.stringify(mark));
      const amex = `paid by ${grouped("378282246310005", mark, 4, 6, 5)}, yes`;
      assert.equal(scanned(amex).text, "paid by [CARD], yes", JSON.stringify(mark));
    }
    for (const text of ["$4111, $1111, $1111, $1111", "4111 x 1111 x 1111 x 1111", "4111%, 1111%, 1111%, 1111%"])
      assert.equal(scanned(text).text, text);
  });

  it("read out are found over turns and what is noted between", () => {
    const four = "one one one one";
    for (const [text, left] of [
      [
        `Customer: four ${four.slice(4)} Agent: okay Customer: ${four} Agent: got it. Customer: ${four} Agent: mhm. Customer: ${four}`,
      ],
      [`four ${four.slice(4)} [pause] ${four} [pause] ${four} [pause] ${four}`],
      [`four ${four.slice(4)} \u2026 ${four} \u2026 ${four} \u2026 ${four}`],
      [`four ${four.slice(4)} - uh huh - ${four}? ${four}! (${four})`],
      [`four one quadruple one triple one quadruple one ${four.slice(4)} one`],
    ] as [string, string?][])
      assert.deepEqual(scanned(text).hits, { card: 1 }, left ?? text);
  });

  it("are found wherever they stand", () => {
    const number = "4111111111111111";
    const around = ["x", "é", "\n", "|", '"', "#", ":", "=", "card", "/", "(", "_", "😀", "\u0000", "a.", "€"];
    for (const before of ["", ...around]) {
      for (const after of ["", ...around]) {
        const text = before + number + after;
        assert.equal(scanned(text, "card").text, `${before}[CARD]${after}`, JSON.stringify(text));
      }
    }
  });

  it("are found beside dates, codes and other cards, which stay as they are or are found too", () => {
    const cases: Record<string, string> = {
      "4111 1111 1111 1111 12/27 123": "[CARD] 12/27 [CVV]",
      "4111 1111 1111 1111 12 27": "[CARD] 12 27",
      "4111111111111111 5555555555554444": "[CARD] [CARD]",
      "4111111111111111-378282246310005": "[CARD]-[CARD]",
      "1. 4111111111111111": "1. [CARD]",
      "12 4111111111111111": "12 [CARD]",
      "2024-01-02 4111 1111 1111 1111": "2024-01-02 [CARD]",
      "4111111111111111.": "[CARD].",
      "4111111111111111 00112233-4455-6677-8899-aabbccddeeff": "[CARD] 00112233-4455-6677-8899-aabbccddeeff",
      "00112233-4455-6677-8899-aabbccddeeff 4111111111111111": "00112233-4455-6677-8899-aabbccddeeff [CARD]",
      "00112233-4455-6677-8899-aabbccdd1234 4111111111111111": "00112233-4455-6677-8899-aabbccdd1234 [CARD]",
      "4111111111111111 1234abcd-4455-6677-8899-aabbccddeeff": "[CARD] 1234abcd-4455-6677-8899-aabbccddeeff",
    };
    for (const [text, expected] of Object.entries(cases)) assert.equal(scanned(text, "card").text, expected);
  });

  it("are found behind figures with which they could begin", () => {
    for (let before = 0; before < 1000; before++) {
      const { text } = scanned(`item ${before} 4111 1111 1111 1111, yes`, "card");
      assert.doesNotMatch(text, /1111 1111/, text);
    }
  });

  it("are not seen in what only looks like one", () => {
    const harmless = [
      // Wrong check digit, wrong prefix, wrong length.
      ...PUBLISHED.map((number) => number.slice(0, -1) + ((Number(number.at(-1)) + 1) % 10)),
      ...["9111111111111111", "1234567812345670", "0000000000000000", "41111111111", "4111111111111111111111"],
      // Epoch seconds, milliseconds, microseconds, nanoseconds.
      ...["1700000000", "1700000000000", "1700000000123456", "1700000000123456789"],
      "2024-01-02T03:04:05.678Z",
      "2024-01-02 03:04:05.678901",
      "20240102030405",
      "192.168.100.200",
      "10.0.0.1:8080",
      "order 10000234567",
      "12,345,678,901,234.56",
      "$ 1 234 567 890.00",
      "+1 (415) 555-0100",
      "00112233-4455-6677-8899-aabbccddeeff",
      "41111111-1111-1111-1111-111111111111",
      "v1.2.3-456",
    ];
    for (const text of harmless) assert.deepEqual(scanned(text, "card"), { text, hits: {} }, text);
  });

  it("are never seen in UUIDs", () => {
    fc.assert(
      fc.property(fc.uuid(), fc.constantFrom("", "id ", "(", "x-", "\n"), (uuid, before) => {
        for (const text of [before + uuid, (before + uuid).toUpperCase()]) {
          assert.deepEqual(scanned(text), { text, hits: {} });
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe("pan", () => {
  it("masks what does not check too: in a card column it is still somebody's", () => {
    for (const number of ["4111111111111112", "9111 1111 1111 1111", "12345678", "1234-5678", "41111111111111111111"]) {
      assert.equal(masked("pan", {}, number), "XXXX-XXXX-XXXX-XXXX", number);
      assert.equal(masked("pan", { keep: "last4" }, number), "XXXX-XXXX-XXXX-XXXX", number);
    }
  });

  it("leaves what is no card number beside one", () => {
    assert.equal(masked("pan", {}, "Visa 4111 1111 1111 1111 exp 12/27"), "Visa XXXX-XXXX-XXXX-XXXX exp 12/27");
    assert.equal(masked("pan", {}, "none"), "none");
    assert.equal(masked("pan", {}, "1234567"), "1234567");
  });

  it("keeps at most what PCI DSS lets it, by length", () => {
    const cases: Record<string, [last4: string, bin: string]> = {
      "4111111111111111": ["XXXX-XXXX-XXXX-1111", "411111XXXXXX1111"],
      "378282246310005": ["XXXX-XXXX-XXXX-0005", "378282XXXXX0005"],
      "30569309025904": ["XXXX-XXXX-XXXX-5904", "XXXXXXXXXX5904"],
      "4222222222222": ["XXXX-XXXX-XXXX-2222", "XXXXXXXXX2222"],
      [withCheckDigit("4".padEnd(18, "0"))]: ["XXXX-XXXX-XXXX-0006", "400000XXXXXXXXX0006"],
      "٤١١١١١١١١١١١١١١١": ["XXXX-XXXX-XXXX-1111", "411111XXXXXX1111"],
    };
    for (const [number, [last4, bin]] of Object.entries(cases)) {
      assert.equal(masked("pan", { keep: "last4" }, number), last4);
      assert.equal(masked("pan", { keep: "bin+last4" }, number), bin);
    }
    // A card with a code beside it that would tell more than the last four.
    assert.equal(masked("pan", { keep: "last4" }, "4111111111111111 12345678"), "XXXX-XXXX-XXXX-XXXX");
  });

  it("leaves no eight digits of a run, however they are written", () => {
    const digit = fc.constantFrom(..."0123456789");
    const gap = fc.constantFrom("", "", "", " ", "-", ".", "  ", "\u00a0", "\u2013");
    const number = fc.array(fc.tuple(digit, gap), { minLength: 8, maxLength: 40, size: "max" });
    fc.assert(
      fc.property(number, (parts) => {
        const result = masked("pan", {}, parts.map(([one, between]) => one + between).join(""));
        assert.ok(result.replace(/\D/g, "").length < 8, result);
      }),
      { numRuns: 1000 },
    );
  });

  it("masks megabytes of digits, whatever stands beside them", () => {
    const digits = "4".repeat(4 * 1024 * 1024);
    const by = "XXXX-XXXX-XXXX-XXXX";
    for (const text of [digits, `${digits} \u00e9`, `\u00e9 ${"4 ".repeat(2 * 1024 * 1024)}`])
      assert.doesNotMatch(masked("pan", {}, text), /\d/);
    const column = throughColumn(compiled("pan", {}, context), ["4111111111111111", digits, "none", null]);
    assert.deepEqual(column, [by, by, "none", null]);
  });
});
