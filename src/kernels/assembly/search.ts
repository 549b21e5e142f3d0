/**
 * The first `byte` in [source, stop), or `stop`. Reads up to 15 bytes past it.
 */
// @ts-ignore: decorator
@inline
export function findByte(source: usize, stop: usize, byte: u8): usize {
  const wanted = i8x16.splat(byte);
  for (; source < stop; source += 16) {
    const hits = i8x16.bitmask(i8x16.eq(v128.load(source), wanted));
    if (hits != 0) return min(source + <usize>ctz(hits), stop);
  }
  return stop;
}

/** 1 when one of the `length` bytes is `byte`, else 0. */
export function hasByte(source: usize, length: usize, byte: i32): i32 {
  const stop = source + length;
  return findByte(source, stop, <u8>byte) < stop ? 1 : 0;
}

/** Whether `length` bytes at `a` and `b` are the same. Reads up to 15 bytes past them. */
export function equalBytes(a: usize, b: usize, length: usize): bool {
  while (length >= 16) {
    if (v128.any_true(v128.xor(v128.load(a), v128.load(b)))) return false;
    a += 16;
    b += 16;
    length -= 16;
  }
  if (length == 0) return true;
  const differing = ~i8x16.bitmask(i8x16.eq(v128.load(a), v128.load(b)));
  return (differing & ((1 << <i32>length) - 1)) == 0;
}

/** Where, among 16 positions, the bytes of a window stand: one bit each. */
// @ts-ignore: decorator
@inline
function windowsAt(source: usize, window: usize, count: usize): i32 {
  let found = i8x16.splat(-1);
  for (let k: usize = 0; k < count; k++) {
    const block = v128.load(source + k);
    const wanted = load<u8>(window + k);
    found = v128.and(
      found,
      wanted === 0x80
        ? i8x16.lt_u(i8x16.sub(block, i8x16.splat(0x30)), i8x16.splat(10))
        : i8x16.eq(block, i8x16.splat(<i8>wanted)),
    );
    if (k === 1 && !v128.any_true(found)) return 0;
  }
  return i8x16.bitmask(found);
}

/**
 * Which values hold `count` bytes one after the other: `window` has them, 0x80 for any digit. Reads up to 16 bytes and a
 * window past the values.
 *
 * @param out has room for length int32: the values' indices
 * @returns how many they are
 */
export function withWindow(values: usize, offsets: usize, length: i32, window: usize, count: usize, out: usize): i32 {
  const first = out;
  let from = values + <usize>load<i32>(offsets);
  for (let i = 0; i < length; i++) {
    offsets += 4;
    const to = values + <usize>load<i32>(offsets);
    if (to - from >= count) {
      const last = to - count;
      for (let at = from; at <= last; at += 16) {
        let hits = windowsAt(at, window, count);
        const left = last - at;
        if (left < 15) hits &= (1 << <i32>(left + 1)) - 1;
        if (hits !== 0) {
          store<i32>(out, i);
          out += 4;
          break;
        }
      }
    }
    from = to;
  }
  return <i32>((out - first) >> 2);
}
