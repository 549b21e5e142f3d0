import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { describe, it } from "node:test";
import fc from "fast-check";
import { hmacSha256 } from "../../src/masks/hmac.ts";

/** RFC 4231, section 4: the cases whose key is no longer than a block and whose data is text. */
const VECTORS: readonly (readonly [key: string, data: string, digest: string])[] = [
  ["0b".repeat(20), "Hi There", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"],
  [
    Buffer.from("Jefe").toString("hex"),
    "what do ya want for nothing?",
    "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
  ],
  ["0c".repeat(20), "Test With Truncation", "a3b6167473100ee06e0c796c2955552bfa6f7c0a6a8aef8b93f860aab0cd20c5"],
];

describe("HMAC-SHA-256", () => {
  it("gives the digests of RFC 4231", () => {
    for (const [key, data, digest] of VECTORS) {
      assert.equal(hmacSha256(Buffer.from(key, "hex"), 64)(data), digest);
      // Case 5 truncates to 128 bits.
      assert.equal(hmacSha256(Buffer.from(key, "hex"), 32)(data), digest.slice(0, 32));
    }
  });

  it("gives what node:crypto gives, at every length around a block and whatever came before", () => {
    const key = Buffer.from(Array.from({ length: 32 }, (_, i) => i * 7));
    const digest = hmacSha256(key, 64);
    const check = (message: string) =>
      assert.equal(digest(message), createHmac("sha256", key).update(message).digest("hex"), JSON.stringify(message));
    for (let length = 0; length <= 200; length++) check("m".repeat(length));
    for (const length of [318, 319, 320, 321, 959, 960, 961, 5000, 100_000, 3]) check("é😀".repeat(length));
    fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 400, size: "max" }), check));
  });

  it("takes keys of up to a block", () => {
    for (const length of [1, 31, 32, 63, 64]) {
      const key = Buffer.alloc(length, 0xa5);
      assert.equal(hmacSha256(key, 64)("x"), createHmac("sha256", key).update("x").digest("hex"));
    }
    assert.throws(() => hmacSha256(Buffer.alloc(65), 64), RangeError);
  });
});
