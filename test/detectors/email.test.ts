import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { masked, scanned } from "./scan.ts";

describe("email addresses in free text", () => {
  it("are found in the forms people use, in any script", () => {
    const addresses = [
      ...["zoe@example.com", "ZOE@EXAMPLE.COM", "zoe.mueller+tag@mail.example.co.uk", "z@x.io", "o'neil@example.com"],
      ...["zoë@exämple.de", "用户@例子.广告", "почта@пример.рф", "zoe_1-2@sub-domain.example.museum", "1@2.io"],
      ...["#!$%&'*+/=?^_`{|}~-@example.com", "a..b@example.com", "zoe@xn--exmple-cua.de", "𝓏@example.com"],
      `${"l".repeat(64)}@${"d".repeat(63)}.com`,
      "zoe@a.b.c.d.e.f.g.h.com",
    ];
    const around: [string, string][] = [
      ["", ""],
      ["write to ", " please"],
      ["<", ">"],
      ['"Zoë Müller" <', ">"],
      ["mailto:", "?subject=x"],
      ["(", ")"],
      ["\n", "\n"],
      ["a, ", ", b"],
      ["see:", ";"],
    ];
    for (const address of addresses) {
      for (const [before, after] of around) {
        const text = before + address + after;
        assert.deepEqual(scanned(text), { text: `${before}[EMAIL]${after}`, hits: { email: 1 } }, text);
      }
    }
  });

  it("end before the dot of a sentence", () => {
    const cases: Record<string, string> = {
      "Mail zoe@example.com. Thanks.": "Mail [EMAIL]. Thanks.",
      "zoe@example.com...": "[EMAIL]...",
      "zoe@example.com, max@example.org!": "[EMAIL], [EMAIL]!",
      "zoe@example.com,max@example.org": "[EMAIL],[EMAIL]",
      "zoe@example.com/max@example.org": "[EMAIL][EMAIL]",
      "a@b@example.com": "a@[EMAIL]",
    };
    for (const [text, expected] of Object.entries(cases)) assert.equal(scanned(text, "email").text, expected);
  });

  it("are not seen where there is none", () => {
    for (const text of [
      "@",
      "@home",
      "a@",
      "5 @ 3.00",
      "2@3.50",
      "@@@",
      "meet@noon",
      "a @b.c",
      "x@.com",
      "@example.com",
      "C@-",
    ]) {
      assert.deepEqual(scanned(text), { text, hits: {} }, text);
    }
  });
});

describe("email", () => {
  const token = /^user_[0-9a-f]{16}@example\.com$/;

  it("makes an address of every address", () => {
    for (const address of ["zoe@example.com", "zoë@exämple.de", "zoe@localhost"])
      assert.match(masked("email", {}, address), token);
    assert.equal(masked("email", {}, "Zoe@Example.com"), masked("email", {}, "zoe@example.com"));
    const both = masked("email", {}, "a@example.com; b@example.com").split("; ");
    assert.deepEqual(both, [masked("email", {}, "a@example.com"), masked("email", {}, "b@example.com")]);
    assert.match(masked("email", {}, "mailto:zoe@example.com"), /^mailto:user_[0-9a-f]{16}@example\.com$/);
  });

  it("leaves nothing of a value that holds more than addresses", () => {
    for (const value of [
      '"Zoe Müller" <zoe@example.com>',
      "zoe at example dot com",
      "Zoe",
      "zoe@",
      "none",
      "+14155550100",
    ]) {
      assert.match(masked("email", {}, value), token, value);
    }
  });

  it("keeps the real domain where told, and only that", () => {
    assert.match(masked("email", { keep: "domain" }, "zoe@mail.example.de"), /^user_[0-9a-f]{16}@mail\.example\.de$/);
    assert.match(masked("email", { keep: "domain" }, "Zoe"), token);
    // Around an address, or behind it, may stand anything.
    for (const text of [
      "Zoe Müller <zoe@example.de>",
      "zoe@example.de Zoe Müller 415-555-0123",
      "zoe@example.de (call 4155550123)",
      "Zoe, zoe@example.de; @ home",
    ])
      assert.match(masked("email", { keep: "domain" }, text), /^user_[0-9a-f]{16}@example\.de$/, text);
    assert.match(masked("email", { keep: "domain" }, "write @ Zoe Müller"), token);
  });
});
