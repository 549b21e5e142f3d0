/** Twins of the masks that generalise: age, zip, ip, number. Plain, one value at a time. */
import { isIPv4, isIPv6 } from "node:net";
import { drawOf } from "./keyed.ts";

export function ageTwin(value: string, { top = 90 }: { readonly top?: number } = {}): string {
  const text = value.trim().toLowerCase();
  // Longer runs of white space are no age's.
  if (value.length - text.length > 18 || value.search(/\S/) > 9 || value.length - value.trimEnd().length > 9)
    return "[AGE]";
  const over = /^(?:(\d{1,3}) ?\+|(?:>|over ?) ?(\d{1,3}))$/.exec(text);
  if (over) return (over[2] === undefined ? Number(over[1]) : Number(over[2]) + 1) >= 90 ? `${top}+` : "[AGE]";
  const [, digits, fraction = "", unit = ""] = /^(\d{1,3})(\.\d{1,20})?(.*)$/s.exec(text) ?? [];
  if (digits === undefined || (fraction === "" && unit.startsWith("."))) return "[AGE]";
  let years = Number(digits);
  if (/^ ?(?:months?|mos?|weeks?|wks?|days?)(?: old)?\.?$/.test(unit)) {
    const letter = unit.trim()[0];
    years = Math.floor(years / (letter === "m" ? 12 : letter === "w" ? 365.2425 / 7 : 365.2425));
  } else if (!/^(?: ?(?:year|years|yr|yrs|y)(?: old)?\.?| ?y\/?o)?$/.test(unit)) return "[AGE]";
  return years >= top ? `${top}+` : String(years);
}

const SMALL = {
  "2000": "036 059 063 102 203 556 692 790 821 823 830 831 878 879 884 890 893",
  "2010": "036 059 102 203 205 369 556 692 821 823 878 879 884 893",
};

export function zipTwin(
  value: string,
  { census = "union" }: { readonly census?: "union" | "2000" | "2010" } = {},
): string {
  const text = value.trim();
  const small = census === "union" ? `${SMALL["2000"]} ${SMALL["2010"]}` : SMALL[census];
  const digits = text.replace(/^(\d{5})[ -](\d{4})$/, "$1$2");
  if (/^\d+$/.test(digits) && [4, 5, 8, 9].includes(digits.length)) {
    const area = digits.padStart(digits.length < 6 ? 5 : 9, "0").slice(0, 3);
    return small.split(" ").includes(area) ? "000" : area;
  }
  const upper = text.toUpperCase();
  if (upper.length !== text.length || /[^ -~]/.test(text)) return "000";
  if (/^[A-Z]\d[A-Z]([ -]?\d[A-Z]\d)?$/.test(upper) && !/^[DFIOQUWZ]/.test(upper)) return upper[0]!;
  return /^([A-Z]{1,2})\d[A-Z\d]? ?\d[A-Z]{2}$/.exec(upper)?.[1] ?? "000";
}

/** Groups of an IPv6 address, by the URL parser; undefined where it is none. */
function groupsOf(text: string): number[] | undefined {
  if (!isIPv6(text) || text.includes("%")) return undefined;
  const inner = new URL(`http://[${text}]/`).hostname.slice(1, -1);
  const [head = "", tail] = inner.split("::");
  const list = (part: string) => (part === "" ? [] : part.split(":").map((group) => Number.parseInt(group, 16)));
  if (tail === undefined) return list(head);
  return [...list(head), ...Array(8 - list(head).length - list(tail).length).fill(0), ...list(tail)] as number[];
}

