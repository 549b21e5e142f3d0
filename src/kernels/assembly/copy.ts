/** Copies of short runs. V8 leaves wasm for every `memory.copy`, which costs more than most values are long. */

/** From here on `memory.copy` is worth its call. */
const LONG: usize = 512;

/**
 * Copies `length` bytes and writes no byte more. Reads up to 16 bytes past the source. `out` may lie below `source`
 * and overlap it: every load of a step comes before its stores, and the tail is loaded first.
 */
export function copyExact(source: usize, length: usize, out: usize): void {
  if (length >= LONG) {
    memory.copy(out, source, length);
  } else if (length >= 16) {
    const tail = v128.load(source + length - 16);
    const stop = length - 15;
    for (let i: usize = 0; i < stop; i += 16) v128.store(out + i, v128.load(source + i));
    v128.store(out + length - 16, tail);
  } else if (length >= 8) {
    const head = load<u64>(source);
    const tail = load<u64>(source + length - 8);
    store<u64>(out, head);
    store<u64>(out + length - 8, tail);
  } else if (length >= 4) {
    const head = load<u32>(source);
    const tail = load<u32>(source + length - 4);
    store<u32>(out, head);
    store<u32>(out + length - 4, tail);
  } else if (length > 0) {
    const head = load<u8>(source);
    const middle = load<u8>(source + (length >> 1));
    const tail = load<u8>(source + length - 1);
    store<u8>(out, head);
    store<u8>(out + (length >> 1), middle);
    store<u8>(out + length - 1, tail);
  }
}

/** Copies `length` bytes in steps of 16: reads and writes up to 16 bytes past them. No overlap. */
// @ts-ignore: decorator
@inline
export function copyLoose(source: usize, length: usize, out: usize): void {
  if (length >= LONG) {
    memory.copy(out, source, length);
    return;
  }
  for (let i: usize = 0; i < length; i += 16) v128.store(out + i, v128.load(source + i));
}

/**
 * Copies `length` bytes to `out`, never past `end`.
 *
 * @returns the position after the copy, 0 when it does not fit
 */
// @ts-ignore: decorator
@inline
export function copyWithin(source: usize, length: usize, out: usize, end: usize): usize {
  const room = end - out;
  if (room >= length + 16) copyLoose(source, length, out);
  else if (room >= length) copyExact(source, length, out);
  else return 0;
  return out + length;
}
