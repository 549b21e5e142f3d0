/** The text form of one element of a scalar column: what JSON holds, without quotes and escapes. */
import {
  INT_QUOTED, INT_UNSIGNED, KIND_BINARY, KIND_BOOL, KIND_DATE32, KIND_DATE64, KIND_DECIMAL, KIND_DURATION, KIND_FLOAT, KIND_INT,
  KIND_INTERVAL, KIND_RAW, KIND_TEXT, KIND_TIME, KIND_TIMESTAMP, UNIT_MS,
} from "../node";
import { writeBase64 } from "./base64";
import { writeDay, writeDayOfMillis, writeTime, writeTimestamp } from "./calendar";
import { copyWithin } from "./copy";
import { writeDecimal } from "./decimal";
import { writeDuration, writeInterval } from "./duration";
import { writeFloat } from "./float";
import { loadInteger, writeI64, writeU64 } from "./integer";
import { bitAt, kindOf, offsetAt, paramA, paramB, quotedFlag, valuesOf } from "./record";

/** The longest text of a kind whose texts are bounded, rounded up. */
const BOUNDED: usize = 64;
/** Where such a text is written when the output might be too short for it. */
const SCRATCH = memory.data(64);

/** Whether JSON holds the text in quotes. */
export function isQuoted(node: usize, kind: i32): bool {
  if (kind == KIND_INT) return (paramB(node) & INT_QUOTED) != 0;
  if (kind == KIND_DECIMAL) return quotedFlag(node) != 0;
  return kind != KIND_BOOL && kind != KIND_RAW && kind != KIND_FLOAT;
}

/** The kinds whose texts have at most BOUNDED bytes. */
function writeBounded(node: usize, kind: i32, i: i32, out: usize): usize {
  const values = valuesOf(node);
  const a = paramA(node);
  switch (kind) {
    case KIND_BOOL: {
      if (bitAt(values, i)) {
        store<u32>(out, 0x65757274);
        return out + 4;
      }
      store<u32>(out, 0x736c6166);
      store<u8>(out, 0x65, 4);
      return out + 5;
    }
    case KIND_INT: {
      const unsigned = (paramB(node) & INT_UNSIGNED) != 0;
      const v = loadInteger(values, i, a, unsigned);
      return unsigned ? writeU64(<u64>v, out) : writeI64(v, out);
    }
    case KIND_FLOAT:
      return writeFloat(
        a == 8 ? load<f64>(values + ((<usize>i) << 3)) : <f64>load<f32>(values + ((<usize>i) << 2)),
        out,
      );
    case KIND_DATE32:
      return writeDay(<i64>load<i32>(values + ((<usize>i) << 2)), out);
    case KIND_DATE64:
      return writeDayOfMillis(load<i64>(values + ((<usize>i) << 3)), out);
    case KIND_TIME:
      return writeTime(loadInteger(values, i, a <= UNIT_MS ? 4 : 8, false), a, out);
    case KIND_TIMESTAMP:
      return writeTimestamp(load<i64>(values + ((<usize>i) << 3)), a, paramB(node) != 0, out);
    case KIND_DURATION:
      return writeDuration(load<i64>(values + ((<usize>i) << 3)), a, out);
    case KIND_INTERVAL:
      return writeInterval(values + <usize>i * <usize>a, a, out);
    default:
      // A kind that is no scalar: trap rather than write something that looks like data.
      unreachable();
      return 0;
  }
}

/** @returns the position after the text, 0 when it would go past `end` */
export function writeScalar(node: usize, kind: i32, i: i32, out: usize, end: usize): usize {
  if (kind == KIND_TEXT || kind == KIND_RAW || kind == KIND_BINARY) {
    const start = <usize>offsetAt(node, i);
    const source = valuesOf(node) + start;
    const length = <usize>offsetAt(node, i + 1) - start;
    return kind == KIND_BINARY ? writeBase64(source, length, out, end) : copyWithin(source, length, out, end);
  }
  if (kind == KIND_DECIMAL) {
    const width = paramA(node);
    return writeDecimal(valuesOf(node) + <usize>i * <usize>width, width, paramB(node), out, end);
  }
  if (end - out >= BOUNDED) return writeBounded(node, kind, i, out);
  const length = writeBounded(node, kind, i, SCRATCH) - SCRATCH;
  return copyWithin(SCRATCH, length, out, end);
}
