import type { Kernels } from "../kernels/load.ts";
import type { Column } from "../types.ts";
import { canonicalColumn } from "./canonical.ts";
import { civilOf, daysOf } from "./civil.ts";
import { four, type Order, type ReadDate, readDate, two } from "./date-text.ts";
import { Draws } from "./draws.ts";
import { type Beside, declareMask, TEXT_AND_NUMBERS } from "./mask.ts";
import { memoised } from "./memo.ts";
import { mapValues } from "./text.ts";

/** The domain of the key and of the canonical form of those whom a shift belongs to. */
const DOMAIN = "date-shift";
/** 45 CFR 164.514(b)(2)(i)(C): no date may show an age of more than 89. */
const AGE = 90;

export const date = declareMask({
  name: "date",
  summary:
    "a date generalised to its year or month, or shifted by as many days for all of one entity; what cannot be read as a date is replaced",
  options: (z) => ({
    to: z.enum(["year", "month", "shift"]).default("year").describe("1984, 1984-03, or another day"),
    by: z
      .string()
      .min(1)
      .optional()
      .describe("shift: the field beside it whose value decides by how much; where that is null, the year stays"),
    days: z.int().min(1).max(36_500).default(365).describe("shift: at most so many days, back or forth, never none"),
    asOf: z
      .int()
      .min(1900)
      .max(9999)
      .default(2030)
      .describe(
        `years that are ${AGE} or more before this one come out as "${2030 - AGE} or before", since they may show an age above 89 ` +
          "(45 CFR 164.514(b)(2)); set to the year in which the output is used, or a later one; never the clock, so that " +
          "runs repeat",
      ),
    order: z.enum(["mdy", "dmy"]).default("mdy").describe("how 5/6/2024 and 5-6-2024 are read; 5.6.2024 is day first"),
    with: z.string().default("[DATE]").describe("written in place of what cannot be read"),
  }),
  accepts: new Set([...TEXT_AND_NUMBERS, "date32", "date64", "timestamp"]),
  action: "text",
  counts: "all",
  problem: ({ to, by }) => {
    if (to === "shift" && by === undefined) return "a date is shifted by an entity: name its field in `by`";
    return to !== "shift" && by !== undefined ? "`by` belongs to `to: shift`" : undefined;
  },
  reads: ({ by }) => (by === undefined ? [] : [by]),
  compile: ({ to, by, days, asOf, order, with: unread }, context) => {
    const oldest = asOf - AGE;
    const old = `${oldest} or before`;
    const general = ({ year, month }: ReadDate, most: typeof to) => {
      if (year <= oldest) return old;
      return most === "month" && month > 0 ? `${four(year)}-${two(month)}` : four(year);
    };
    if (to !== "shift" || by === undefined) {
      return memoised((column, kernels) =>
        mapValues(column, kernels, (value) => {
          const read = readTrimmed(value, order);
          return read ? general(read, to) : unread;
        }),
      );
    }
    const key = context.domainKey(DOMAIN);
    const canonical = canonicalColumn(DOMAIN);
    return (column: Column, kernels: Kernels, beside: Beside) => {
      const draws = new Draws(canonical(beside.text(by), kernels), key, kernels);
      return mapValues(column, kernels, (value, index) => {
        const text = value.trim();
        const read = readDate(text, order);
        if (!read) return unread;
        if (read.day === 0 || read.year <= oldest || !draws.has(index)) return general(read, "year");
        const { year, month, day } = civilOf(daysOf(read.year, read.month, read.day) + shiftOf(draws.at(index), days));
        // A later day of theirs must not show what this one may not.
        if (year <= oldest) return old;
        return year > 9999 ? unread : read.write(year, month, day) + text.slice(read.end);
      });
    };
  },
});

function readTrimmed(value: string, order: Order): ReadDate | undefined {
  return readDate(value.trim(), order);
}

/** From -days to days, never 0. */
function shiftOf(draw: number, days: number): number {
  const one = (draw % (2 * days)) + 1;
  return one <= days ? one : days - one;
}
