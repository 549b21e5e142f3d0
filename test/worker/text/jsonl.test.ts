import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Field } from "../../../src/types.ts";
import { jsonl } from "../../../src/worker/text/format.ts";
import { chunks, decode, isBadInput, type Value } from "./support.ts";

const text = (...lines: string[]) => lines.map((line) => `${line}\n`).join("");

/** A schema as text: `a:utf8, b:{c:number}, d:[bool]`. */
function brief(fields: readonly Field[]): string {
  return fields.map((field) => `${field.name}:${briefKind(field)}`).join(", ");
}

function briefKind({ kind, children }: Field): string {
  if (kind === "struct") return `{${brief(children)}}`;
  return kind === "list" ? `[${briefKind(children[0]!)}]` : kind;
}

async function schemaOf(...lines: string[]): Promise<string> {
  const decoded = await decode(jsonl, () => chunks(text(...lines)));
  return brief(decoded.fields);
}

async function valuesOf(key: string, ...lines: string[]): Promise<Value[]> {
  const decoded = await decode(jsonl, () => chunks(text(...lines)));
  return decoded.rows.map((row) => row.get(key)!);
}

describe("JSON lines: schema", () => {
  it("keeps keys in order of first appearance, at every depth", async () => {
    assert.equal(
      await schemaOf('{"b":1,"2":2}', '{"a":{"z":1},"b":3}', '{"a":{"y":1}}'),
      "b:number, 2:number, a:{z:number, y:number}",
    );
  });

  it("knows texts, numbers, booleans, nulls, objects and lists", async () => {
    const line = '{"t":"x","n":-1.5e3,"b":true,"z":null,"o":{"i":1},"l":[{"i":[1]}],"e":[],"s":{}}';
    assert.equal(
      await schemaOf(line),
      "t:utf8, n:number, b:bool, z:null, o:{i:number}, l:[{i:[number]}], e:[null], s:{}",
    );
  });

  it("lets null become anything", async () => {
    const all = '{"a":null,"b":null,"c":null,"d":[null],"e":[]}';
    assert.equal(
      await schemaOf(all, '{"a":{"x":1},"b":[1],"c":false,"d":["t"],"e":[{}]}', all),
      "a:{x:number}, b:[number], c:bool, d:[utf8], e:[{}]",
    );
  });

  it("makes text of scalars of different kinds", async () => {
    const lines = ['{"a":"x","b":1}', '{"a":1.10,"b":true}', '{"a":false,"b":null}'];
    assert.equal(await schemaOf(...lines), "a:utf8, b:utf8");
    assert.deepEqual(await valuesOf("a", ...lines), ["x", "1.10", "false"]);
    assert.deepEqual(await valuesOf("b", ...lines), ["1", "true", null]);
  });

  it("has no columns in empty objects, and no rows in nothing", async () => {
    const { fields, rows } = await decode(jsonl, () => chunks("{}\n{}\n"));
    assert.deepEqual([fields.length, rows.length], [0, 2]);
    for (const nothing of ["", "\n", " \r\n\t\n", "\ufeff"]) {
      assert.deepEqual(await jsonl.describe(chunks(nothing)), { fields: [], rows: 0 });
    }
  });

  it("takes any key as an ordinary one", async () => {
    const line =
      '{"__proto__":1,"constructor":2,"":3,"näme":4,"\\u0061":5,"a\\\\b":6,"a\\"b":7,"\\ud83d\\ude00":8,"toString":{"":{"x":9}}}';
    const { fields, rows } = await decode(jsonl, () => chunks(text(line, line)));
    const names = ["__proto__", "constructor", "", "näme", "a", "a\\b", 'a"b', "😀", "toString"];
    assert.deepEqual(
      fields.map((field) => field.name),
      names,
    );
    assert.deepEqual(
      names.slice(0, 8).map((name) => rows[1]!.get(name)),
      [1, 2, 3, 4, 5, 6, 7, 8].map((n) => ({ number: `${n}` })),
    );
    assert.deepEqual(rows[1]!.get("toString"), new Map([["", new Map([["x", { number: "9" }]])]]));
  });

  it("finds an escaped key and a plain one to be the same, and a backslash to be none", async () => {
    assert.deepEqual(await valuesOf("ab", '{"ab":1}', '{"\\u0061b":2}'), [{ number: "1" }, { number: "2" }]);
    // The bytes of the key of the first line, between quotes, are another key: a backspace.
    assert.equal((await decode(jsonl, () => chunks(text('{"a\\\\b":1}', '{"a\\b":2}')))).fields.length, 2);
  });
});

