import { isDay } from "./civil.ts";

/** A date as it was read from a text. */
export interface ReadDate {
  readonly year: number;
  /** 0 where it is not known. */
  readonly month: number;
  /** 0 where it is not known. */
  readonly day: number;
  /** Code units from the text's beginning that the date takes; what follows is a time of day with its zone. */
  readonly end: number;
  /** Another day, written in the same way. */
  readonly write: (year: number, month: number, day: number) => string;
}

/** How day and month stand in 5/6/2024 and 5-6-2024. */
export type Order = "mdy" | "dmy";

/**
 * Reads a whole text as a date, with a time of day or without: ISO 8601 (also with slashes or dots, without separators,
 * year and month, year), 5/6/2024, 5-6-2024, 6.5.2024, 6 May 2024, May 6, 2024. Years have four digits: of two, nobody
 * knows the century.
 * @returns undefined for anything else, also for days that the calendar does not have
 */
export function readDate(text: string, order: Order): ReadDate | undefined {
  if (text.length > LONGEST) return undefined;
  const code = text.charCodeAt(4);
  // - / .
  if (code === 0x2d || code === 0x2f || code === 0x2e) {
    const found = yearFirst(text);
    if (found) return found;
  }
  return byPattern(text, order);
}

/** Long enough for any of these with weekday, nanoseconds and zone. */
const LONGEST = 64;

/** YYYY-MM-DD and what may follow. */
function yearFirst(text: string): ReadDate | undefined {
  const year = twoDigits(text, 0) * 100 + twoDigits(text, 2);
  const month = twoDigits(text, 5);
  const day = twoDigits(text, 8);
  const separator = text.charCodeAt(4);
  if (!(year > 0 && separator === text.charCodeAt(7) && isDay(year, month, day))) return undefined;
  if (text.length > 10 && !TIME.test(text.slice(10))) return undefined;
  return { year, month, day, end: 10, write: separator === 0x2d ? dashed : separator === 0x2f ? slashed : dotted };
}

/** NaN where there are none. */
function twoDigits(text: string, at: number): number {
  const tens = text.charCodeAt(at) - 0x30;
  const ones = text.charCodeAt(at + 1) - 0x30;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN;
}

/** A time of day after a date, with fraction, am or pm, zone. */
const CLOCK =
  "(?:[T ]|, ?)(?:[01]?\\d|2[0-4]):[0-5]\\d(?::[0-6]\\d(?:[.,]\\d{1,9})?)?(?: ?[AaPp]\\.?[Mm]\\.?)?(?: ?(?:Z|UTC|GMT|[+-](?:0\\d|1[0-4])(?::?[0-5]\\d)?))?";
const TIME = new RegExp(`^${CLOCK}$`);

const NUMERIC = new RegExp(`^(\\d{1,2})([/.-])(\\d{1,2})\\2(\\d{4})(?:${CLOCK})?$`);
const COMPACT = /^(\d{4})(\d\d)(\d\d)(?:T?(?:[01]\d|2[0-4])[0-5]\d(?:[0-6]\d)?Z?)?$/;
const YEAR_AND_MONTH = /^(\d{4})(?:[-/.](\d{1,2}))?$/;
const SHORT_PARTS = new RegExp(`^(\\d{4})([-/.])(\\d{1,2})\\2(\\d{1,2})(?:${CLOCK})?$`);
const DAY_AND_NAME = new RegExp(
  `^(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]{0,6},? )?(\\d{1,2})([ -])([a-z]{3,9})\\.?[ -](\\d{4})(?:${CLOCK})?$`,
  "i",
);
const NAME_AND_DAY = new RegExp(`^([a-z]{3,9})\\.? (\\d{1,2})(?:st|nd|rd|th)?,? (\\d{4})(?:${CLOCK})?$`, "i");

/** Of digit runs only these are taken for dates: other numbers must not show their first four digits. */
const FIRST_YEAR = 1850;
const LAST_YEAR = 2150;

