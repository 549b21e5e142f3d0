import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { masked, scanned } from "./scan.ts";

/** Numbers of several countries as people write them. */
const INTERNATIONAL = [
  ...["+14155550100", "+1 415 555 0100", "+1 (415) 555-0100", "+1-415-555-0100", "+1.415.555.0100", "+1 (415)555-0100"],
  ...["+44 20 7946 0958", "+442079460958", "+44 (0)20 7946 0958", "+49 30 901820", "+49 (0) 30 / 90 18 20"],
  ...["+33 1 23 45 67 89", "+34 912 345 678", "+39 06 1234 5678", "+420 601 123 456", "+91 98765 43210"],
  ...[
    "+61 2 9876 5432",
    "+81 3-1234-5678",
    "+55 11 91234-5678",
    "+86 138 1234 5678",
    "+7 (495) 123-45-67",
    "+353 1 234 5678",
  ],
  ...["+971 50 123 4567", "+65 6123 4567", "+27 21 123 4567", "+52 55 1234 5678"],
];
const NORTH_AMERICAN = [
  ...[
    "(415) 555-0100",
    "415-555-0100",
    "415.555.0100",
    "415 555 0100",
    "4155550100",
    "(415)555-0100",
    "1-415-555-0100",
  ],
  ...["1 (415) 555-0100", "1 415 555 0100", "14155550100"],
];

describe("phone numbers in free text", () => {
  it("are found in their usual forms", () => {
    for (const number of [...INTERNATIONAL, ...NORTH_AMERICAN]) {
      for (const [before, after] of [
        ["", ""],
        ["call ", "."],
        ["(", ")"],
        ["tel:", ";ext=5"],
        ["a\n", "\nb"],
        ["é ", " é"],
      ] as const) {
        const text = before + number + after;
        assert.deepEqual(scanned(text, "phone"), { text: `${before}[PHONE]${after}`, hits: { phone: 1 } }, text);
      }
    }
  });

  it("of other forms are found after a word that says so", () => {
    for (const word of [
      "call",
      "phone",
      "tel",
      "telephone",
      "mobile",
      "cell",
      "fax",
      "number",
      "Call me",
      "my number is",
      "called back on",
      "she called",
      "reached him on",
    ]) {
      for (const between of [" ", ": ", " : ", ". ", "# "]) {
        assert.equal(scanned(`${word}${between}030 901820 x`, "phone").text, `${word}${between}[PHONE] x`);
      }
    }
  });

  it("stand beside each other and beside other numbers", () => {
    const cases: Record<string, string> = {
      "415-555-0100 or 415-555-0101": "[PHONE] or [PHONE]",
      "+14155550100,+14155550101": "[PHONE],[PHONE]",
      "call +14155550100 4abc1234-4455-6677-8899-aabbccddeeff": "call [PHONE] 4abc1234-4455-6677-8899-aabbccddeeff",
      "call 5551234 00112233-4455-6677-8899-aabbccddeeff": "call [PHONE] 00112233-4455-6677-8899-aabbccddeeff",
      "aabbccdd-4455-6677-8899-aabbccddeec1 415-555-0100": "aabbccdd-4455-6677-8899-aabbccddeec1 [PHONE]",
    };
    for (const [text, expected] of Object.entries(cases)) assert.equal(scanned(text, "phone").text, expected);
  });

  it("are not seen in ids, dates, times, amounts and addresses of machines", () => {
    const harmless = [
      ...["1700000000", "1700000000000", "1700000000123456", "2024-01-02T03:04:05.678Z", "2024-01-02 03:04:05"],
      ...["192.168.100.200", "10.0.0.1:8080", "order 1000023", "12,345,678.90", "$1,234,567", "1234567", "0123456789"],
      ...["00112233-4455-6677-8899-aabbccddeeff", "41555501-0415-5550-1004-155550100415", "555-0100", "v4.155.550100"],
      ...["415-155-0100", "115-555-0100", "+0 123 456 789", "4155550100123", "9934155550100", "x = 3.4155550100"],
    ];
    for (const text of harmless) assert.deepEqual(scanned(text, "phone"), { text, hits: {} }, text);
  });
});

describe("social security numbers in free text", () => {
  it("are found written 3-2-4, and after a word that says so", () => {
    const cases: Record<string, string> = {
      "078-05-1120": "[SSN]",
      "078\u201105\u20111120": "[SSN]",
      "ssn 078-051120": "ssn [SSN]",
      "078 05 1120": "[SSN]",
      "078.05.1120": "[SSN]",
      "it's 219-09-9999.": "it's [SSN].",
      "(219-09-9999)": "([SSN])",
      "ssn 219099999": "ssn [SSN]",
      "SSN: 219099999": "SSN: [SSN]",
      "ssn is 219099999": "ssn is [SSN]",
      "social security number is 219099999": "social security number is [SSN]",
      "Social Security #219099999": "Social Security #[SSN]",
      "219-09-9999,078-05-1120": "[SSN],[SSN]",
    };
    for (const [text, expected] of Object.entries(cases)) assert.equal(scanned(text, "ssn").text, expected, text);
  });

  it("are not seen where none was issued, nor in longer numbers", () => {
    const harmless = [
      ...["000-12-3456", "666-12-3456", "900-12-3456", "987-65-4329", "123-00-4567", "123-45-0000", "219099999"],
      ...["1219-09-9999", "219-09-99990", "219-09-9999-1", "1-219-09-9999", "219-09 9999", "2024-01-02", "12-34-5678"],
      ...[
        "00112233-4455-6677-8899-aabbccddeeff",
        "192.168.100.200",
        "1700000000000",
        "ssn 2190999991",
        "ssnx 219099999",
      ],
    ];
    for (const text of harmless) assert.deepEqual(scanned(text, "ssn"), { text, hits: {} }, text);
  });
});

