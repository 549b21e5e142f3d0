/** A decimal: `units` of 10^-scale. Exact; as a bigint where a number could not hold it. */
export interface Decimal {
  readonly units: number | bigint;
  /** From 0. */
  readonly scale: number;
}

const PLAIN = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/;
/** Digits that a number holds with room for the sum of two. */
const EXACT = 15;
/** Digits before the point, more than a double has. What is larger counts as ten to this power. */
const MOST_DIGITS = 320;
/** Digits behind it; more are cut off. */
const MOST_SCALE = 290;

/** Reads a number in JSON's syntax, also with a plus or zeros in front. */
export function readDecimal(text: string): Decimal | undefined {
  return readShort(text) ?? readAny(text);
}

/** A number of few digits without exponent, which most are: twice as fast. */
function readShort(text: string): Decimal | undefined {
  const sign = text.charCodeAt(0);
  const signed = sign === 0x2d || sign === 0x2b;
  let units = 0;
  let digits = 0;
  let point = -1;
  for (let at = signed ? 1 : 0; at < text.length; at++) {
    const digit = text.charCodeAt(at) - 0x30;
    if (digit >= 0 && digit <= 9) {
      units = units * 10 + digit;
      if (++digits > EXACT) return undefined;
    } else if (digit === -2 && point < 0) point = digits;
    else return undefined;
  }
  if (digits === 0) return undefined;
  return { units: sign === 0x2d ? -units : units, scale: point < 0 ? 0 : digits - point };
}

function readAny(text: string): Decimal | undefined {
  const found = PLAIN.exec(text);
  if (!found) return undefined;
  const [, sign, whole = "", fraction = "", exponent = "0"] = found;
  const digits = whole + fraction;
  if (digits === "") return undefined;
  const point = Number(exponent) - fraction.length;
  const negative = sign === "-";
  if (point <= 0 && point >= -MOST_SCALE && digits.length <= EXACT) {
    return { units: negative ? -Number(digits) : Number(digits), scale: -point };
  }
  const { units, scale } = large(digits.replace(/^0+/, ""), point);
  return { units: negative ? -units : units, scale };
}

/** Of digits without zeros in front, times 10^point. */
function large(digits: string, point: number): { units: bigint; scale: number } {
  if (digits === "") return { units: 0n, scale: 0 };
  if (digits.length + point > MOST_DIGITS) return { units: 10n ** BigInt(MOST_DIGITS), scale: 0 };
  if (point >= 0) return { units: BigInt(digits) * 10n ** BigInt(point), scale: 0 };
  const cut = Math.max(-point - MOST_SCALE, 0);
  return { units: BigInt(cut < digits.length ? digits.slice(0, digits.length - cut) : 0), scale: -point - cut };
}

/** The same in units of 10^-scale, which must be no coarser. */
export function unitsAt(decimal: Decimal, scale: number): number | bigint {
  const { units } = decimal;
  const more = scale - decimal.scale;
  if (more === 0) return units;
  if (typeof units === "number" && more <= EXACT) {
    const scaled = units * 10 ** more;
    if (Math.abs(scaled) < 10 ** EXACT) return scaled;
  }
  return BigInt(units) * 10n ** BigInt(more);
}

/** Without zeros behind the point and in front: one text for each number, in JSON's syntax. */
export function decimalText(units: number | bigint, scale: number): string {
  let left = units;
  let places = scale;
  if (typeof left === "number") {
    while (places > 0 && left % 10 === 0) {
      left /= 10;
      places--;
    }
  }
  // Minus zero is zero.
  if (places === 0) return left === 0 ? "0" : String(left);
  const negative = left < 0;
  const digits = String(negative ? -left : left).padStart(places + 1, "0");
  const point = digits.length - places;
  const fraction = typeof left === "number" ? digits.slice(point) : digits.slice(point).replace(/0+$/, "");
  const text = fraction === "" ? digits.slice(0, point) : `${digits.slice(0, point)}.${fraction}`;
  return negative ? `-${text}` : text;
}

/** The greatest multiple of `step` that is not above. */
export function floorTo(units: number | bigint, step: number | bigint): number | bigint {
  if (typeof units === "number" && typeof step === "number") {
    const over = units % step;
    return units - (over < 0 ? over + step : over);
  }
  const [value, by] = [BigInt(units), BigInt(step)];
  const over = value % by;
  return value - (over < 0n ? over + by : over);
}

/** The nearest multiple of `step`; of two, the one farther from zero. */
export function roundTo(units: number | bigint, step: number | bigint): number | bigint {
  if (typeof units === "number" && typeof step === "number") {
    const over = Math.abs(units % step);
    const size = Math.abs(units) - over + (over * 2 >= step ? step : 0);
    return units < 0 ? -size : size;
  }
  const [value, by] = [BigInt(units), BigInt(step)];
  const size = value < 0n ? -value : value;
  const over = size % by;
  const rounded = size - over + (over * 2n >= by ? by : 0n);
  return value < 0n ? -rounded : rounded;
}
