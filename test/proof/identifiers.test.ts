/** What counts as the same identifier, and what does not. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { coreOf, identifiersOf, nameOf, survivesIn } from "../../src/proof/identifiers.ts";

function survives(source: string, text: string, least?: number): boolean {
  return identifiersOf(source, least).some((one) => coreOf(text).includes(one.core) && survivesIn(one, text));
}

describe("an identifier is found again", () => {
  for (const [source, ...texts] of [
    [
      "+1 (415) 632-0147",
      "4156320147",
      "415.632.0147",
      "tel:+14156320147",
      "call 415 632 0147 or 415 632 0148 please",
      "0014156320147",
      "(415)632-0147 ext. 12",
      "４１５-６３２-０１４７",
    ],
    [
      "4111111111111111",
      "4111 1111 1111 1111",
      "4111-1111-1111-1111 12/27",
      "card:4111.1111.1111.1111",
      "X4111111111111111X",
    ],
    ["536-22-8741", "536228741", "ssn 536 22 8741."],
    ["Jane.Doe@Corp.com", "jane.doe@corp.com", "<JANE.DOE@CORP.COM>", "mailto:jane.doe@corp.com?subject=x"],
    ["sip:jane@pbx.corp.com", "jane@pbx.corp.com"],
    [
      "6f9619ff-8b86-d011-b42d-00cf4fc964ff",
      "6F9619FF8B86D011B42D00CF4FC964FF",
      "/rec/6f9619ff-8b86-d011-b42d-00cf4fc964ff.wav",
    ],
    ["CRM-700123", "crm-700123", "customer crm700123 again"],
    ["123456", "123-456", "order 123456, please"],
  ] as const) {
    for (const text of texts) {
      it(`${source} in ${text}`, () => assert.ok(survives(source, text)));
    }
  }
});

describe("no identifier is found again", () => {
  for (const [source, text] of [
    ["+14156320147", "415632014"],
    ["+14156320147", "9941563201475"],
    ["4111111111111111", "411111XXXXXX1111"],
    ["4111111111111111", "XXXX-XXXX-XXXX-1111"],
    ["123456", "91234567"],
    ["12345", "12345"],
    ["Sales 24", "Sales 24"],
    ["2026-11-23", "2026-11-23"],
    ["2026-11-23T10:15:00.000Z", "2026-11-23T10:15:00.000Z"],
    ["0000000000", "0000000000"],
    ["jane@corp.com", "jane@corp.org"],
  ] as const) {
    it(`${source} in ${text}`, () => assert.ok(!survives(source, text)));
  }

  it("a number shorter than its mask takes for one", () => assert.ok(!survives("123456", "123456", 7)));
});

describe("a name", () => {
  const found = (name: string, text: string) => survivesIn(nameOf(name)!, text);

  it("is found as whole words of free text, in its case or where there are no capitals", () => {
    assert.ok(found("Mark", "and then Mark said goodbye"));
    assert.ok(found("Mark", "this is mark from the bank"));
    assert.ok(found("Jean Luc", "so JEAN LUC was not there"));
    assert.ok(found("Zoë", "hello Zoë, how are you"));
  });

  it("is not found in another word, in another case, or in what something is called", () => {
    assert.ok(!found("Mark", "Please mark it as Done"));
    assert.ok(!found("Mark", "the Marketing team is here"));
    assert.ok(!found("Grace", "Grace"));
    assert.ok(!found("Grace", "Grace Support East"));
  });

  it("is neither a number nor an address", () => {
    assert.equal(nameOf("Agent 12"), undefined);
    assert.equal(nameOf("a@b.com"), undefined);
    assert.equal(nameOf("-"), undefined);
  });
});

it("whatever a number is written with, it is found by its digits, and the first look never says no", () => {
  const digits = fc.stringMatching(/^[1-9]\d{8,15}$/).filter((one) => !/^(\d)\1*$/.test(one));
  const separators = fc.array(fc.constantFrom("", "", " ", "-", ".", " - ", "/", ") ", "\u00a0"), {
    minLength: 16,
    maxLength: 16,
  });
  fc.assert(
    fc.property(digits, separators, separators, fc.constantFrom("", "x ", "tel:", "#"), (number, a, b, before) => {
      const written = (by: readonly string[]) =>
        [...number].map((digit, at) => (at === 0 ? "" : by[at]!) + digit).join("");
      assert.ok(survives(written(a), before + written(b)));
    }),
  );
});

it("ends in time on hostile text", () => {
  for (const text of ["1 ".repeat(300_000), "a@".repeat(300_000), "-".repeat(600_000), `${"1".repeat(300_000)}x`]) {
    survives(text, text);
    survives("+14156320147", text);
    survives("jane.doe@corp.com", text);
  }
});
