/** A column as one text and back, so that a regex runs once over all of its values. */
import { copyExact, copyLoose } from "./copy";

/**
 * Copies every value followed by `separator` to `out`, which has room for the values' bytes and `length` more.
 *
 * @returns bytes written
 */
export function join(values: usize, offsets: usize, length: i32, separator: i32, out: usize): i32 {
  const begin = out;
  let from = <usize>load<i32>(offsets);
  const stop = offsets + ((<usize>length) << 2);
  const end = out + (<usize>load<i32>(stop) - from) + length;
  while (offsets < stop) {
    offsets += 4;
    const to = <usize>load<i32>(offsets);
    const size = to - from;
    if (end - out >= size + 16) copyLoose(values + from, size, out);
    else copyExact(values + from, size, out);
    out += size;
    store<u8>(out++, <u8>separator);
    from = to;
  }
  return <i32>(out - begin);
}

/**
 * The inverse: copies the values between separators to `out`, which has room for `byteLength` bytes or is `bytes`
 * itself, and writes their length + 1 offsets, the first of them 0. Values past `length` are counted, not copied;
 * the offsets of missing ones repeat the last.
 *
 * @returns separators found, or -1 when bytes follow the last separator
 */
export function split(bytes: usize, byteLength: usize, separator: i32, length: i32, out: usize, offsetsOut: usize): i32 {
  const begin = out;
  const end = out + byteLength;
  const stop = bytes + byteLength;
  const wanted = i8x16.splat(<u8>separator);
  const offsetsEnd = offsetsOut + ((<usize>length) << 2);
  let found = 0;
  store<i32>(offsetsOut, 0);
  while (bytes < stop) {
    const block = v128.load(bytes);
    let hits = i8x16.bitmask(i8x16.eq(block, wanted));
    let size: usize;
    if (hits != 0) {
      size = <usize>ctz(hits);
    } else {
      let at = bytes + 16;
      for (; at < stop; at += 16) {
        hits = i8x16.bitmask(i8x16.eq(v128.load(at), wanted));
        if (hits != 0) break;
      }
      size = at - bytes + <usize>ctz(hits | 0x10000);
    }
    if (bytes + size >= stop) {
      found = -1;
      break;
    }
    found++;
    if (offsetsOut < offsetsEnd) {
      // Storing 16 bytes for a short value spills past it: not over the end, nor over bytes still to be read, which
      // in place lie ahead of `out` by no more than the separators dropped so far.
      if (size <= 16 && end - out >= 16 && (bytes - out >= 16)) v128.store(out, block);
      else copyExact(bytes, size, out);
      out += size;
      offsetsOut += 4;
      store<i32>(offsetsOut, <i32>(out - begin));
    }
    bytes += size + 1;
  }
  while (offsetsOut < offsetsEnd) {
    offsetsOut += 4;
    store<i32>(offsetsOut, <i32>(out - begin));
  }
  return found;
}
