import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { looksLikeData } from "../../src/policy/data-names.ts";

describe("names of columns", () => {
  it("that are identifiers themselves are told", () => {
    for (const name of [
      "4155552671",
      "4111111111111111",
      "jane@example.com",
      "+1 415 555 0100",
      "078-05-1120",
      "90210",
    ]) {
      assert.ok(looksLikeData(name), name);
    }
  });

  it("that are names are not", () => {
    for (const name of ["phoneNumber", "address1", "2024", "q3_2025", "f12", "", "__proto__", "日本語", "x-1-2"]) {
      assert.ok(!looksLikeData(name), name);
    }
  });
});
