/** Questions about text columns: values, and length + 1 int32 offsets into them. */
import { equalBytes } from "./search";

/** How many elements of two columns of the same length differ in their bytes. */
export function countChanged(aValues: usize, aOffsets: usize, bValues: usize, bOffsets: usize, length: i32): i32 {
  let changed = 0;
  let a = <usize>load<i32>(aOffsets);
  let b = <usize>load<i32>(bOffsets);
  for (let i = 0; i < length; i++) {
    aOffsets += 4;
    bOffsets += 4;
    const aEnd = <usize>load<i32>(aOffsets);
    const bEnd = <usize>load<i32>(bOffsets);
    if (aEnd - a != bEnd - b || !equalBytes(aValues + a, bValues + b, aEnd - a)) changed++;
    a = aEnd;
    b = bEnd;
  }
  return changed;
}

/**
 * 1 when no value starts in the middle of a UTF-8 sequence, else 0. With it, a column whose bytes are well-formed as
 * a whole is well-formed value by value: a value that ended inside a sequence would make the next start there.
 */
export function charBoundaries(values: usize, offsets: usize, length: i32): i32 {
  const stop = offsets + ((<usize>length) << 2);
  const end = load<i32>(stop);
  for (; offsets < stop; offsets += 4) {
    const at = load<i32>(offsets);
    // At the end there is no byte to look at: the remaining values are empty.
    if (at == end) return 1;
    if ((load<u8>(values + <usize>at) & 0xc0) == 0x80) return 0;
  }
  return 1;
}
