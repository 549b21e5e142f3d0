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
