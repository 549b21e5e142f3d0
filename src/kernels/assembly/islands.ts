/** Runs of bytes of one set, taken out of a text column and put back: a regex then sees nothing else. */
import { copyExact } from "./copy";
import { findByte } from "./search";

/** int32 of an island: the value's index, and where it begins and ends, as offsets count. */
const ISLAND: usize = 12;

// @ts-ignore: decorator
@inline
function isMember(members: usize, at: usize): bool {
  return load<u8>(members + <usize>load<u8>(at)) != 0;
}

/**
 * The longest runs of bytes of a set in each value that are `least` or longer: one look in so many bytes meets each.
 *
 * @param members 256 bytes, 1 for those of the set
 * @param most bytes that they may have together
 * @param out has room for most / least times three int32
 * @returns how many they are, -1 where they have more bytes
 */
export function islands(
  values: usize, offsets: usize, length: i32, members: usize, least: i32, most: i32, out: usize,
): i32 {
  const begin = out;
  let from = values + <usize>load<i32>(offsets);
  let bytes = 0;
  for (let i = 0; i < length; i++) {
    offsets += 4;
    const to = values + <usize>load<i32>(offsets);
    for (let at = from + <usize>least - 1; at < to; at += least) {
      if (!isMember(members, at)) continue;
      let start = at;
      while (start > from && isMember(members, start - 1)) start--;
      let end = at + 1;
      while (end < to && isMember(members, end)) end++;
      const size = <i32>(end - start);
      // What stands at its end is none: the next one begins behind that.
      at = end;
      if (size < least) continue;
      bytes += size;
      if (bytes > most) return -1;
      store<i32>(out, i);
      store<i32>(out, <i32>(start - values), 4);
      store<i32>(out, <i32>(end - values), 8);
      out += ISLAND;
    }
    from = to;
  }
  return <i32>((out - begin) / ISLAND);
}

/** 1 when a byte of its value that is no separator stands before the island. */
// @ts-ignore: decorator
@inline
function hasBefore(values: usize, offsets: usize, island: usize, separator: i32): usize {
  const from = load<i32>(island, 4);
  const start = load<i32>(offsets + ((<usize>load<i32>(island)) << 2));
  return from > start && load<u8>(values + <usize>from - 1) != <u8>separator ? 1 : 0;
}

/** 1 when such a byte stands behind it. */
// @ts-ignore: decorator
@inline
function hasBehind(values: usize, offsets: usize, island: usize, separator: i32): usize {
  const to = load<i32>(island, 8);
  const stop = load<i32>(offsets + ((<usize>load<i32>(island)) << 2), 4);
  return to < stop && load<u8>(values + <usize>to) != <u8>separator ? 1 : 0;
}

/**
 * Copies each island, with the byte before it and the one behind it where its value has any there that are no
 * `separator`, and a separator behind all to `out`, which has room for the islands' bytes and three more for each.
 *
 * @returns bytes written
 */
export function joinIslands(
  values: usize, offsets: usize, found: usize, count: i32, separator: i32, out: usize,
): i32 {
  const begin = out;
  const stop = found + <usize>count * ISLAND;
  for (; found < stop; found += ISLAND) {
    const before = hasBefore(values, offsets, found, separator);
    const behind = hasBehind(values, offsets, found, separator);
    const from = <usize>load<i32>(found, 4) - before;
    const size = <usize>load<i32>(found, 8) + behind - from;
    copyExact(values + from, size, out);
    out += size;
    store<u8>(out++, <u8>separator);
  }
  return <i32>(out - begin);
}

/**
 * The column with other bytes in place of the islands: what `joinIslands` wrote, changed but for the bytes around each
 * island. `out` has room for the column's bytes and the joined ones; offsets are length + 1, the first of them 0.
 *
 * @returns bytes written, -1 when there are not as many separators as islands
 */
export function patchIslands(
  values: usize, offsets: usize, length: i32, found: usize, count: i32, joined: usize, byteLength: i32, separator: i32,
  out: usize, outOffsets: usize,
): i32 {
  const joinedEnd = joined + <usize>byteLength;
  let end: usize = 0;
  // Everything up to here has been copied, every value's end up to here been written.
  let done = load<i32>(offsets);
  let next = 0;
  store<i32>(outOffsets, 0);
  for (let k = 0; k <= count; k++) {
    const last = k == count;
    const index = last ? length : load<i32>(found);
    const from = last ? load<i32>(offsets + ((<usize>length) << 2)) : load<i32>(found, 4);
    const shift = <i32>end - done;
    for (; next < index; next++) {
      const at = (<usize>next + 1) << 2;
      store<i32>(outOffsets + at, load<i32>(offsets + at) + shift);
    }
    copyExact(values + <usize>done, <usize>(from - done), out + end);
    end += <usize>(from - done);
    if (last) break;
    const before = hasBefore(values, offsets, found, separator);
    const behind = hasBehind(values, offsets, found, separator);
    const stop = findByte(joined, joinedEnd, <u8>separator);
    if (stop >= joinedEnd || stop - joined < before + behind) return -1;
    const size = stop - joined - before - behind;
    copyExact(joined + before, size, out + end);
    end += size;
    joined = stop + 1;
    done = load<i32>(found, 8);
    found += ISLAND;
  }
  return joined == joinedEnd ? <i32>end : -1;
}
