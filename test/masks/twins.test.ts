/** Every mask of values over whole columns against its row-by-row twin, value by value. */
import assert from "node:assert/strict";
import { createHash, createHmac, hkdfSync } from "node:crypto";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { MaskContext } from "../../src/masks/mask.ts";
import { maskText, type TextMask } from "../support/oracle/masks.ts";
import { byRow, columns, compiled, throughColumn, type Values } from "./columns.ts";

const masterKey = Buffer.from("0123456789abcdef0123456789ABCDEF");
const environment = "sandbox-01";
const context: MaskContext = {
  environment,
  judge: () => undefined,
  domainKey: (domain) => Buffer.from(hkdfSync("sha256", masterKey, environment, `maskline/token/v1/${domain}`, 32)),
};

function masked(values: Values, { mask, ...options }: TextMask, garbage = ""): Values {
  return throughColumn(compiled(mask, options, context), values, garbage);
}

const MASKS: readonly TextMask[] = [
  { mask: "replace", with: "" },
  { mask: "replace", with: "fixed \n é 😀" },
  ...["default", "person", "email", "phone", "card"].map((domain) => ({ mask: "token", domain }) as const),
  { mask: "token", prefix: "", length: 64 },
  { mask: "token", prefix: "é\n", length: 8, domain: "person" },
  { mask: "salted-hash" },
  { mask: "salted-hash", prefix: "", length: 64 },
  ...(["none", "last4", "bin+last4"] as const).map((keep) => ({ mask: "pan", keep }) as const),
  { mask: "pan", with: "" },
  { mask: "phone" },
  { mask: "phone", with: "$& $1" },
  { mask: "email" },
  { mask: "email", keep: "domain", domain: "person" },
  { mask: "email", at: "crm.invalid" },
  { mask: "scan" },
  { mask: "scan", detectors: ["ssn"], with: "é" },
  { mask: "scan", detectors: ["phone", "card"], with: "$& $1 LABEL LABEL" },
];

/** Values that masks look for, with what may stand around them. */
const identifiers = fc.constantFrom(
  ...["4111111111111111", "4111 1111 1111 1111", "378282246310005", "6304 0000 0000", "4222222222222", "12345678"],
  ...["+1 (415) 555-0100", "tel:+14155550100", "0044 20 7946 0958", "415.555.0100", "１２３４５６７８", "٠١٢٣٤٥٦٧٨٩"],
  ...[
    "zoe@example.com",
    "ZOE@Example.Com",
    "mailto:zoe@example.com",
    '"Zoe" <zoe@example.com>',
    "zoe@localhost",
    "@",
    "a@x.com/b@y.com",
  ],
  ...["078-05-1120", "ssn 078051120", "00112233-4455-6677-8899-aabbccddeeff", " ", ",", "x", "é", "\n", "\u00a0"],
);
const made = fc.array(
  fc.option(
    fc.array(identifiers, { maxLength: 4 }).map((parts) => parts.join("")),
    { freq: 8 },
  ),
  {
    maxLength: 40,
    size: "max",
  },
);

describe("masks over columns", () => {
  for (const mask of MASKS) {
    it(`${JSON.stringify(mask)} gives what its row-by-row twin gives`, () => {
      const twin = (value: string) => maskText(value, mask, { environment, masterKey });
      fc.assert(
        fc.property(fc.oneof(columns, made), fc.constantFrom("", "garbage 4111111111111111 \n"), (values, garbage) => {
          assert.deepEqual(masked(values, mask, garbage), byRow(values, twin));
        }),
        { numRuns: 150 },
      );
    });
  }

  it("keep nulls null, empty values empty and the length, in columns of nothing else too", () => {
    for (const mask of MASKS) {
      for (const values of [[], [null], [""], [null, "", null], ["", ""]] as Values[]) {
        assert.deepEqual(masked(values, mask), values, JSON.stringify(mask));
      }
    }
  });

  it("takes values of more than a block, than a kibibyte, than a mebibyte", () => {
    for (const length of [55, 56, 63, 64, 65, 320, 321, 1023, 1024, 1025, 2 ** 20 + 1]) {
      for (const unit of ["a", "é", "😀"]) {
        const values = [unit.repeat(length), "x", unit.repeat(length)];
        for (const mask of [{ mask: "token" }, { mask: "salted-hash", length: 64 }] as const) {
          const twin = (value: string) => maskText(value, mask, { environment, masterKey });
          assert.deepEqual(masked(values, mask), byRow(values, twin), `${mask.mask} of ${length} ${unit}`);
        }
      }
    }
  });
});

