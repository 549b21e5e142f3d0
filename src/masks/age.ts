import { declareMask, TEXT_AND_NUMBERS } from "./mask.ts";
import { memoised } from "./memo.ts";
import { mapValues } from "./text.ts";

/** 45 CFR 164.514(b)(2)(i)(C): ages above 89 are one category. */
const HIGHEST = 90;

export const age = declareMask({
  name: "age",
  summary: "whole years; from 90 on all are 90+; what cannot be read as an age is replaced",
  options: (z) => ({
    top: z.int().min(1).max(HIGHEST).default(HIGHEST).describe("this age and all above become one, such as 90+"),
    with: z.string().default("[AGE]").describe("written in place of what cannot be read"),
  }),
  accepts: TEXT_AND_NUMBERS,
  action: "text",
  counts: "changed",
  compile: ({ top, with: unread }) =>
    memoised((column, kernels) =>
      mapValues(column, kernels, (value) => {
        const years = yearsOf(value);
        if (years === undefined) return unread;
        return years >= top ? `${top}+` : String(years);
      }),
    ),
});

const YEARS = /^\s{0,9}(\d{1,3})(?:\.\d{1,20})?(?: ?(?:years?|yrs?|y)(?: old)?\.?| ?y\/?o)?\s{0,9}$/i;
/** Of those who are not yet counted in years. */
const LESS = /^\s{0,9}(\d{1,3})(?:\.\d{1,20})? ?(months?|mos?|weeks?|wks?|days?)(?: old)?\.?\s{0,9}$/i;
const AT_LEAST = /^\s{0,9}(?:(\d{1,3}) ?\+|(?:>|over ?) ?(\d{1,3}))\s{0,9}$/i;

/** Completed years. */
function yearsOf(value: string): number | undefined {
  const years = YEARS.exec(value);
  if (years) return Number(years[1]);
  const less = LESS.exec(value);
  if (less) {
    const [, count = "", unit = ""] = less;
    const ofYear = /^m/i.test(unit) ? 12 : /^w/i.test(unit) ? 52.1775 : 365.2425;
    return Math.floor(Number(count) / ofYear);
  }
  const open = AT_LEAST.exec(value);
  if (!open) return undefined;
  // Already one category: only the highest can be told from here.
  const [, from, above] = open;
  return Number(from ?? above) + (above === undefined ? 0 : 1) >= HIGHEST ? HIGHEST : undefined;
}
