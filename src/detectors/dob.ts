import { isMonth, monthBefore } from "./context.ts";
import { declareDetector } from "./detector.ts";
import { spokenBirths } from "./dob-spoken.ts";
import type { Passage } from "./passage.ts";
import { CONTEXT } from "./phrases.ts";
import { endOf, Spans } from "./spans.ts";

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
    const spans = new Spans();
    let done = 0;
    for (let i = 0; i < groups.length; i += 2) {
      const start = groups[i]!;
      if (start >= done && bytes[groups[i + 1]!] === LETTER) {
        const born = endOfEastAsian(passage, start);
        if (born !== 0) spans.add(start, born);
        done = Math.max(done, born);
      }
      const context = start < done ? 0 : passage.context(i);
      if ((context & CONTEXT.dob) === 0) continue;
      const end =
        context & CONTEXT.month
          ? endOf(MONTH_FIRST, text, start)
          : endOf(FIGURES, text, start) || endOfNamed(text, start);
      if (end === 0) continue;
      spans.add(context & CONTEXT.month ? monthBefore(bytes, start) : start, end);
      done = end;
    }
    spokenBirths(text, (start, end) => spans.add(start, end));
    spans.giveTo(take);
  },
});

/** What folding makes of every letter that is none of Latin's. */
const LETTER = 0xaa;
/** Year, month and day of China, Japan and Korea, with "born" behind them. */
const EAST_ASIAN = /^\p{Nd}{4} ?[年년] ?\p{Nd}{1,2} ?[月월] ?\p{Nd}{1,2} ?[日일](?= ?[生출생])/u;
const BIRTH_BEFORE = /(?:生年月日|出生日期|誕生日|생년월일)[^\p{L}\p{N}\p{Cc}]{0,3}(?:は ?)?$/u;
const EAST_ASIAN_DATE = /^\p{Nd}{4} ?[年년] ?\p{Nd}{1,2} ?[月월] ?\p{Nd}{1,2} ?[日일]/u;
const LONGEST = 20;

function endOfEastAsian(passage: Passage, start: number): number {
  const { source } = passage;
  const at = passage.origin(start);
  const there = source.slice(at, at + LONGEST);
  const before = BIRTH_BEFORE.test(source.slice(Math.max(0, at - LONGEST), at));
  const found = (before ? EAST_ASIAN_DATE : EAST_ASIAN).exec(there)?.[0];
  // Digits of two units each would end elsewhere.
  return found === undefined || /[\ud800-\udfff]/.test(found) ? 0 : start + found.length;
}

function endOfNamed(text: string, start: number): number {
  DAY_FIRST.lastIndex = start;
  const found = DAY_FIRST.exec(text);
  return found && isMonth(found[1]!.toLowerCase()) ? start + found[0].length : 0;
}