describe("detectors together", () => {
  it("leave each hit to the first that knows it, and count it once", () => {
    const text =
      "Zoe zoe@example.com, 4111 1111 1111 1111, 078-05-1120, +1 (415) 555-0100, 00112233-4455-6677-8899-aabbccddeeff";
    assert.deepEqual(scanned(text), {
      text: "Zoe [EMAIL], [CARD], [SSN], [PHONE], 00112233-4455-6677-8899-aabbccddeeff",
      hits: { email: 1, card: 1, ssn: 1, phone: 1 },
    });
    assert.deepEqual(scanned("14155550100@example.com"), { text: "[EMAIL]", hits: { email: 1 } });
  });

  it("find numbers with Unicode's dashes and spaces and other scripts' digits", () => {
    const text =
      "+1 415\u2011555\u20110100, +44\u00a020\u00a07946\u00a00958, \u0664\u0661\u0665\u0665\u0665\u0665\u0660\u0661\u0660\u0660, (415)-555-0100";
    assert.equal(scanned(text, "phone").text, "[PHONE], [PHONE], [PHONE], [PHONE]");
  });

  it("judge an ASCII number alike whatever stands beside it", () => {
    for (const number of ["1700000000", "1234567890", "order 1554443332"]) {
      assert.equal(scanned(number).text, number);
      assert.equal(scanned(`${number} 漢`).text, `${number} 漢`);
    }
  });

  it("find a social security number behind a card", () => {
    assert.equal(scanned("4111 1111 1111 1111 078-05-1120").text, "[CARD] [SSN]");
  });

  it("find the same in a text of another script", () => {
    const text = "漢字 zoe@example.com 4111\u00a01111\u00a01111\u00a01111, 078-05-1120 +14155550100 😀";
    assert.equal(scanned(text).text, "漢字 [EMAIL] [CARD], [SSN] [PHONE] 😀");
  });
});

describe("phone", () => {
  it("masks every number of a column of them, however it is written", () => {
    const unusual = [
      ...[
        "14155550100",
        "4155550100",
        "555-0100",
        "0044 20 7946 0958",
        "0043 (0)1 / 58858",
        "５５５０１００",
        "٤١٥٥٥٥٠١٠٠",
      ],
      ...[
        "＋１ ４１５ ５５５ ０１００",
        "415\u00a0555\u20110100",
        "tel:5550100",
        "+1 (415) 555-0100 ext. 5",
        "1.4155550100e10",
      ],
    ];
    for (const number of [...INTERNATIONAL, ...NORTH_AMERICAN, ...unusual]) {
      const result = masked("phone", {}, number);
      assert.ok(result.includes("[MASKED]") && (result.match(/\p{Nd}/gu) ?? []).length < 4, `${number} → ${result}`);
    }
    assert.equal(masked("phone", {}, "+1 (415) 555-0100"), "[MASKED]");
    assert.equal(masked("phone", {}, "tel:+14155550100"), "tel:[MASKED]");
    assert.equal(masked("phone", {}, "anonymous"), "anonymous");
    assert.equal(masked("phone", {}, "911"), "911");
  });
});

it("addresses of IPv6 are found behind a label", () => {
  for (const label of ["src:", "ip:", "addr=", "from ", "[", "client_ip:", "face:"])
    assert.deepEqual(scanned(`${label}2001:db8::1 up`).hits, { ip: 1 }, label);
  for (const text of ["std::vector<1>", "abc:12:34", "at 10:11:12:13", "Foo::bar1::baz"])
    assert.deepEqual(scanned(text).hits, {}, text);
});

it("account and medical record numbers are found read out, after a word that says so", () => {
  const digits = "one two double three, four oh five six";
  assert.deepEqual(scanned(`my account number is ${digits} thanks`).text, "my account number is [ACCOUNT] thanks");
  assert.deepEqual(scanned(`medical record number ${digits}.`).text, "medical record number [MRN].");
  for (const text of [`your order number is ${digits}`, "on this account one or two things"])
    assert.deepEqual(scanned(text).hits, {}, text);
});

it("megabytes of digits in a column of phone numbers are masked", () => {
  const digits = "4 ".repeat(2 * 1024 * 1024);
  for (const keep of ["none", "country", "fictional"])
    for (const text of [digits, digits.replaceAll(" ", ""), `${digits}\u00e9`])
      assert.doesNotMatch(masked("phone", { keep }, text), /\d/, keep);
});

it("a number read out behind one in figures is found too", () => {
  const text = "Call me back at 1 (312) 555-0122. two one two and five five five oh one one two";
  assert.deepEqual(scanned(text), { text: "Call me back at [PHONE]. [PHONE]", hits: { phone: 2 } });
});

it("a number read out before a card in figures is found too", () => {
  const text = "verify my social two one three, five six, three zero two three 6011-1111-1111-1117";
  assert.deepEqual(scanned(text).hits, { card: 1, ssn: 1 });
});
