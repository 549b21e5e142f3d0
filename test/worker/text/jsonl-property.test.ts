import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { Field } from "../../../src/types.ts";
import { jsonl } from "../../../src/worker/text/format.ts";
import { chunks, type Decoded, decode, type Value } from "./support.ts";

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** A number as JSON.parse saw it, with its text. */
class Literal {
  readonly number: string;
  constructor(number: string) {
    this.number = number;
  }
}
type Parsed = null | boolean | Literal | string | Parsed[] | { [key: string]: Parsed };

function parse(line: string): { [key: string]: Parsed } {
  const literal = (_key: string, value: unknown, context?: { source?: string }) =>
    typeof value === "number" ? new Literal(context!.source!) : value;
  return JSON.parse(line, literal);
}

const name = fc.oneof(
  fc.constantFrom("a", "b", "id", "", "__proto__", "näme", 'q"\\', "0"),
  fc.string({ unit: "binary", maxLength: 6 }),
);
const string = fc.oneof(
  fc.constantFrom("", "😀", "\ud800", '"', "\\", "\n\u2028\0"),
  fc.string({ unit: "binary", maxLength: 50 }),
);
const number = fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer(), fc.maxSafeInteger());

const orNull = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(arbitrary, { freq: 4 });

/** An arbitrary of arbitraries: a random type, whose values fit one another. */
function typeOf(depth: number): fc.Arbitrary<fc.Arbitrary<Json>> {
  const scalars: fc.Arbitrary<fc.Arbitrary<Json>> = fc.constantFrom<fc.Arbitrary<Json>[]>(
    orNull(string),
    orNull(number),
    orNull(fc.boolean()),
    fc.oneof(string, number, fc.boolean()),
    fc.constant(null),
    string,
  );
  if (depth === 0) return scalars;
  return fc.oneof(
    scalars,
    objectOf(depth - 1).map(orNull),
    typeOf(depth - 1).map((item) => orNull(fc.array(item, { maxLength: 4 }))),
  );
}

function objectOf(depth: number): fc.Arbitrary<fc.Arbitrary<Json>> {
  const members = fc.uniqueArray(fc.tuple(name, typeOf(depth)), {
    selector: ([key]) => key.toWellFormed(),
    maxLength: 5,
  });
  return members.map((entries) =>
    // Absent one time in four, and in any order.
    fc
      .tuple(
        ...entries.map(([key, value]) =>
          fc.option(
            value.map((v): [string, Json] => [key, v]),
            { freq: 3, nil: undefined },
          ),
        ),
      )
      .map((present) => Object.fromEntries(present.filter((entry) => entry !== undefined)) as Json),
  );
}

const tables = objectOf(3).chain((row) => fc.array(row, { maxLength: 12 }));

/** JSON with spaces anywhere and characters escaped at random. */
function write(value: Json, random: () => number): string {
  const space = () => (random() < 0.2 ? [" ", "\t", "\r", "  "][Math.floor(random() * 4)]! : "");
  const quote = (text: string) =>
    random() < 0.3
      ? `"${[...Array(text.length).keys()].map((i) => `\\u${text.charCodeAt(i).toString(16).padStart(4, "0")}`).join("")}"`
      : JSON.stringify(text);
  const one = (v: Json): string => {
    if (typeof v === "string") return quote(v);
    if (Array.isArray(v)) return `[${space()}${v.map((item) => space() + one(item) + space()).join(",")}]`;
    if (v === null || typeof v !== "object") return JSON.stringify(v);
    const members = Object.entries(v).map(
      ([key, member]) => `${space()}${quote(key)}${space()}:${space()}${one(member)}${space()}`,
    );
    return `{${space()}${members.join(",")}}`;
  };
  return space() + one(value) + space();
}

/** What a column of `field` should hold for a value that JSON.parse gave. */
function expected(value: Parsed | undefined, field: Field): Value {
  if (value === null || value === undefined) return null;
  if (field.kind === "list") return (value as Parsed[]).map((item) => expected(item, field.children[0]!));
  if (field.kind === "struct") return expectedRow(value as { [key: string]: Parsed }, field.children);
  if (field.kind === "utf8") {
    if (typeof value === "string") return value.toWellFormed();
    return value instanceof Literal ? value.number : String(value);
  }
  if (value instanceof Literal) {
    assert.equal(field.kind, "number");
    return { number: value.number };
  }
  assert.equal(field.kind, "bool");
  return value as boolean;
}

