import { context, drawOf } from "./keyed.ts";

interface DateOptions {
  readonly to?: "year" | "month" | "shift";
  readonly days?: number;
  readonly asOf?: number;
  readonly order?: "mdy" | "dmy";
}

const NAMES = "jan feb mar apr may jun jul aug sep oct nov dec".split(" ");
const LONG = "january february march april may june july august september october november december".split(" ");
const CLOCK =
  "(?<rest>(?:T| |, ?)(?:2[0-4]|[01]\\d|\\d):[0-5]\\d(?::[0-6]\\d(?:[.,]\\d{1,9})?)?(?: ?[ap]\\.?m\\.?)?(?: ?(?:Z|UTC|GMT|[+-](?:0\\d|1[0-4])(?::?[0-5]\\d)?))?)?";
const FORMS: readonly RegExp[] = [
  new RegExp(`^(?<y>\\d{4})(?<s>[-/.])(?<m>\\d\\d?)\\k<s>(?<d>\\d\\d?)${CLOCK}$`, "i"),
  new RegExp(`^(?<a>\\d\\d?)(?<s>[-/.])(?<b>\\d\\d?)\\k<s>(?<y>\\d{4})${CLOCK}$`, "i"),
  /^(?<c>\d{4})(?<m>\d\d)(?<d>\d\d)(?<rest>T?(?:2[0-4]|[01]\d)[0-5]\d(?:[0-6]\d)?Z?)?$/,
  /^(?<c>\d{4})(?:[-/.](?<m>\d\d?))?$/,
  new RegExp(
    `^(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6},? )?(?<d>\\d\\d?)[ -](?<n>[a-z]+)\\.?[ -](?<y>\\d{4})${CLOCK}$`,
    "i",
  ),
  new RegExp(`^(?<n>[a-z]+)\\.? (?<d>\\d\\d?)(?:st|nd|rd|th)?,? (?<y>\\d{4})${CLOCK}$`, "i"),
];

const exists = (y: number, m: number, d: number) => {
  const day = at(y, m, d);
  return day.getUTCFullYear() === y && day.getUTCMonth() === m - 1 && day.getUTCDate() === d;
};

/** `Date.UTC` takes the years 0 to 99 for others. */
function at(y: number, m: number, d: number): Date {
  const day = new Date(0);
  day.setUTCFullYear(y, m - 1, d);
  return day;
}

/** The date mask on one value; `sibling`: the text that a shift belongs to, null where there is none. */
export function dateTwin(value: string, options: DateOptions, sibling: string | null = null): string {
  const { to = "year", days = 365, asOf = 2030, order = "mdy" } = options;
  const text = value.trim();
  const groups = text.length > 64 ? undefined : FORMS.map((form) => form.exec(text)?.groups).find((one) => one);
  if (!groups) return "[DATE]";
  const year = Number(groups.y ?? groups.c);
  if (groups.c !== undefined && (year < 1850 || year > 2150)) return "[DATE]";
  if (year === 0) return "[DATE]";
  let month = groups.n === undefined ? Number(groups.m ?? 0) : monthOf(groups.n);
  let day = Number(groups.d ?? 0);
  let dayFirst = false;
  if (groups.a !== undefined) {
    const [a, b] = [Number(groups.a), Number(groups.b)];
    dayFirst = groups.s === "." || order === "dmy";
    if (groups.s !== "." && !exists(year, dayFirst ? b : a, dayFirst ? a : b)) dayFirst = !dayFirst;
    [day, month] = dayFirst ? [a, b] : [b, a];
  }
  if (groups.c !== undefined && groups.d === undefined) {
    if (groups.m !== undefined && (month < 1 || month > 12)) return "[DATE]";
    day = 0;
  } else if (!exists(year, month, day)) return "[DATE]";
  if (year <= asOf - 90) return `${asOf - 90} or before`;
  const yearText = String(year).padStart(4, "0");
  if (to === "month" && month > 0) return `${yearText}-${String(month).padStart(2, "0")}`;
  const entity = sibling?.normalize("NFC").trim() || sibling;
  if (to !== "shift" || day === 0 || !entity) return yearText;
  const one = Number(drawOf("date-shift", entity, 0, context) % BigInt(2 * days)) + 1;
  const moved = new Date(at(year, month, day).getTime() + (one <= days ? one : days - one) * 86_400_000);
  if (moved.getUTCFullYear() <= asOf - 90) return `${asOf - 90} or before`;
  if (moved.getUTCFullYear() > 9999) return "[DATE]";
  const [y, m, d] = moved.toISOString().slice(0, 10).split("-") as [string, string, string];
  const rest = groups.rest ?? "";
  if (groups.c !== undefined) return y + m + d + rest;
  if (groups.a === undefined) return [y, m, d].join(groups.s ?? "-") + rest;
  const narrow = groups.a.length + groups.b!.length < 4;
  const part = (digits: string) => (narrow ? String(Number(digits)) : digits);
  return [...(dayFirst ? [part(d), part(m)] : [part(m), part(d)]), y].join(groups.s) + rest;
}

function monthOf(name: string): number {
  const lower = name.toLowerCase().replace(/^sept$/, "sep");
  return Math.max(NAMES.indexOf(lower), LONG.indexOf(lower)) + 1;
}
