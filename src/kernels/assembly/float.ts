/**
 * Doubles as ECMAScript's Number::toString writes them: the shortest digits that read back the same, the closest of
 * these. The algorithm is Schubfach (Raffaello Giulietti, "The Schubfach way to render doubles", 2020), in the form that
 * Alexander Bolz's survey of such algorithms gives it.
 */
import { writeU32, writeU64 } from "./integer";

const POWER_MIN: i32 = -292;
const POWER_MAX: i32 = 324;
/** ⌈10^k · 2^(127 - ⌊log2 10^k⌋)⌉ for k from POWER_MIN on, 128 bits each, low half first; filled in by the loader. */
const POWERS = memory.data(617 * 16, 16);

/** Where the loader puts the powers of ten. */
export function powersOfTen(): usize {
  return POWERS;
}

/** The high 64 bits of a product. */
// @ts-ignore: decorator
@inline
function highProduct(a: u64, b: u64): u64 {
  const a0 = a & 0xffffffff;
  const a1 = a >> 32;
  const b0 = b & 0xffffffff;
  const b1 = b >> 32;
  const middle = a1 * b0 + ((a0 * b0) >> 32);
  const low = a0 * b1 + (middle & 0xffffffff);
  return a1 * b1 + (middle >> 32) + (low >> 32);
}

/** The product with a power of ten, to 64 bits; an inexact one is odd. */
function roundToOdd(power: usize, cp: u64): u64 {
  const x1 = highProduct(load<u64>(power), cp);
  const high = load<u64>(power, 8);
  const y0 = high * cp;
  const y1 = highProduct(high, cp);
  const z = y0 + x1;
  return (y1 + u64(z < y0)) | u64(z > 1);
}

let exponent10: i32 = 0;

/** Digits of a positive, finite double; `exponent10` is the power of ten of the last one. */
function digitsOf(bits: u64): u64 {
  const fraction = bits & 0xfffffffffffff;
  const biased = <i32>(bits >> 52) & 0x7ff;
  let c = fraction;
  let q = -1074;
  if (biased !== 0) {
    c |= 0x10000000000000;
    q = biased - 1075;
    if (q <= 0 && q > -53 && (c & ((<u64>1 << -q) - 1)) === 0) {
      exponent10 = 0;
      return c >> -q;
    }
  }
  const even = u64((c & 1) === 0);
  const closer = u64(fraction === 0 && biased > 1);
  const k = (q * 1262611 - (closer ? 524031 : 0)) >> 22;
  const h = q + ((-k * 1741647) >> 19) + 1;
  const power = POWERS + (<usize>(-k - POWER_MIN) << 4);
  const below = roundToOdd(power, (4 * c - 2 + closer) << h);
  const v = roundToOdd(power, (4 * c) << h);
  const above = roundToOdd(power, (4 * c + 2) << h);
  const lower = below + (1 - even);
  const upper = above - (1 - even);
  const s = v >> 2;
  if (s >= 10) {
    const short = s / 10;
    const down = lower <= 40 * short;
    const up = 40 * short + 40 <= upper;
    if (down !== up) {
      exponent10 = k + 1;
      return short + u64(up);
    }
  }
  exponent10 = k;
  const down = lower <= 4 * s;
  const up = 4 * s + 4 <= upper;
  if (down !== up) return s + u64(up);
  const middle = 4 * s + 2;
  return s + u64(v > middle || (v === middle && (s & 1) !== 0));
}

function zeros(count: i32, out: usize): usize {
  for (; count > 0; count--) store<u8>(out++, 0x30);
  return out;
}

/** At most 25 bytes; "null" for NaN and infinities, which JSON cannot hold. -0 is 0. */
export function writeFloat(value: f64, out: usize): usize {
  let bits = reinterpret<u64>(value);
  if (((bits >> 52) & 0x7ff) === 0x7ff) {
    store<u32>(out, 0x6c6c756e);
    return out + 4;
  }
  if (bits << 1 === 0) {
    store<u8>(out, 0x30);
    return out + 1;
  }
  if (bits >> 63) {
    store<u8>(out++, 0x2d);
    bits &= 0x7fffffffffffffff;
  }
  let digits = digitsOf(bits);
  let exponent = exponent10;
  while (digits % 10 === 0) {
    digits /= 10;
    exponent++;
  }
  // ECMA-262, Number::toString: k digits, of which n stand before the point.
  const end = writeU64(digits, out);
  const k = <i32>(end - out);
  const n = k + exponent;
  if (exponent >= 0 && n <= 21) return zeros(exponent, end);
  if (n > 0 && n <= 21) {
    for (let at = end; at > out + n; at--) store<u8>(at, load<u8>(at - 1));
    store<u8>(out + n, 0x2e);
    return end + 1;
  }
  if (n > -6 && n <= 0) {
    const shift = 2 - n;
    for (let at = end + shift - 1; at >= out + shift; at--) store<u8>(at, load<u8>(at - shift));
    store<u16>(out, 0x2e30);
    zeros(-n, out + 2);
    return end + shift;
  }
  let at = end;
  if (k > 1) {
    for (; at > out + 1; at--) store<u8>(at, load<u8>(at - 1));
    store<u8>(out + 1, 0x2e);
    at = end + 1;
  }
  store<u8>(at, 0x65);
  store<u8>(at, n > 0 ? 0x2b : 0x2d, 1);
  return writeU32(<u32>(n > 0 ? n - 1 : 1 - n), at + 2);
}

/**
 * The validity of a column of floats (`width` 4 or 8 bytes) without its NaN and infinities, to `out`.
 *
 * @returns how many valid elements are not finite
 */
export function finiteBits(values: usize, width: i32, validity: usize, length: i32, out: usize): i32 {
  let lost = 0;
  for (let i = 0; i < length; i += 8) {
    const valid: u32 = validity === 0 ? 0xff : load<u8>(validity + (i >> 3));
    let bits: u32 = 0;
    for (let k = 0; k < 8 && i + k < length; k++) {
      const finite = width === 8
        ? (load<u64>(values + ((<usize>(i + k)) << 3)) >> 52 & 0x7ff) !== 0x7ff
        : (load<u32>(values + ((<usize>(i + k)) << 2)) >> 23 & 0xff) !== 0xff;
      if ((valid >> k) & 1) {
        if (finite) bits |= 1 << k;
        else lost++;
      }
    }
    store<u8>(out + (i >> 3), <u8>bits);
  }
  return lost;
}