function expectedRow(row: { [key: string]: Parsed }, fields: readonly Field[]): Map<string, Value> {
  const byName = new Map(Object.entries(row).map(([key, value]) => [key.toWellFormed(), value]));
  for (const key of byName.keys()) {
    assert.ok(
      fields.some((field) => field.name === key),
      "a key is not described",
    );
  }
  return new Map(fields.map((field) => [field.name, expected(byName.get(field.name), field)]));
}

function checkAgainstParse(content: string, decoded: Decoded): void {
  const lines = content.split("\n").filter((line) => line.trim() !== "");
  assert.deepEqual(
    decoded.rows,
    lines.map((line) => expectedRow(parse(line), decoded.fields)),
  );
}

describe("JSON lines against JSON.parse", () => {
  it("gives the same values, whatever the schema, chunks and batches", async () => {
    const cases = fc.record({
      rows: tables,
      seed: fc.array(fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), { minLength: 1, maxLength: 20 }),
      plain: fc.boolean(),
      sizes: fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 4 }),
      batchBytes: fc.integer({ min: 1, max: 500 }),
    });
    await fc.assert(
      fc.asyncProperty(cases, async ({ rows, seed, plain, sizes, batchBytes }) => {
        let i = 0;
        const random = () => seed[i++ % seed.length]!;
        const content = rows.map((row) => (plain ? JSON.stringify(row) : write(row, random))).join("\n");
        const whole = await decode(jsonl, () => chunks(content), batchBytes);
        checkAgainstParse(content, whole);
        assert.deepEqual(await decode(jsonl, () => chunks(content, ...sizes), batchBytes), whole);
      }),
      { numRuns: 300 },
    );
  });

  it("takes and refuses the same lines", async () => {
    const piece = fc.constantFrom(
      ...'{}[]:,"\\ \t0123456789.eE+-truefalsn/bu\u0001é',
      "null",
      "true",
      '""',
      "[]",
      "{}",
      "\\u",
      "1e5",
    );
    const edits = fc.array(
      fc.record({ at: fc.nat(200), remove: fc.nat(2), insert: fc.oneof(fc.constant(""), piece) }),
      { minLength: 1, maxLength: 3 },
    );
    await fc.assert(
      fc.asyncProperty(
        objectOf(2).chain((row) => row),
        edits,
        async (row, changes) => {
          let line = JSON.stringify(row);
          for (const { at, remove, insert } of changes) {
            const from = at % (line.length + 1);
            line = line.slice(0, from) + insert + line.slice(from + remove);
          }
          line = line.toWellFormed();
          const ours = await decode(jsonl, () => chunks(line)).catch((error: Error) => error);
          if (line.trim() === "") return assert.ok(!(ours instanceof Error));
          if (!isObject(line)) return assert.ok(ours instanceof Error, `was taken: ${line}`);
          if (!(ours instanceof Error)) return checkAgainstParse(line, ours);
          // JSON.parse lets pass what cannot be columns, and the first of two equal keys.
          assert.match(ours.message, /stands where|key that this object does not have yet/, line);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it("does not depend on where chunks end", async () => {
    const content =
      '\ufeff{"id":1,"näme":"é\\u00e9😀","l":[{"a":true},{}]}\r\n\r\n{"l":null,"id":-1.5e3,"x":"\\ud83d\\ude00"}\n {}';
    const whole = await decode(jsonl, () => chunks(content), 30);
    checkAgainstParse(content.slice(1), whole);
    for (let size = 1; size <= Buffer.byteLength(content); size++) {
      assert.deepEqual(await decode(jsonl, () => chunks(content, size, 1_000), 30), whole);
      assert.deepEqual(await decode(jsonl, () => chunks(content, size), 30), whole);
    }
  });

  it("cuts batches after the line that fills them, by bytes or by elements", async () => {
    const lines = '{"a":123}\n'.repeat(10);
    assert.deepEqual((await decode(jsonl, () => chunks(lines, 7), 30)).batchRows, [3, 3, 3, 1]);
    assert.deepEqual((await decode(jsonl, () => chunks(lines), 21)).batchRows, [3, 3, 3, 1]);
    // Ten columns and the row itself for each of these lines, though they are three bytes long.
    const sparse = `{"a":1,"b":1,"c":1,"d":1,"e":1,"f":1,"g":1,"h":1,"i":1,"j":1}\n${"{}\n".repeat(9)}`;
    assert.deepEqual((await decode(jsonl, () => chunks(sparse), 33)).batchRows, [1, 3, 3, 3]);
  });
});

function isObject(line: string): boolean {
  try {
    const value = JSON.parse(line);
    return typeof value === "object" && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
