import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { islandsOf } from "../../src/masks/islands.ts";
import { byRow, compiled, throughColumn, type Values } from "./columns.ts";

function shown(pattern: RegExp): string | undefined {
  const islands = islandsOf(pattern);
  const members = [...(islands?.members ?? [])].flatMap((is, byte) => (is === 1 ? String.fromCharCode(byte) : []));
  return islands && `${members.join("")} ${islands.least}`;
}

describe("the islands of a pattern", () => {
  it("are the characters that a match consists of, and how many it has at least", () => {
    assert.equal(shown(/\b\d{3}-\d{2}-\d{4}\b/), "-0123456789 11");
    assert.equal(shown(/\+?\d{10,15}/), "+0123456789 10");
    assert.equal(shown(/(?<![\w-])(?:12|3(4)[56]\1)7*x(?!\d)/), "1234567x 3");
    assert.equal(shown(/[0-9a-f]{8}-A/i), "-0123456789ABCDEFabcdef 10");
    assert.equal(shown(/\w{16}@/)?.length, 67);
  });

  it("are none where it looks further, matches nearly everything, or less than three characters", () => {
    for (const none of [
      /^\d{9}/,
      /\d{9}$/,
      /\d{9}(?!\d\d)/,
      /(?<=no\.)\d{9}/,
      /\d{9}(?= ?x)/,
      /\w{9}/,
      /[A-z ]{4}/,
      /\d\d/,
    ]) {
      assert.equal(shown(none), undefined, String(none));
    }
  });
});

describe("patterns over islands", () => {
  const pieces = [
    "\\d{3}",
    "\\d{2,4}",
    "[ -]?",
    "-",
    "\\d+",
    "(\\d)\\1",
    "\\b",
    "\\B",
    "(?!\\d)",
    "(?<!-)",
    "(?:1|22)",
    "x?",
    "(?=[ab])",
  ];
  const pattern = fc
    .tuple(
      fc.array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 5 }),
      fc.constantFrom("", "[N]", "<$&>", "$1", "é", "1-2", "a"),
    )
    .map(([some, by]) => ({ match: some.join(""), with: by, flags: "" }));
  const word = fc.oneof(
    fc.string({ unit: fc.constantFrom(..."0123 -x1".split("")), maxLength: 14, size: "max" }),
    fc.constantFrom("a letter", " and some words to make islands few, ", "é", "🙂", "\n", "\0", "b", "_", "\u00a0"),
  );
  const value = fc.oneof(
    fc.array(word, { maxLength: 6 }).map((words) => words.join("")),
    fc.constant(null),
  );
  const values: fc.Arbitrary<Values> = fc.array(value, { maxLength: 12 });

  it("replace what they replace value by value, alone and in turn", () => {
    fc.assert(
      fc.property(fc.array(pattern, { minLength: 1, maxLength: 3 }), values, (patterns, column) => {
        const none = { environment: "", judge: () => undefined, domainKey: () => Buffer.alloc(32) };
        const row = (text: string) =>
          patterns.reduce((before, { match, with: by }) => before.replace(new RegExp(match, "g"), by), text);
        assert.deepEqual(throughColumn(compiled("regex", { patterns }, none), column), byRow(column, row));
      }),
      { numRuns: Number(process.env.MASKLINE_TEST_RUNS ?? 3000) },
    );
  });
});
