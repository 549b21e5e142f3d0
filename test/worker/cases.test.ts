/** Entries of maps masked by their key, against the row-by-row oracle. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { loadKernels } from "../../src/kernels/load.ts";
import type { Field, Kind } from "../../src/types.ts";
import { type Rule, tables } from "../support/oracle/arbitrary.ts";
import { arrowTable } from "../support/oracle/arrow.ts";
import { type Decide, decisions, type Mask, maskedJsonLines } from "../support/oracle/oracle.ts";
import type { Table, Value } from "../support/oracle/value.ts";
import { environment, masterKey, overIpc, tableLines } from "./batches.ts";

const kernels = loadKernels();

function check(table: Table, rules: readonly Rule[]): void {
  const said = decisions(rules.map((rule) => [rule.path.replaceAll("{}", "{*}"), rule]));
  const expected = maskedJsonLines(table, entryWise(rules, said), { environment, masterKey });
  assert.equal(tableLines(overIpc(arrowTable(table)), rules, kernels), expected);
}

const STRUCTURAL = new Set(["keep", "drop", "null"]);
/** Leaves a value as the text it is. */
const asText: Mask = { mask: "regex", patterns: [{ match: "(?!)" }] };

/** A map with rules for keys is never dropped whole, and where some of its entries become text, all do. */
function entryWise(rules: readonly Rule[], said: Decide): Decide {
  return (path) => {
    const base = /^(.*)\{[^{}]*\}$/s.exec(path)?.[1];
    if (base === undefined) return said(path);
    const map = base.replace(/\{[^{}]*\}/g, "{}");
    const own = rules.filter((rule) => rule.path.startsWith(`${map}{`) && rule.path.endsWith("}"));
    const whole = own.findIndex((rule) => /\{\**\}$/.test(rule.path));
    const reached = whole < 0 ? own : own.slice(0, whole + 1);
    const keyed = reached.length > (whole < 0 ? 0 : 1);
    if (keyed && path.endsWith("{}") && said(path)?.mask === "drop") return undefined;
    const mask = said(path) ?? { mask: "keep" };
    return keyed && mask.mask === "keep" && reached.some((one) => !STRUCTURAL.has(one.mask)) ? asText : mask;
  };
}

function mapTable(kind: Kind, rows: readonly Value[], more: Partial<Field> = {}): Table {
  const child = (name: string, of: Kind, rest: object = {}): Field => ({ name, kind: of, children: [], ...rest });
  const map: Field = { name: "m", kind: "map", children: [child("key", "utf8"), child("value", kind, more)] };
  return { fields: [map, child("n", "int32")], rows: rows.map((row, index) => [row, index]) };
}

const anyMasks: readonly Mask[] = [{ mask: "keep" }, { mask: "drop" }, { mask: "null" }, { mask: "token" }];
const textMasks: readonly Mask[] = [...anyMasks, { mask: "replace", with: "" }, { mask: "pan" }, { mask: "scan" }];

