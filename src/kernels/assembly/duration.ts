/** Durations and intervals as ISO 8601 text. Room (64 bytes at most) is the caller's. */
import { nanosOf, perSecond } from "./calendar";
import { writeI64, writePadded, writeU64 } from "./integer";

/** `12.345S` of a magnitude in ticks, without zeros at the fraction's end. */
function writeSeconds(ticks: u64, scale: u64, out: usize): usize {
  const whole = ticks / scale;
  out = writeU64(whole, out);
  const nanos = nanosOf(ticks - whole * scale, scale);
  if (nanos != 0) {
    store<u8>(out, 0x2e);
    out = writePadded(nanos, 9, out + 1);
    while (load<u8>(out - 1) == 0x30) out--;
  }
  store<u8>(out, 0x53);
  return out + 1;
}

/** `PT12.345S`, `-PT1.5S`, `PT0S`. */
export function writeDuration(ticks: i64, unit: i32, out: usize): usize {
  if (ticks < 0) store<u8>(out++, 0x2d);
  store<u16>(out, 0x5450);
  return writeSeconds(ticks < 0 ? 0 - <u64>ticks : <u64>ticks, <u64>perSecond(unit), out + 2);
}

/** `P1M2DT3.000000004S`; components that are zero are left out, none at all is `PT0S`. */
function writeComponents(months: i32, days: i32, ticks: i64, scale: u64, out: usize): usize {
  store<u8>(out++, 0x50);
  if (months != 0) {
    out = writeI64(months, out);
    store<u8>(out++, 0x4d);
  }
  if (days != 0) {
    out = writeI64(days, out);
    store<u8>(out++, 0x44);
  }
  if (ticks != 0 || (months == 0 && days == 0)) {
    store<u8>(out++, 0x54);
    if (ticks < 0) store<u8>(out++, 0x2d);
    out = writeSeconds(ticks < 0 ? 0 - <u64>ticks : <u64>ticks, scale, out);
  }
  return out;
}

/** The interval of `width` bytes at `at`: 4 months, 8 days and milliseconds, 16 months, days and nanoseconds. */
export function writeInterval(at: usize, width: i32, out: usize): usize {
  switch (width) {
    case 4:
      return writeComponents(load<i32>(at), 0, 0, 1, out);
    case 8:
      return writeComponents(0, load<i32>(at), <i64>load<i32>(at, 4), 1000, out);
    case 16:
      return writeComponents(load<i32>(at), load<i32>(at, 4), load<i64>(at, 8), 1000000000, out);
    default:
      unreachable();
      return 0;
  }
}
