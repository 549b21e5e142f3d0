import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { KIND_TEXT } from "../../src/kernels/node.ts";
import { anyText, bytesColumn, placeColumn, structOf } from "./columns.ts";
import { encode, encoded, kernels, memory, twins } from "./runs.ts";

function jsonOf(texts: readonly string[]): string {
  return texts.map((t) => `${JSON.stringify({ t })}\n`).join("");
}

test("every ASCII character is escaped as JSON.stringify does", () => {
  const texts = Array.from({ length: 128 }, (_, code) => String.fromCharCode(code));
  assert.equal(encoded(structOf(128, { t: bytesColumn(KIND_TEXT, texts) })), jsonOf(texts));
});

test("an escape at any place of texts of 0 to 67 bytes, at every alignment", () => {
  for (let length = 0; length <= 67; length++) {
    const plain = "x".repeat(length);
    const places = Array.from(
      { length },
      (_, at) => `${plain.slice(0, at)}${'"\\\n\x01'[at % 4]}${plain.slice(at + 1)}`,
    );
    const texts = [plain, ...places, '"'.repeat(length), "\x1f".repeat(length), "\x7f".repeat(length)];
    memory.reset();
    const record = placeColumn(memory, structOf(texts.length, { t: bytesColumn(KIND_TEXT, texts) }), length % 16);
    assert.equal(encode(kernels, record, 0, texts.length, 1 << 20).text, jsonOf(texts));
  }
});

test("any text is written as JSON.stringify and the twin write it", () => {
  fc.assert(
    fc.property(fc.array(anyText), fc.nat({ max: 20 }), fc.nat({ max: 15 }), (texts, lead, shift) => {
      memory.reset();
      const root = structOf(texts.length, { t: bytesColumn(KIND_TEXT, texts, lead) });
      const record = placeColumn(memory, root, shift);
      assert.equal(encode(kernels, record, 0, texts.length, 1 << 20).text, jsonOf(texts));
      assert.equal(encode(twins, record, 0, texts.length, 1 << 20).text, jsonOf(texts));
    }),
    { numRuns: 500 },
  );
});
