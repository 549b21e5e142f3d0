import type { Field } from "../../../src/types.ts";

/**
 * A value of a row, exact:
 * int8-int32, uint8-uint32, float16-float64: number; int64, uint64, decimal (unscaled), date64, time, timestamp and
 * duration (in the field's unit): bigint; date32: number of days; utf8 and number: string; binary: bytes;
 * struct: its members' values in schema order; list: its items; map: [key, value] pairs.
 */
export type Value = null | boolean | number | bigint | string | Uint8Array | readonly Value[];

/** Rows with their schema; a row holds a value for each field, in schema order. */
export interface Table {
  readonly fields: readonly Field[];
  readonly rows: readonly (readonly Value[])[];
}

const PER_SECOND = { s: 1n, ms: 1_000n, us: 1_000_000n, ns: 1_000_000_000n };

/** The plain text of a scalar that is not null, as it stands in JSON without quotes; undefined for NaN and infinities. */
export function textOf(field: Field, value: Value): string | undefined {
  switch (field.kind) {
    case "null":
      return undefined;
    case "float16":
    case "float32":
    case "float64":
      return Number.isFinite(value) ? JSON.stringify(value) : undefined;
    case "decimal":
      return decimalText(value as bigint, field.scale ?? 0);
    case "binary":
      return Buffer.from(value as Uint8Array).toString("base64");
    case "date32":
      return dateText(BigInt(value as number) * 86_400n);
    case "date64":
      return dateText(floorDiv(value as bigint, 1_000n));
    case "time":
      return clockText(value as bigint, PER_SECOND[field.unit!]);
    case "timestamp": {
      const perSecond = PER_SECOND[field.unit!];
      const seconds = floorDiv(value as bigint, perSecond);
      const inDay = (value as bigint) - floorDiv(seconds, 86_400n) * 86_400n * perSecond;
      return `${dateText(seconds)}T${clockText(inDay, perSecond)}${field.utc ? "Z" : ""}`;
    }
    case "duration":
      return durationText(value as bigint, PER_SECOND[field.unit!]);
    case "struct":
    case "list":
    case "map":
    case "interval":
      throw new TypeError(`the oracle has no text for a ${field.kind} (${field.name})`);
    default:
      return String(value);
  }
}

function decimalText(unscaled: bigint, scale: number): string {
  if (scale <= 0) return String(unscaled * 10n ** BigInt(-scale));
  const divisor = 10n ** BigInt(scale);
  const magnitude = unscaled < 0n ? -unscaled : unscaled;
  const fraction = String(magnitude % divisor).padStart(scale, "0");
  return `${unscaled < 0n ? "-" : ""}${magnitude / divisor}.${fraction}`;
}

/** `toISOString` covers 275,000 years on either side and writes those beyond four digits as ISO 8601 expands them. */
function dateText(seconds: bigint): string {
  return new Date(Number(floorDiv(seconds, 86_400n) * 86_400_000n)).toISOString().replace(/T.*/, "");
}

function clockText(ticks: bigint, perSecond: bigint): string {
  const two = (n: bigint) => String(n).padStart(2, "0");
  const seconds = ticks / perSecond;
  const nanos = (ticks % perSecond) * (1_000_000_000n / perSecond);
  const digits = nanos % 1_000_000n === 0n ? 3 : nanos % 1_000n === 0n ? 6 : 9;
  const fraction = String(nanos).padStart(9, "0").slice(0, digits);
  return `${two(seconds / 3600n)}:${two((seconds / 60n) % 60n)}:${two(seconds % 60n)}.${fraction}`;
}

function durationText(ticks: bigint, perSecond: bigint): string {
  const magnitude = ticks < 0n ? -ticks : ticks;
  const nanos = (magnitude % perSecond) * (1_000_000_000n / perSecond);
  const fraction = nanos === 0n ? "" : `.${String(nanos).padStart(9, "0").replace(/0+$/, "")}`;
  return `${ticks < 0n ? "-" : ""}PT${magnitude / perSecond}${fraction}S`;
}

function floorDiv(a: bigint, b: bigint): bigint {
  const quotient = a / b;
  return a % b < 0n ? quotient - 1n : quotient;
}
