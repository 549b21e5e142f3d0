import { copyExact } from "./copy";
import { BLOCK, compress, IV, STATE } from "./sha256";
import { compress4 } from "./sha256x4";

/** Digests of whole columns, four values at a time, written as hex. */

/** Values of up to so many blocks go through the lanes; longer ones are rare and go one by one. */
const LANE_BLOCKS: usize = 4;
const LANES: usize = 4;

/** Padded messages that wait for their lanes to fill, by number of blocks: four of LANE_BLOCKS blocks each. */
const waiting = memory.data(4 * 4 * 4 * 64, 16);
/** Which element each waiting message belongs to. */
const owners = memory.data(4 * 4 * 4);
/** How many wait, by number of blocks. */
const counts = memory.data(4 * 4);
const lanes = memory.data(8 * 16, 16);
/** Outer messages of HMAC: the inner digest and its padding, one block a lane. */
const outerBlocks = memory.data(4 * 64, 16);
const single = memory.data(32, 16);
/** A digest's hex digits. */
const hex = memory.data(64, 16);
const tail = memory.data(64, 16);

/**
 * The two states that HMAC-SHA-256 (RFC 2104) starts from: after the block of the key with ipad and with opad.
 * @param key at most 64 bytes
 * @param out 64 bytes: inner state, outer state
 */
export function hmacStates(key: usize, length: usize, out: usize): void {
  pad(key, length, 0x36, out);
  pad(key, length, 0x5c, out + STATE);
}

function pad(key: usize, length: usize, mask: u8, state: usize): void {
  memory.fill(tail, mask, BLOCK);
  for (let i: usize = 0; i < length; i++) store<u8>(tail + i, load<u8>(key + i) ^ mask);
  memory.copy(state, IV, STATE);
  compress(state, tail);
}

/**
 * SHA-256 of every value followed by a suffix, or its HMAC: `prefix`, the first `digits` hex digits of it, `ending`. Nulls
 * and empty values stay empty.
 *
 * @param validity bitmap, 0 for none
 * @param start state to start from, or 0 for SHA-256's own
 * @param before bytes that `start` has taken in already
 * @param outer state that the digest is then hashed from after 64 bytes (HMAC), or 0
 * @returns bytes written to `out`, which has room for length × (prefixLength + digits + endingLength); offsets are length + 1
 */
export function digestHex(
  values: usize,
  offsets: usize,
  validity: usize,
  length: i32,
  start: usize,
  before: u32,
  suffix: usize,
  suffixLength: u32,
  outer: usize,
  prefix: usize,
  prefixLength: u32,
  digits: u32,
  ending: usize,
  endingLength: u32,
  out: usize,
  offsetsOut: usize,
): i32 {
  const first = start === 0 ? IV : start;
  memory.fill(counts, 0, LANE_BLOCKS << 2);
  let end: u32 = 0;
  store<u32>(offsetsOut, 0);
  for (let i: i32 = 0; i < length; i++) {
    const from = load<u32>(offsets + ((<usize>i) << 2));
    const bytes = load<u32>(offsets + ((<usize>i) << 2), 4) - from;
    const valid = validity === 0 || ((load<u8>(validity + (i >> 3)) >> (i & 7)) & 1) === 1;
    if (bytes > 0 && valid) {
      copyExact(prefix, prefixLength, out + end);
      take(values + from, bytes, out + end + prefixLength, first, before, suffix, suffixLength, outer, digits);
      end += prefixLength + digits;
      copyExact(ending, endingLength, out + end);
      end += endingLength;
    }
    store<u32>(offsetsOut + ((<usize>i) << 2), end, 4);
  }
  for (let blocks: usize = 1; blocks <= LANE_BLOCKS; blocks++) flush(blocks, first, outer, digits);
  return end;
}

/** Queues one value for the lanes, or hashes it at once where it is long. `to` is where its hex goes. */
function take(
  value: usize,
  bytes: u32,
  to: usize,
  first: usize,
  before: u32,
  suffix: usize,
  suffixLength: u32,
  outer: usize,
  digits: u32,
): void {
  const message = bytes + suffixLength;
  const blocks = <usize>((message + 9 + 63) >> 6);
  if (blocks > LANE_BLOCKS) {
    memory.copy(single, first, STATE);
    hashLong(value, bytes, suffix, suffixLength, before);
    finishOne(single, outer, to, digits);
    return;
  }
  const row = blocks - 1;
  const count = <usize>load<u32>(counts + (row << 2));
  const slot = waiting + (row * LANES + count) * (LANE_BLOCKS * BLOCK);
  const size = blocks * BLOCK;
  // The last block is all that padding can touch, but for the 0x80 of a message that fills the one before.
  clearBlock(slot + size - BLOCK);
  if (blocks > 1) clearBlock(slot + size - 2 * BLOCK);
  copyExact(value, bytes, slot);
  copyExact(suffix, suffixLength, slot + bytes);
  store<u8>(slot + message, 0x80);
  store<u64>(slot + size - 8, bswap<u64>((<u64>(before + message)) << 3));
  store<u32>(owners + ((row * LANES + count) << 2), <u32>to);
  store<u32>(counts + (row << 2), <u32>count + 1);
  if (count + 1 === LANES) flush(blocks, first, outer, digits);
}

