/** Twins of the masks that make somebody or something up: names, fictional phone numbers. */
import { CANADA, CARIBBEAN, FICTIONAL, type Range, UNITED_STATES } from "../../../src/masks/data/fictional.ts";
import { FIRST_NAMES, LAST_NAMES } from "../../../src/masks/data/names.ts";
import { drawOf } from "./keyed.ts";

const modulo = (draw: bigint, count: number) => Number(draw % BigInt(count));

export function nameTwin(value: string, part: "full" | "first" | "last"): string {
  const own = value.normalize("NFKC").trim().split(/\s+/).join(" ").toLowerCase() || value;
  const pick = (names: readonly string[], nth: number) => {
    const from = modulo(drawOf("name/person", own, nth), names.length);
    const inTurn = [...names.slice(from), ...names.slice(0, from)];
    return inTurn.find((name) => !own.toLowerCase().includes(name.toLowerCase())) ?? "[NAME]";
  };
  const [first, last] = [pick(FIRST_NAMES, 0), pick(LAST_NAMES, 1)];
  return part === "full" ? `${first} ${last}` : part === "first" ? first : last;
}

const NUMBER = /[+\uff0b]?\(?\p{Nd}(?:[ ()._\-/\u00a0\u2007\u2009-\u2015\u202f]{0,4}\p{Nd}){6,}/gu;
const ADDRESS =
  /[\p{L}\p{N}\p{M}.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[\p{L}\p{N}\p{M}-]{1,63}\.){0,8}[\p{L}\p{N}\p{M}-]{1,63}/gu;
/** Calling codes of one and two digits, ITU-T E.164. */
const SHORT_CODE =
  /^(?:1|7|20|27|30|31|32|33|34|36|39|40|41|43|44|45|46|47|48|49|51|52|53|54|55|56|57|58|60|61|62|63|64|65|66|81|82|84|86|90|91|92|93|94|95|98)/;

/** Every number of the ranges, one by one. */
function listed(ranges: readonly Range[]): string[] {
  return ranges.flatMap(([prefix, first, last]) =>
    Array.from(
      { length: Number(last) - Number(first) + 1 },
      (_, i) => prefix + String(Number(first) + i).padStart(first.length, "0"),
    ),
  );
}

const behind = (areas: Iterable<string>) => listed([...areas].map((area) => [`1${area}55501`, "00", "99"] as const));
const RESERVED: Readonly<Record<string, { mobile: RegExp; mobiles: string[]; others: string[] }>> = Object.fromEntries(
  Object.entries(FICTIONAL).map(([code, { mobile, mobiles, others }]) => [
    code,
    { mobile, mobiles: listed(mobiles), others: listed(others) },
  ]),
);
const [AMERICAN, CANADIAN] = [behind(UNITED_STATES), behind(CANADA)];

/** The phone mask that keeps fictional numbers. */
export function fictionalTwin(value: string): string {
  return value.replace(ADDRESS, () => "[MASKED]").replace(NUMBER, one);
}

function one(match: string): string {
  const text = match.normalize("NFKC");
  const written = text.replace(/\D/g, "");
  const digits = written.replace(/^00/, "");
  const plus = text.startsWith("+");
  const numbers = plus || /^\(?00/.test(text) ? reserved(digits) : undefined;
  if (!numbers) return plus ? `+${codeOf(written)} [MASKED]` : "[MASKED]";
  const at = modulo(drawOf("phone-fictional", digits), numbers.length);
  return `+${numbers[at] === digits ? numbers[(at + 1) % numbers.length] : numbers[at]}`;
}

function codeOf(digits: string): string {
  return SHORT_CODE.exec(digits)?.[0] ?? digits.slice(0, 3);
}

function reserved(digits: string): string[] | undefined {
  const code = codeOf(digits);
  if (code === "1") {
    const area = digits.slice(1, 4);
    if (digits.length !== 11) return undefined;
    return CARIBBEAN.has(area) ? behind([area]) : CANADA.has(area) ? CANADIAN : AMERICAN;
  }
  const plan = RESERVED[code];
  if (!plan || digits.length > 15) return undefined;
  return plan.mobile.test(digits.slice(code.length).replace(/^0/, "")) ? plan.mobiles : plan.others;
}
