/** Which keys are refused: by examples of each kind of weakness, and never a random one. */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, it } from "node:test";
import fc from "fast-check";
import { isPublic, weakness } from "../../src/keys/strength.ts";
import { KEY } from "../support/cli.ts";

const of = (text: string) => weakness(Buffer.from(text));

describe("the strength of a key", () => {
  it("no random key is refused, in whatever form it is written", () => {
    const key = fc.integer({ min: 32, max: 96 }).map((length) => randomBytes(length));
    fc.assert(
      fc.property(key, (bytes) => {
        assert.equal(weakness(bytes), undefined);
        for (const form of ["hex", "base64", "base64url"] as const) assert.equal(of(bytes.toString(form)), undefined);
        assert.equal(of(bytes.toString("hex").toUpperCase()), undefined);
        assert.equal(of(bytes.toString("base64").replace(/=+$/, "")), undefined);
      }),
      { numRuns: 300 },
    );
  });

  it("no other text that a generator of passwords makes is refused", () => {
    for (let length = 32; length < 80; length++) {
      const letters = Array.from(randomBytes(length), (byte) => "abcdefghjkmnpqrstuvwxyz-_.!%&23456789"[byte % 37]);
      assert.equal(of(letters.join("")), undefined);
    }
    assert.equal(of("correct horse battery staple unsung violin 47"), undefined);
  });

  it("hexadecimal and base64 count as the bytes that they write down", () => {
    const bytes = (length: number) => randomBytes(length);
    assert.match(of(bytes(16).toString("hex"))!, /^32 characters of hexadecimal are 16 bytes, at least 32/);
    assert.match(of(bytes(31).toString("hex"))!, /^62 characters of hexadecimal are 31 bytes/);
    assert.match(of(bytes(24).toString("base64"))!, /^32 characters of base64 are 24 bytes/);
    assert.match(of(bytes(31).toString("base64"))!, /^44 characters of base64 are 31 bytes/);
    assert.match(weakness(bytes(31))!, /^31 bytes, at least 32/);
  });

  for (const [kind, keys] of Object.entries({
    "repeated characters": ["a".repeat(64), "ab".repeat(32), "\0".repeat(32), "abcdefg".repeat(9)],
    "repeated stretches": ["kW7fX93mf-Zu20qq".repeat(4), "00112233445566778899aabbccddeeff".repeat(2)],
    counting: ["0123456789abcdef".repeat(2) + "0".repeat(32), "abcdefghijklmnopqrstuvwxyz0123456789"],
    placeholders: [
      "change-me-please-change-me-please-now",
      "ChangeMe7fX93mf-Zu20qqkW7fX93mf-Zu20",
      "insert-your-key-here-kW7fX93mf-Zu20qq",
      "this-is-my-secret-for-maskline-kW7fX93",
      `password-${"kW7fX93mf-Zu20qq"}-of-the-sandbox`,
      // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable that nobody filled in
      "${MASKLINE_KEY:-nothing-was-filled-in-here}",
      "<thirty-two random bytes or more, please>",
    ],
    "bytes that count": [String.fromCharCode(...Array.from({ length: 64 }, (_, index) => index))],
  })) {
    it(`${kind} are refused`, () => {
      for (const key of keys) assert.ok(weakness(Buffer.from(key, "latin1")), key);
    });
  }

  it("why says nothing of the key but its length", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 6, maxLength: 60 }), fc.integer({ min: 1, max: 12 }), (text, times) => {
        const said = of(text.repeat(times));
        for (let at = 0; at + 6 <= text.length; at++) assert.ok(!said?.includes(text.slice(at, at + 6)));
      }),
    );
  });

  it("keys that stand in the repository are known, not refused", async () => {
    const demo = (await readFile(join(import.meta.dirname, "../../fixtures/demo.key"), "utf8")).trimEnd();
    for (const key of [demo, KEY, "benchmark-key-0123456789abcdef-0123456789"]) {
      assert.equal(isPublic(Buffer.from(key)), true);
      assert.equal(of(key), undefined);
      assert.equal(isPublic(Buffer.from(`${key}x`)), false);
    }
  });

  it("a long file is looked at as quickly", () => {
    assert.ok(weakness(Buffer.alloc(64 << 20, "0123456789")));
    assert.equal(weakness(Buffer.concat([randomBytes(1024), Buffer.alloc(64 << 20)])), undefined);
  });
});