describe("masks by key", () => {
  const rows: Value[] = [
    [
      ["ssn", "078-05-1120"],
      ["name", "Zoë"],
      ["cardNumber", "4111111111111111"],
    ],
    [],
    null,
    [
      ["SSN", null],
      ["other", ""],
      ["customerSsn", "x"],
    ],
    [["name", "a"]],
  ];

  it("each entry follows the first rule whose pattern its key matches, else the rest's; dropped entries go", () => {
    const first = ["keep", "drop", "null", "token"] as const;
    for (const a of first) {
      for (const b of first) {
        for (const rest of first) {
          check(mapTable("utf8", rows), [
            { path: "m{*ssn*}", mask: a },
            { path: "m{*s*}", mask: "drop" },
            { path: "m{name}", mask: b },
            { path: "m{}", mask: rest },
          ]);
        }
      }
    }
  });

  it("takes values of every kind, kept as they are or masked by their text", () => {
    const some: [Kind, Value[], Partial<Field>?][] = [
      ["int64", [1n, -(2n ** 63n)]],
      ["uint8", [255, 0]],
      ["bool", [true, false]],
      ["float64", [0.1, Number.NaN]],
      ["decimal", [12345n, -1n], { scale: 2, width: 16 }],
      ["date32", [0, 20_000]],
      ["timestamp", [1_700_000_000_000_000n, -1n], { unit: "us", utc: true }],
      ["time", [1n, 86_399_000_000n], { unit: "us" }],
    ];
    for (const [kind, values, more] of some) {
      const [one, two] = values as [Value, Value];
      const table = mapTable(
        kind,
        [
          [
            ["a", one],
            ["b", two],
            ["c", null],
          ],
          null,
          [
            ["b", one],
            ["A", two],
          ],
        ],
        more,
      );
      for (const { mask } of anyMasks) {
        for (const rest of ["keep", "drop", "null", "token"] as const) {
          check(table, [{ path: "m{a}", mask } as Rule, { path: "m{}", mask: rest }]);
        }
      }
    }
  });

  it("bytes that are kept beside masked ones are base64, as anywhere", () => {
    const table = mapTable("binary", [
      [
        ["a", new Uint8Array([0xff, 0xfe])],
        ["b", new Uint8Array(Buffer.from("é"))],
      ],
    ]);
    const lines = (rules: readonly Rule[]) => tableLines(overIpc(arrowTable(table)), rules, kernels);
    const kept = '{"m":{"a":"//4=","b":"w6k="},"n":0}\n';
    assert.equal(lines([{ path: "m{b}", mask: "keep" }]), kept);
    const pan: Rule = { path: "m{b}", mask: "replace", with: "x" };
    assert.equal(lines([pan]), '{"m":{"a":"//4=","b":"x"},"n":0}\n');
    assert.equal(lines([pan, { path: "m{a}", mask: "drop" }]), '{"m":{"b":"x"},"n":0}\n');
  });

  it("an entry without a name follows the rest's rule", () => {
    const table = mapTable("utf8", [[["", "x"]], [["a", "y"]]]);
    const lines = tableLines(
      overIpc(arrowTable(table)),
      [
        { path: "m{*a*}", mask: "drop" },
        { path: "m{}", mask: "replace", with: "z" },
      ],
      kernels,
    );
    assert.equal(lines, '{"m":{"":"z"},"n":0}\n{"m":{},"n":1}\n');
  });

  it("holds on random maps at any depth", () => {
    const withRules = tables.map(named).chain((table) => {
      const leaves = table.fields.flatMap((field) => mapLeaves(field, field.name));
      const rule = ([path, kind]: readonly [string, Kind]) =>
        fc
          .tuple(
            fc.constantFrom("*a*", "a", "1*", "*\n*", "é*", "-*", "*", "*2*", ""),
            fc.constantFrom(...(kind === "utf8" ? textMasks : anyMasks)),
          )
          .map(([key, mask]): Rule => ({ path: path.replace(/\{\}$/, `{${key}}`), ...mask }));
      const rules =
        leaves.length === 0 ? fc.constant([]) : fc.array(fc.constantFrom(...leaves).chain(rule), { maxLength: 6 });
      return fc.record({ table: fc.constant(table), rules });
    });
    fc.assert(
      fc.property(withRules, ({ table, rules }) => check(table, rules)),
      { numRuns: 400, endOnFailure: true },
    );
  });
});

/** Paths of maps whose values are leaves. */
function mapLeaves(field: Field, path: string): (readonly [string, Kind])[] {
  if (field.kind === "struct") return field.children.flatMap((child) => mapLeaves(child, `${path}.${child.name}`));
  if (field.kind === "list") return mapLeaves(field.children[0]!, `${path}[]`);
  if (field.kind !== "map") return [];
  const value = field.children[1]!;
  // The oracle has no name for bytes that are text where others are masked: see above.
  if (value.kind === "binary") return [];
  return value.children.length === 0 ? [[`${path}{}`, value.kind]] : mapLeaves(value, `${path}{}`);
}

function nameOf(key: Value): Value {
  return typeof key === "string" ? key.replace(/[{}]/g, "_") || "unnamed" : key;
}

/** The oracle takes `m{}` for all entries of a map, and its paths cannot say braces: such names become others. */
function named({ fields, rows }: Table): Table {
  const renamed = (field: Field, value: Value): Value => {
    if (!Array.isArray(value)) return value;
    const of = (index: number, one: Value) => renamed(field.children[index]!, one);
    if (field.kind === "struct") return value.map((one: Value, index) => of(index, one));
    if (field.kind === "list") return value.map((one: Value) => of(0, one));
    return value.map(([key, one]: [Value, Value]) => [nameOf(key), of(1, one)]);
  };
  return { fields, rows: rows.map((row) => row.map((value, index) => renamed(fields[index]!, value))) };
}
