import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { unite } from "../../src/input/unite.ts";
import type { Field, Kind } from "../../src/types.ts";

const field = (name: string, kind: Kind, ...children: Field[]): Field => ({ name, kind, children });
const fieldsOf = (...files: Field[][]) => unite(files.map((fields, index) => ({ name: `file ${index}`, fields })));

describe("the fields of several files", () => {
  it("are those of the first, then what others have beside, at every depth", () => {
    const first = [field("a", "utf8"), field("l", "list", field("item", "struct", field("x", "number")))];
    const second = [field("l", "list", field("item", "struct", field("y", "bool"))), field("b", "utf8")];
    assert.deepEqual(fieldsOf(first, second, first), [
      field("a", "utf8"),
      field("l", "list", field("item", "struct", field("x", "number"), field("y", "bool"))),
      field("b", "utf8"),
    ]);
  });

  it("are text where scalars differ, and anything where nothing was", () => {
    const first = [field("a", "number"), field("b", "null"), field("c", "list", field("item", "null"))];
    const second = [field("a", "bool"), field("b", "struct"), field("c", "list", field("item", "utf8"))];
    const expected = [field("a", "utf8"), field("b", "struct"), field("c", "list", field("item", "utf8"))];
    assert.deepEqual(fieldsOf(first, second), expected);
    assert.deepEqual(fieldsOf(second, first), expected);
  });

  it("are refused where one has an object and another a text", () => {
    const files = [
      [field("a", "struct", field("b", "utf8"))],
      [field("a", "struct", field("b", "list", field("item", "null")))],
    ];
    assert.throws(() => fieldsOf(...files), /reading file 1: a\.b is list there, utf8 in a file before it/);
    assert.throws(() => fieldsOf(...files.toReversed()), { code: "ERR_BAD_INPUT" });
  });
});
