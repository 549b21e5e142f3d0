/** A column at once must give what `String.prototype.replace` gives value by value. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { ColumnSubstitution } from "../../src/masks/substitute.ts";
import { byRow, shortColumns as columns, compiled, throughColumn, type Values } from "./columns.ts";
import { replacements, type Source, sources } from "./regex-sources.ts";

/** Enough to meet each construct with each kind of column; a deeper search: MASKLINE_TEST_RUNS. */
const RUNS = Number(process.env.MASKLINE_TEST_RUNS ?? 800);

interface Pattern extends Source {
  readonly with: string;
}

/** Steps may make pairs of halves that they wrote: text becomes well-formed at the end only, as strings are. */
function twin(patterns: readonly Pattern[]): (value: string) => string {
  return (value) =>
    patterns.reduce((text, { match, flags, with: by }) => text.replace(new RegExp(match, `g${flags}`), by), value);
}

function masked(patterns: readonly Pattern[], values: Values): Values {
  const none = { environment: "", judge: () => undefined, domainKey: () => Buffer.alloc(32) };
  return throughColumn(compiled("regex", { patterns }, none), values);
}

/** Cases that random search found once, and those that joining makes delicate. */
const EXAMPLES: readonly [readonly Pattern[], Values][] = [
  [[{ match: "^a", flags: "", with: "#" }], ["ab", "ca", "b\na", "", null, "a"]],
  [[{ match: "a$", flags: "", with: "#" }], ["ba", "ab", "a\nb", "a\r", "a\u2028", ""]],
  [[{ match: "^a", flags: "m", with: "#" }], ["b\na", "b\ra", "b\u2028a", "a"]],
  [[{ match: "\\Ba", flags: "", with: "#" }], ["a", "aa", "b a", "_a"]],
  [[{ match: "a\\B", flags: "", with: "#" }], ["a", "aa", "a b"]],
  [[{ match: "(?<!.)a", flags: "", with: "#" }], ["aa", "a", "\na"]],
  [[{ match: "a(?!.)", flags: "s", with: "#" }], ["aa", "a", "a\n"]],
  [[{ match: "(?<![^x])a", flags: "", with: "#" }], ["aa", "xa", "a"]],
  [[{ match: "a(?![^])", flags: "", with: "#" }], ["aa", "a", "", "a"]],
  [[{ match: "x*", flags: "", with: "-" }], ["", "x", "ax", null]],
  [[{ match: "(a)?\\1", flags: "", with: "-" }], ["", "aa", "b"]],
  [[{ match: "[\\q{|a}]", flags: "v", with: "-" }], ["", "a", "b", null]],
  [[{ match: "[\\q{a\\nb}]", flags: "v", with: "-" }], ["a", "b", "a\nb"]],
  [[{ match: "a", flags: "", with: "\n" }], ["a", "ba\n", "\n"]],
  [
    [
      { match: "x", flags: "", with: "\r" },
      { match: "^a", flags: "", with: "#" },
    ],
    ["xa", "a", "ax"],
  ],
  [
    [
      { match: "x", flags: "", with: "\u2028" },
      { match: "a$", flags: "", with: "#" },
    ],
    ["ax", "a", "xa"],
  ],
  [
    [
      { match: "a", flags: "", with: "\ud83d" },
      { match: "b", flags: "", with: "\ude00" },
      { match: "\\p{So}", flags: "u", with: "!" },
    ],
    ["ab", "a", "b", "ba"],
  ],
  [
    [
      { match: "a", flags: "", with: "\ud83d" },
      { match: "b", flags: "", with: "\ude00" },
    ],
    ["ab", "é ab", "ba"],
  ],
  [[{ match: "(a)b", flags: "i", with: "é$1ß" }], ["ab", "ÃAb©", "é", "😀ab", null, ""]],
  [
    [
      { match: "a", flags: "", with: "Ã" },
      { match: "[^b]", flags: "", with: "#" },
    ],
    ["ab", "é", "a"],
  ],
  [[{ match: "(?<año>\\d{2})-\\d", flags: "", with: "$<año>é" }], ["24-05", "é 24-05", "x"]],
  [[{ match: "^a|b$", flags: "", with: "é" }], ["aéb", "\u2028a", "b\u2028", "a\u0085b"]],
  [[{ match: "\\bs\\b", flags: "i", with: "#" }], ["ſ s K", "és", "sé", "é s"]],
  [[{ match: "[\\ud83d]", flags: "", with: "" }], ["😀", "x😀x", "é"]],
  [[{ match: "(?i:A)", flags: "", with: "#" }], ["a", "A", "\n"]],
  [[{ match: "(?<n>a)|b", flags: "", with: "[$<n>]" }], ["ab", "b"]],
  [[{ match: "a|$", flags: "", with: "#" }], ["", "a", "b"]],
  [[{ match: "\\w+\\W", flags: "", with: "#" }], ["ab", "ab ", "a\nb"]],
  [[{ match: "\\b", flags: "", with: "|" }], ["a b", "", "é", "x"]],
  [[{ match: "k", flags: "iu", with: "#" }], ["K", "K", "k"]],
  [[{ match: "\\ws", flags: "iu", with: "#" }], ["ſſ", "as", "aſ"]],
];

describe("regex over columns", () => {
  it("holds on the cases that joining makes delicate", () => {
    for (const [patterns, values] of EXAMPLES) {
      assert.deepEqual(masked(patterns, values), byRow(values, twin(patterns)), JSON.stringify(patterns));
    }
  });

  it("gives what String.prototype.replace gives, whatever the pattern, replacement and column", () => {
    fc.assert(
      fc.property(sources, replacements, columns, (source, by, values) => {
        const patterns = [{ ...source, with: by }];
        assert.deepEqual(masked(patterns, values), byRow(values, twin(patterns)));
      }),
      { numRuns: RUNS },
    );
  });

  it("gives the same for several patterns in turn", () => {
    const several = fc.array(
      fc.tuple(sources, replacements).map(([source, by]) => ({ ...source, with: by })),
      { minLength: 2, maxLength: 3 },
    );
    fc.assert(
      fc.property(several, columns, (patterns, values) => {
        assert.deepEqual(masked(patterns, values), byRow(values, twin(patterns)));
      }),
      { numRuns: RUNS },
    );
  });

  it("gives the same for replacements that are functions of the match", () => {
    fc.assert(
      fc.property(sources, columns, ({ match, flags }, values) => {
        const pattern = new RegExp(match, `g${flags}`);
        const by = (text: string) => `<${text.length}>`;
        const substitution = new ColumnSubstitution([{ pattern, with: (text: string) => by(text), writes: "<0>" }]);
        const row = (value: string) => value.replace(new RegExp(match, `g${flags}`), (text) => by(text));
        assert.deepEqual(
          throughColumn((column, kernels) => substitution.apply(column, kernels), values),
          byRow(values, row),
        );
      }),
      { numRuns: RUNS },
    );
  });
});

it("refuses a value that repeats more than a pattern has stack for, and shows none of it", () => {
  const patterns = [{ match: "\\d(?:[ .]{0,2}\\d){7,}", flags: "", with: "#" }];
  assert.throws(() => masked(patterns, ["ab", "4".repeat(12 * 1024 * 1024)]), {
    code: "ERR_BAD_INPUT",
    message: /a value of 12582912 characters repeats more .*bound the pattern's repetitions/,
  });
});
