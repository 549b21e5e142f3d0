/** Rows as JSON lines, from a tree of node records. Every writer returns the position after, 0 when out of room. */
import { KIND_LIST, KIND_MAP, KIND_NULL, KIND_OMIT, KIND_STRUCT, KIND_TEXT, NODE_BYTES } from "../node";
import { copyWithin } from "./copy";
import { childrenEnd, childrenOf, isValid, keyLengthOf, keyOf, kindOf, offsetAt, valuesOf } from "./record";
import { isQuoted, writeScalar } from "./scalar";
import { writeQuoted } from "./text";

let written: usize = 0;

// @ts-ignore: decorator
@inline
function writeByte(byte: u8, out: usize, end: usize): usize {
  if (out == end) return 0;
  store<u8>(out, byte);
  return out + 1;
}

function writeNull(out: usize, end: usize): usize {
  if (end - out < 4) return 0;
  store<u32>(out, 0x6c6c756e);
  return out + 4;
}

/** `{}` and `[]`: the two bytes, the first in the low half. */
function writeEmpty(brackets: u16, out: usize, end: usize): usize {
  if (end - out < 2) return 0;
  store<u16>(out, brackets);
  return out + 2;
}

function writeText(node: usize, i: i32, out: usize, end: usize): usize {
  const start = <usize>offsetAt(node, i);
  return writeQuoted(valuesOf(node) + start, <usize>offsetAt(node, i + 1) - start, out, end);
}

function writeQuotedScalar(node: usize, kind: i32, i: i32, out: usize, end: usize): usize {
  out = writeByte(0x22, out, end);
  if (out == 0) return 0;
  out = writeScalar(node, kind, i, out, end);
  if (out == 0) return 0;
  return writeByte(0x22, out, end);
}

function writeStruct(node: usize, i: i32, out: usize, end: usize): usize {
  const stop = childrenEnd(node);
  let before: u8 = 0x7b;
  for (let child = childrenOf(node); child < stop; child += NODE_BYTES) {
    if (kindOf(child) == KIND_OMIT) continue;
    const length = keyLengthOf(child);
    if (length <= 32 && end - out > 32) {
      const key = keyOf(child);
      store<u8>(out, before);
      v128.store(out, v128.load(key), 1);
      v128.store(out, v128.load(key, 16), 17);
      out += length + 1;
    } else {
      out = writeByte(before, out, end);
      if (out == 0) return 0;
      out = copyWithin(keyOf(child), length, out, end);
      if (out == 0) return 0;
    }
    before = 0x2c;
    out = writeValue(child, i, out, end);
    if (out == 0) return 0;
  }
  if (before == 0x7b) return writeEmpty(0x7d7b, out, end);
  return writeByte(0x7d, out, end);
}

function writeList(node: usize, i: i32, out: usize, end: usize): usize {
  const item = childrenOf(node);
  const from = offsetAt(node, i);
  const to = offsetAt(node, i + 1);
  if (from == to || kindOf(item) == KIND_OMIT) return writeEmpty(0x5d5b, out, end);
  for (let k = from; k < to; k++) {
    out = writeByte(k == from ? 0x5b : 0x2c, out, end);
    if (out == 0) return 0;
    out = writeValue(item, k, out, end);
    if (out == 0) return 0;
  }
  return writeByte(0x5d, out, end);
}

function writeMap(node: usize, i: i32, out: usize, end: usize): usize {
  const key = childrenOf(node);
  const value = key + NODE_BYTES;
  const keyKind = kindOf(key);
  const from = offsetAt(node, i);
  const to = offsetAt(node, i + 1);
  if (from == to || keyKind == KIND_OMIT || kindOf(value) == KIND_OMIT) return writeEmpty(0x7d7b, out, end);
  for (let k = from; k < to; k++) {
    out = writeByte(k == from ? 0x7b : 0x2c, out, end);
    if (out == 0) return 0;
    out = keyKind == KIND_TEXT ? writeText(key, k, out, end) : writeQuotedScalar(key, keyKind, k, out, end);
    if (out == 0) return 0;
    out = writeByte(0x3a, out, end);
    if (out == 0) return 0;
    out = writeValue(value, k, out, end);
    if (out == 0) return 0;
  }
  return writeByte(0x7d, out, end);
}

function writeValue(node: usize, i: i32, out: usize, end: usize): usize {
  const kind = kindOf(node);
  if (kind == KIND_NULL || !isValid(node, i)) return writeNull(out, end);
  if (kind == KIND_TEXT) return writeText(node, i, out, end);
  if (kind == KIND_STRUCT) return writeStruct(node, i, out, end);
  if (kind == KIND_LIST) return writeList(node, i, out, end);
  if (kind == KIND_MAP) return writeMap(node, i, out, end);
  return isQuoted(node, kind) ? writeQuotedScalar(node, kind, i, out, end) : writeScalar(node, kind, i, out, end);
}

/**
 * Writes rows [fromRow, toRow) of a STRUCT record as JSON lines to [out, outEnd). Stops before the first row that
 * does not fit; the bytes after the last whole row are then undefined.
 *
 * @returns how many rows were written; `encodedBytes` says how many bytes
 */
export function encodeRows(root: usize, fromRow: i32, toRow: i32, out: usize, outEnd: usize): i32 {
  const start = out;
  let row = fromRow;
  for (; row < toRow; row++) {
    let at = writeValue(root, row, out, outEnd);
    if (at == 0) break;
    at = writeByte(0x0a, at, outEnd);
    if (at == 0) break;
    out = at;
  }
  written = out - start;
  return max(row - fromRow, 0);
}

/** Bytes that the last `encodeRows` wrote. */
export function encodedBytes(): i32 {
  return <i32>written;
}

/**
 * Writes the text forms of elements [from, to) of a scalar column to [out, outEnd), one after the other, null as
 * nothing, and their offsets, from 0 on, to `offsetsOut` (to - from + 1 int32).
 *
 * @returns how many elements were written; the offset of that index is the number of bytes
 */
export function renderText(node: usize, from: i32, to: i32, out: usize, outEnd: usize, offsetsOut: usize): i32 {
  const kind = kindOf(node);
  const start = out;
  store<i32>(offsetsOut, 0);
  let i = from;
  for (; i < to; i++) {
    if (kind != KIND_NULL && isValid(node, i)) {
      const at = writeScalar(node, kind, i, out, outEnd);
      if (at == 0) break;
      out = at;
    }
    offsetsOut += 4;
    store<i32>(offsetsOut, <i32>(out - start));
  }
  return max(i - from, 0);
}