function byPattern(text: string, order: Order): ReadDate | undefined {
  let found = NUMERIC.exec(text);
  if (found) return numeric(found, order);
  found = COMPACT.exec(text);
  if (found) return isLikely(+found[1]!) ? dated(+found[1]!, +found[2]!, +found[3]!, 8, compact) : undefined;
  found = YEAR_AND_MONTH.exec(text);
  if (found) {
    const month = found[2] === undefined ? 0 : +found[2];
    if (!isLikely(+found[1]!) || month > 12 || (month === 0 && found[2] !== undefined)) return undefined;
    return { year: +found[1]!, month, day: 0, end: text.length, write: dashed };
  }
  found = SHORT_PARTS.exec(text);
  if (found) {
    const [, year = "", separator, month = "", day = ""] = found;
    const end = year.length + month.length + day.length + 2;
    const write = separator === "-" ? dashed : separator === "/" ? slashed : dotted;
    return +year > 0 ? dated(+year, +month, +day, end, write) : undefined;
  }
  found = DAY_AND_NAME.exec(text);
  if (found) {
    const at = text.indexOf(found[4]!, text.indexOf(found[3]!)) + 4;
    return dated(+found[4]!, monthNamed(found[3]!), +found[1]!, at, dashed);
  }
  found = NAME_AND_DAY.exec(text);
  if (found) return dated(+found[3]!, monthNamed(found[1]!), +found[2]!, text.indexOf(` ${found[3]}`) + 5, dashed);
  return undefined;
}

function isLikely(year: number): boolean {
  return year >= FIRST_YEAR && year <= LAST_YEAR;
}

/** Two numbers and a year: by dots the day comes first, else as ordered; where that is no day, the other way round. */
function numeric(found: RegExpExecArray, order: Order): ReadDate | undefined {
  const [, first = "", separator = "", second = "", digits = ""] = found;
  const year = +digits;
  const end = first.length + second.length + 6;
  if (year === 0) return undefined;
  const dayFirst = separator === "." || order === "dmy";
  const asOrdered = dayFirst ? isDay(year, +second, +first) : isDay(year, +first, +second);
  if (!asOrdered && separator === ".") return undefined;
  const day = dayFirst === asOrdered ? +first : +second;
  const month = dayFirst === asOrdered ? +second : +first;
  const wide = first.length === 2 && second.length === 2;
  const part = (number: number) => (wide ? two(number) : String(number));
  const write = (y: number, m: number, d: number) =>
    (dayFirst === asOrdered ? part(d) + separator + part(m) : part(m) + separator + part(d)) + separator + four(y);
  return dated(year, month, day, end, write);
}

function dated(year: number, month: number, day: number, end: number, write: ReadDate["write"]): ReadDate | undefined {
  return isDay(year, month, day) ? { year, month, day, end, write } : undefined;
}

const MONTHS = [
  ...["january", "february", "march", "april", "may", "june"],
  ...["july", "august", "september", "october", "november", "december"],
];

/** 0 where it is none. */
function monthNamed(name: string): number {
  const lower = name.toLowerCase() === "sept" ? "sep" : name.toLowerCase();
  return MONTHS.findIndex((month) => lower === month || lower === month.slice(0, 3)) + 1;
}

/** A year of four digits. */
export function four(year: number): string {
  return year > 999 ? String(year) : String(year).padStart(4, "0");
}

/** 1 to 31 in two digits. */
export function two(number: number): string {
  return number > 9 ? String(number) : `0${number}`;
}

const dashed = (year: number, month: number, day: number) => `${four(year)}-${two(month)}-${two(day)}`;
const slashed = (year: number, month: number, day: number) => `${four(year)}/${two(month)}/${two(day)}`;
const dotted = (year: number, month: number, day: number) => `${four(year)}.${two(month)}.${two(day)}`;
const compact = (year: number, month: number, day: number) => four(year) + two(month) + two(day);
