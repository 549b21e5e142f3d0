import fc from "fast-check";
import { z } from "zod";
import { type Kernels, loadKernels } from "../../src/kernels/load.ts";
import { maskNamed } from "../../src/masks/index.ts";
import type { Beside, ColumnMask, HitCounter, MaskContext } from "../../src/masks/mask.ts";
import type { Column } from "../../src/types.ts";
import { bitmap } from "../kernels/columns.ts";
import { text } from "../support/oracle/arbitrary.ts";

export const kernels: Kernels = loadKernels();

/** A column as plain values. */
export type Values = readonly (string | null)[];

/** Puts a column of text into the arena; `garbage` lies under its nulls, as it may in Arrow. */
export function textColumnOf(values: Values, garbage = ""): Column {
  const bytes = values.map((value) => Buffer.from(value ?? garbage));
  const offsets = Int32Array.from([0, ...bytes.map(runningTotal())]);
  const joined = Buffer.concat(bytes);
  const nullCount = values.filter((value) => value === null).length;
  const { memory } = kernels;
  return {
    field: { name: "column", kind: "utf8", children: [] },
    length: values.length,
    nullCount,
    validity: nullCount === 0 ? 0 : memory.put(bitmap(values.map((value) => value !== null))),
    offsets: memory.put(new Uint8Array(offsets.buffer)),
    values: memory.put(joined),
    valuesLength: joined.length,
    children: [],
  };
}

function runningTotal(): (bytes: Uint8Array) => number {
  let total = 0;
  return (bytes) => {
    total += bytes.length;
    return total;
  };
}

/** The values of a text column; anything that is not as the contract of `Column` says is an error. */
export function valuesOfColumn(column: Column): Values {
  const { memory } = kernels;
  const offsets = memory.i32(column.offsets, column.length + 1);
  if (offsets[0] !== 0 || offsets[column.length] !== column.valuesLength) throw new Error("offsets do not span values");
  const valid = (i: number) =>
    column.validity === 0 || (memory.u8(column.validity + (i >> 3), 1)[0]! & (1 << (i & 7))) !== 0;
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  const values = Array.from({ length: column.length }, (_, i) =>
    valid(i) ? decoder.decode(memory.u8(column.values + offsets[i]!, offsets[i + 1]! - offsets[i]!)) : null,
  );
  if (values.filter((value) => value === null).length !== column.nullCount) throw new Error("null count is wrong");
  return values;
}

const nothing = (): never => {
  throw new Error("this column stands alone");
};

/** What stands beside a column without records around it. */
export const ALONE: Beside = { text: nothing, rows: nothing, leaf: nothing };

/** Runs a column function over plain values; the input column must come out unchanged. */
export function throughColumn(
  mask: ColumnMask,
  values: Values,
  garbage = "",
  beside?: (column: Column) => Beside,
): Values {
  kernels.memory.reset();
  const column = textColumnOf(values, garbage);
  const masked = valuesOfColumn(mask(column, kernels, beside?.(column) ?? ALONE));
  const after = valuesOfColumn(column);
  if (after.some((value, i) => value !== values[i])) throw new Error("the mask changed its input");
  return masked;
}

/** A mask with its defaults completed, as a decision has it. */
export function compiled(
  name: string,
  options: Readonly<Record<string, unknown>>,
  context: MaskContext,
  hit: HitCounter = () => undefined,
): ColumnMask {
  const declaration = maskNamed(name);
  const complete = z.object(declaration.options(z)).parse(options);
  return declaration.compile!(complete as never, context, hit);
}

/** What the house rule makes of a twin: null stays null, empty stays empty. */
export function byRow(values: Values, twin: (value: string) => string): Values {
  return values.map((value) => (value ? twin(value).toWellFormed() : value));
}

/** Long values, so that buffers grow and joins are cut. */
const long = fc
  .tuple(text, fc.integer({ min: 100, max: 3000 }))
  .map(([piece, times]) => piece.repeat(Math.ceil(times / Math.max(piece.length, 1))));

const asciiText = fc.string({
  unit: fc.constantFrom(..."abz AZ059.-_@+()/:;,\"'\\\n\r\t\0\x01\x1f\x7f".split("")),
  maxLength: 30,
  size: "max",
});

const separators = fc.constantFrom("", "\n", "\0", "a\nb", "\x01\x1f\x7f\0\n", "\r", "\u2028", "x");

/** Columns with nulls, empty values, separators, other scripts; half of them ASCII. */
export const columns = columnsOf(
  60,
  text,
  asciiText,
  fc.oneof({ weight: 20, arbitrary: text }, { weight: 1, arbitrary: long }),
  separators,
);

/** Columns of short values, for patterns that backtrack. */
export const shortColumns = columnsOf(
  25,
  fc.string({
    unit: fc.constantFrom(..."abzAK0 _.-@\n\r\0\x01éßſK😀\u2028"),
    maxLength: 8,
    size: "max",
  }),
  fc.string({ unit: fc.constantFrom(..."aabzAK05 _.-@".split("")), maxLength: 8, size: "max" }),
  fc.string({ unit: fc.constantFrom(..."aab \n\r\0\x01\x1f\x7f".split("")), maxLength: 6, size: "max" }),
  separators,
);

function columnsOf(most: number, ...kinds: fc.Arbitrary<string>[]): fc.Arbitrary<Values> {
  return fc
    .tuple(fc.constantFrom(...kinds), fc.constantFrom(0, 1, 5), fc.integer({ min: 0, max: most }))
    .chain(([value, nulls, length]) =>
      fc.array(
        nulls === 0
          ? value
          : fc.oneof({ weight: 5, arbitrary: value }, { weight: nulls, arbitrary: fc.constant(null) }),
        {
          minLength: length,
          maxLength: length,
          size: "max",
        },
      ),
    );
}
