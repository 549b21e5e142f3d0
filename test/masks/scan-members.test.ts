/** JSON documents among text: names tell what no detector finds. */
import assert from "node:assert/strict";
import { it } from "node:test";
import { looksSensitive } from "../../src/policy/sensitive.ts";
import { context } from "../detectors/scan.ts";
import { compiled, throughColumn } from "./columns.ts";

function scanned(...texts: string[]) {
  const hits: Record<string, number> = {};
  const judge = (name: string) => (looksSensitive(name) === undefined ? undefined : ("sensitive" as const));
  const mask = compiled("scan", {}, { ...context, judge }, (name, found) => {
    hits[name] = (hits[name] ?? 0) + found;
  });
  return { texts: throughColumn(mask, texts), hits };
}

it("values under names that look sensitive are replaced, at any depth and however the name is written", () => {
  const cases: Record<string, string> = {
    '{"firstName":"Zoe","n":1}': '{"firstName":"[MASKED]","n":1}',
    ' [ { "data": { "lastName": "Meyer", "score": 2 } } ]': '[{"data":{"lastName":"[MASKED]","score":2}}]',
    '{"first\\u004eame":"Zoe"}': '{"firstName":"[MASKED]"}',
    '{"lastName":null,"firstName":""}': '{"lastName":null,"firstName":""}',
    '{"firstName":["Zoe","Ann"],"note":"call +14155550100"}':
      '{"firstName":["[MASKED]","[MASKED]"],"note":"call [PHONE]"}',
    '{"firstName\\"":"Zoe"}': '{"firstName\\"":"[MASKED]"}',
    '{"say \\"hi\\"":{"firstName" : "Zoe"}}': '{"say \\"hi\\"":{"firstName":"[MASKED]"}}',
    '{"phoneNumber":4155550100}': '{"phoneNumber":"[MASKED]"}',
  };
  const { texts, hits } = scanned("talk", ...Object.keys(cases), "{");
  assert.deepEqual(texts, ["talk", ...Object.values(cases), "{"]);
  assert.deepEqual(hits, { member: 8, phone: 1 });
});

it("what holds none, or is no document, stays as it is written", () => {
  const same = ['{ "queue" : "Sales",  "n": 1.50 }', "[1, 2]", "{firstName: Zoe}", "{}", "[", '{"firstName"', "", " "];
  assert.deepEqual(scanned(...same), { texts: same, hits: {} });
});
