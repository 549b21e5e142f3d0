import { Buffer } from "node:buffer";
import type { Kernels } from "../kernels/load.ts";
import type { Column } from "../types.ts";
import { hmacColumn } from "./digest.ts";
import { hmacSha256 } from "./hmac.ts";
import { textBytes } from "./text.ts";

/** Hex digits of a draw: 48 bits, which a number holds exactly. */
const DIGITS = 12;

/** Draws of a value: a digest has no more. */
type Each = 1 | 2 | 3 | 4 | 5;

/** Numbers from 0 to 2^48 - 1 for each value of a column: pieces of its HMAC-SHA-256. */
export class Draws {
  readonly #hex: Buffer;
  readonly #offsets: Int32Array;

  /** @param each draws of a value */
  constructor(column: Column, key: Buffer, kernels: Kernels, each: Each = 1) {
    const digests = hmacColumn(column, key, { prefix: "", digits: DIGITS * each }, kernels);
    this.#hex = Buffer.from(textBytes(digests, kernels));
    this.#offsets = kernels.memory.i32(digests.offsets, digests.length + 1).slice();
  }

  /** Whether there are any: not of a null, not of an empty value. */
  has(index: number): boolean {
    return this.#offsets[index] !== this.#offsets[index + 1];
  }

  /** The nth of the value at an index. */
  at(index: number, nth = 0): number {
    return drawAt(this.#hex, this.#offsets[index]! + nth * DIGITS);
  }
}

/** The same for one text. */
export function drawsOf(key: Buffer, each: Each = 1): (text: string) => (nth?: number) => number {
  const digest = hmacSha256(key, DIGITS * each);
  return (text) => {
    const hex = Buffer.from(digest(text), "latin1");
    return (nth = 0) => drawAt(hex, nth * DIGITS);
  };
}

function drawAt(hex: Buffer, from: number): number {
  return sixDigits(hex, from) * 0x1000000 + sixDigits(hex, from + 6);
}

function sixDigits(hex: Buffer, from: number): number {
  let number = 0;
  for (let at = from; at < from + 6; at++) {
    const code = hex[at]!;
    // 0-9 are 0x30 and more, a-f 0x61 and more.
    number = (number << 4) | (code < 0x3a ? code - 0x30 : code - 0x57);
  }
  return number;
}
