/** Names of a record's own columns in its text. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { Beside } from "../../src/masks/mask.ts";
import { RecordNames } from "../../src/masks/record-names.ts";
import { ALONE, kernels, textColumnOf, throughColumn, type Values } from "./columns.ts";

/** Texts, one a row, without the names of their rows. */
function without(texts: Values, names: readonly (readonly string[])[], hit: (hits: number) => void = () => {}): Values {
  const record = new RecordNames(["names[]"], "[NAME]", hit);
  const beside = (): Beside => ({
    ...ALONE,
    rows: () => Int32Array.from(texts, (_, row) => row),
    leaf: () => ({
      column: textColumnOf(names.flat()),
      rows: Int32Array.from(names.flatMap((own, row) => own.map(() => row))),
    }),
  });
  return throughColumn((column, _kernels, around) => record.apply(column, kernels, around), texts, "", beside);
}

const one = (text: string, ...names: string[]) => without([text], [names])[0];

describe("names of the record", () => {
  it("go from its text as whole words, in any case, with or without accents, whole before their parts", () => {
    assert.equal(
      one("Hello ZOE, is Zoë Müller there? Zoë's line.", "Zoë Müller"),
      "Hello [NAME], is [NAME] there? [NAME]'s line.",
    );
    assert.equal(one("Zoe\u0301 called", "Zoé"), "[NAME] called");
    assert.equal(one("mr o'neil and anna-maria", "O'Neil", "Anna-Maria"), "mr [NAME] and [NAME]");
    assert.equal(one("Annabel met Ann; annual", "Ann"), "Annabel met [NAME]; annual");
    assert.equal(one("李小龙先生打来电话", "李小龙"), "[NAME]先生打来电话");
    assert.equal(one("ΣΟΦΊΑ", "Σοφία"), "[NAME]");
  });

  it("go where pictures or marks of their own stand in them or in the text", () => {
    assert.equal(one("🙂 li🙂 called, Li did", "Li🙂"), "🙂 [NAME] called, Li did");
    assert.equal(
      one("🙂 zoe\u0301 \ufb01nn 𝐀nn \0 \x01 \x7f", "Zoé", "Finn", "Ann"),
      "🙂 [NAME] [NAME] [NAME] \0 \x01 \x7f",
    );
    assert.deepEqual(without(["Ánn", "ánn \x01", "ŁUCJA\x7f", "ǅ"], [["Ann"], ["Ann"], ["Łucja"], ["ǆ"]]), [
      ...["[NAME]", "[NAME] \x01", "[NAME]\x7f", "ǅ"],
    ]);
  });

  it("go where their apostrophe or dash is left out", () => {
    assert.equal(one("MR OBRIEN met Annalena", "Patrick O’Brien", "Anna-Lena"), "MR [NAME] met [NAME]");
    assert.equal(one("D'Angelo-Meyer, DANGELOMEYER", "D'Angelo-Meyer"), "[NAME], [NAME]");
    assert.equal(one("annlee and ann lee", "Ann Lee"), "annlee and [NAME]");
  });

  it("that are everyday words too are found as they are written only", () => {
    assert.equal(one("Will said he will pay by May", "Will", "May"), "[NAME] said he will pay by [NAME]");
  });

  it("are those of the same row", () => {
    assert.deepEqual(without(["Ann and Bob", null, "", "Ann and Bob"], [["Bob"], ["Ann"], ["Ann"], []]), [
      "Ann and [NAME]",
      null,
      "",
      "Ann and Bob",
    ]);
  });

  it("of two letters are looked for whole, of one not at all", () => {
    assert.equal(one("Li Na and Li spoke: Na", "Li Na"), "[NAME] and Li spoke: Na");
    assert.equal(one("J. Q. Public", "J"), "J. Q. Public");
  });

  it("are counted", () => {
    let hits = 0;
    without(["Ann Ann", "x", "Bob"], [["Ann"], ["Ann"], ["Bob"]], (more) => {
      hits += more;
    });
    assert.equal(hits, 3);
  });

  it("many of them are found like few", () => {
    const word = fc.constantFrom(
      "anna",
      "Zoë",
      "MÜLLER",
      "smith",
      "x1",
      "李",
      "李小",
      "o'neil",
      "van",
      "der",
      "Will",
      "é",
    );
    const text = fc.array(fc.oneof(word, fc.constantFrom(" ", ", ", "'s ", "-", "\n", "😀")), { maxLength: 14 });
    const filler = Array.from({ length: 40 }, (_, i) => `nobody${i}`);
    fc.assert(
      fc.property(text, fc.array(word, { minLength: 1, maxLength: 6 }), (pieces, names) => {
        const value = pieces.join("");
        assert.equal(one(value, ...names, ...filler), one(value, ...names));
      }),
      { numRuns: 500 },
    );
  });

  it("leave the text as it is where none is in it", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (value) => {
        assert.equal(
          one(value.toWellFormed(), "qqqq"),
          value.toWellFormed().includes("qqqq") ? "" : value.toWellFormed(),
        );
      }),
    );
  });
});
