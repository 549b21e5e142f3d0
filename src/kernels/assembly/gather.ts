/** Rows picked by index: dictionary expansion and selection. Index -1 picks nothing. */
import { copyExact, copyLoose } from "./copy";

// @ts-ignore: decorator
@inline
function sizeAt(offsets: usize, index: i32): usize {
  if (index < 0) return 0;
  const at = offsets + ((<usize>index) << 2);
  return <usize>(load<i32>(at, 4) - load<i32>(at));
}

/** Bytes that `gatherText` will write; a double, as they may pass 2^31. */
export function gatherTextSize(offsets: usize, indices: usize, count: i32): f64 {
  let size: u64 = 0;
  const stop = indices + ((<usize>count) << 2);
  for (; indices < stop; indices += 4) size += sizeAt(offsets, load<i32>(indices));
  return <f64>size;
}

/**
 * How many elements can be copied with up to 15 bytes of spill, because at least 16 bytes are written after them.
 */
function looseCount(offsets: usize, indices: usize, count: i32): i32 {
  let after: usize = 0;
  while (count > 0 && after < 16) after += sizeAt(offsets, load<i32>(indices + ((<usize>--count) << 2)));
  return count;
}

/**
 * Value indices[k] becomes element k: its bytes in `outValues` (`gatherTextSize` bytes), count + 1 offsets from 0 on
 * in `outOffsets`.
 *
 * @returns bytes written
 */
export function gatherText(
  values: usize, offsets: usize, indices: usize, count: i32, outValues: usize, outOffsets: usize,
): i32 {
  const loose = looseCount(offsets, indices, count);
  let out = outValues;
  store<i32>(outOffsets, 0);
  for (let k = 0; k < count; k++) {
    const index = load<i32>(indices + ((<usize>k) << 2));
    const size = sizeAt(offsets, index);
    if (size > 0) {
      const source = values + <usize>load<i32>(offsets + ((<usize>index) << 2));
      if (k < loose) copyLoose(source, size, out);
      else copyExact(source, size, out);
      out += size;
    }
    outOffsets += 4;
    store<i32>(outOffsets, <i32>(out - outValues));
  }
  return <i32>(out - outValues);
}

// @ts-ignore: decorator
@inline
function gatherAs<T>(values: usize, indices: usize, stop: usize, out: usize): void {
  for (; indices < stop; indices += 4, out += sizeof<T>()) {
    const index = load<i32>(indices);
    store<T>(out, index < 0 ? <T>0 : load<T>(values + <usize>index * sizeof<T>()));
  }
}

/** Value indices[k], of `width` bytes, becomes element k of `out`; index -1 becomes zeros. */
export function gatherFixed(values: usize, width: i32, indices: usize, count: i32, out: usize): void {
  const stop = indices + ((<usize>count) << 2);
  if (width == 8) return gatherAs<u64>(values, indices, stop, out);
  if (width == 4) return gatherAs<u32>(values, indices, stop, out);
  if (width == 2) return gatherAs<u16>(values, indices, stop, out);
  if (width == 1) return gatherAs<u8>(values, indices, stop, out);
  for (; indices < stop; indices += 4, out += width) {
    const index = load<i32>(indices);
    if (index < 0) memory.fill(out, 0, width);
    else copyExact(values + <usize>index * <usize>width, width, out);
  }
}

/**
 * A text column with other values at `count` ascending indices: element k of `by` in place of element indices[k].
 *
 * @param out has room for both columns' bytes; offsets are length + 1
 * @returns bytes written
 */
export function patchText(
  values: usize, offsets: usize, length: i32, indices: usize, count: i32, byValues: usize, byOffsets: usize,
  out: usize, outOffsets: usize,
): i32 {
  let end: usize = 0;
  let next = 0;
  store<i32>(outOffsets, 0);
  for (let k = 0; k <= count; k++) {
    const index = k < count ? load<i32>(indices + ((<usize>k) << 2)) : length;
    // The run of values before it, in one piece.
    const from = load<i32>(offsets + ((<usize>next) << 2));
    const size = <usize>(load<i32>(offsets + ((<usize>index) << 2)) - from);
    copyExact(values + <usize>from, size, out + end);
    const shift = <i32>end - from;
    for (let i = next; i < index; i++) {
      const at = (<usize>i + 1) << 2;
      store<i32>(outOffsets + at, load<i32>(offsets + at) + shift);
    }
    end += size;
    if (k < count) {
      const bytes = sizeAt(byOffsets, k);
      copyExact(byValues + <usize>load<i32>(byOffsets + ((<usize>k) << 2)), bytes, out + end);
      end += bytes;
      store<i32>(outOffsets + ((<usize>index + 1) << 2), <i32>end);
      next = index + 1;
    }
  }
  return <i32>end;
}
