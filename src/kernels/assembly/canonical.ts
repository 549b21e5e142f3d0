/** Canonical forms of short texts: letters folded and bytes dropped by tables; what they do not cover is left to others. */

/** In `ascii`: the byte is dropped. */
const DROP: u8 = 0x80;
/** In `ascii`: the value is left out. Stands for itself in `pairs` as 0. */
const OUT: u8 = 0x81;
const ONE_SPACE: i32 = 1;
const NO_ZERO: i32 = 2;

/** The end of the value's form from `out` on, 0 when it is left out. */
function writeForm(source: usize, stop: usize, ascii: usize, pairs: usize, rules: i32, out: usize): usize {
  const begin = out;
  const spaces = load<u8>(ascii + 0x20) === 0x20;
  let after: u8 = 0x20;
  while (source < stop) {
    const byte = load<u8>(source++);
    if (byte < 0x80) {
      const folded = load<u8>(ascii + byte);
      if (folded === OUT) return 0;
      if (spaces && byte === 0x20 && after === 0x20 && (out === begin || (rules & ONE_SPACE) !== 0)) return 0;
      after = byte;
      if (folded !== DROP) store<u8>(out++, folded);
    } else {
      // A character of two bytes; longer ones are left out.
      if (byte > 0xdf) return 0;
      const point = ((<u32>byte & 0x1f) << 6) | (<u32>load<u8>(source++) & 0x3f);
      const folded = load<u16>(pairs + ((<usize>(point - 0x80)) << 1));
      if (folded === 0) return 0;
      store<u16>(out, 0x80c0 | (folded >> 6) | ((folded & 0x3f) << 8));
      out += 2;
      after = byte;
    }
  }
  if (out === begin || (spaces && after === 0x20)) return 0;
  if ((rules & NO_ZERO) !== 0 && load<u8>(begin) === 0x30) return 0;
  return out;
}

/**
 * The form of a value of plain ASCII without spaces, sixteen bytes at a time, with up to 15 bytes of spill.
 *
 * @returns the end of it, 0 where the value is another or holds what is dropped or left out
 */
// @ts-ignore: decorator
@inline
function writePlain(source: usize, length: usize, ascii: usize, out: usize): usize {
  const row2 = v128.load(ascii, 0x20);
  const row3 = v128.load(ascii, 0x30);
  const row4 = v128.load(ascii, 0x40);
  const row5 = v128.load(ascii, 0x50);
  const row6 = v128.load(ascii, 0x60);
  const row7 = v128.load(ascii, 0x70);
  for (let at: usize = 0; at < length; at += 16) {
    const block = v128.load(source + at);
    // A lane is looked up in the row of its high digit; the other rows give 0.
    let folded = i8x16.swizzle(row2, i8x16.sub(block, i8x16.splat(0x20)));
    folded = v128.or(folded, i8x16.swizzle(row3, i8x16.sub(block, i8x16.splat(0x30))));
    folded = v128.or(folded, i8x16.swizzle(row4, i8x16.sub(block, i8x16.splat(0x40))));
    folded = v128.or(folded, i8x16.swizzle(row5, i8x16.sub(block, i8x16.splat(0x50))));
    folded = v128.or(folded, i8x16.swizzle(row6, i8x16.sub(block, i8x16.splat(0x60))));
    folded = v128.or(folded, i8x16.swizzle(row7, i8x16.sub(block, i8x16.splat(0x70))));
    v128.store(out + at, folded);
    // Signed: bytes beyond ASCII are below as well.
    const other = i8x16.bitmask(v128.or(i8x16.le_s(block, i8x16.splat(0x20)), folded));
    const left = length - at;
    if ((left >= 16 ? other : other & ((1 << <i32>left) - 1)) !== 0) return 0;
  }
  return out + length;
}

/**
 * Writes the form of every value: ASCII through `ascii`, characters of two bytes through `pairs`.
 *
 * Left out, that is empty here and its index written to `left`, is a value with a byte or character that a table says
 * so of, or one of three bytes or more; with a space at an edge, where spaces stay; with nothing left of it; and by
 * `rules` (1: with two spaces in a row; 2: whose form starts with the digit 0).
 *
 * @param ascii 128 bytes: what a byte becomes, 0x80 dropped, 0x81 left out
 * @param pairs 1,920 u16: what U+0080 to U+07FF become, 0 left out
 * @param out has room for the values' bytes; offsets are length + 1
 * @param left has room for length int32
 * @returns how many values are left out
 */
export function canonicalText(
  values: usize, offsets: usize, length: i32, ascii: usize, pairs: usize, rules: i32,
  out: usize, outOffsets: usize, left: usize,
): i32 {
  const begin = out;
  const first = left;
  let from = <usize>load<i32>(offsets);
  const room = out + <usize>load<i32>(offsets + ((<usize>length) << 2)) - from;
  const plain = (rules & NO_ZERO) === 0;
  store<i32>(outOffsets, 0);
  for (let i = 0; i < length; i++) {
    offsets += 4;
    const to = <usize>load<i32>(offsets);
    if (to > from) {
      const length = to - from;
      let end: usize = 0;
      if (plain && room - out >= length + 16) end = writePlain(values + from, length, ascii, out);
      if (end === 0) end = writeForm(values + from, values + to, ascii, pairs, rules, out);
      if (end === 0) {
        store<i32>(left, i);
        left += 4;
      } else {
        out = end;
      }
    }
    outOffsets += 4;
    store<i32>(outOffsets, <i32>(out - begin));
    from = to;
  }
  return <i32>((left - first) >> 2);
}