describe("JSON lines: values", () => {
  it("keeps numbers to the letter", async () => {
    const numbers = ["1.10", "12345678901234567890", "1e400", "-0", "0.0", "1E+5", "2e-07", "0"];
    const got = await valuesOf("n", ...numbers.map((number) => `{"n":${number}}`));
    assert.deepEqual(
      got,
      numbers.map((number) => ({ number })),
    );
  });

  it("reads every escape", async () => {
    assert.deepEqual(await valuesOf("t", '{"t":"\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\u20AC\\ud83d\\ude00\\u0000"}'), [
      '"\\/\b\f\n\r\té€😀\0',
    ]);
  });

  it("puts U+FFFD for half surrogate pairs and invalid UTF-8, and counts the values", async () => {
    const lines = [
      '{"t":"a\\ud800b"}',
      '{"t":"\\udc00\\ud800\\u0041"}',
      '{"t":"\\ud83d\\ud83d\\ude00"}',
      '{"t":"1\xff2"}',
      '{"t":"\xc3"}',
      '{"t":"\xa9"}',
      '{"t":"\xef\xbf\xbd"}',
    ];
    const { rows, invalidUtf8 } = await decode(jsonl, () => chunks(Buffer.from(text(...lines), "latin1")));
    const fffd = "\ufffd";
    assert.deepEqual(
      rows.map((row) => row.get("t")),
      [`a${fffd}b`, `${fffd}${fffd}A`, `${fffd}😀`, `1${fffd}2`, fffd, fffd, fffd],
    );
    assert.equal(invalidUtf8, 6);
  });

  it("makes absent keys and null objects null all the way down, empty lists empty", async () => {
    const lines = ["{}", '{"o":{"l":[1]}}', '{"o":null}', '{"o":{}}', '{"o":{"l":[]}}', '{"o":{"l":[null,2]}}'];
    const o = (l: Value) => new Map([["l", l]]);
    assert.deepEqual(await valuesOf("o", ...lines), [
      null,
      o([{ number: "1" }]),
      null,
      o(null),
      o([]),
      o([null, { number: "2" }]),
    ]);
  });

  it("skips the byte order mark, blank lines and spaces, and needs no last line end", async () => {
    const { rows } = await decode(jsonl, () => chunks('\ufeff\r\n {"a" : 1 ,\t"b":[ 1 , 2 ] } \r\n\n   \n{"a":2}'));
    assert.deepEqual(
      rows.map((row) => row.get("a")),
      [{ number: "1" }, { number: "2" }],
    );
  });

  it("goes 64 levels deep and no further", async () => {
    const nested = (depth: number) => `{"a":${"[".repeat(depth - 1)}${"]".repeat(depth - 1)}}`;
    assert.equal(await schemaOf(nested(64)), `a:${"[".repeat(63)}null${"]".repeat(63)}`);
    await assert.rejects(schemaOf(nested(65)), isBadInput(/line 1, byte 69: expected no more than 64/));
    await assert.rejects(schemaOf(nested(100_000)), isBadInput(/no more than 64/));
    await assert.rejects(schemaOf('{"a":'.repeat(100_000)), isBadInput(/no more than 64/));
  });

  it("takes 10,000 leaves and no more", async () => {
    const line = (leaves: number) =>
      JSON.stringify({ o: { p: Object.fromEntries(Array.from({ length: leaves }, (_, i) => [`k${i}`, i])) } });
    assert.equal((await jsonl.describe(chunks(line(10_000)))).rows, 1);
    await assert.rejects(
      jsonl.describe(chunks(line(10_001))),
      isBadInput(/more than 10000 different paths.*data used as keys/),
    );
  });

  it("refuses a line longer than 64 MiB, in one chunk or many", async () => {
    const line = Buffer.alloc(2 ** 26 + 1, 0x20);
    line[0] = 0x7b;
    const long = Buffer.concat([Buffer.from('{"a":1}\n'), line]);
    await assert.rejects(jsonl.describe(chunks(long)), isBadInput(/line 2 is longer than 67108864 bytes/));
    await assert.rejects(
      jsonl.describe(chunks(Buffer.concat([long, Buffer.from("}\n")]))),
      isBadInput(/line 2 is longer/),
    );
    await assert.rejects(jsonl.describe(chunks(long, 2 ** 20)), isBadInput(/line 2 is longer/));
  });
});
