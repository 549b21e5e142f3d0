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

/** Tables that `foldBlocks` is not for. */
const OTHER: i32 = -1;
/** In what `plainOf` tells: capitals become small; spaces stay. Below these, the one byte that is left out, or 0. */
const FOLDS: i32 = 0x100;
const SPACES: i32 = 0x200;

/** What the table of ASCII does, where that is to keep all printable characters but one, or to make them small. */
function plainOf(ascii: usize): i32 {
  const folds = load<u8>(ascii + 0x41) === 0x61;
  let out: i32 = 0;
  for (let byte: i32 = 0x21; byte < 0x7f; byte++) {
    const folded = load<u8>(ascii + byte);
    const small = folds && byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte;
    if (folded === small) continue;
    if (folded !== OUT || out !== 0) return OTHER;
    out = byte;
  }
  return out | (folds ? FOLDS : 0) | (load<u8>(ascii + 0x20) === 0x20 ? SPACES : 0);
}

const NOT_PLAIN: i32 = 0;
const PLAIN: i32 = 1;
const PLAIN_WITH_SPACES: i32 = 2;

/**
 * Folds text by what `plainOf` tells, sixteen bytes at a time, with up to 15 bytes of spill: printable ASCII and
 * characters of two bytes, which keep their places.
 *
 * @returns NOT_PLAIN where it holds something else, or what is left out; else whether it holds spaces
 */
function foldBlocks(source: usize, length: usize, plain: i32, pairs: usize, rules: i32, out: usize): i32 {
  const fold = i8x16.splat((plain & FOLDS) !== 0 ? 0x20 : 0);
  const leftOut = i8x16.splat(<i8>plain);
  let result = PLAIN;
  let afterSpace: i32 = 0;
  // The second byte of a character whose first one ends a block, written once the next block is.
  let second: i32 = 0;
  for (let at: usize = 0; at < length; at += 16) {
    const block = v128.load(source + at);
    const isCapital = v128.and(i8x16.gt_s(block, i8x16.splat(0x40)), i8x16.lt_s(block, i8x16.splat(0x5b)));
    v128.store(out + at, v128.or(block, v128.and(isCapital, fold)));
    const here = length - at >= 16 ? 0xffff : (1 << <i32>(length - at)) - 1;
    const isOut = v128.or(i8x16.eq(block, leftOut), i8x16.eq(block, i8x16.splat(0x7f)));
    // Signed: bytes beyond ASCII are below as well.
    const isOther = i8x16.lt_s(block, i8x16.splat(0x21));
    if ((i8x16.bitmask(v128.or(isOut, isOther)) & here) === 0) {
      afterSpace = 0;
      continue;
    }
    const spaces = i8x16.bitmask(i8x16.eq(block, i8x16.splat(0x20))) & here;
    let beyond = i8x16.bitmask(block) & here;
    if ((i8x16.bitmask(isOut) & here) !== 0 || (i8x16.bitmask(isOther) & here) !== (spaces | beyond)) return NOT_PLAIN;
    if (spaces !== 0) {
      if ((plain & SPACES) === 0) return NOT_PLAIN;
      if ((rules & ONE_SPACE) !== 0 && (spaces & ((spaces << 1) | afterSpace)) !== 0) return NOT_PLAIN;
      result = PLAIN_WITH_SPACES;
    }
    afterSpace = spaces >> 15;
    if (second !== 0) {
      store<u8>(out + at, second);
      beyond &= ~1;
      second = 0;
    }
    while (beyond !== 0) {
      const lane = <usize>ctz(beyond);
      const byte = <u32>load<u8>(source + at + lane);
      if (byte > 0xdf) return NOT_PLAIN;
      const point = ((byte & 0x1f) << 6) | (<u32>load<u8>(source + at + lane, 1) & 0x3f);
      const folded = load<u16>(pairs + ((<usize>(point - 0x80)) << 1));
      if (folded === 0) return NOT_PLAIN;
      store<u16>(out + at + lane, 0x80c0 | (folded >> 6) | ((folded & 0x3f) << 8));
      if (lane === 15) second = 0x80 | (folded & 0x3f);
      beyond &= ~(3 << <i32>lane);
    }
  }
  return result;
}

/** Whether one of some values has a space at an edge. */
function hasEdges(values: usize, offsets: usize, count: i32): bool {
  let from = <usize>load<i32>(offsets);
  for (let i = 0; i < count; i++) {
    offsets += 4;
    const to = <usize>load<i32>(offsets);
    if (to > from && (load<u8>(values + from) === 0x20 || load<u8>(values + to - 1) === 0x20)) return true;
    from = to;
  }
  return false;
}

/** Values that are folded as one text, where all of them are plain. */
const RUN: i32 = 64;

/** Folds values as one text, with up to 15 bytes of spill: false where one of them is not plain. */
function foldValues(
  values: usize, offsets: usize, count: i32, plain: i32, pairs: usize, rules: i32, out: usize, stop: usize,
): bool {
  const from = <usize>load<i32>(offsets);
  const length = <usize>load<i32>(offsets + ((<usize>count) << 2)) - from;
  if (plain === OTHER || stop - out < length + 16) return false;
  const folded = foldBlocks(values + from, length, plain, pairs, rules, out);
  return folded === PLAIN || (folded === PLAIN_WITH_SPACES && !hasEdges(values, offsets, count));
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
  const plain = (rules & NO_ZERO) === 0 ? plainOf(ascii) : OTHER;
  store<i32>(outOffsets, 0);
  for (let i = 0; i < length; ) {
    // As many as can be at once, else one by one to where the next run begins.
    let count = i % RUN === 0 ? min(RUN, length - i) : 1;
    let isPlain = foldValues(values, offsets, count, plain, pairs, rules, out, room);
    if (!isPlain && count > 1) {
      count = 1;
      isPlain = foldValues(values, offsets, 1, plain, pairs, rules, out, room);
    }
    if (isPlain) {
      const moved = <i32>(out - begin) - <i32>from;
      for (let k = 0; k < count; k++) {
        offsets += 4;
        outOffsets += 4;
        store<i32>(outOffsets, load<i32>(offsets) + moved);
      }
      const to = <usize>load<i32>(offsets);
      out += to - from;
      from = to;
    } else {
      offsets += 4;
      const to = <usize>load<i32>(offsets);
      if (to > from) {
        const end = writeForm(values + from, values + to, ascii, pairs, rules, out);
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
    i += count;
  }
  return <i32>((left - first) >> 2);
}
