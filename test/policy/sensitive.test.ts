import assert from "node:assert/strict";
import { it } from "node:test";
import { lookOf, lookOfLeaf, looksSensitive } from "../../src/policy/sensitive.ts";
import { LOOKS } from "../../src/policy/sensitive-words.ts";
import type { Kind } from "../../src/types.ts";
import { field } from "./policies.ts";
import { HARMLESS, SENSITIVE } from "./sensitive-names.ts";

const sensitive = Object.entries(SENSITIVE).map(([meaning, names]) => ({ meaning, names: names.trim().split(/\s+/) }));
const harmless = HARMLESS.trim().split(/\s+/);

it("names that look sensitive are seen in any language, case and spelling, with what they look like", () => {
  const wrong = sensitive.flatMap(({ meaning, names }) =>
    names
      .filter((name) => looksSensitive(name) !== `looks like ${meaning}`)
      .map((name) => `${name}: ${looksSensitive(name) ?? "not seen"}, is ${meaning}`),
  );
  assert.deepEqual(wrong, []);
  assert.ok(sensitive.flatMap(({ names }) => names).length >= 300);
  assert.deepEqual(sensitive.map(({ meaning }) => meaning).toSorted(), Object.values(LOOKS).toSorted());
});

it("names of what tells nothing of a person are left alone", () => {
  const wrong = harmless.filter((name) => looksSensitive(name) !== undefined);
  assert.deepEqual(
    wrong.map((name) => `${name} ${looksSensitive(name)}`),
    [],
  );
  assert.ok(harmless.length >= 300);
  assert.equal(looksSensitive(""), undefined);
});

it("a type that cannot hold it makes a name harmless", () => {
  const cases: [string, Kind, boolean][] = [
    ["phone", "bool", false],
    ["phone", "timestamp", false],
    ["phone", "int64", true],
    ["phone", "float64", true],
    ["phone", "int16", false],
    ["birthDate", "date32", true],
    ["age", "int8", true],
    ["cvv", "int16", true],
    ["pin", "int32", true],
    ["email", "int32", false],
    ["email", "binary", true],
    ["name", "int64", false],
    ["cardExpiry", "date32", true],
    ["pregnant", "bool", true],
    ["addressDate", "utf8", false],
    ["zip", "int32", true],
    ["latitude", "float32", true],
    ["birth", "null", true],
    ["password", "duration", false],
  ];
  for (const [name, kind, seen] of cases) assert.equal(lookOf(name, kind) !== undefined, seen, `${name} ${kind}`);
});

it("a name that says only that something is a value is read with the one above it", () => {
  const look = (path: string) => {
    const name = path
      .replace(/(?:\[\]|\{\})+$/, "")
      .split(".")
      .at(-1)!
      .replace(/(?:\[\]|\{\})+$/, "");
    return lookOfLeaf({ path, name, field: field(name) });
  };
  assert.equal(look("workPhone.display"), "phone");
  assert.equal(look("contacts[].homePhone[].userInput"), "phone");
  assert.equal(look("card.number"), "card");
  assert.equal(look("customer.name.first"), "name");
  assert.equal(look("birth.year"), "birth");
  assert.equal(look("customer.name"), "name");
  assert.equal(look("name"), "name");
  assert.equal(look("queue.name"), undefined);
  assert.equal(look("divisions[].name"), undefined);
  assert.equal(look("queue.id"), undefined);
  assert.equal(look("phone.type"), undefined);
  assert.equal(look("queue.ani"), "phone");
  assert.equal(look("phones[]"), "phone");
});

it("takes time in line with a name's length", () => {
  const name = "phoneNumberCustomer".repeat(20_000);
  assert.equal(lookOf(name), "phone");
  assert.equal(lookOf("a".repeat(100_000)), undefined);
  assert.equal(lookOf("A".repeat(100_000)), undefined);
  assert.equal(lookOf(`${"1".repeat(100_000)}a`), undefined);
  assert.equal(lookOf("_name".repeat(100_000)), "name");
  assert.equal(lookOf("名".repeat(100_000)), undefined);
});
