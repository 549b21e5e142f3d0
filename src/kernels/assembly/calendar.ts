/** Dates, times and timestamps as ISO 8601 text. Room (48 bytes at most) is the caller's. */
import { UNIT_MS, UNIT_NS, UNIT_S, UNIT_US } from "../node";
import { writePadded, writePair, writeU64 } from "./integer";

/** Ticks of a unit in a second. */
export function perSecond(unit: i32): i64 {
  switch (unit) {
    case UNIT_S:
      return 1;
    case UNIT_MS:
      return 1000;
    case UNIT_US:
      return 1000000;
    case UNIT_NS:
      return 1000000000;
    default:
      unreachable();
      return 1;
  }
}

/** Nanoseconds of `ticks` (less than a second). */
// @ts-ignore: decorator
@inline
export function nanosOf(ticks: i64, perSecond: i64): u32 {
  return <u32>(ticks * (1000000000 / perSecond));
}

function writeYear(year: i64, out: usize): usize {
  if (year >= 0 && year <= 9999) return writePadded(<u32>year, 4, out);
  store<u8>(out, year < 0 ? 0x2d : 0x2b);
  const magnitude = <u64>(year < 0 ? -year : year);
  return magnitude < 1000000 ? writePadded(<u32>magnitude, 6, out + 1) : writeU64(magnitude, out + 1);
}

/**
 * `YYYY-MM-DD` of a day counted from 1970-01-01. Counts 400-year eras from 0000-03-01, so that the leap day is the
 * last of a year (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", civil_from_days).
 */
export function writeDay(days: i64, out: usize): usize {
  const shifted = days + 719468;
  const era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
  const dayOfEra = <u32>(shifted - era * 146097);
  const yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146096) / 365;
  const dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
  const marchMonth = (5 * dayOfYear + 2) / 153;
  const day = dayOfYear - (153 * marchMonth + 2) / 5 + 1;
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
  out = writeYear(<i64>yearOfEra + era * 400 + (month <= 2 ? 1 : 0), out);
  store<u8>(out, 0x2d);
  writePair(month, out + 1);
  store<u8>(out, 0x2d, 3);
  return writePair(day, out + 4);
}

/** `:MM:SS.fff` of the seconds since the hour, with the fewest of 3, 6 or 9 fraction digits that are exact. */
function writeClock(minute: u32, second: u32, nanos: u32, out: usize): usize {
  store<u8>(out, 0x3a);
  writePair(minute, out + 1);
  store<u8>(out, 0x3a, 3);
  writePair(second, out + 4);
  store<u8>(out, 0x2e, 6);
  if (nanos % 1000000 == 0) return writePadded(nanos / 1000000, 3, out + 7);
  if (nanos % 1000 == 0) return writePadded(nanos / 1000, 6, out + 7);
  return writePadded(nanos, 9, out + 7);
}

/** `HH:MM:SS.fff`. Times outside a day, which Arrow forbids, show a sign or more hours rather than another time. */
export function writeTime(ticks: i64, unit: i32, out: usize): usize {
  const scale = <u64>perSecond(unit);
  if (ticks < 0) store<u8>(out++, 0x2d);
  const magnitude = ticks < 0 ? 0 - <u64>ticks : <u64>ticks;
  const seconds = magnitude / scale;
  const hours = seconds / 3600;
  const rest = <u32>(seconds - hours * 3600);
  out = hours < 100 ? writePair(<u32>hours, out) : writeU64(hours, out);
  return writeClock(rest / 60, rest % 60, nanosOf(magnitude - seconds * scale, scale), out);
}

/** `YYYY-MM-DDTHH:MM:SS.fff`, with `Z` when `utc`. Every int64 has a text in every unit. */
export function writeTimestamp(ticks: i64, unit: i32, utc: bool, out: usize): usize {
  const scale = perSecond(unit);
  const perDay = scale * 86400;
  let days = ticks / perDay;
  let ofDay = ticks - days * perDay;
  if (ofDay < 0) {
    ofDay += perDay;
    days--;
  }
  const seconds = ofDay / scale;
  const nanos = nanosOf(ofDay - seconds * scale, scale);
  const second = <u32>seconds;
  out = writeDay(days, out);
  store<u8>(out, 0x54);
  writePair(second / 3600, out + 1);
  out = writeClock((second / 60) % 60, second % 60, nanos, out + 3);
  if (utc) store<u8>(out++, 0x5a);
  return out;
}

/** `YYYY-MM-DD` of milliseconds since 1970-01-01, rounded down to the day. */
export function writeDayOfMillis(millis: i64, out: usize): usize {
  let days = millis / 86400000;
  if (days * 86400000 > millis) days--;
  return writeDay(days, out);
}
