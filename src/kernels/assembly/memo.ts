/**
 * A small table of values and what they were mapped to. Four entries a bucket; the newer ones stay.
 *
 * An entry: u32 hash (0: empty), u16 bytes of the value, u16 of its result, VALUE bytes, RESULT bytes.
 */
import { copyExact } from "./copy";
import { equalBytes } from "./search";

const VALUE: usize = 40;
const RESULT: usize = 80;
const ENTRY: usize = 128;
const BUCKET: usize = 4 * ENTRY;

/** Never 0. Reads up to 7 bytes past the value. */
// @ts-ignore: decorator
@inline
function hashOf(source: usize, length: usize): u32 {
  const factor: u64 = 0x9e3779b97f4a7c15;
  let hash: u64 = <u64>length;
  while (length >= 8) {
    hash = (hash ^ load<u64>(source)) * factor;
    hash ^= hash >> 32;
    source += 8;
    length -= 8;
  }
  if (length > 0) {
    hash = (hash ^ (load<u64>(source) & (((<u64>1) << (<u64>length << 3)) - 1))) * factor;
    hash ^= hash >> 32;
  }
  return <u32>(hash * factor >> 32) | 1;
}

// @ts-ignore: decorator
@inline
function bucketOf(table: usize, buckets: i32, hash: u32): usize {
  return table + (<usize>((hash >> 1) & <u32>(buckets - 1))) * BUCKET;
}

// @ts-ignore: decorator
@inline
function holds(entry: usize, hash: u32, value: usize, length: usize): bool {
  return load<u32>(entry) === hash && <usize>load<u16>(entry, 4) === length && equalBytes(entry + 8, value, length);
}

/** The value's entry, 0 where it has none. */
// @ts-ignore: decorator
@inline
function entryOf(bucket: usize, hash: u32, value: usize, length: usize): usize {
  for (let entry = bucket; entry < bucket + BUCKET; entry += ENTRY) {
    if (holds(entry, hash, value, length)) return entry;
  }
  return 0;
}

/**
 * Writes the results of the values that the table holds; those of the others are empty, and their indices in `missing`.
 * Nulls and empty values are neither.
 *
 * @param validity bitmap, 0 for none
 * @param buckets a power of 2; the table has 512 bytes for each
 * @param out has room for 80 bytes a value; offsets are length + 1
 * @returns how many are missing
 */
export function memoFind(
  values: usize, offsets: usize, validity: usize, length: i32, table: usize, buckets: i32,
  out: usize, outOffsets: usize, missing: usize,
): i32 {
  const begin = out;
  const first = missing;
  let from = <usize>load<i32>(offsets);
  store<i32>(outOffsets, 0);
  for (let i = 0; i < length; i++) {
    offsets += 4;
    const to = <usize>load<i32>(offsets);
    const size = to - from;
    if (size > 0 && (validity === 0 || ((load<u8>(validity + (i >> 3)) >> (i & 7)) & 1) === 1)) {
      const value = values + from;
      const hash = hashOf(value, size);
      const entry = entryOf(bucketOf(table, buckets, hash), hash, value, size);
      if (entry !== 0) {
        const bytes = <usize>load<u16>(entry, 6);
        copyExact(entry + 8 + VALUE, bytes, out);
        out += bytes;
      } else {
        store<i32>(missing, i);
        missing += 4;
      }
    }
    outOffsets += 4;
    store<i32>(outOffsets, <i32>(out - begin));
    from = to;
  }
  return <i32>((missing - first) >> 2);
}

/** Puts values and their results into the table, but those of more than 40 and 80 bytes. */
export function memoInsert(
  values: usize, offsets: usize, results: usize, resultOffsets: usize, length: i32, table: usize, buckets: i32,
): void {
  for (let i: usize = 0; i < <usize>length; i++) {
    const from = <usize>load<i32>(offsets + (i << 2));
    const size = <usize>load<i32>(offsets + (i << 2), 4) - from;
    const resultFrom = <usize>load<i32>(resultOffsets + (i << 2));
    const bytes = <usize>load<i32>(resultOffsets + (i << 2), 4) - resultFrom;
    if (size === 0 || size > VALUE || bytes > RESULT) continue;
    const value = values + from;
    const hash = hashOf(value, size);
    const entry = bucketOf(table, buckets, hash);
    if (entryOf(entry, hash, value, size) !== 0) continue;
    // All move on by one, and the oldest is forgotten.
    if (load<u32>(entry) !== 0) memory.copy(entry + ENTRY, entry, BUCKET - ENTRY);
    store<u32>(entry, hash);
    store<u16>(entry, <u16>size, 4);
    store<u16>(entry, <u16>bytes, 6);
    copyExact(value, size, entry + 8);
    copyExact(results + resultFrom, bytes, entry + 8 + VALUE);
  }
}
