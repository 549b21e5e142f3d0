/** Fixed-point decimals of 32 to 256 bits as plain decimal text. */
import { copyExact } from "./copy";
import { writePadded, writeU64 } from "./integer";

/** Nine times nine digits: 2^255 has 77. */
const DIGITS = memory.data(96);
const DIGITS_END: usize = 90;
/** Eight 32-bit limbs, least significant first. */
const LIMBS = memory.data(32);

/**
 * The digits of the magnitude of a two's complement integer of `words` 32-bit words, right-aligned before
 * DIGITS + DIGITS_END. Divides by 10^9 until nothing is left: at most 9 × 8 divisions.
 *
 * @returns the first digit's address; zero has no digit
 */
function wideDigits(at: usize, words: i32): usize {
  const negative = load<i32>(at + ((<usize>(words - 1)) << 2)) < 0;
  let carry: u64 = negative ? 1 : 0;
  for (let w = 0; w < words; w++) {
    const word = load<u32>(at + ((<usize>w) << 2));
    const limb = <u64>(negative ? ~word : word) + carry;
    store<u32>(LIMBS + ((<usize>w) << 2), <u32>limb);
    carry = limb >> 32;
  }
  let first = DIGITS + DIGITS_END;
  let top = words;
  while (true) {
    while (top > 0 && load<u32>(LIMBS + ((<usize>(top - 1)) << 2)) == 0) top--;
    if (top == 0) break;
    let rest: u64 = 0;
    for (let w = top - 1; w >= 0; w--) {
      const limb = LIMBS + ((<usize>w) << 2);
      const dividend = (rest << 32) | <u64>load<u32>(limb);
      const quotient = dividend / 1000000000;
      store<u32>(limb, <u32>quotient);
      rest = dividend - quotient * 1000000000;
    }
    first -= 9;
    writePadded(<u32>rest, 9, first);
  }
  while (first < DIGITS + DIGITS_END && load<u8>(first) == 0x30) first++;
  return first;
}

function writeZeros(count: usize, out: usize): usize {
  const stop = out + count;
  while (out < stop) store<u8>(out++, 0x30);
  return stop;
}

/**
 * The decimal at `at`, never past `end`. Exact, without exponent, at least one digit before the point.
 *
 * @returns the position after it, 0 when it does not fit
 */
export function writeDecimal(at: usize, width: i32, scale: i32, out: usize, end: usize): usize {
  let negative: bool;
  let first: usize;
  let count: usize;
  if (width <= 8 || (width == 16 && load<i64>(at, 8) == load<i64>(at) >> 63)) {
    const v = width == 4 ? <i64>load<i32>(at) : load<i64>(at);
    negative = v < 0;
    first = DIGITS;
    count = v == 0 ? 0 : writeU64(negative ? 0 - <u64>v : <u64>v, first) - first;
  } else {
    negative = load<i32>(at + <usize>width - 4) < 0;
    first = wideDigits(at, width >> 2);
    count = DIGITS + DIGITS_END - first;
  }
  const fraction: usize = scale > 0 ? <usize>scale : 0;
  // Zeros that a negative scale appends; zero itself stays one digit, as JSON knows no leading zeros.
  const appended: usize = scale < 0 && count > 0 ? <usize>(0 - scale) : 0;
  const whole: usize = count > fraction ? count - fraction : 0;
  const need = <usize>negative + max<usize>(whole + appended, 1) + (fraction > 0 ? 1 + fraction : 0);
  if (end - out < need) return 0;
  if (negative) store<u8>(out++, 0x2d);
  if (whole > 0) {
    copyExact(first, whole, out);
    out = writeZeros(appended, out + whole);
  } else {
    store<u8>(out++, 0x30);
  }
  if (fraction > 0) {
    store<u8>(out++, 0x2e);
    const digits = count - whole;
    if (digits < fraction) out = writeZeros(fraction - digits, out);
    copyExact(first + whole, digits, out);
    out += digits;
  }
  return out;
}
