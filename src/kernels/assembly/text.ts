/** UTF-8 text as a JSON string, escaped as JSON.stringify does (ECMA-262, QuoteJSONString). */

/** By control character: the letter after the backslash, 0 where the form is \u00xx. */
const SHORT = memory.data<u8>([
  0,0,0,0,0,0,0,0,0x62,0x74,0x6e,0,0x66,0x72,0,0,
  0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,
]);

// @ts-ignore: decorator
@inline
function hexDigit(v: u32): u8 {
  return <u8>(v < 10 ? 0x30 + v : 0x57 + v);
}

/** @returns the position after the escape of one byte that needs it, 0 when it would go past `end` */
function writeEscape(byte: u8, out: usize, end: usize): usize {
  const room = end - out;
  const letter: u8 = byte < 0x20 ? load<u8>(SHORT + byte) : byte;
  if (letter != 0) {
    if (room < 2) return 0;
    store<u16>(out, 0x5c | (<u16>letter << 8));
    return out + 2;
  }
  if (room < 6) return 0;
  store<u32>(out, 0x3030755c);
  store<u8>(out, hexDigit(byte >> 4), 4);
  store<u8>(out, hexDigit(byte & 15), 5);
  return out + 6;
}

/** Byte by byte, for the last few bytes of the output. */
function writeCareful(source: usize, stop: usize, out: usize, end: usize): usize {
  for (; source < stop; source++) {
    const byte = load<u8>(source);
    if (byte < 0x20 || byte == 0x22 || byte == 0x5c) {
      out = writeEscape(byte, out, end);
      if (out == 0) return 0;
    } else {
      if (out == end) return 0;
      store<u8>(out++, byte);
    }
  }
  return out;
}

/** Which of 16 bytes JSON escapes. */
// @ts-ignore: decorator
@inline
function escaped(block: v128): i32 {
  return i8x16.bitmask(
    v128.or(
      v128.or(i8x16.eq(block, i8x16.splat(0x22)), i8x16.eq(block, i8x16.splat(0x5c))),
      i8x16.lt_u(block, i8x16.splat(0x20)),
    ),
  );
}

/**
 * Copies a text of which nothing is to be escaped, with up to 32 bytes of spill. Reads up to 31 bytes past it.
 *
 * @returns whether nothing is
 */
// @ts-ignore: decorator
@inline
function copyClean(source: usize, length: usize, out: usize): bool {
  // Most values are short: two blocks whatever their length, so that no branch depends on it.
  const first = v128.load(source);
  const second = v128.load(source, 16);
  v128.store(out, first);
  v128.store(out, second, 16);
  const found = (<u64>(escaped(first) | (escaped(second) << 16))) & 0xffffffff;
  if (length <= 32) return (found & (((<u64>1) << (<u64>length)) - 1)) === 0;
  let all = found !== 0;
  let at: usize = 32;
  for (; at + 16 <= length; at += 16) {
    const block = v128.load(source + at);
    v128.store(out + at, block);
    all = all || escaped(block) !== 0;
  }
  const last = v128.load(source + at);
  v128.store(out + at, last);
  return !all && (escaped(last) & ((1 << <i32>(length - at)) - 1)) === 0;
}

/**
 * The text with its quotes. Reads up to 31 bytes past the text.
 *
 * @returns the position after it, 0 when it would go past `end`
 */
export function writeQuoted(source: usize, length: usize, out: usize, end: usize): usize {
  if (end - out >= length + 40 && copyClean(source, length, out + 1)) {
    store<u8>(out, 0x22);
    store<u8>(out + 1 + length, 0x22);
    return out + length + 2;
  }
  return writeEscaped(source, length, out, end);
}

/**
 * Copies 16 bytes at a time and looks at them meanwhile; what was copied from the first byte that needs an escape on
 * is written over.
 */
function writeEscaped(source: usize, length: usize, out: usize, end: usize): usize {
  if (out == end) return 0;
  store<u8>(out++, 0x22);
  const stop = source + length;
  while (source < stop) {
    if (end - out < 16) {
      out = writeCareful(source, stop, out, end);
      if (out == 0) return 0;
      break;
    }
    const block = v128.load(source);
    v128.store(out, block);
    const clean = <usize>ctz(escaped(block) | 0x10000);
    const left = stop - source;
    if (left <= clean) {
      out += left;
      break;
    }
    source += clean;
    out += clean;
    if (clean < 16) {
      out = writeEscape(load<u8>(source++), out, end);
      if (out == 0) return 0;
    }
  }
  if (out == end) return 0;
  store<u8>(out, 0x22);
  return out + 1;
}
