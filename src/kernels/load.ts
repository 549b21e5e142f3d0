import { readFileSync } from "node:fs";
import type { FoldFunctions } from "./fold.ts";
import type { IslandFunctions } from "./islands.ts";
import { type GrowableMemory, KernelMemory } from "./memory.ts";
import { powersOfTen } from "./powers.ts";

/**
 * The kernels' functions. Arguments are byte addresses in the kernels' memory, lengths in elements unless they are
 * said to be bytes, and row ranges [from, to). Nothing is checked: a wrong address is a wrong result or a trap. Inputs
 * may be read up to 32 bytes past their end (see KernelMemory); nothing is written outside of what a contract names.
 */
export interface KernelFunctions extends FoldFunctions, IslandFunctions {
  /**
   * Writes rows of a STRUCT record (see node.ts) as JSON lines to [out, outEnd). Stops before the first row that does
   * not fit; bytes after the last whole row are then undefined.
   *
   * @returns the number of rows written; `encodedBytes` is how many bytes they took
   * @throws {WebAssembly.RuntimeError} on a kind that does not exist, or a map key column that is nested
   */
  encodeRows(root: number, fromRow: number, toRow: number, out: number, outEnd: number): number;

  /** Bytes that the last `encodeRows` wrote. */
  encodedBytes(): number;

  /**
   * Writes the text forms of elements of a scalar record to [out, outEnd), null as nothing: what JSON would hold,
   * without quotes and escapes. `offsetsOut` gets to - from + 1 int32, the first of them 0. Stops before the first
   * element that does not fit.
   *
   * @returns the number of elements written; the offset of that index is the number of bytes
   * @throws {WebAssembly.RuntimeError} on a nested kind
   */
  renderText(node: number, from: number, to: number, out: number, outEnd: number, offsetsOut: number): number;

  /**
   * Copies every value followed by the byte `separator` to `out`, which has room for the values' bytes and `length`
   * more.
   *
   * @returns bytes written
   */
  join(values: number, offsets: number, length: number, separator: number, out: number): number;

  /**
   * The inverse of `join`: copies the values between separators to `out`, which has room for `byteLength` bytes or is
   * `bytes` itself, and writes length + 1 offsets, the first of them 0. Values past `length` are counted, not copied;
   * the offsets of missing ones repeat the last.
   *
   * @returns separators found, or -1 when bytes follow the last one: whatever is not `length` means that the text no
   *   longer holds the column
   */
  split(bytes: number, byteLength: number, separator: number, length: number, out: number, offsetsOut: number): number;

  /** How many elements of two text columns of the same length differ in their bytes. */
  countChanged(aValues: number, aOffsets: number, bValues: number, bOffsets: number, length: number): number;

  /** Set bits among the first `length` of a validity bitmap; `length` when there is none (0). */
  countValid(validity: number, length: number): number;

  /** Bytes that `gatherText` of the same arguments writes; may pass 2^31, which offsets cannot hold. */
  gatherTextSize(offsets: number, indices: number, count: number): number;

  /**
   * Element k becomes value indices[k] (int32; -1: empty): bytes to `outValues`, count + 1 offsets from 0 on to
   * `outOffsets`.
   *
   * @returns bytes written
   */
  gatherText(
    values: number,
    offsets: number,
    indices: number,
    count: number,
    outValues: number,
    outOffsets: number,
  ): number;

  /** Element k of `out` becomes value indices[k] (int32; -1: zeros), each of `width` bytes. */
  gatherFixed(values: number, width: number, indices: number, count: number, out: number): void;

  /**
   * 1 when no value starts in the middle of a UTF-8 sequence, else 0: then a column that is well-formed as a whole is
   * well-formed value by value.
   */
  charBoundaries(values: number, offsets: number, length: number): number;

  /**
   * The validity of a column of floats (`width` 4 or 8 bytes) without its NaN and infinities, to `out`.
   *
   * @returns how many valid elements are not finite
   */
  finiteBits(values: number, width: number, validity: number, length: number, out: number): number;

  /**
   * The two states that HMAC-SHA-256 (RFC 2104) starts from: inner, then outer, 32 bytes each to `out`.
   *
   * @param length - bytes of the key, at most 64
   */
  hmacStates(key: number, length: number, out: number): void;

  /**
   * SHA-256 (FIPS 180-4) of every value followed by `suffix`, or its HMAC: `prefix`, the first `digits` (at most 64)
   * hex digits of it, `ending`. Nulls and empty values stay empty. `out` has room for length × (prefixLength + digits +
   * endingLength) bytes; `offsetsOut` gets length + 1 offsets, the first of them 0.
   *
   * @param start - state to start from (HMAC: the inner one), or 0 for SHA-256's own
   * @param before - bytes that `start` has taken in already (HMAC: 64)
   * @param outer - HMAC's outer state, or 0
   * @returns bytes written
   */
  digestHex(
    values: number,
    offsets: number,
    validity: number,
    length: number,
    start: number,
    before: number,
    suffix: number,
    suffixLength: number,
    outer: number,
    prefix: number,
    prefixLength: number,
    digits: number,
    ending: number,
    endingLength: number,
    out: number,
    offsetsOut: number,
  ): number;