// @ts-ignore: decorator
@inline
function clearBlock(block: usize): void {
  const zero = i64x2.splat(0);
  v128.store(block, zero);
  v128.store(block, zero, 16);
  v128.store(block, zero, 32);
  v128.store(block, zero, 48);
}

/**
 * The padding of FIPS 180-4 section 5.1.1 in one block that holds `message` bytes already, at most 55: a one bit,
 * zeros, the length in bits.
 */
function closeBlock(block: usize, message: usize, total: u64): void {
  for (let i = message; i < BLOCK - 8; i++) store<u8>(block + i, 0);
  store<u8>(block + message, 0x80);
  store<u64>(block + BLOCK - 8, bswap<u64>(total << 3));
}

function hashLong(value: usize, bytes: usize, suffix: usize, suffixLength: usize, before: u32): void {
  const total = <u64>before + bytes + suffixLength;
  let at: usize = 0;
  for (; at + BLOCK <= bytes; at += BLOCK) compress(single, value + at);
  // What is left of the value, then the suffix, then the padding: byte by byte, at most some hundred.
  let filled = bytes - at;
  memory.copy(tail, value + at, filled);
  for (let i: usize = 0; i < suffixLength; i++) {
    store<u8>(tail + filled++, load<u8>(suffix + i));
    if (filled === BLOCK) {
      compress(single, tail);
      filled = 0;
    }
  }
  if (filled + 9 > BLOCK) {
    store<u8>(tail + filled, 0x80);
    memory.fill(tail + filled + 1, 0, BLOCK - filled - 1);
    compress(single, tail);
    memory.fill(tail, 0, BLOCK - 8);
    store<u64>(tail + BLOCK - 8, bswap<u64>(total << 3));
  } else {
    closeBlock(tail, filled, total);
  }
  compress(single, tail);
}

function finishOne(state: usize, outer: usize, to: usize, digits: u32): void {
  if (outer !== 0) {
    for (let i: usize = 0; i < 8; i++) store<u32>(tail + (i << 2), bswap<u32>(load<u32>(state + (i << 2))));
    closeBlock(tail, STATE, <u64>(BLOCK + STATE));
    memory.copy(state, outer, STATE);
    compress(state, tail);
  }
  for (let i: u32 = 0; i < digits; i++) {
    const word = load<u32>(state + ((i >> 3) << 2));
    hexDigit(to + i, (word >> (28 - ((i & 7) << 2))) & 15);
  }
}

// @ts-ignore: decorator
@inline
function hexDigit(to: usize, value: u32): void {
  store<u8>(to, value + (value < 10 ? 0x30 : 0x57));
}

/** Hashes the messages that wait with this many blocks; empty lanes repeat the first message. */
function flush(blocks: usize, first: usize, outer: usize, digits: u32): void {
  const row = blocks - 1;
  const count = <usize>load<u32>(counts + (row << 2));
  if (count === 0) return;
  store<u32>(counts + (row << 2), 0);
  const stride = LANE_BLOCKS * BLOCK;
  const m0 = waiting + row * LANES * stride;
  const m1 = count > 1 ? m0 + stride : m0;
  const m2 = count > 2 ? m0 + 2 * stride : m0;
  const m3 = count > 3 ? m0 + 3 * stride : m0;
  splat(first);
  for (let at: usize = 0; at < blocks * BLOCK; at += BLOCK) compress4(lanes, m0 + at, m1 + at, m2 + at, m3 + at);
  if (outer !== 0) {
    for (let lane: usize = 0; lane < LANES; lane++) {
      const block = outerBlocks + lane * BLOCK;
      clearBlock(block);
      for (let i: usize = 0; i < 8; i++) {
        store<u32>(block + (i << 2), bswap<u32>(load<u32>(lanes + (i << 4) + (lane << 2))));
      }
      store<u8>(block + STATE, 0x80);
      store<u64>(block + BLOCK - 8, bswap<u64>(<u64>(BLOCK + STATE) << 3));
    }
    splat(outer);
    compress4(lanes, outerBlocks, outerBlocks + BLOCK, outerBlocks + 2 * BLOCK, outerBlocks + 3 * BLOCK);
  }
  for (let lane: usize = 0; lane < count; lane++) {
    const to = <usize>load<u32>(owners + ((row * LANES + lane) << 2));
    const from = lanes + (lane << 2);
    if (digits === 16) {
      v128.store(to, hexOf(load<u32>(from), load<u32>(from, 16)));
      continue;
    }
    for (let i: usize = 0; i < <usize>digits; i += 16) {
      const words = from + (i << 1);
      v128.store(hex + i, hexOf(load<u32>(words), load<u32>(words, 16)));
    }
    copyExact(hex, digits, to);
  }
}

/** Two words as sixteen hex digits. */
// @ts-ignore: decorator
@inline
function hexOf(first: u32, second: u32): v128 {
  const bytes = i64x2.splat(<u64>bswap<u32>(first) | ((<u64>bswap<u32>(second)) << 32));
  const twice = i8x16.shuffle(bytes, bytes, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7);
  const high = i8x16.shr_u(twice, 4);
  const low = v128.and(twice, i8x16.splat(15));
  const nibbles = v128.bitselect(high, low, i16x8.splat(0xff));
  return i8x16.swizzle(i8x16(48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 97, 98, 99, 100, 101, 102), nibbles);
}

function splat(state: usize): void {
  for (let i: usize = 0; i < 8; i++) v128.store(lanes + (i << 4), v128.load32_splat(state + (i << 2)));
}
