import { isMonth, monthBefore } from "./context.ts";
import { declareDetector } from "./detector.ts";
import { CONTEXT } from "./phrases.ts";
import { endOf } from "./spans.ts";

const YEAR = "(?:(?:19|20)\\d\\d|\\d\\d)(?!\\d)";
const DAY = "(?:0?[1-9]|[12]\\d|3[01])";
const LETTERS = "[a-z\\xaa]{3,12}";
/** 1985-04-12, 12/04/1985, 4.12.85: a year at one end, the same mark twice. */
const FIGURES = new RegExp(
  `(?:(?:19|20)\\d\\d([-./ ])${DAY}\\1${DAY}|${DAY}(?:([-./])${DAY}\\2|([ ])${DAY} )${YEAR})(?!\\d|[./-]\\d)|(?:19|20)\\d{6}(?!\\d)`,
  "y",
);
/** 12 April 1985, 12th of April, 1985, 12. April 1985, 12 de abril de 1985, 12-Apr-1985. */
const DAY_FIRST = new RegExp(
  `${DAY}(?:st|nd|rd|th|er|\\.)?[ -](?:of |de |di )?(${LETTERS})\\.?,?[ -](?:of |de |del |do )?${YEAR}`,
  "iy",
);
/** April 12, 1985; Apr 12th 1985. */
const MONTH_FIRST = new RegExp(`${DAY}(?:st|nd|rd|th)?,?[ -]{1,2}${YEAR}`, "iy");

/** Dates of birth: a whole date, and only where the words before it say so. A year alone is no date. */
export const dob = declareDetector({
  name: "dob",
  label: "DOB",
  find: (passage, take) => {
    const { text, bytes, groups } = passage;
    let done = 0;
    for (let i = 0; i < groups.length; i += 2) {
      const start = groups[i]!;
      const context = start < done ? 0 : passage.context(i);
      if ((context & CONTEXT.dob) === 0) continue;
      const end =
        context & CONTEXT.month
          ? endOf(MONTH_FIRST, text, start)
          : endOf(FIGURES, text, start) || endOfNamed(text, start);
      if (end === 0) continue;
      take(context & CONTEXT.month ? monthBefore(bytes, start) : start, end);
      done = end;
    }
  },
});

function endOfNamed(text: string, start: number): number {
  DAY_FIRST.lastIndex = start;
  const found = DAY_FIRST.exec(text);
  return found && isMonth(found[1]!.toLowerCase()) ? start + found[0].length : 0;
}