describe("token", () => {
  const tokenOf = (value: string, domain: string) => masked([value], { mask: "token", domain })[0];

  it("is HMAC-SHA-256 of the canonical value under a key of environment and domain", () => {
    const key = hkdfSync("sha256", masterKey, environment, "maskline/token/v1/phone", 32);
    const digest = createHmac("sha256", Buffer.from(key)).update("14155550100").digest("hex");
    assert.equal(tokenOf("+1 415 555 0100", "phone"), `User_${digest.slice(0, 16)}`);
  });

  it("joins the spellings of one value within a domain", () => {
    const same: Readonly<Record<string, readonly string[]>> = {
      phone: [
        ...["14155550100", "+14155550100", "tel:+1 (415) 555-0100", "TEL:+1-415-555-0100", " +1.415.555.0100 "],
        ...[
          "0014155550100",
          "00 1 415 555 0100",
          "(+1) 415/555 0100",
          "＋１ ４１５ ５５５ ０１００",
          "sip:14155550100",
        ],
        "\u202a+1 415 555 0100\u202c",
      ],
      person: [
        "Zoë Müller",
        "zoë müller",
        "ZOË  MÜLLER",
        " Zoë\tMüller\n",
        "Zoe\u0308 Mu\u0308ller",
        "Zoë\u00a0Müller",
      ],
      email: [
        "zoe@example.com",
        "Zoe@Example.COM",
        " zoe@example.com ",
        "mailto:zoe@example.com",
        "MAILTO:ｚoe@example.com",
      ],
      "external-id": ["A-1é", " A-1e\u0301 "],
    };
    for (const [domain, spellings] of Object.entries(same)) {
      const tokens = new Set(spellings.map((value) => tokenOf(value, domain)));
      assert.equal(tokens.size, 1, `${domain}: ${spellings.map((value) => `${value} → ${tokenOf(value, domain)}`)}`);
    }
  });

  it("keeps different values, domains and environments apart", () => {
    const different = [
      ...["4155550100", "+14155550100", "+1415555010", "+441415555010", "sip:zoe@example.com", "anonymous", "x"],
    ].map((value) => tokenOf(value, "phone"));
    assert.equal(new Set(different).size, different.length);
    assert.notEqual(tokenOf("x", "person"), tokenOf("x", "email"));
    assert.notEqual(tokenOf("A", "external-id"), tokenOf("a", "external-id"));
    const elsewhere: MaskContext = {
      environment: "other",
      judge: () => undefined,
      domainKey: (domain) => Buffer.from(hkdfSync("sha256", masterKey, "other", `maskline/token/v1/${domain}`, 32)),
    };
    assert.notDeepEqual(throughColumn(compiled("token", {}, elsewhere), ["x"]), masked(["x"], { mask: "token" }));
  });
});

describe("salted-hash", () => {
  it("is the formula of what exists: SHA-256 of the value and the environment's SHA-256 in hex", () => {
    const sha256 = (data: string) => createHash("sha256").update(data).digest("hex");
    const expected = `User_${sha256(`Zoë${sha256(environment)}`).slice(0, 8)}`;
    assert.deepEqual(masked(["Zoë", null, ""], { mask: "salted-hash" }), [expected, null, ""]);
  });
});

describe("replacement texts", () => {
  const values = ["4111111111111111", "a +14155550100", "x", "", null, "zoe@example.com 078-05-1120"];
  const texts = ["\n", "a\nb", "\0", "\x01\n\0\x1f\x7f", "\r", "\u2028", "$1", "$&", "$$", "é", "LABEL\n"];
  for (const mask of ["pan", "phone", "scan"] as const) {
    it(`of ${mask} may be any text, separators included, and stand as they are`, () => {
      for (const by of texts) {
        const twin = (value: string) => maskText(value, { mask, with: by }, { environment, masterKey });
        assert.deepEqual(masked(values, { mask, with: by }), byRow(values, twin), JSON.stringify(by));
      }
    });
  }

  it("of phone stand beside a kept calling code", () => {
    const numbers = ["+14155550100", "+44 20 7946 0958", "+420 601 123 456", "+7 495 123 4567", "4155550100", "x"];
    const mask = compiled("phone", { keep: "country", with: "[#]" }, context);
    assert.deepEqual(throughColumn(mask, numbers), ["+1 [#]", "+44 [#]", "+420 [#]", "+7 [#]", "[#]", "x"]);
  });
});
