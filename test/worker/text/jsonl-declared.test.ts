/** JSON lines whose fields are declared: what is absent is null, maps stay maps, what is not declared comes after. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { Field, Kind } from "../../../src/types.ts";
import { jsonl } from "../../../src/worker/text/format.ts";
import { chunks, type Decoded, decode, isBadInput, type Value } from "./support.ts";

const field = (name: string, kind: Kind, ...children: Field[]): Field => ({ name, kind, children });
const map = (name: string): Field => field(name, "map", field("key", "utf8"), field("value", "utf8"));

const DECLARED: readonly Field[] = [
  field("id", "utf8"),
  field("score", "number"),
  field("ok", "bool"),
  field("people", "list", field("item", "struct", field("name", "utf8"), map("attributes"))),
];

const read = (...lines: string[]): Promise<Decoded> =>
  decode(jsonl, () => chunks(lines.map((line) => `${line}\n`).join(""), 7), 40, DECLARED);

describe("JSON lines with declared fields", () => {
  it("has all declared fields, in their order, where no line has them", async () => {
    const { fields, rows } = await read('{"people":[{}]}', "{}");
    assert.deepEqual(fields, DECLARED);
    const nobody = new Map<string, Value>([
      ["name", null],
      ["attributes", null],
    ]);
    assert.deepEqual(rows, [
      new Map<string, Value>([
        ["id", null],
        ["score", null],
        ["ok", null],
        ["people", [nobody]],
      ]),
      new Map<string, Value>([
        ["id", null],
        ["score", null],
        ["ok", null],
        ["people", null],
      ]),
    ]);
  });

  it("appends what is not declared, at every depth, inferred", async () => {
    const { fields } = await read('{"new":{"a":1},"people":[{"late":"x","name":"n"}],"id":"1"}');
    assert.deepEqual(
      fields.map(({ name }) => name),
      ["id", "score", "ok", "people", "new"],
    );
    assert.deepEqual(
      fields[3]!.children[0]!.children.map(({ name, kind }) => [name, kind]),
      [
        ["name", "utf8"],
        ["attributes", "map"],
        ["late", "utf8"],
      ],
    );
    assert.deepEqual(fields[4], field("new", "struct", field("a", "number")));
  });

  it("keeps a map's entries, whatever their keys are, those of other lines too", async () => {
    const { fields, rows } = await read(
      '{"people":[{"attributes":{"b":"1","a":"ü\\n","__proto__":"x","":null}},{"attributes":{}},{"attributes":null}]}',
      '{"people":[{"attributes":{"k\\u00e9y":12345678901234567890,"t":true}}]}',
    );
    assert.deepEqual(fields, DECLARED);
    const attributes = rows.map((row) =>
      (row.get("people") as Map<string, Value>[]).map((one) => {
        const found = one.get("attributes");
        return found instanceof Map ? [...found] : found;
      }),
    );
    assert.deepEqual(attributes, [
      [
        [
          ["b", "1"],
          ["a", "ü\n"],
          ["__proto__", "x"],
          ["", null],
        ],
        [],
        null,
      ],
      [
        [
          ["kéy", "12345678901234567890"],
          ["t", "true"],
        ],
      ],
    ]);
  });

  it("widens a declared scalar to text where something else stands", async () => {
    const { fields, rows } = await read('{"score":"n/a","id":7,"ok":null}', '{"score":1.50,"id":"x"}');
    assert.deepEqual(
      fields.slice(0, 3).map(({ kind }) => kind),
      ["utf8", "utf8", "bool"],
    );
    assert.deepEqual(
      rows.map((row) => [row.get("score"), row.get("id")]),
      [
        ["n/a", "7"],
        ["1.50", "x"],
      ],
    );
  });

  it("refuses a key twice in a map, and a map's value that is no scalar, without showing them", async () => {
    const twice = '{"people":[{"attributes":{"s3cret":"a","s3\\u0063ret":"b"}}]}';
    await assert.rejects(read(twice), isBadInput(/a key that this object does not have yet/));
    const nested = '{"people":[{"attributes":{"s3cret":{"s3cret":1}}}]}';
    await assert.rejects(read(nested), isBadInput(/people\[\]\.attributes\{\}: an object stands where a text stood/));
    await assert.rejects(read('{"people":[{"attributes":["s3cret"]}]}'), isBadInput(/a list stands where an object/));
    await assert.rejects(read('{"people":[{"attributes":"s3cret"}]}'), isBadInput(/a text stands where an object/));
    await assert.rejects(read('{"people":{"s3cret":1}}'), isBadInput(/an object stands where a list/));
  });

  it("gives the same values as JSON.parse, for any maps", async () => {
    const key = fc.string({ unit: "grapheme", maxLength: 6 });
    const attributes = fc.option(fc.dictionary(key, fc.string({ unit: "binary", maxLength: 20 }), { maxKeys: 6 }));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(attributes, { maxLength: 3 }), { maxLength: 5 }), async (lines) => {
        const objects = lines.map((all) => ({ people: all.map((one) => ({ attributes: one })) }));
        const { rows } = await read(...objects.map((one) => JSON.stringify(one)));
        const found = rows.map((row) =>
          (row.get("people") as Map<string, Value>[]).map((one) => one.get("attributes")),
        );
        const expected = lines.map((all) =>
          all.map((one) => one && new Map(Object.entries(one).map(([name, text]) => [name, text.toWellFormed()]))),
        );
        assert.deepEqual(found, expected);
      }),
    );
  });
});
