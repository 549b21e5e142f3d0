import type { z } from "zod";
import type { Kernels } from "../kernels/load.ts";
import type { Column, Kind } from "../types.ts";

/** What masks may know about the run. */
export interface MaskContext {
  /** Another environment gives other tokens. */
  readonly environment: string;
  /** The 32-byte key of a domain, derived from the master key for this environment. */
  readonly domainKey: (domain: string) => Buffer;
  /**
   * What to think of a name that only the data shows, such as a JSON member's: is it a value itself, or one under which
   * something sensitive is to be expected?
   */
  readonly judge: (name: string) => "data" | "sensitive" | undefined;
}

/** A leaf elsewhere in the same records: its text, and for each of its elements the row that it belongs to, ascending. */
export interface RecordLeaf {
  readonly column: Column;
  readonly rows: Int32Array;
}

/** The unmasked columns around the one that is masked. Their memory, too, is the kernels' arena. */
export interface Beside {
  /**
   * The nearest field of a name, as text with one element for each of the masked column's: a member of the same
   * struct, or of one around it. Null where that is null.
   * @param field a name that the mask's declaration says it reads
   */
  text(field: string): Column;
  /** The row of each of the masked column's elements, ascending. */
  rows(): Int32Array;
  /** A leaf by its whole path, wherever in the record it stands. */
  leaf(path: string): RecordLeaf;
}

/**
 * Masks one column of valid UTF-8 text: `column` is not changed, the result is as long, with the same validity,
 * and its nulls and empty values are null and empty. Memory comes from the kernels' arena.
 */
export type ColumnMask = (column: Column, kernels: Kernels, beside: Beside) => Column;

/** A mask whose result depends on the masked values alone. */
export type ValueMask = (column: Column, kernels: Kernels) => Column;

/** Counts by detector name of what a mask found; the caller hands one in and reads it after each batch. */
export type HitCounter = (detector: string, hits: number) => void;

/** What makes results join. */
export interface Joins {
  /** Values are equal when their canonical forms in this domain are. */
  readonly domain: string;
  /** Where results may stand for several values: what that of one looks like, as the source of a regular expression. */
  readonly token?: string;
}

/** A mask: what it is called, what it takes, what it can handle, and how it becomes a function over columns. */
export interface MaskDeclaration<Shape extends z.ZodRawShape = z.ZodRawShape> {
  readonly name: string;
  /** One line for help, docs and the JSON Schema. */
  readonly summary: string;
  /** Its options with their defaults. A function, so that workers, which get them parsed, need not load zod. */
  readonly options: (zod: typeof z) => Shape;
  /** The kinds of column it can handle; anything else is an error at plan time. */
  readonly accepts: ReadonlySet<Kind>;
  /**
   * `text` masks map a column's text to text; `keep` leaves the column as it is, `null` empties it and `drop` takes
   * it out of the output: these three need no code over values.
   */
  readonly action: "text" | "keep" | "null" | "drop";
  /** A token of the key stands for the value: while keys are changed, that of the previous one stands beside it. */
  readonly keyed?: true;
  /** Counts as masked: every value (`all`), or those that came out different (`changed`). */
  readonly counts: "all" | "changed";
  /** Of numeric columns it makes numbers, which are written as such: every number must come out as one. */
  readonly numeric?: boolean;
  /** What is wrong with options that do not go together: an error when the configuration is loaded. */
  readonly problem?: (options: z.output<z.ZodObject<Shape>>) => string | undefined;
  /** Names of the fields beside it that the mask reads: a leaf without them is an error at plan time. */
  readonly reads?: (options: z.output<z.ZodObject<Shape>>) => readonly string[];
  /**
   * What every result looks like, as the source of a regular expression over the whole of it: verification refuses what
   * looks otherwise. Not where a result may show something of its value.
   */
  readonly results?: (options: z.output<z.ZodObject<Shape>>) => string | undefined;
  /** Of masks whose results join: different values of the domain have different ones, equal values the same. */
  readonly joins?: (options: z.output<z.ZodObject<Shape>>) => Joins | undefined;
  readonly compile?: (options: z.output<z.ZodObject<Shape>>, context: MaskContext, hit: HitCounter) => ColumnMask;
}

/** Declares a mask, so that its options are typed in `compile`. */
export function declareMask<Shape extends z.ZodRawShape>(declaration: MaskDeclaration<Shape>): MaskDeclaration {
  return declaration as unknown as MaskDeclaration;
}

/** A text as the source of a regular expression that matches just it. */
export function literally(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
}

export const NUMBERS: ReadonlySet<Kind> = new Set<Kind>([
  ...(["int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"] as const),
  ...(["float16", "float32", "float64", "decimal", "number"] as const),
]);

/** Text, bytes read as UTF-8, and numbers by their decimal text. */
export const TEXT_AND_NUMBERS: ReadonlySet<Kind> = new Set<Kind>(["null", "utf8", "binary", ...NUMBERS]);

/** Everything that has a text form. */
export const ANY_SCALAR: ReadonlySet<Kind> = new Set<Kind>([
  ...TEXT_AND_NUMBERS,
  ...(["bool", "date32", "date64", "time", "timestamp", "duration", "interval"] as const),
]);
