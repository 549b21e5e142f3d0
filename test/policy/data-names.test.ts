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
      "DE89370400440532013000",
      "192.0.2.1",
      "2001:db8::1",
      ";4111111111111111=27121010000000000?",
    ]) {
      assert.ok(looksLikeData(name), name);
    }
  });

  it("that are names are not", () => {
    const names = [
      ...["phoneNumber", "address1", "2024", "q3_2025", "f12", "", "__proto__", "日本語", "x-1-2", "mrn", "MRN2"],
      ...[
        "account_number",
        "account_202401",
        "v1.2.3",
        "v1.2.3.4",
        "date_of_birth",
        "dob_1985_04_12",
        "cvv",
        "cvv2",
        "cvv_123",
      ],
      ...[
        "security_code_2024",
        "ssn",
        "ssn_last4",
        "iban",
        "ip",
        "ipv4",
        "url",
        "phone_1",
        "call_1234567",
        "track1",
        "one_two_three",
      ],
    ];
    for (const name of names) {
      assert.ok(!looksLikeData(name), name);
    }
  });
});
