import {
  INT_UNSIGNED,
  KIND_BINARY,
  KIND_BOOL,
  KIND_DATE32,
  KIND_DATE64,
  KIND_DECIMAL,
  KIND_DURATION,
  KIND_FLOAT,
  KIND_INT,
  KIND_INTERVAL,
  KIND_RAW,
  KIND_TEXT,
  KIND_TIME,
  KIND_TIMESTAMP,
  SLOT_A,
  SLOT_B,
  SLOT_KIND,
  SLOT_OFFSETS,
  SLOT_VALUES,
  UNIT_MS,
} from "./node.ts";

/** The text of element i of a scalar record, as `renderText` has it: the plain twin of assembly/scalar.ts. */
export function scalarText(view: DataView<ArrayBuffer>, node: number, i: number): string {
  const slot = (index: number) => view.getUint32(node + 4 * index, true);
  const kind = slot(SLOT_KIND);
  const values = slot(SLOT_VALUES);
  const a = slot(SLOT_A);
  const b = view.getInt32(node + 4 * SLOT_B, true);
  const int32 = (index: number) => view.getInt32(values + 4 * index, true);
  const int64 = (index: number) => view.getBigInt64(values + 8 * index, true);
  switch (kind) {
    case KIND_BOOL:
      return String(bitAt(view, values, i));
    case KIND_FLOAT:
      return JSON.stringify(a === 8 ? view.getFloat64(values + 8 * i, true) : view.getFloat32(values + 4 * i, true));
    case KIND_INT:
      return String(integerAt(view, values + a * i, a, (b & INT_UNSIGNED) !== 0));
    case KIND_TEXT:
    case KIND_RAW:
      return bytesAt(view, values, slot(SLOT_OFFSETS), i).toString("utf8");
    case KIND_BINARY:
      return bytesAt(view, values, slot(SLOT_OFFSETS), i).toString("base64");
    case KIND_DECIMAL:
      return decimalText(integerAt(view, values + a * i, a, false), b);
    case KIND_DATE32:
      return dayText(BigInt(int32(i)));
    case KIND_DATE64:
      return dayText(floorDivide(int64(i), 86_400_000n));
    case KIND_TIME:
      return timeText(a <= UNIT_MS ? BigInt(int32(i)) : int64(i), a);
    case KIND_TIMESTAMP:
      return timestampText(int64(i), a) + (b !== 0 ? "Z" : "");
    case KIND_DURATION:
      return durationText(int64(i), a);
    case KIND_INTERVAL:
      return intervalText(view, values + a * i, a);
    default:
      throw new RangeError(`kind ${kind} is no scalar`);
  }
}

/** Bit i of a bitmap, least significant first. */
export function bitAt(view: DataView<ArrayBuffer>, bitmap: number, i: number): boolean {
  return ((view.getUint8(bitmap + Math.floor(i / 8)) >> (i % 8)) & 1) === 1;
}

/** The bytes of element i of a column of bytes. */
export function bytesAt(view: DataView<ArrayBuffer>, values: number, offsets: number, i: number): Buffer {
  const from = view.getInt32(offsets + 4 * i, true);
  const to = view.getInt32(offsets + 4 * (i + 1), true);
  return Buffer.from(view.buffer, values + from, to - from);
}

/** A little-endian integer of `width` bytes. */
function integerAt(view: DataView<ArrayBuffer>, at: number, width: number, unsigned: boolean): bigint {
  let bits = 0n;
  for (let k = width - 1; k >= 0; k--) bits = bits * 256n + BigInt(view.getUint8(at + k));
  return unsigned ? bits : BigInt.asIntN(8 * width, bits);
}

function decimalText(unscaled: bigint, scale: number): string {
  if (scale <= 0) return String(unscaled * 10n ** BigInt(-scale));
  const digits = String(magnitude(unscaled)).padStart(scale + 1, "0");
  return `${sign(unscaled)}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

/** JavaScript's own calendar, on the year of 2000 to 2399 that has the same days: the calendar repeats every 400 years. */
function dayText(days: bigint): string {
  const daysInEra = 146_097n;
  const since2000 = days - 10_957n;
  const era = floorDivide(since2000, daysInEra);
  const inEra = new Date(Number((days - era * daysInEra) * 86_400_000n)).toISOString();
  const year = BigInt(inEra.slice(0, 4)) + 400n * era;
  const yearText =
    year >= 0n && year <= 9999n
      ? String(year).padStart(4, "0")
      : `${year < 0n ? "-" : "+"}${String(magnitude(year)).padStart(6, "0")}`;
  return yearText + inEra.slice(4, 10);
}

function timestampText(ticks: bigint, unit: number): string {
  const perDay = 86_400n * perSecond(unit);
  const days = floorDivide(ticks, perDay);
  return `${dayText(days)}T${timeText(ticks - days * perDay, unit)}`;
}

function timeText(ticks: bigint, unit: number): string {
  const nanos = magnitude(ticks) * (1_000_000_000n / perSecond(unit));
  const seconds = nanos / 1_000_000_000n;
  const parts = [seconds / 3600n, (seconds / 60n) % 60n, seconds % 60n].map((part) => String(part).padStart(2, "0"));
  const fraction = String(nanos % 1_000_000_000n).padStart(9, "0");
  return `${sign(ticks)}${parts.join(":")}.${fraction.replace(/(000){1,2}$/, "")}`;
}

function durationText(ticks: bigint, unit: number): string {
  return `${sign(ticks)}PT${secondsText(magnitude(ticks), perSecond(unit))}`;
}

function secondsText(ticks: bigint, ticksPerSecond: bigint): string {
  const nanos = ticks * (1_000_000_000n / ticksPerSecond);
  const fraction = String(nanos % 1_000_000_000n)
    .padStart(9, "0")
    .replace(/0+$/, "");
  return `${nanos / 1_000_000_000n}${fraction === "" ? "" : `.${fraction}`}S`;
}

function intervalText(view: DataView<ArrayBuffer>, at: number, width: number): string {
  const months = width === 8 ? 0 : view.getInt32(at, true);
  const days = width === 4 ? 0 : view.getInt32(width === 8 ? at : at + 4, true);
  const ticks = width === 4 ? 0n : width === 8 ? BigInt(view.getInt32(at + 4, true)) : view.getBigInt64(at + 8, true);
  const date = `${months === 0 ? "" : `${months}M`}${days === 0 ? "" : `${days}D`}`;
  if (ticks === 0n) return date === "" ? "PT0S" : `P${date}`;
  return `P${date}T${sign(ticks)}${secondsText(magnitude(ticks), width === 8 ? 1000n : 1_000_000_000n)}`;
}

function perSecond(unit: number): bigint {
  return 1000n ** BigInt(unit);
}

function sign(v: bigint): string {
  return v < 0n ? "-" : "";
}

function magnitude(v: bigint): bigint {
  return v < 0n ? -v : v;
}

function floorDivide(dividend: bigint, divisor: bigint): bigint {
  const quotient = dividend / divisor;
  return quotient * divisor > dividend ? quotient - 1n : quotient;
}
