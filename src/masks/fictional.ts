import { CANADA, CARIBBEAN, FICTIONAL, type Range, UNITED_STATES } from "./data/fictional.ts";

/** ITU-T E.164: zone 1 and 7 are one digit; these two-digit codes are assigned; every other code has three. */
const TWO_DIGITS = /^(?:20|27|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58])/;

/** Of a number in E.164 form, without plus. */
export function callingCodeLength(digits: string): number {
  return /^[17]/.test(digits) ? 1 : TWO_DIGITS.test(digits) ? 2 : 3;
}

/**
 * A number that the same country reserves for fiction: nobody's, and never the same.
 * @param digits a number in E.164 form, without plus
 * @param draw a natural number: which one
 * @returns the same form; undefined where the country reserves none that is known here
 */
export function fictionalNumber(digits: string, draw: number): string | undefined {
  const code = digits.slice(0, callingCodeLength(digits));
  if (code === "1") return digits.length === 11 ? unlike(digits, draw, northAmerican(digits.slice(1, 4))) : undefined;
  const plan = PLANS.get(code);
  if (!plan || digits.length > 15) return undefined;
  // +44 (0)20 …: a zero that is dialled within the country only.
  const national = digits.slice(code.length).replace(/^0/, "");
  return unlike(digits, draw, plan.mobile.test(national) ? plan.mobiles : plan.others);
}

function unlike(digits: string, draw: number, { total, at }: Numbers): string {
  const number = at(draw % total);
  return number === digits ? at((draw + 1) % total) : number;
}

/** Ranges, one behind the other. */
interface Numbers {
  readonly total: number;
  /** From 0. */
  readonly at: (index: number) => string;
}

function numbersOf(ranges: readonly Range[]): Numbers {
  let total = 0;
  const counted = ranges.map(([prefix, from, to]) => {
    const start = total;
    total += Number(to) - Number(from) + 1;
    return { prefix, first: Number(from), width: from.length, start, end: total };
  });
  const largest = Math.max(...counted.map(({ start, end }) => end - start));
  const at = (index: number) => {
    // It stands in none of those before, however large they are.
    let place = Math.floor(index / largest);
    while (index >= counted[place]!.end) place++;
    const { prefix, first, width, start } = counted[place]!;
    return prefix + String(first + index - start).padStart(width, "0");
  };
  return { total, at };
}

/** 555-0100 to 555-0199 behind an area code of the same country. */
function northAmerican(area: string): Numbers {
  if (CARIBBEAN.has(area)) return numbersOf([rangeOf(area)]);
  return CANADA.has(area) ? CANADIAN : AMERICAN;
}

function rangeOf(area: string): Range {
  return [`1${area}55501`, "00", "99"];
}

const AMERICAN = numbersOf(UNITED_STATES.map(rangeOf));
const CANADIAN = numbersOf([...CANADA].map(rangeOf));
const PLANS = new Map(
  Object.entries(FICTIONAL).map(([code, { mobile, mobiles, others }]) => [
    code,
    { mobile, mobiles: numbersOf(mobiles), others: numbersOf(others) },
  ]),
);
