/** Hashes of text columns, side by side: what a sketch of their different values is made of. */

/** MurmurHash3's 64-bit finaliser over a chain of words. 52 bits, which a double holds. Reads up to 7 bytes past. */
// @ts-ignore: decorator
@inline
function hashOf(source: usize, length: usize, seed: u64): f64 {
  const factor: u64 = 0x9e3779b97f4a7c15;
  let hash: u64 = seed ^ ((<u64>length) * factor);
  while (length >= 8) {
    hash = (hash ^ load<u64>(source)) * factor;
    hash ^= hash >> 32;
    source += 8;
    length -= 8;
  }
  if (length > 0) {
    hash = (hash ^ (load<u64>(source) & (((<u64>1) << ((<u64>length) << 3)) - 1))) * factor;
    hash ^= hash >> 32;
  }
  hash = (hash ^ (hash >> 33)) * 0xff51afd7ed558ccd;
  hash = (hash ^ (hash >> 33)) * 0xc4ceb9fe1a85ec53;
  hash ^= hash >> 33;
  return <f64>(hash >> 12);
}

/**
 * Pairs of values of two columns of one length, nulls and empty ones left out, where either value's hash is small.
 *
 * @param seed 8 bytes
 * @param below two f64: hashes of the first column, and of the second, that are small
 * @param seen `slots` (a power of 2) times 16 bytes: pairs told of lately, which are not told again
 * @param out has room for length times 24 bytes: both hashes and the index, as f64
 * @returns how many pairs
 */
export function sketchPairs(
  aValues: usize, aOffsets: usize, bValues: usize, bOffsets: usize, validity: usize, length: i32,
  seed: usize, below: usize, seen: usize, slots: i32, out: usize,
): i32 {
  const key = load<u64>(seed);
  const belowA = load<f64>(below);
  const belowB = load<f64>(below, 8);
  const first = out;
  let a = <usize>load<i32>(aOffsets);
  let b = <usize>load<i32>(bOffsets);
  for (let i = 0; i < length; i++) {
    aOffsets += 4;
    bOffsets += 4;
    const aEnd = <usize>load<i32>(aOffsets);
    const bEnd = <usize>load<i32>(bOffsets);
    if (aEnd > a && bEnd > b && (validity === 0 || ((load<u8>(validity + (i >> 3)) >> (i & 7)) & 1) === 1)) {
      const hashA = hashOf(aValues + a, aEnd - a, key);
      const hashB = hashOf(bValues + b, bEnd - b, key);
      if (hashA < belowA || hashB < belowB) {
        const slot = seen + ((<usize>(<u32>(<u64>hashA)) & <usize>(slots - 1)) << 4);
        if (load<f64>(slot) !== hashA || load<f64>(slot, 8) !== hashB) {
          store<f64>(slot, hashA);
          store<f64>(slot, hashB, 8);
          store<f64>(out, hashA);
          store<f64>(out, hashB, 8);
          store<f64>(out, <f64>i, 16);
          out += 24;
        }
      }
    }
    a = aEnd;
    b = bEnd;
  }
  return <i32>((out - first) / 24);
}
