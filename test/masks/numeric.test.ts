/** A numeric mask on numeric columns, as a worker runs it. */
import assert from "node:assert/strict";
import { it } from "node:test";
import type { Column, Decision } from "../../src/types.ts";
import { BatchMasker } from "../../src/worker/mask.ts";
import { kernels, textColumnOf, valuesOfColumn } from "./columns.ts";

const setup = { environment: "sandbox-01", key: Buffer.alloc(32, 1) } as unknown as ConstructorParameters<
  typeof BatchMasker
>[1];

function decision(mask: string, options: Readonly<Record<string, unknown>>): Decision {
  return { mask, options, rule: "test" };
}

const round = decision("number", { to: "round", step: 10, within: "10%", with: "[NUMBER]" });

function int32(values: readonly number[]): Column {
  const bytes = new Uint8Array(Int32Array.from(values).buffer);
  return {
    ...textColumnOf(values.map(() => "")),
    field: { name: "amount", kind: "int32", children: [] },
    offsets: 0,
    values: kernels.memory.put(bytes),
    valuesLength: bytes.length,
  };
}

it("number leaves a numeric column numeric and text text", () => {
  kernels.memory.reset();
  const masker = new BatchMasker(
    ["a", "b"].map((path) => ({ ...round, path, cases: [] })),
    setup,
  );
  const columns = [int32([14, -15, 0]), textColumnOf(["14", "x", null])];
  const { batch, leaves } = masker.apply({ rows: 3, columns }, kernels);
  assert.deepEqual(
    batch.columns.map((column) => column.field.kind),
    ["number", "utf8"],
  );
  assert.deepEqual(batch.columns.map(valuesOfColumn), [
    ["10", "-20", "0"],
    ["10", "[NUMBER]", null],
  ]);
  assert.deepEqual(
    leaves.map(({ masked }) => masked),
    [2, 2],
  );
});

it("number by keys of a map masks the entries that it is for", () => {
  kernels.memory.reset();
  const keep = decision("keep", {});
  const masker = new BatchMasker([{ ...keep, path: "m{}", cases: [{ keys: "^amount$", decision: round }] }], setup);
  const map: Column = {
    ...textColumnOf(["", ""]),
    field: { name: "m", kind: "map", children: [] },
    offsets: kernels.memory.put(new Uint8Array(Int32Array.of(0, 2, 3).buffer)),
    children: [textColumnOf(["amount", "other", "amount"]), int32([14, 14, 26])],
  };
  const { batch } = masker.apply({ rows: 2, columns: [map] }, kernels);
  assert.deepEqual(valuesOfColumn(batch.columns[0]!.children[1]!), ["10", "14", "30"]);
});

it("a date is shifted by what stands beside it in its own record", () => {
  kernels.memory.reset();
  const shift = decision("date", { to: "shift", by: "id", days: 365, asOf: 2030, order: "mdy", with: "[DATE]" });
  const keep = decision("keep", {});
  const masker = new BatchMasker(
    [
      { ...keep, path: "id", cases: [] },
      { ...shift, path: "born", cases: [] },
    ],
    setup,
  );
  const id = textColumnOf(["a", "a", null, "b"]);
  const born = textColumnOf(["2001-01-01", "2001-01-02", "2001-01-01", null]);
  const columns = [
    { ...id, field: { ...id.field, name: "id" } },
    { ...born, field: { ...born.field, name: "born" } },
  ];
  const [first, second, third, none] = valuesOfColumn(masker.apply({ rows: 4, columns }, kernels).batch.columns[1]!);
  const day = 86_400_000;
  assert.equal(Date.parse(second!) - Date.parse(first!), day);
  assert.notEqual(first, "2001-01-01");
  assert.deepEqual([third, none], ["2001", null]);
});
