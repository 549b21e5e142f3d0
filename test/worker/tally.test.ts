/** What a column of values is taken for: identifiers of a kind, text that mentions them, or neither. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { contentReason, judge } from "../../src/policy/content.ts";
import { Tally } from "../../src/worker/tally.ts";

function looks(values: readonly string[], add: "add" | "addNumber" = "add"): string | undefined {
  const tally = new Tally();
  for (const value of values) tally[add](value);
  const { whole } = judge([tally.counts()]);
  return whole && contentReason(whole);
}

function column(make: (index: number) => string, rows = 256): string[] {
  return Array.from({ length: rows }, (_, index) => make(index));
}

/** Some permutation of the row numbers: what is no sequence comes in no order. */
const scattered = (index: number) => (index * 7919 + 13) % 10_007;
const padded = (number: number, digits: number) => String(number).padStart(digits, "0");
const luhn = (body: string): string => {
  const sum = [...body].reverse().reduce((total, digit, at) => {
    const value = Number(digit) * (at % 2 === 0 ? 2 : 1);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return body + ((10 - (sum % 10)) % 10);
};

describe("a column of identifiers", () => {
  const cases: readonly (readonly [of: string, make: (index: number) => string, as?: "addNumber"])[] = [
    ["a card", (i) => luhn(`411111${padded(scattered(i), 9)}`)],
    ["a card", (i) => luhn(`411111${padded(scattered(i), 9)}`), "addNumber"],
    ["a card", () => "4111111111111111", "addNumber"],
    ["a phone number", (i) => `+1 415-555-${padded(scattered(i) % 10_000, 4)}`],
    ["a phone number", (i) => `tel:+44207946${padded(scattered(i) % 10_000, 4)}`],
    ["a phone number", (i) => `1415555${padded(scattered(i) % 10_000, 4)}`, "addNumber"],
    ["a phone number", (i) => `44207946${padded(scattered(i) % 10_000, 4)}.00`, "addNumber"],
    ["a government number", (i) => `123-45-${padded(1 + (scattered(i) % 9_000), 4)}`],
    ["an email address", (i) => `someone.${i}@example.com`],
    ["a date of birth", (i) => `${1940 + (i % 60)}-03-${padded(1 + (i % 28), 2)}`],
    ["a date of birth", (i) => `${1940 + (i % 60)}-03-${padded(1 + (i % 28), 2)}T00:00:00.000Z`],
  ];
  for (const [of, make, as] of cases) {
    it(`${make(7).replace(/\d/g, "0")} ${as ? "as a number " : ""}looks like ${of}`, () => {
      assert.equal(looks(column(make), as), `looks like ${of} by content`);
      // Few values are enough, where all are.
      if (of !== "a date of birth") assert.equal(looks([make(7)], as), `looks like ${of} by content`);
    });
  }
});

it("a column that holds now this, now that, looks like what there is of identifiers", () => {
  const remote = column((i) => (i % 3 === 0 ? `415-555-${padded(i, 4)}` : i % 3 === 1 ? "Sales" : "Support queue"));
  assert.equal(looks(remote), "looks like a phone number by content");
});

describe("a harmless column", () => {
  const cases: readonly (readonly [what: string, make: (index: number) => string, as?: "addNumber"])[] = [
    ["UUIDs", (i) => `0199c0de-4155-7550-8123-${padded(scattered(i), 12)}`],
    ["milliseconds since 1970", (i) => String(1_760_000_000_000 + scattered(i) * 1000), "addNumber"],
    ["seconds since 1970", (i) => String(1_760_000_000 + scattered(i)), "addNumber"],
    ["dates and times as digits", (i) => `202511${padded(1 + (i % 28), 2)}${padded(i % 24, 2)}30`, "addNumber"],
    ["numbers that count up", (i) => String(5_551_000_000 + i * 3), "addNumber"],
    ["random 63-bit ids", (i) => String((BigInt(scattered(i) + 1) * 0x9e3779b97f4a7c15n) % 2n ** 63n), "addNumber"],
    ["amounts", (i) => `${41_111_111 + scattered(i)}.${padded(i % 100, 2)}`, "addNumber"],
    ["fractions of many digits", (i) => String(1000 * Math.abs(Math.sin(i))), "addNumber"],
    ["names of queues", (i) => ["Sales", "Billing 2", "Support EMEA"][i % 3]!],
    ["recent days", (i) => `2025-0${1 + (i % 9)}-1${i % 10}`],
    ["durations", (i) => String(scattered(i)), "addNumber"],
  ];
  for (const [what, make, as] of cases) {
    // A check digit is right now and then: that matters in text only.
    it(`${what}`, () => assert.doesNotMatch(looks(column(make), as) ?? "", /^looks/));
  }

  it("no values at all", () => assert.equal(looks([]), undefined));
});

describe("text", () => {
  const says = (i: number) => `The customer asked about order ${i} and whether it would still come today`;

  it("that mentions identifiers is no column of them", () => {
    const some = column((i) => (i % 10 === 0 ? `${says(i)}, call back on +1 415-555-0123.` : says(i)));
    assert.equal(looks(some), "mentions a phone number by content");
    const notes = column((i) => (i % 10 === 0 ? "4111 1111 1111 1111" : says(i)));
    assert.equal(looks(notes), "mentions a card by content");
  });

  it("that mentions none is nothing", () => assert.equal(looks(column(says)), undefined));
});

it("the largest share in any file counts", () => {
  const [clean, phones] = [new Tally(), new Tally()];
  for (let i = 0; i < 100; i++) {
    clean.add("Sales");
    phones.add(`+1 415-555-${padded(i, 4)}`);
  }
  for (const samples of [
    [clean, phones],
    [phones, clean],
  ]) {
    const { whole } = judge(samples.map((one) => one.counts()));
    assert.deepEqual(whole, { kind: "identifiers", what: "a phone number", percent: 100 });
  }
});

it("keys of a map that are names of every object's members are keys like others", () => {
  const phones = new Tally();
  for (let i = 0; i < 9; i++) phones.add(`+1 415-555-${padded(i, 4)}`);
  const map = (...keys: string[]) => ({
    ...new Tally().counts(),
    keys: Object.fromEntries(keys.map((key) => [key, phones.counts()])),
  });
  const { keys } = judge([map("constructor"), map("a"), map("__proto__")]);
  assert.deepEqual([...keys.keys()], ["constructor", "a", "__proto__"]);
  for (const content of keys.values()) assert.equal(content?.percent, 100);
});

it("counts no more than there is, and holds no value", () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.string({ unit: "binary" }), fc.emailAddress(), fc.ipV4(), fc.uuid())),
      (values) => {
        const tally = new Tally();
        for (const value of values) tally.add(value);
        const { values: count, prose, whole, mentioned } = tally.counts();
        assert.equal(count, values.length);
        assert.ok(prose <= count);
        for (const counts of [whole, mentioned]) {
          for (const [name, number] of Object.entries(counts)) {
            assert.ok(number <= count);
            assert.match(name, /^[a-z ]+$/);
          }
        }
      },
    ),
  );
});
