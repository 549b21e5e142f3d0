/**
 * The node record: how a column of any depth is described to the JSON encoder (`encodeRows`, `renderText`).
 *
 * A record is 16 int32 (64 bytes) in the kernels' memory; slots not named here are 0. A tree of records stands for
 * a tree of columns: the children of a record lie one after the other, from its `CHILDREN` pointer on.
 *
 * This file is read by TypeScript and by AssemblyScript, so it holds plain integer constants and nothing else.
 */

/** int32 slots of a record. */
export const NODE_SLOTS = 16;
/** Bytes of a record. */
export const NODE_BYTES = 64;

/** One of the kinds below. */
export const SLOT_KIND = 0;
/** Elements of the column. For the writer's own checks: the kernels trust their row ranges. */
export const SLOT_LENGTH = 1;
/** Validity bitmap, bit i of it (least significant first) = element i; 0 when every element is valid. */
export const SLOT_VALIDITY = 2;
/** Fixed-width values (BOOL: a bitmap), or the bytes that offsets index. */
export const SLOT_VALUES = 3;
/** int32 × (length + 1), ascending; the first need not be 0. Bytes of TEXT, RAW and BINARY, items of LIST and MAP. */
export const SLOT_OFFSETS = 4;
/** Member of a STRUCT: its name as JSON with the colon (`"name":`), already escaped. */
export const SLOT_KEY = 5;
/** Bytes of the key. */
export const SLOT_KEY_LENGTH = 6;
/** First child record. */
export const SLOT_CHILDREN = 7;
/** Number of child records. */
export const SLOT_CHILD_COUNT = 8;
/** Parameter A, by kind. */
export const SLOT_A = 9;
/** Parameter B, by kind. */
export const SLOT_B = 10;
/** 1: a DECIMAL is written as a quoted string. */
export const SLOT_QUOTED = 11;

/** Always null. */
export const KIND_NULL = 0;
/** `values` is a bitmap like validity. */
export const KIND_BOOL = 1;
/** A = bytes of a value (1, 2, 4, 8); B = INT_UNSIGNED | INT_QUOTED. */
export const KIND_INT = 2;
/** Well-formed UTF-8: written quoted and escaped. */
export const KIND_TEXT = 3;
/** Bytes written as they are, without quotes: the text of numbers. */
export const KIND_RAW = 4;
/** Bytes: written as quoted base64, standard alphabet, padded (RFC 4648, section 4). */
export const KIND_BINARY = 5;
/**
 * Two's complement, little-endian; A = bytes of a value (4, 8, 16, 32), B = digits after the point (may be negative),
 * QUOTED. Written exactly, without exponent: scale 2 makes 5 `0.05`, scale -2 makes 5 `500`.
 */
export const KIND_DECIMAL = 6;
/** int32 days since 1970-01-01: `YYYY-MM-DD`; years outside 0..9999 as in TIMESTAMP. */
export const KIND_DATE32 = 7;
/** int64 milliseconds since 1970-01-01; the time of day is not written. */
export const KIND_DATE64 = 8;
/** A = unit; int32 for s and ms, int64 for us and ns since midnight: `HH:MM:SS.fff`, 3, 6 or 9 fraction digits. */
export const KIND_TIME = 9;
/**
 * int64 since 1970-01-01T00:00; A = unit, B = 1 when adjusted to UTC (written with `Z`). ISO 8601 in the proleptic
 * Gregorian calendar with the fewest of 3, 6 or 9 fraction digits that are exact; years outside 0..9999 have a sign
 * and six digits or more (ECMA-262, "Expanded Years").
 */
export const KIND_TIMESTAMP = 10;
/** int64; A = unit. ISO 8601 in seconds: `PT12.345S`, `-PT1.5S`, `PT0S`. */
export const KIND_DURATION = 11;
/**
 * A = bytes of a value: 4 = int32 months; 8 = int32 days, int32 milliseconds; 16 = int32 months, int32 days, int64
 * nanoseconds. `P1M2DT3.000000004S`; components keep their own sign, those that are zero are left out, none is `PT0S`.
 */
export const KIND_INTERVAL = 12;
/** An object of its children; element i of it is element i of each child. */
export const KIND_STRUCT = 13;
/** An array; its one child holds the items of all elements. */
export const KIND_LIST = 14;
/** An object; children are the key and the value column of all entries. Keys are scalar and never null. */
export const KIND_MAP = 15;
/** A dropped column: left out of a STRUCT; a LIST or MAP of it is `[]` or `{}`. */
export const KIND_OMIT = 16;

/**
 * A = bytes of a value (4, 8): as ECMAScript's Number::toString writes it, float32 as the double it is; `null` for NaN
 * and infinities.
 */
export const KIND_FLOAT = 17;

/** B of INT: values are unsigned. */
export const INT_UNSIGNED = 1;
/** B of INT: written as quoted strings. */
export const INT_QUOTED = 2;

/** Units, parameter A of TIME, TIMESTAMP and DURATION. */
export const UNIT_S = 0;
export const UNIT_MS = 1;
export const UNIT_US = 2;
export const UNIT_NS = 3;
