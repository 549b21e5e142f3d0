import { SMALL_ZIP3 } from "./data/zip3.ts";
import { declareMask, TEXT_AND_NUMBERS } from "./mask.ts";
import { memoised } from "./memo.ts";
import { mapValues } from "./text.ts";

export const zip = declareMask({
  name: "zip",
  summary:
    "a ZIP code's first three digits, 000 where they stand for 20,000 people or fewer (45 CFR 164.514(b)(2)(i)(B)); a Canadian code's first letter, a British one's area",
  options: (z) => ({
    census: z
      .enum(["union", "2000", "2010"])
      .default("union")
      .describe("whose list of small areas holds; union: an area of either"),
    with: z.string().default("000").describe("written in place of small areas and of what cannot be read"),
  }),
  accepts: TEXT_AND_NUMBERS,
  action: "text",
  counts: "all",
  compile: ({ census, with: by }) => {
    const small = SMALL_ZIP3[census];
    return memoised((column, kernels) =>
      mapValues(column, kernels, (value) => {
        const area = areaOf(value.trim());
        return area === undefined || small.has(area) ? by : area;
      }),
    );
  },
});

/** Five digits, or nine; one less of each where a number has lost its zero. */
const US = /^(?:\d{4,5}|\d{8,9}|\d{5}[- ]\d{4})$/;
/** Letters that Canada Post does not use in front: D, F, I, O, Q, U, W, Z. */
const CANADA = /^([ABCEGHJ-NPRSTVXY])\d[A-Z](?:[ -]?\d[A-Z]\d)?$/i;
/** Areas are one or two letters; all of them hold more than 20,000 people. */
const BRITAIN = /^([A-Z]{1,2})\d[A-Z\d]? ?\d[A-Z]{2}$/i;

/** The part of a postal code that stands for many. */
function areaOf(code: string): string | undefined {
  if (code.length > 12) return undefined;
  if (US.test(code)) return code.length === 4 || code.length === 8 ? `0${code.slice(0, 2)}` : code.slice(0, 3);
  return (CANADA.exec(code) ?? BRITAIN.exec(code))?.[1]?.toUpperCase();
}
