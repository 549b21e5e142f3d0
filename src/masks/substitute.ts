import { Buffer, isAscii } from "node:buffer";
import { badInput } from "../errors.ts";
import type { Kernels } from "../kernels/load.ts";
import type { Column } from "../types.ts";
import { type Islands, islandsOf, onIslands, togetherOf } from "./islands.ts";
import { type Joinable, joinable, SEPARATORS } from "./joinable.ts";
import { freeSeparator, gathered, joinedText, mapValues, patched, splitText, textBytes } from "./text.ts";
import { windowOf } from "./window.ts";

/**
 * A replacement: text as `String.prototype.replace` takes it, or a function of the match, its offset and the text
 * around it. In a joined column that text holds other values too, behind separators: a function may look at it only
 * as far as no separator stands between.
 */
export type Replacement = string | ((match: string, offset: number, text: string) => string);

/** Each match of `pattern` becomes `with`; the rest of the value stays. */
interface PatternSubstitution {
  /** Has the g flag; no capturing groups where `with` is a function that looks at more than the match. */
  readonly pattern: RegExp;
  /**
   * For ASCII columns, where it matches the same: V8 runs patterns without the u flag and property escapes on
   * one-byte strings several times as fast.
   */
  readonly ascii?: RegExp;
  readonly with: Replacement;
  /** All that a function may write but what it matched and letters, digits and punctuation of its own. */
  readonly writes?: string;
  /** Written in place of a value of so many matches in one that V8 has no stack for it: some megabytes of digits. */
  readonly overflow?: string;
}

/** A substitution that finds its matches itself, none of which holds a control character but those it names. */
interface FunctionSubstitution {
  readonly replaceAll: (text: string) => string;
  /** Control characters over which it looks or matches: they cannot part the values of a joined column. */
  readonly crosses?: string;
  /** What it writes in place of a match. */
  readonly writes: string;
}

export type Substitution = PatternSubstitution | FunctionSubstitution;

/** Longer columns are taken value by value: V8 holds no string of 2^29 characters, and a join should stay in cache. */
export const MAX_JOINED = 64 * 1024 * 1024;

/** Taking values out and putting them back pays where they are at most this share of all. */
const FEW = 0.6;

interface Step {
  /** Over one value. */
  readonly apply: (text: string) => string;
  /** Over a joined column: the m flag makes anchors mean the edges of values. */
  readonly applyJoined: (text: string) => string;
  /** The same over a joined column's bytes, each read as a character; results are bytes too. */
  readonly applyBytes: ((bytes: string) => string) | undefined;
  readonly joinable: Joinable | undefined;
  /** What every match consists of, if that is known. */
  readonly islands: Islands | undefined;
  /** What every match holds, if that is known: see windowOf. */
  readonly window: Uint8Array | undefined;
  /** What a later step may find in the text and no value held. */
  readonly writes: string;
}

/**
 * Substitutions in turn over a whole column: joined into one string where that replaces exactly the same, value by
 * value where not. Built once, used for every batch.
 */
export class ColumnSubstitution {
  readonly #unicode: readonly Step[];
  readonly #ascii: readonly Step[];
  readonly #islands: Islands | undefined;

  constructor(substitutions: readonly Substitution[]) {
    this.#unicode = substitutions.map((one) => ("pattern" in one ? patternStep(one.pattern, one) : functionStep(one)));
    this.#ascii = substitutions.map((one) =>
      "pattern" in one ? patternStep(one.ascii ?? one.pattern, one) : functionStep(one),
    );
    this.#islands = togetherOf(this.#unicode.map(({ islands }) => islands));
  }

  /** `column` is valid UTF-8 text; the result lies in the kernels' arena. */
  apply(column: Column, kernels: Kernels): Column {
    if (column.valuesLength === 0) return column;
    return this.#onIslands(column, kernels) ?? this.#onWhole(column, kernels);
  }

  /** Over the few bytes that matches may consist of, where these are few. */
  #onIslands(column: Column, kernels: Kernels): Column | undefined {
    const steps = this.#unicode;
    const [separator] = separatorsOf(steps);
    if (!this.#islands || separator === undefined) return undefined;
    const replaced = (islands: string) => steps.reduce((text, one) => one.applyBytes!(text), islands);
    try {
      return onIslands(this.#islands, column, separator, replaced, kernels);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      return undefined;
    }
  }

  #onWhole(column: Column, kernels: Kernels): Column {
    const ascii = isAscii(textBytes(column, kernels));
    const steps = ascii ? this.#ascii : this.#unicode;
    if (!steps.every(({ window }) => window)) return this.#all(steps, column, kernels, ascii);
    // What one step leaves is what the next one looks through.
    return steps.reduce((result, step) => this.#where(step, result, kernels), column);
  }

  /** Over the values that may hold a match. */
  #where(step: Step, column: Column, kernels: Kernels): Column {
    const { memory } = kernels;
    const window = step.window as Uint8Array;
    const indices = memory.alloc(column.length * 4);
    const windowAt = memory.put(window);
    const { values, offsets, length } = column;
    const count = kernels.withWindow(values, offsets, length, windowAt, window.length, indices);
    if (count === 0) return column;
    const few = count <= length * FEW;
    const some = few ? gathered(column, indices, count, kernels) : column;
    const result = this.#all([step], some, kernels, isAscii(textBytes(some, kernels)));
    if (!few || result === some) return few ? column : result;
    return patched(column, indices, result, kernels);
  }

  #all(steps: readonly Step[], column: Column, kernels: Kernels, ascii: boolean): Column {
    const separator = this.#separator(steps, column, kernels);
    const byValue = () => mapValues(column, kernels, (value) => steps.reduce((text, one) => one.apply(text), value));
    if (separator === undefined) return byValue();
    const bytes =
      steps.every(({ applyBytes }) => applyBytes) && (steps.every(isBytewise) || (ascii && staysAscii(steps)));
    try {
      return substituteJoined(steps, column, kernels, separator, { ascii, bytes });
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      return byValue();
    }
  }

  /** A byte that no step can match, no replacement can write and no value holds. */
  #separator(steps: readonly Step[], column: Column, kernels: Kernels): string | undefined {
    if (column.valuesLength + column.length > MAX_JOINED) return undefined;
    const holds = (byte: number) => kernels.hasByte(column.values, column.valuesLength, byte) !== 0;
    const free = freeSeparator(separatorsOf(steps), column, kernels);
    const lines = steps.some(({ joinable: one }) => one?.anchored && !one.multiline);
    // Other line terminators would become edges under the m flag: CR, and U+2028 and U+2029 (0xE2 first).
    if (lines && steps.some(({ writes }) => /[\r\u2028\u2029]/.test(writes))) return undefined;
    return lines && (holds(0x0d) || holds(0xe2)) ? undefined : free;
  }
}

