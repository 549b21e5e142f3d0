/** Bytes of a power: 128 bits. */
const SIZE = 16;
const FIRST = -292;
const LAST = 324;

/**
 * The powers of ten that float formatting multiplies by: ⌈10^k · 2^(127 - ⌊log2 10^k⌋)⌉ for k from -292 to 324,
 * little-endian. See assembly/float.ts.
 */
export function powersOfTen(): Uint8Array {
  const table = new Uint8Array((LAST - FIRST + 1) * SIZE);
  const view = new DataView(table.buffer);
  for (let k = FIRST; k <= LAST; k++) {
    const power = k < 0 ? inverse(10n ** BigInt(-k)) : scaled(10n ** BigInt(k));
    view.setBigUint64((k - FIRST) * SIZE, power & 0xffffffffffffffffn, true);
    view.setBigUint64((k - FIRST) * SIZE + 8, power >> 64n, true);
  }
  return table;
}

/** 128 bits of an integer, rounded up. */
function scaled(value: bigint): bigint {
  const excess = BigInt(value.toString(2).length) - 128n;
  if (excess <= 0n) return value << -excess;
  return ceilDivide(value, 1n << excess);
}

/** 128 bits of an integer's reciprocal, rounded up. */
function inverse(value: bigint): bigint {
  const bits = BigInt(value.toString(2).length);
  return ceilDivide(1n << (127n + bits), value);
}

function ceilDivide(a: bigint, b: bigint): bigint {
  return (a + b - 1n) / b;
}
