import { K } from "./sha256";

/** SHA-256 of four messages of as many blocks, one in each 32-bit lane of a vector. */

/** Message schedule: 64 vectors. */
const schedule = memory.data(64 * 16, 16);

// @ts-ignore: decorator
@inline
function rotate(x: v128, n: i32): v128 {
  return v128.or(i32x4.shr_u(x, n), i32x4.shl(x, 32 - n));
}

// @ts-ignore: decorator
@inline
function t1(e: v128, f: v128, g: v128, h: v128, round: usize): v128 {
  const sum = v128.xor(v128.xor(rotate(e, 6), rotate(e, 11)), rotate(e, 25));
  const choice = v128.bitselect(f, g, e);
  const constant = v128.load32_splat(K + (round << 2));
  return i32x4.add(i32x4.add(i32x4.add(h, sum), choice), i32x4.add(constant, v128.load(schedule + (round << 4))));
}

// @ts-ignore: decorator
@inline
function t2(a: v128, b: v128, c: v128): v128 {
  const sum = v128.xor(v128.xor(rotate(a, 2), rotate(a, 13)), rotate(a, 22));
  // Majority: where b and c agree that bit, else a's.
  return i32x4.add(sum, v128.bitselect(a, b, v128.xor(b, c)));
}

// @ts-ignore: decorator
@inline
function swapped(x: v128): v128 {
  return i8x16.shuffle(x, x, 3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12);
}

/** Words 4·quarter to 4·quarter + 3 of four blocks, turned so that a vector holds one word of each. */
// @ts-ignore: decorator
@inline
function loadWords(b0: usize, b1: usize, b2: usize, b3: usize, quarter: usize): void {
  const at = quarter << 4;
  const r0 = swapped(v128.load(b0 + at));
  const r1 = swapped(v128.load(b1 + at));
  const r2 = swapped(v128.load(b2 + at));
  const r3 = swapped(v128.load(b3 + at));
  const low01 = i32x4.shuffle(r0, r1, 0, 4, 1, 5);
  const low23 = i32x4.shuffle(r2, r3, 0, 4, 1, 5);
  const high01 = i32x4.shuffle(r0, r1, 2, 6, 3, 7);
  const high23 = i32x4.shuffle(r2, r3, 2, 6, 3, 7);
  const to = schedule + (quarter << 6);
  v128.store(to, i64x2.shuffle(low01, low23, 0, 2));
  v128.store(to, i64x2.shuffle(low01, low23, 1, 3), 16);
  v128.store(to, i64x2.shuffle(high01, high23, 0, 2), 32);
  v128.store(to, i64x2.shuffle(high01, high23, 1, 3), 48);
}

/**
 * Takes one block of each of four messages into four states: `states` is eight vectors, word by word, one message a
 * lane.
 */
export function compress4(states: usize, b0: usize, b1: usize, b2: usize, b3: usize): void {
  loadWords(b0, b1, b2, b3, 0);
  loadWords(b0, b1, b2, b3, 1);
  loadWords(b0, b1, b2, b3, 2);
  loadWords(b0, b1, b2, b3, 3);
  for (let at = schedule + 16 * 16; at < schedule + 64 * 16; at += 16) {
    const w15 = v128.load(at - 240);
    const w2 = v128.load(at - 32);
    const s0 = v128.xor(v128.xor(rotate(w15, 7), rotate(w15, 18)), i32x4.shr_u(w15, 3));
    const s1 = v128.xor(v128.xor(rotate(w2, 17), rotate(w2, 19)), i32x4.shr_u(w2, 10));
    v128.store(at, i32x4.add(i32x4.add(v128.load(at - 256), s0), i32x4.add(v128.load(at - 112), s1)));
  }
  let a = v128.load(states);
  let b = v128.load(states, 16);
  let c = v128.load(states, 32);
  let d = v128.load(states, 48);
  let e = v128.load(states, 64);
  let f = v128.load(states, 80);
  let g = v128.load(states, 96);
  let h = v128.load(states, 112);
  // Eight rounds a turn: instead of moving the words along, the next round names them one further.
  for (let t: usize = 0; t < 64; t += 8) {
    let x = t1(e, f, g, h, t);
    d = i32x4.add(d, x);
    h = i32x4.add(x, t2(a, b, c));
    x = t1(d, e, f, g, t + 1);
    c = i32x4.add(c, x);
    g = i32x4.add(x, t2(h, a, b));
    x = t1(c, d, e, f, t + 2);
    b = i32x4.add(b, x);
    f = i32x4.add(x, t2(g, h, a));
    x = t1(b, c, d, e, t + 3);
    a = i32x4.add(a, x);
    e = i32x4.add(x, t2(f, g, h));
    x = t1(a, b, c, d, t + 4);
    h = i32x4.add(h, x);
    d = i32x4.add(x, t2(e, f, g));
    x = t1(h, a, b, c, t + 5);
    g = i32x4.add(g, x);
    c = i32x4.add(x, t2(d, e, f));
    x = t1(g, h, a, b, t + 6);
    f = i32x4.add(f, x);
    b = i32x4.add(x, t2(c, d, e));
    x = t1(f, g, h, a, t + 7);
    e = i32x4.add(e, x);
    a = i32x4.add(x, t2(b, c, d));
  }
  v128.store(states, i32x4.add(v128.load(states), a));
  v128.store(states, i32x4.add(v128.load(states, 16), b), 16);
  v128.store(states, i32x4.add(v128.load(states, 32), c), 32);
  v128.store(states, i32x4.add(v128.load(states, 48), d), 48);
  v128.store(states, i32x4.add(v128.load(states, 64), e), 64);
  v128.store(states, i32x4.add(v128.load(states, 80), f), 80);
  v128.store(states, i32x4.add(v128.load(states, 96), g), 96);
  v128.store(states, i32x4.add(v128.load(states, 112), h), 112);
}
