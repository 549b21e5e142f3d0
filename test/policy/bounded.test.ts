import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { takesFewSteps } from "../../src/policy/bounded.ts";

/** A pattern, and a backtracking matcher of it that counts what it tries. */
interface Counted {
  readonly source: string;
  /** Matches at `at`, then goes on with `then`. */
  readonly match: (text: string, at: number, count: { steps: number }, then: (at: number) => boolean) => boolean;
}

const letter = (source: string, letters: string): Counted => ({
  source,
  match: (text, at, count, then) => {
    count.steps++;
    return at < text.length && letters.includes(text[at]!) && then(at + 1);
  },
});

const sequence = (all: readonly Counted[]): Counted => ({
  source: all.map(({ source }) => source).join(""),
  match: (text, at, count, then) => {
    const from = (index: number, place: number): boolean =>
      index === all.length ? then(place) : all[index]!.match(text, place, count, (next) => from(index + 1, next));
    return from(0, at);
  },
});

const either = (all: readonly Counted[]): Counted => ({
  source: `(?:${all.map(({ source }) => source).join("|")})`,
  match: (text, at, count, then) => all.some((one) => one.match(text, at, count, then)),
});

const repeated = (one: Counted, min: number, max: number): Counted => ({
  source: `(?:${one.source}){${min},${max}}`,
  match: (text, at, count, then) => {
    const from = (times: number, place: number): boolean =>
      (times < max && one.match(text, place, count, (next) => from(times + 1, next))) || (times >= min && then(place));
    return from(0, at);
  },
});

const ahead = (one: Counted, wanted: boolean): Counted => ({
  source: `(?${wanted ? "=" : "!"}${one.source})`,
  match: (text, at, count, then) => one.match(text, at, count, () => true) === wanted && then(at),
});

const pattern = fc.letrec<{ any: Counted }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(letter("a", "a"), letter("b", "b"), letter("[ab]", "ab")),
    fc.array(tie("any"), { minLength: 1, maxLength: 4 }).map(sequence),
    fc.array(tie("any"), { minLength: 1, maxLength: 3 }).map(either),
    fc
      .tuple(tie("any"), fc.nat({ max: 3 }), fc.nat({ max: 8 }))
      .map(([one, min, more]) => repeated(one, min, min + more)),
    fc.tuple(tie("any"), fc.boolean()).map(([one, wanted]) => ahead(one, wanted)),
  ),
})).any;

describe("patterns that need no analysis", () => {
  it("take at most a thousand steps from one place, whatever the text", () => {
    let few = 0;
    const text = fc.oneof(fc.constantFrom("a".repeat(40), "ab".repeat(20), ""), fc.stringMatching(/^[abc]{0,40}$/));
    fc.assert(
      fc.property(pattern, text, ({ source, match }, input) => {
        if (!takesFewSteps(new RegExp(source))) return;
        few++;
        const count = { steps: 0 };
        // As if nothing after it matched, so that all ways are gone.
        match(input, 0, count, () => false);
        assert.ok(count.steps <= 1_000, `${source} takes ${count.steps} steps`);
      }),
      { numRuns: 3_000 },
    );
    assert.ok(few > 300, `${few} patterns were tried`);
  });

  it("are the usual ones: numbers of so many digits, with separators, at a word's edge", () => {
    for (const usual of [
      /\+?\d{10,15}/,
      /\d{4}[ -]?\d{4}[ -]?\d{4}[ -]?\d{4}/,
      /\b\d{3}-\d{2}-\d{4}\b/u,
      /(?<!\d)a|b$/,
    ]) {
      assert.ok(takesFewSteps(usual), usual.source);
    }
  });

  it("are none with a repetition without end, a reference, strings in a class, or many ways", () => {
    const others = [
      ...[/a+/, /a*b/, /(?:a{2,}){2}/, /(?=a+)b/, /(?<=a*)b/, /(a{1,9})\1/, /(?<x>a)\k<x>/, /(?:a+){0}/],
      ...[/[\q{abc|a}]{1,9}/v, /\p{RGI_Emoji}/v, /[[a-z]&&[\q{a|ab}]]/v],
      ...[
        /(?:a?){50}/,
        /(?:a|a){12}/,
        /(?:a{1,9}){9}/,
        /a{0,64}a{0,64}/,
        /a{5000}/,
        /a{0,4000000000}/,
        /(?:a{0}){9e9}|a{1,}/,
      ],
    ];
    for (const other of others) assert.ok(!takesFewSteps(other), other.source);
  });
});