  /**
   * A text column with other values at `count` ascending indices (int32): element k of `by` in place of element
   * indices[k]. `out` has room for both columns' bytes; `outOffsets` gets length + 1 offsets, the first of them 0.
   *
   * @returns bytes written
   */
  patchText(
    values: number,
    offsets: number,
    length: number,
    indices: number,
    count: number,
    byValues: number,
    byOffsets: number,
    out: number,
    outOffsets: number,
  ): number;

  /**
   * Every value through tables: ASCII through `ascii` (128 bytes: what a byte becomes, 0x80: dropped, 0x81: the value is
   * left out), characters of two bytes through `pairs` (1,920 u16: what U+0080 to U+07FF become, 0: left out).
   *
   * Left out, that is empty in `out` and its index written to `left` (room for length int32), is also a value with a
   * longer character; with a space at an edge, where the table keeps spaces; with nothing left of it; and by `rules`
   * (bits; 1: with two spaces in a row, where they are kept; 2: whose form starts with the digit 0). The text is valid UTF-8.
   *
   * @returns how many values are left out; empty ones are not
   */
  canonicalText(
    values: number,
    offsets: number,
    length: number,
    ascii: number,
    pairs: number,
    rules: number,
    out: number,
    outOffsets: number,
    left: number,
  ): number;

  /**
   * Looks values up in a table of `buckets` (a power of 2) times 512 bytes, at first all zeros. Results go to `out`,
   * which has room for 80 bytes a value; what is missing is empty there, its index in `missing` (room for length
   * int32). Nulls and empty values are empty, and not missing.
   *
   * @returns how many are missing
   */
  memoFind(
    values: number,
    offsets: number,
    validity: number,
    length: number,
    table: number,
    buckets: number,
    out: number,
    outOffsets: number,
    missing: number,
  ): number;

  /** Puts values and their results into the table, older ones making room; not values of over 40 bytes or results of over 80. */
  memoInsert(
    values: number,
    offsets: number,
    results: number,
    resultOffsets: number,
    length: number,
    table: number,
    buckets: number,
  ): void;

  /**
   * Which values hold the `count` (at most 8) bytes of `window` one after the other, 0x80 standing for any digit: their
   * indices, ascending, to `out`, which has room for length int32.
   *
   * @returns how many they are
   */
  withWindow(values: number, offsets: number, length: number, window: number, count: number, out: number): number;

  /** 1 when one of `length` bytes at `address` is `byte`, else 0. */
  hasByte(address: number, length: number, byte: number): number;

  /**
   * Pairs of elements of two text columns where the hash of either is below its limit: to `out`, which has room for
   * length × 24 bytes, both hashes (of 52 bits, keyed by the 8 bytes at `seed`) and the index, as float64. Nulls, and
   * pairs with an empty value, are left out, and so are pairs told of lately: `seen` is a table of `slots` (a power of
   * 2) times 16 bytes, at first all zeros. `below` has the two limits as float64.
   *
   * @returns how many pairs
   */
  sketchPairs(
    aValues: number,
    aOffsets: number,
    bValues: number,
    bOffsets: number,
    validity: number,
    length: number,
    seed: number,
    below: number,
    seen: number,
    slots: number,
    out: number,
  ): number;
}

/** The kernels and the memory that they work in. */
export interface Kernels extends KernelFunctions {
  readonly memory: KernelMemory;
}

interface Exports extends KernelFunctions {
  readonly memory: GrowableMemory;
  powersOfTen(): number;
  heapBase(): number;
}

/** The little of the WebAssembly namespace that is used here: its types come with the DOM's only. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
};

/**
 * A new instance of the kernels, with a memory of its own.
 *
 * @throws {Error} when kernels.wasm, which is built and not kept, is not beside this file
 */
export function loadKernels(): Kernels {
  const module = new WebAssembly.Module(readKernels());
  const { memory, heapBase, powersOfTen: at, ...functions } = new WebAssembly.Instance(module).exports as Exports;
  new Uint8Array(memory.buffer).set(powersOfTen(), at());
  return { ...functions, memory: new KernelMemory(memory, heapBase() >>> 0) };
}

function readKernels(): Uint8Array {
  const file = new URL("kernels.wasm", import.meta.url);
  try {
    return readFileSync(file);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "ENOENT") throw cause;
    throw new Error("loading the kernels: kernels.wasm is missing: run npm run build:kernels", { cause });
  }
}
