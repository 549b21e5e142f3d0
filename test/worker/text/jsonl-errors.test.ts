import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { jsonl } from "../../../src/worker/text/format.ts";
import { chunks, drain, isBadInput, kernels } from "./support.ts";

const BAD_SYNTAX: [string, RegExp][] = [
  ["{", /byte 2: expected a key/],
  ['{"s3cret"}', /byte 10: expected a colon/],
  ['{"s3cret":}', /byte 11: expected a value/],
  ['{"a":"s3cret"', /byte 14: expected a comma or }/],
  ['{"a":"s3cret', /byte 13: expected the end of a string/],
  ['{"a":"s3cret\\', /expected an escape/],
  ['{"a":"s3cret\\"', /the end of a string/],
  ['{"a":"s3cret\\x"}', /expected an escape that JSON has/],
  ['{"a":"s3cret\\u12"}', /four hexadecimal digits/],
  ['{"a":"s3cret\\u12', /four hexadecimal digits/],
  ['{"a":"s3cret\t"}', /an escaped control character/],
  ['{"a":"s3cret",}', /byte 15: expected a key/],
  ["{'a':1}", /expected a key in double quotes/],
  ['{"a":01}', /byte 7: expected a comma/],
  ['{"a":+1}', /expected a value/],
  ['{"a":.5}', /expected a value/],
  ['{"a":1.}', /byte 8: expected a digit/],
  ['{"a":1e}', /expected a digit/],
  ['{"a":-}', /expected a digit/],
  ['{"a":- 1}', /expected a digit/],
  ['{"a":NaN}', /expected a value/],
  ['{"a":nul}', /expected a value/],
  ['{"a":True}', /expected a value/],
  ['{"a":truefalse}', /expected a comma/],
  ['{"a":[1,]}', /expected a value/],
  ['{"a":[1}', /expected a comma or ]/],
  ['{"a":[', /expected a value/],
  ['{"a":1} {"b":2}', /byte 9: expected the end of the line/],
  ['{"a":1}}', /expected the end of the line/],
  ['{"a":1}\u00a0', /expected the end of the line/],
  ["[1]", /byte 1: expected an object/],
  ["null", /expected an object/],
  ['"s3cret"', /expected an object/],
  ["s3cret", /expected an object/],
  ['{"a":1,"b":2,"\\u0061":3}', /byte 14: expected a key that this object does not have yet/],
  ['{"s3cret":1,"s3cret":2}', /byte 13: expected a key/],
  ['{"o":{"a":null,"a":null}}', /byte 16: expected a key/],
  ['{"":1,"":1}', /byte 7: expected a key/],
];

describe("JSON lines: errors", () => {
  for (const [line, message] of BAD_SYNTAX) {
    it(`refuses ${JSON.stringify(line)} by line and byte, without content`, async () => {
      for (const content of [line, `${line}\n`, `${line}\n{"a":"b"}\n`]) {
        await assert.rejects(jsonl.describe(chunks(`{"a":null}\n\n${content}`, 5)), (error) => {
          return isBadInput(/decoding JSON lines: line 3, byte \d+: expected/)(error) && isBadInput(message)(error);
        });
      }
    });
  }

  it("refuses the same while decoding", async () => {
    const { fields } = await jsonl.describe(chunks('{"a":[1],"b":"","o":{"a":1},"s3cret":1,"":1}'));
    for (const [line] of BAD_SYNTAX) {
      const all = drain(jsonl.batches(chunks(`{"a":null}\n${line}\n`), fields, 100, kernels));
      await assert.rejects(all, isBadInput(/decoding JSON lines: line 2, /));
    }
  });

  const conflicts: [string, string, RegExp][] = [
    ['{"a":1}', '{"a":{"x":"s3cret"}}', /line 2, a: an object stands where a number stood before/],
    ['{"a":{}}', '{"a":"s3cret"}', /line 2, a: a text stands where an object stood/],
    ['{"a":[]}', '{"a":{}}', /line 2, a: an object stands where a list stood/],
    ['{"o":[{"a":[true]}]}', '{"o":[{"a":[["s3cret"]]}]}', /line 2, o\[\]\.a\[\]: a list stands where a boolean stood/],
  ];
  for (const [before, after, message] of conflicts) {
    it(`refuses ${after} after ${before}`, async () => {
      await assert.rejects(jsonl.describe(chunks(`${before}\n${after}\n`)), isBadInput(message));
    });
  }

  const changes: [string, string, RegExp][] = [
    ['{"a":1}', '{"s3cret":1}', /line 1, the object holds what was not there before/],
    ['{"o":{"a":1}}', '{"o":{"s3cret":1}}', /line 1, o holds/],
    ['{"a":1}', '{"a":"s3cret"}', /line 1, a holds/],
    ['{"a":1}', '{"a":true}', /line 1, a holds/],
    ['{"a":true}', '{"a":1}', /line 1, a holds/],
    ['{"a":null}', '{"a":1}', /line 1, a holds/],
    ['{"a":"x"}', '{"a":{}}', /line 1, a holds/],
    ['{"a":{}}', '{"a":[]}', /line 1, a holds/],
    ['{"a":[{"b":[]}]}', '{"a":[{"b":[1]}]}', /line 1, a\[\]\.b\[\] holds/],
  ];
  for (const [described, found, message] of changes) {
    it(`refuses ${found} where ${described} was described: the file changed`, async () => {
      const { fields } = await jsonl.describe(chunks(described));
      await assert.rejects(drain(jsonl.batches(chunks(found), fields, 100, kernels)), isBadInput(message));
    });
  }

  it("refuses a line whose sparse lists would unfold beyond memory", async () => {
    const wide = JSON.stringify({ l: [Object.fromEntries(Array.from({ length: 9_000 }, (_, i) => [`k${i}`, 1]))] });
    const sparse = JSON.stringify({ l: Array.from({ length: 8_000 }, () => ({})) });
    const { fields } = await jsonl.describe(chunks(`${wide}\n${sparse}`));
    await assert.rejects(
      drain(jsonl.batches(chunks(sparse), fields, 2 ** 20, kernels)),
      isBadInput(/line 1, l: .*too much/),
    );
  });

  it("refuses a batch size that is none", async () => {
    for (const size of [0, -1, 1.5, Number.NaN, 2 ** 29]) {
      await assert.rejects(drain(jsonl.batches(chunks("{}"), [], size, kernels)), RangeError);
    }
  });

  it("passes on what the source throws", async () => {
    async function* failing() {
      yield Buffer.from('{"a":1}\n');
      throw new Error("the store is gone");
    }
    await assert.rejects(jsonl.describe(failing()), /the store is gone/);
  });
});
