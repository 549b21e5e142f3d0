/** Masks that write somebody or something made up: name, fictional phone numbers, reserved mail domains. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { z } from "zod";
import { FIRST_NAMES, LAST_NAMES } from "../../src/masks/data/names.ts";
import { maskNamed } from "../../src/masks/index.ts";
import { byRow, columns, compiled, throughColumn, type Values } from "./columns.ts";
import { context } from "./twin/keyed.ts";
import { fictionalTwin, nameTwin } from "./twin/surrogates.ts";

function masked(name: string, options: Readonly<Record<string, unknown>>, values: Values): Values {
  return throughColumn(compiled(name, options, context), values, "garbage");
}

/** Names that may stand alone or repeat. */
function of(value: fc.Arbitrary<string>): fc.Arbitrary<Values> {
  const repeated = fc
    .array(value, { minLength: 3, maxLength: 3 })
    .chain((few) => fc.array(fc.constantFrom(...few, "", null), { minLength: 260, maxLength: 300, size: "max" }));
  const some = fc.array(fc.option(value, { freq: 8 }), { maxLength: 40, size: "max" });
  return fc.oneof(
    { weight: 2, arbitrary: columns },
    { weight: 4, arbitrary: some },
    { weight: 1, arbitrary: repeated },
  );
}

describe("name", () => {
  const word = fc.constantFrom(
    ...FIRST_NAMES.slice(0, 20),
    ...LAST_NAMES.slice(-20),
    "Zoë",
    "zoe\u0308",
    "Müller",
    "ÄNNE",
    "李",
  );
  const names = of(fc.array(word, { minLength: 1, maxLength: 3 }).map((words) => words.join(" ")));

  for (const part of ["full", "first", "last"] as const) {
    it(`of ${part} gives what its row-by-row twin gives`, () => {
      fc.assert(
        fc.property(names, (column) =>
          assert.deepEqual(
            masked("name", { part }, column),
            byRow(column, (value) => nameTwin(value, part)),
          ),
        ),
        { numRuns: 150 },
      );
    });
  }

  it("is one person's in all spellings, and never bears the own name", () => {
    const [one, ...others] = masked("name", {}, ["Zoë Müller", "ZOË  MÜLLER", " zoe\u0308 mu\u0308ller\n"]);
    assert.deepEqual(others, [one, one]);
    for (const list of [FIRST_NAMES, LAST_NAMES]) {
      const part = list === FIRST_NAMES ? "first" : "last";
      for (const [i, out] of masked("name", { part }, list).entries()) assert.notEqual(out, list[i]);
    }
    const everybody = FIRST_NAMES.join(" ");
    assert.deepEqual(masked("name", { part: "first" }, [everybody]), ["[NAME]"]);
  });

  it("is drawn from lists of one word each, without doubles", () => {
    for (const list of [FIRST_NAMES, LAST_NAMES]) {
      assert.ok(list.length > 200);
      assert.equal(new Set(list).size, list.length);
      for (const name of list) assert.match(name, /^\p{Lu}\p{L}+$/u);
    }
  });
});

describe("fictional phone numbers", () => {
  const number = fc
    .tuple(
      fc.constantFrom("", "", "tel:", "sip:", "call ", "TEL:", "\uff0b"),
      fc.constantFrom(
        "+1",
        "+1 (",
        "+44 (0)",
        "+44",
        "0044",
        "(00",
        "+61 ",
        "+49-",
        "+33 6",
        "+46",
        "+353",
        "+81",
        "1",
        "(",
        "+7",
      ),
      fc.constantFrom("415", "416", "876", "7911", "20", "4", "1", "0"),
      fc.constantFrom(") ", "", "-", " "),
      fc.integer({ min: 1000, max: 999_999_999 }).map(String),
      fc.constantFrom("", "", "@example.com", " ext 1", " +14155550123", "\u0664"),
    )
    .map((parts) => parts.join(""));

  it("give what their row-by-row twin gives", () => {
    fc.assert(
      fc.property(of(number), (column) =>
        assert.deepEqual(masked("phone", { keep: "fictional" }, column), byRow(column, fictionalTwin)),
      ),
      { numRuns: 300 },
    );
  });

  it("are of the same country and reserved there, the same for all spellings", () => {
    const [one, ...spellings] = masked("phone", { keep: "fictional" }, [
      ...["+14155552671", "+1 (415) 555-2671", "tel:+1-415-555-2671", "001 415 555 2671"],
    ]);
    assert.match(one!, /^\+1[2-9]\d\d55501\d\d$/);
    assert.deepEqual(spellings, [one, `tel:${one}`, one]);
    const numbers = [
      "+447911123456",
      "+442071838750",
      "+61412345678",
      "+4915112345678",
      "+33612345678",
      "+46701234567",
      "+353861234567",
      "+18765551234",
    ];
    const patterns = [
      /^\+447700900\d{3}$/,
      /^\+44\d{10}$/,
      /^\+614915701\d\d$/,
      /^\+491(?:7139200|76040690)\d\d$/,
      /^\+3363998\d{4}$/,
      /^\+4670174\d{4}$/,
      /^\+3532091\d{5}$/,
      /^\+187655501\d\d$/,
    ];
    for (const [i, out] of masked("phone", { keep: "fictional" }, numbers).entries()) assert.match(out!, patterns[i]!);
  });

  it("keep no digit but the country's where nothing is reserved, or where no country is known", () => {
    const numbers = ["+81312345678", "4155552671", "020 7946 0958", "+1415555267", "+4412345678901234567"];
    const expected = ["+81 [MASKED]", "[MASKED]", "[MASKED]", "+1 [MASKED]", "+44 [MASKED]"];
    assert.deepEqual(masked("phone", { keep: "fictional" }, numbers), expected);
  });
});

describe("what is written in place of a value", () => {
  const accepts = (mask: string, options: Readonly<Record<string, unknown>>) =>
    z.object(maskNamed(mask).options(z)).safeParse(options).success;

  it("is an address at a reserved domain", () => {
    const hosts = [
      "example.com",
      "example.org",
      "masked.invalid",
      "invalid",
      "crm.example",
      "a-b.test",
      "sub.example.net",
    ];
    for (const at of hosts) {
      const [plain, shown] = masked("email", { at }, ["zoe@example.com", "Zoe <zoe@example.com>, x@example.com"]);
      assert.match(plain!, new RegExp(`^user_[0-9a-f]{16}@${at.replaceAll(".", "\\.")}$`));
      assert.ok(!shown!.includes("zoe"));
    }
    for (const at of ["gmail.com", "example.co", "notexample.com", "invalid.com", "", "Example.com ", "@invalid"]) {
      assert.equal(accepts("email", { at }), false, at);
    }
  });

  it("is no card number", () => {
    for (const by of ["4111 1111 1111 1111", "4111-1111-1111-1111", "0000000000000000", "[378282246310005]", "18"]) {
      assert.equal(accepts("pan", { with: by }), by === "18", by);
    }
    for (const by of ["XXXX-XXXX-XXXX-XXXX", "", "4111111111111112", "card 1"])
      assert.ok(accepts("pan", { with: by }), by);
  });
});
