/** Masks that look at what stands beside a value, against the same rule read row by row. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { loadKernels } from "../../src/kernels/load.ts";
import type { Beside } from "../../src/masks/mask.ts";
import { valuesOf } from "../../src/masks/text.ts";
import type { Batch, Field, Kind } from "../../src/types.ts";
import { insideList, insideStruct, LeafBeside, recordScope } from "../../src/worker/beside.ts";
import { fieldsOf } from "../../src/worker/schema.ts";
import type { Rule } from "../support/oracle/arbitrary.ts";
import { arrowTable } from "../support/oracle/arrow.ts";
import type { Value } from "../support/oracle/value.ts";
import { imported, overIpc, tableLines } from "./batches.ts";

const kernels = loadKernels();

const field = (name: string, kind: Kind = "utf8", ...children: Field[]): Field => ({ name, kind, children });
const FIELDS: readonly Field[] = [
  field("kind"),
  field("count", "int32"),
  field(
    "parts",
    "list",
    field(
      "item",
      "struct",
      field("purpose"),
      field("name"),
      field("inner", "struct", field("value")),
      field("notes", "list", field("item")),
      field("attributes", "map", field("key"), field("value")),
    ),
  ),
];

const word = fc.constantFrom("x", "yy", "Customer", "agent", "", "é", "call 1");
const maybe = (one: fc.Arbitrary<Value>): fc.Arbitrary<Value> =>
  fc.oneof({ weight: 4, arbitrary: one }, { weight: 1, arbitrary: fc.constant(null) });
const part = maybe(
  fc.tuple(
    maybe(word),
    maybe(word),
    maybe(fc.tuple(maybe(word)) as fc.Arbitrary<Value>),
    maybe(fc.array(maybe(word), { maxLength: 3 })),
    maybe(
      fc
        .uniqueArray(word, { maxLength: 3 })
        .map((keys) => keys.map((key) => [key, key === "x" ? null : `v ${key}`] as Value)),
    ),
  ) as fc.Arbitrary<Value>,
);
const rows = fc.array(
  fc.tuple(maybe(word), maybe(fc.integer({ min: 0, max: 3 })), maybe(fc.array(part, { maxLength: 4 }))),
  { maxLength: 12 },
);

const CUSTOMER = (value: Value) => /^cust.*$/iu.test(String(value ?? ""));
const KINDS = (value: Value) => value === "x" || /^y+$/u.test(String(value ?? ""));

const rules = [
  { path: "parts[].name", when: { field: "purpose", is: ["cust*"] }, mask: "replace", with: "A" },
  { path: "parts[].name", when: { field: "kind", is: ["x", "/^y+$/"] }, mask: "null" },
  { path: "parts[].inner.value", when: { field: "purpose", is: ["Customer"] }, mask: "replace", with: "B" },
  { path: "parts[].notes[]", when: { field: "count", is: ["2", "3"] }, mask: "replace", with: "C" },
  { path: "parts[].notes[]", when: { is: ["call *"] }, mask: "drop" },
  { path: "parts[].attributes{x}", when: { field: "purpose", is: ["cust*"] }, mask: "drop" },
  { path: "parts[].attributes{*}", when: { field: "purpose", is: ["cust*"] }, mask: "replace", with: "D" },
  { path: "parts[].attributes{yy}", mask: "drop" },
] as unknown as readonly Rule[];

/** The same rules, a value at a time. An empty value stays empty, null stays null. */
function masked([kind, count, parts]: readonly Value[]): unknown {
  const to = (value: Value, by: string) => (value === null || value === "" ? value : by);
  const many = (parts as readonly Value[] | null)?.map((one) => {
    if (one === null) return null;
    const [purpose, name, inner, notes, attributes] = one as readonly Value[];
    const customer = CUSTOMER(purpose!);
    return {
      purpose,
      name: customer ? to(name!, "A") : KINDS(kind!) ? null : name,
      inner: inner && { value: customer ? to((inner as Value[])[0]!, "B") : (inner as Value[])[0] },
      notes:
        notes &&
        (notes as Value[]).map((note) =>
          Number(count) >= 2 && count !== null ? to(note, "C") : /^call /i.test(String(note ?? "")) ? null : note,
        ),
      attributes:
        attributes &&
        Object.fromEntries(
          (attributes as [string, Value][]).flatMap(([key, value]) =>
            customer ? (key === "x" ? [] : [[key, to(value, "D")]]) : key === "yy" ? [] : [[key, value]],
          ),
        ),
    };
  });
  return { kind, count, parts: parts === null ? null : many };
}

describe("rules by what stands beside a value", () => {
  it("follow the first whose value, the nearest of its name, is as they say", () => {
    fc.assert(
      fc.property(rows, (values) => {
        const lines = tableLines(overIpc(arrowTable({ fields: FIELDS, rows: values as Value[][] })), rules, kernels);
        const got = lines
          .split("\n")
          .slice(0, -1)
          .map((line) => JSON.parse(line));
        assert.deepEqual(got, JSON.parse(JSON.stringify(values.map((row) => masked(row as Value[])))));
      }),
      { numRuns: 300 },
    );
  });
});

describe("what stands beside a leaf", () => {
  const purposes = (batch: Batch, take: (beside: Beside) => unknown) => {
    const parts = batch.columns[2]!;
    const item = parts.children[0]!;
    const scope = insideStruct(insideList(recordScope(batch), parts, kernels), item.children);
    return take(new LeafBeside(scope, item.length, batch, kernels));
  };
  const read = (values: readonly Value[][], take: (beside: Beside) => unknown): unknown => {
    kernels.memory.reset();
    const table = overIpc(arrowTable({ fields: FIELDS, rows: values }));
    return table.batches.length === 0
      ? []
      : purposes(imported(table.batches[0]!, fieldsOf(table.schema), kernels), take);
  };

  it("has the row of each element, and every leaf of the record by its path", () => {
    fc.assert(
      fc.property(rows, (values) => {
        const flat = values.flatMap(([, , parts], row) => ((parts ?? []) as Value[]).map((one) => ({ row, one })));
        const asked = read(values as Value[][], (beside) => {
          const { column, rows: at } = beside.leaf("parts[].name");
          const texts = valuesOf(column, kernels);
          return [[...beside.rows()], [...at], Array.from(at, (_, index) => texts.at(index) ?? "")];
        });
        const own = flat.map(({ row }) => row);
        const names = flat.map(({ one }) => (one as Value[] | null)?.[1] ?? "");
        if (values.length > 0) assert.deepEqual(asked, [own, own, names]);
      }),
      { numRuns: 100 },
    );
  });
});
