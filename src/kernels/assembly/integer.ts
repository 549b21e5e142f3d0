/** Integers as decimal text. Writers take the position to write at and return the position after; room is the caller's. */

/** "00" to "99". */
const PAIRS = memory.data<u8>([
  48,48,48,49,48,50,48,51,48,52,48,53,48,54,48,55,48,56,48,57,49,48,49,49,49,50,49,51,49,52,49,53,49,54,49,55,49,56,49,57,
  50,48,50,49,50,50,50,51,50,52,50,53,50,54,50,55,50,56,50,57,51,48,51,49,51,50,51,51,51,52,51,53,51,54,51,55,51,56,51,57,
  52,48,52,49,52,50,52,51,52,52,52,53,52,54,52,55,52,56,52,57,53,48,53,49,53,50,53,51,53,52,53,53,53,54,53,55,53,56,53,57,
  54,48,54,49,54,50,54,51,54,52,54,53,54,54,54,55,54,56,54,57,55,48,55,49,55,50,55,51,55,52,55,53,55,54,55,55,55,56,55,57,
  56,48,56,49,56,50,56,51,56,52,56,53,56,54,56,55,56,56,56,57,57,48,57,49,57,50,57,51,57,52,57,53,57,54,57,55,57,56,57,57,
]);

/** Exactly two digits; v < 100. */
// @ts-ignore: decorator
@inline
export function writePair(v: u32, out: usize): usize {
  store<u16>(out, load<u16>(PAIRS + ((<usize>v) << 1)));
  return out + 2;
}

/** Exactly `digits` digits, with leading zeros; v < 10^digits. */
export function writePadded(v: u32, digits: usize, out: usize): usize {
  let at = out + digits;
  while (at - out >= 2) {
    at -= 2;
    writePair(v % 100, at);
    v /= 100;
  }
  if (at != out) store<u8>(out, <u8>(48 + v));
  return out + digits;
}

function digitsOf(v: u32): usize {
  if (v < 10000) return v < 100 ? (v < 10 ? 1 : 2) : v < 1000 ? 3 : 4;
  if (v < 1000000) return v < 100000 ? 5 : 6;
  if (v < 100000000) return v < 10000000 ? 7 : 8;
  return v < 1000000000 ? 9 : 10;
}

/** 1 to 10 digits. */
export function writeU32(v: u32, out: usize): usize {
  return writePadded(v, digitsOf(v), out);
}

/** 1 to 20 digits. */
export function writeU64(v: u64, out: usize): usize {
  if (v <= <u64>u32.MAX_VALUE) return writeU32(<u32>v, out);
  const high = v / 100000000;
  out = writeU64(high, out);
  return writePadded(<u32>(v - high * 100000000), 8, out);
}

/** 1 to 19 digits with a minus sign where needed. */
export function writeI64(v: i64, out: usize): usize {
  if (v >= 0) return writeU64(<u64>v, out);
  store<u8>(out, 0x2d);
  return writeU64(0 - <u64>v, out + 1);
}

/** The integer of `width` bytes at `at`; unsigned ones come as the same bits. */
export function loadInteger(at: usize, i: i32, width: i32, unsigned: bool): i64 {
  switch (width) {
    case 1:
      return unsigned ? <i64>load<u8>(at + i) : <i64>load<i8>(at + i);
    case 2:
      return unsigned ? <i64>load<u16>(at + ((<usize>i) << 1)) : <i64>load<i16>(at + ((<usize>i) << 1));
    case 4:
      return unsigned ? <i64>load<u32>(at + ((<usize>i) << 2)) : <i64>load<i32>(at + ((<usize>i) << 2));
    case 8:
      return load<i64>(at + ((<usize>i) << 3));
    default:
      unreachable();
      return 0;
  }
}
