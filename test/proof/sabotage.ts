/**
 * Preloaded into a run and its workers (`--import`), it breaks a mask in the way that SABOTAGE names: what verification
 * must catch. The product knows nothing of it.
 */
import { maskNamed } from "../../src/masks/index.ts";
import type { ColumnMask, MaskDeclaration } from "../../src/masks/mask.ts";
import { mapValues, valuesOf } from "../../src/masks/text.ts";

let names: readonly (string | undefined)[] = [];
let calls = 0;

const SABOTAGES: Readonly<Record<string, readonly [mask: string, by: (mask: ColumnMask) => ColumnMask]>> = {
  "passes through": ["token", () => (column) => column],
  "leaves one format": [
    "phone",
    (mask) => (column, kernels, beside) => {
      const masked = valuesOf(mask(column, kernels, beside), kernels);
      const values = valuesOf(column, kernels);
      const filled = Array.from({ length: values.length }, (_, index) => index).filter((index) => values.at(index));
      let at = 0;
      return mapValues(column, kernels, (value) => {
        const index = filled[at++]!;
        return value.startsWith("(") ? value.replace(/[() -]+/g, "|") : masked.at(index)!;
      });
    },
  ],
  "maps many to one": [
    "token",
    (mask) => (column, kernels, beside) =>
      mask(
        mapValues(column, kernels, (value) => value.slice(0, 1)),
        kernels,
        beside,
      ),
  ],
  "gives two tokens for one value": [
    "token",
    (mask) => (column, kernels, beside) =>
      mask(
        mapValues(column, kernels, (value) => value + (calls++ % 3 === 0 ? "" : "x")),
        kernels,
        beside,
      ),
  ],
  "loses nulls": [
    "token",
    (mask) => (column, kernels, beside) => ({ ...mask(column, kernels, beside), validity: 0, nullCount: 0 }),
  ],
};

function broken(declaration: MaskDeclaration, by: (mask: ColumnMask) => ColumnMask): void {
  const { compile } = declaration;
  Object.assign(declaration, {
    compile: (...args: Parameters<NonNullable<typeof compile>>) => by(compile!(...args)),
  });
}

const wanted = process.env.SABOTAGE;
const sabotage = wanted === undefined ? undefined : SABOTAGES[wanted];
if (sabotage) broken(maskNamed(sabotage[0]), sabotage[1]);
if (wanted === "copies names into notes") {
  broken(maskNamed("token"), (mask) => (column, kernels, beside) => {
    const values = valuesOf(column, kernels);
    const own = Array.from({ length: values.length }, (_, index) => values.at(index));
    if (!own.some((value) => value && /\d/.test(value))) names = own;
    return mask(column, kernels, beside);
  });
  broken(maskNamed("scan"), (mask) => (column, kernels, beside) => {
    let at = 0;
    return mapValues(mask(column, kernels, beside), kernels, (value) => `${value} said ${names[at++]} to us`);
  });
}