/** Bytes that no step can match or write. */
function separatorsOf(steps: readonly Step[]): readonly string[] {
  const first = steps[0]?.joinable?.separators ?? [];
  return first.filter((separator) => steps.every(({ joinable: one }) => one?.separators.includes(separator)));
}

/**
 * What a pattern makes of a value.
 * @param overflow in place of a value for which V8 has no stack
 * @throws MasklineError (exit 5) where there is no such text
 */
export function withStack(value: string, replaced: () => string, overflow: string | undefined): string {
  try {
    return replaced();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    if (overflow !== undefined) return overflow;
    throw badInput(
      `masking: a value of ${value.length} characters repeats more than a regular expression has room for; bound the ` +
        "pattern's repetitions, {1,64} in place of +, or give the column another mask",
      { stage: "mask", cause: error },
    );
  }
}

function patternStep(pattern: RegExp, { with: by, writes: written = "", overflow }: PatternSubstitution): Step {
  const plan = reachesOutside(by) ? undefined : joinable(pattern);
  const writes = typeof by === "string" ? by : written;
  const safe = plan && withoutWritten(plan, writes);
  const joined = safe?.anchored && !safe.multiline ? new RegExp(pattern, `${pattern.flags}m`) : pattern;
  // Half of a pair has no bytes: it may find its other half. The name of a group is no text.
  const plain = typeof by === "string" && by.isWellFormed() && !/\$<[^>]*[^\0-\x7f]/.test(by);
  const byBytes = plain ? Buffer.from(by, "utf8").toString("latin1") : undefined;
  return {
    apply: (text) => withStack(text, () => text.replace(pattern, by as string), overflow),
    applyJoined: (text) => text.replace(joined, by as string),
    applyBytes: byBytes === undefined ? undefined : (bytes) => bytes.replace(joined, byBytes),
    joinable: safe,
    islands: safe?.bytewise && byBytes !== undefined ? islandsOf(pattern) : undefined,
    // Half of a pair that one step writes may meet its other half in a later one only within one string.
    window: writes.isWellFormed() ? windowOf(pattern) : undefined,
    writes,
  };
}

function isBytewise({ joinable: plan }: Step): boolean {
  return plan?.bytewise === true;
}

/** No step writes anything beyond ASCII, which a later one would have to see as characters. */
function staysAscii(steps: readonly Step[]): boolean {
  return steps.every(({ writes }) => isAscii(Buffer.from(writes)));
}

function functionStep({ replaceAll, writes, crosses = "" }: FunctionSubstitution): Step {
  const all = { separators: SEPARATORS, anchored: false, multiline: false, bytewise: false };
  const plan = withoutWritten(all, writes + crosses);
  return {
    apply: replaceAll,
    applyJoined: replaceAll,
    applyBytes: undefined,
    joinable: plan,
    islands: undefined,
    window: undefined,
    writes,
  };
}

/** "$`" and "$'" insert the text around the match, which in a joined column is other values. */
function reachesOutside(by: Replacement): boolean {
  return typeof by === "string" && /\$[`']/.test(by);
}

function withoutWritten(plan: Joinable, by: string): Joinable | undefined {
  const separators = plan.separators.filter((separator) => !by.includes(separator));
  return separators.length === 0 ? undefined : { ...plan, separators };
}

function substituteJoined(
  steps: readonly Step[],
  column: Column,
  kernels: Kernels,
  separator: string,
  { ascii, bytes }: { readonly ascii: boolean; readonly bytes: boolean },
): Column {
  const byte = separator.charCodeAt(0);
  const source = joinedText(column, byte, bytes || ascii ? "latin1" : "utf8", kernels);
  const text = steps.reduce((result, one) => (bytes ? one.applyBytes! : one.applyJoined)(result), source);
  return text === source ? column : splitText(text, column, byte, bytes ? "latin1" : "utf8", kernels);
}
