/** Text as detectors read it, one byte for a UTF-16 code unit, and the way back to its UTF-8. */
import { copyExact } from "./copy";

/** Stands for a symbol, once for each of its two code units. */
const SYMBOL: u8 = 0xac;
/** Characters of four bytes are folded where they are pictures only: U+1F300 to U+1FAFF. */
const FIRST_PICTURE: u32 = 0x1f300;
const LAST_PICTURE: u32 = 0x1faff;

// @ts-ignore: decorator
@inline
function lowered(code: u8, lower: i32): u8 {
  return code + (<u8>lower << 5) * <u8>(<u8>(code - 0x41) < 26);
}

/**
 * Each character beyond ASCII by `table`, 65,536 bytes by code point; pictures of four bytes as two symbols.
 *
 * @param length bytes of valid UTF-8
 * @param lower 1: ASCII letters in lower case, 0: ASCII as it is
 * @param out has room for as many
 * @returns bytes written, -1 where there is another character of four bytes
 */
export function foldText(source: usize, length: i32, table: usize, lower: i32, out: usize): i32 {
  const begin = out;
  const stop = source + <usize>length;
  const safe = stop - min<usize>(<usize>length, 15);
  const bit = i8x16.splat(<i8>(lower << 5));
  while (source < stop) {
    const lead = <u32>load<u8>(source);
    if (lead < 0x80) {
      // Up to the next character beyond ASCII, sixteen at a time: `out` is never ahead of the source.
      while (source < safe) {
        const block = v128.load(source);
        const upper = i8x16.lt_u(i8x16.sub(block, i8x16.splat(0x41)), i8x16.splat(26));
        v128.store(out, i8x16.add(block, v128.and(upper, bit)));
        const beyond = i8x16.bitmask(block);
        const size = beyond == 0 ? <usize>16 : <usize>ctz(beyond);
        source += size;
        out += size;
        if (beyond != 0) break;
      }
      while (source < stop && load<u8>(source) < 0x80) store<u8>(out++, lowered(load<u8>(source++), lower));
      continue;
    }
    const second = <u32>load<u8>(source, 1) & 0x3f;
    if (lead < 0xe0) {
      store<u8>(out++, load<u8>(table + <usize>(((lead & 0x1f) << 6) | second)));
      source += 2;
      continue;
    }
    const third = (second << 6) | (<u32>load<u8>(source, 2) & 0x3f);
    if (lead < 0xf0) {
      store<u8>(out++, load<u8>(table + <usize>(((lead & 0x0f) << 12) | third)));
      source += 3;
      continue;
    }
    const point = ((lead & 7) << 18) | (third << 6) | (<u32>load<u8>(source, 3) & 0x3f);
    if (point < FIRST_PICTURE || point > LAST_PICTURE) return -1;
    store<u8>(out, SYMBOL);
    store<u8>(out, SYMBOL, 1);
    out += 2;
    source += 4;
  }
  return <i32>(out - begin);
}

/**
 * Turns `count` ascending positions (int32) in code units into those of the text's bytes, in place.
 *
 * @returns 1, or 0 where one lies within a character or behind the text
 */
export function bytePositions(source: usize, length: i32, positions: usize, count: i32): i32 {
  const stop = <usize>length;
  let at: usize = 0;
  let units = 0;
  for (let k = 0; k < count; k++, positions += 4) {
    const wanted = load<i32>(positions);
    // A block has at most one unit more than bytes: where a long character begins with its last one.
    while (wanted - units > 16 && at + 16 <= stop) {
      const block = v128.load(source + at);
      const continued = i8x16.bitmask(i8x16.lt_s(block, i8x16.splat(-64)));
      const long = i8x16.bitmask(i8x16.ge_u(block, i8x16.splat(<i8>0xf0)));
      units += 16 - popcnt(continued) + popcnt(long);
      at += 16;
    }
    // The block may have ended within a character, whose units have been counted at its first byte.
    while (at < stop && (load<u8>(source + at) & 0xc0) == 0x80) at++;
    while (units < wanted && at < stop) {
      const lead = load<u8>(source + at);
      units += lead < 0xf0 ? 1 : 2;
      at += lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    }
    if (units != wanted) return 0;
    store<i32>(positions, <i32>at);
  }
  return 1;
}

/**
 * The column with texts in place of spans: for each, ascending, three int32: where it begins and ends in the column
 * joined with a byte behind each value, and which text.
 *
 * @param out has room for the column's bytes and the texts'
 * @returns bytes written, -1 when a span is not within a value
 */
export function patchSpans(
  values: usize, offsets: usize, length: i32, spans: usize, count: i32, texts: usize, textOffsets: usize, out: usize,
  outOffsets: usize,
): i32 {
  const first = load<i32>(offsets);
  let end: usize = 0;
  let done = first;
  let next = 0;
  store<i32>(outOffsets, 0);
  for (let k = 0; k <= count; k++, spans += 12) {
    const last = k == count;
    const joined = last ? i32.MAX_VALUE : load<i32>(spans);
    const shift = <i32>end - done;
    for (; next < length; next++) {
      const at = (<usize>next + 1) << 2;
      const stop = load<i32>(offsets + at);
      if (stop - first + next > joined) break;
      store<i32>(outOffsets + at, stop + shift);
    }
    if (!last && next == length) return -1;
    const here = offsets + ((<usize>next) << 2);
    const from = last ? load<i32>(here) : joined + first - next;
    if (!last && (from < load<i32>(here) || load<i32>(spans, 4) + first - next > load<i32>(here, 4))) return -1;
    copyExact(values + <usize>done, <usize>(from - done), out + end);
    end += <usize>(from - done);
    if (last) break;
    const text = textOffsets + ((<usize>load<i32>(spans, 8)) << 2);
    const size = <usize>(load<i32>(text, 4) - load<i32>(text));
    copyExact(texts + <usize>load<i32>(text), size, out + end);
    end += size;
    done = load<i32>(spans, 4) + first - next;
  }
  return <i32>end;
}