export function ipTwin(
  value: string,
  { to = "truncate" }: { readonly to?: "truncate" | "documentation" } = {},
): string {
  const one = (part: string): string | undefined => {
    let text = part.trim();
    if (part.length > 128) return undefined;
    text = /^\[(.*)\](?::\d{1,5})?$/s.exec(text)?.[1] ?? /^([\d.]+):\d{1,5}$/.exec(text)?.[1] ?? text;
    text = text.replace(/\/\d{1,3}$/, "").replace(/%[^/%]{0,64}$/, "");
    const spelled = text.replace(/(^|[.:])0+(?=\d{1,2}(?:\.|$))/g, (all, before, at: number) =>
      text.slice(at).includes(".") || /\d\.\d/.test(text) ? before : all,
    );
    const plain = text.includes(".") ? spelled : text;
    if (!/^[\da-f:.]+$/i.test(text) || (text.includes(".") && /(?:^|[.:])\d{4,}(?:\.|$)/.test(text))) return undefined;
    if (isIPv4(plain)) return v4(plain, to);
    const groups = groupsOf(plain);
    if (!groups) return undefined;
    const last = (groups[6]! << 16) | groups[7]!;
    const inner = [24, 16, 8, 0].map((bits) => (last >>> bits) & 255).join(".");
    if (groups.slice(0, 6).join() === "0,0,0,0,0,65535") return `::ffff:${v4(inner, to)}`;
    const all = groups.map((group) => group.toString(16)).join(":");
    if (to === "documentation") {
      const bits = [0, 1].map((nth) => drawOf("ip", all, nth).toString(16).padStart(12, "0")).join("");
      return `2001:db8:${bits
        .match(/.{4}/g)!
        .map((group) => Number.parseInt(group, 16).toString(16))
        .join(":")}`;
    }
    const third = groups[0] === 0x2002 ? groups[2]! & 0xff00 : groups[2]!;
    return new URL(
      `http://[${[groups[0]!, groups[1]!, third].map((g) => g.toString(16)).join(":")}::]/`,
    ).hostname.slice(1, -1);
  };
  const parts = value.split(",").map(one);
  if (parts.length > 1 && value.length > 4096) return "[IP]";
  return parts.includes(undefined) ? "[IP]" : parts.join(", ");
}

function v4(text: string, to: string): string {
  if (to === "truncate") return text.replace(/\d+$/, "0");
  const host = Number(drawOf("ip", text) % 762n);
  return `${["192.0.2", "198.51.100", "203.0.113"][Math.floor(host / 254)]}.${(host % 254) + 1}`;
}

interface NumberOptions {
  readonly to?: "round" | "bucket" | "bounds";
  readonly step?: number;
  readonly min?: number;
  readonly max?: number;
}

/** Units of 10^-290: what is finer is cut off. */
const SCALE = 290;
/** What is larger counts as this. */
const MOST = 10n ** 320n * 10n ** BigInt(SCALE);

function unitsOf(text: string): bigint | undefined {
  const [, sign, whole = "", fraction = "", exponent = "0"] =
    /^([+-]?)(\d*)(?:\.(\d*))?(?:e([+-]?\d+))?$/i.exec(text) ?? [];
  if (whole + fraction === "") return undefined;
  const zeros = SCALE - fraction.length + Number(exponent);
  const digits = whole + fraction;
  const size = zeros < 0 ? BigInt(digits.slice(0, zeros) || 0) : BigInt(digits + "0".repeat(zeros));
  return (size >= MOST ? MOST : size) * (sign === "-" ? -1n : 1n);
}

export function numberTwin(value: string, { to = "round", step = 10, min, max }: NumberOptions): string {
  const units = unitsOf(value.trim());
  if (units === undefined) return "[NUMBER]";
  const by = unitsOf(String(step))!;
  const clamp = (one: bigint) => {
    if (min !== undefined && one < unitsOf(String(min))!) return unitsOf(String(min))!;
    return max !== undefined && one > unitsOf(String(max))! ? unitsOf(String(max))! : one;
  };
  const inside = clamp(units);
  if (to === "bounds" && inside === units) return value;
  const size = inside < 0n ? -inside : inside;
  const down = inside - (((inside % by) + by) % by);
  const near = ((size * 2n + by) / (by * 2n)) * by * (inside < 0n ? -1n : 1n);
  return textOf(clamp(to === "bounds" ? inside : to === "round" ? near : down));
}

function textOf(units: bigint): string {
  const digits = String(units < 0n ? -units : units).padStart(SCALE + 1, "0");
  const text = `${digits.slice(0, -SCALE)}.${digits.slice(-SCALE)}`.replace(/\.?0+$/, "");
  return units < 0n ? `-${text}` : text;
}

/** Noise of at most a tenth, on numbers from 0 of at most 15 digits; `beside`: whose it is, if not the number's own. */
export function noiseTwin(value: string, beside: string | null = null): string {
  const [whole = "", fraction = ""] = value.split(".");
  const own = value.includes(".") ? value.replace(/\.?0+$/, "") : value;
  const share = Number(drawOf("number-noise", beside ?? own)) / 2 ** 47 - 1;
  const units = Number(whole + fraction);
  const added = Math.trunc(units * (0.1 * share)) || Math.sign(share);
  const moved = Math.abs(units + added);
  return textOf(BigInt(moved === units ? moved + 1 : moved) * 10n ** BigInt(SCALE - fraction.length));
}
