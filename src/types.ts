/**
 * The nouns that the stages share. This file imports nothing.
 */

/** Time units of Arrow's time, timestamp and duration types. */
export type TimeUnit = "s" | "ms" | "us" | "ns";

/**
 * What a field holds once decoding has normalised it: large and view variants have become their plain
 * type, dictionaries their values, fixed-size lists and binaries got offsets.
 */
export type Kind =
  | "null"
  | "bool"
  | "int8"
  | "int16"
  | "int32"
  | "int64"
  | "uint8"
  | "uint16"
  | "uint32"
  | "uint64"
  | "float16"
  | "float32"
  | "float64"
  | "decimal"
  | "utf8"
  /** A number kept as its decimal text (from JSON lines), written without quotes. */
  | "number"
  | "binary"
  | "date32"
  | "date64"
  | "time"
  | "timestamp"
  | "duration"
  | "interval"
  | "struct"
  | "list"
  | "map";

/** A field of a schema, a tree. A list has one child (its item), a map two (key, value). */
export interface Field {
  readonly name: string;
  readonly kind: Kind;
  /** time, timestamp, duration. */
  readonly unit?: TimeUnit;
  /** timestamp: adjusted to UTC, so written with `Z`. */
  readonly utc?: boolean;
  /** decimal: digits after the point; may be negative. */
  readonly scale?: number;
  /** decimal: bytes of a value (4, 8, 16, 32); interval: bytes of a value (4 months, 8 day-time, 16 month-day-nano). */
  readonly width?: number;
  /** utf8: made of UUIDs that were stored in 16 bytes. */
  readonly uuid?: boolean;
  /** The field before it a second time, under the previous key: it is not read, it is made. */
  readonly previous?: true;
  readonly children: readonly Field[];
}

/**
 * A column of a record batch in the kernels' memory. Element 0 is the column's first row; pointers are byte
 * addresses, 0 where there is no such buffer. Nested columns have their own length (a list's child is as long
 * as all its items together).
 */
export interface Column {
  readonly field: Field;
  readonly length: number;
  readonly nullCount: number;
  /** Validity bitmap, least significant bit first; 0 when every element is valid. */
  readonly validity: number;
  /** `length + 1` int32, ascending from 0: utf8, number, binary (into `values`), list, map (into the children). */
  readonly offsets: number;
  /** Fixed-width values (bool: a bitmap), or the bytes that `offsets` index. */
  readonly values: number;
  readonly valuesLength: number;
  readonly children: readonly Column[];
  /** Dropped by decision: its key is not written. */
  readonly omitted?: boolean;
}

/** A record batch in the kernels' memory. */
export interface Batch {
  readonly rows: number;
  readonly columns: readonly Column[];
}

/** A byte range of an object: `[start, end)`. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** An object of a store as listing or head showed it. */
export interface ObjectInfo {
  /** Complete URI (`file:///…`, `s3://bucket/key`). */
  readonly uri: string;
  readonly size: number;
  /** The store's identity of this version of the content; it changes when the content does. */
  readonly etag: string;
}

/** What becomes of a leaf's values, and who said so. */
export interface Decision {
  /** A mask's name, or `pause` where a person must decide first. */
  readonly mask: string;
  /** The mask's options, complete. */
  readonly options: Readonly<Record<string, unknown>>;
  /** The rule, preset or default that decided. */
  readonly rule: string;
  /** The clause that it serves: "PCI DSS 3.4.1". */
  readonly clause?: string;
  /** Under the previous key. */
  readonly previous?: true;
}

/** A decision for some of a leaf's values: those of map entries with such a key, or where a value beside says so. */
export interface Case {
  /** A map entry's key, as the source of a pattern. */
  readonly keys?: string | undefined;
  /** A map entry whose key looks sensitive, or like data itself: keys are first seen while masking. */
  readonly sensitive?: true | undefined;
  /** A map entry whose key looks like one of these: see `Look`. */
  readonly looks?: readonly string[] | undefined;
  /** What the nearest field of that name holds (without one: the value itself), as the source of a pattern. */
  readonly when?: { readonly field?: string | undefined; readonly is: string } | undefined;
  /** Where no rule is behind it: the key that was seen. */
  readonly seen?: string;
  readonly decision: Decision;
}

/** The decision of a leaf; the first of its cases that holds for a value comes before it. */
export interface LeafDecision extends Decision {
  readonly path: string;
  readonly cases: readonly Case[];
}

/** Something in a policy that a person should look at, though it can be done. */
export interface Warning {
  /** The rule, as decisions name it. */
  readonly rule?: string;
  /** The column, by its path. */
  readonly column?: string;
  readonly message: string;
  /** The clause that it touches: "PCI DSS 3.5.1". */
  readonly clause?: string;
}

/** What a sample of a leaf's values shows: counts, never a value. */
export interface LeafSample {
  /** Values that are neither null nor empty. */
  readonly values: number;
  /** Values of several words. */
  readonly prose: number;
  /** Values that are one identifier and hardly anything else, and values that hold one, by what it is. */
  readonly whole: Readonly<Record<string, number>>;
  readonly mentioned: Readonly<Record<string, number>>;
  /** Values that are JSON documents with members that look sensitive, by what they look like: "a phone number". */
  readonly members?: Readonly<Record<string, number>>;
  /** Values of text by their form: `json` documents, `uuid`s, `number`s too short for anybody's, `time`s. */
  readonly forms: Readonly<Record<string, number>>;
  /** How many of the values of text differ. */
  readonly distinct: number;
  /** In a map: the same by key, for keys that are names; the map's own counts are of the others. */
  readonly keys?: Readonly<Record<string, LeafSample>>;
}
