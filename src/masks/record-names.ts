import type { Kernels } from "../kernels/load.ts";
import type { Column } from "../types.ts";
import type { Beside } from "./mask.ts";
import { fold, isAscii, Sketches, sketched, UNKNOWN } from "./name-fold.ts";
import { columnOf, patched, valuesOf } from "./text.ts";

/** Fewer letters of a name are too many words' beginning: they are looked for in the whole name only. */
const SHORTEST = 3;

/** Names that are also everyday words, in any of which a sentence would lose its sense: found only as they are written. */
const WORDS = new Set(
  (
    "will may mark art bill rich grace hope faith joy rose dawn june april august summer autumn angel chance chase chuck cliff drew " +
    "frank gene grant guy jack jean josh lance mike miles nick norm pat penny ray rob rusty sandy skip star sue wade ward young long " +
    "small short brown black white green gray grey king price page park hall hill wood woods day best love good little low strong " +
    "case bank church bush stone banks rice field fields wells waters major general the and for not you she her his van von der den"
  ).split(" "),
);

/** A name as it is looked for: whole, or one of its words. */
interface Wanted {
  /** Folded: lower case, without accents. */
  readonly folded: string;
  /** It counts only where it is written like this. */
  readonly exactly: string | undefined;
  /** Of a script that parts no words. */
  readonly unparted: boolean;
  /** What a text's sketch must hold where the name is in the text; undefined where another name's says as much. */
  readonly sketch: string | undefined;
}

/** A record's names, each once. */
type Names = readonly Wanted[];

/** More names of one record are looked for by going through the text's words instead of once each. */
const MANY = 24;
/** Longer ones are no names; in code units. */
const LONGEST = 200;
/** More words has no name. */
const MOST_WORDS = 12;

const UNPARTED = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]/u;

/**
 * Names that stand in a record's own columns, found again in its text: as whole words, in any case and with or without
 * accents, whole names before their parts.
 */
export class RecordNames {
  readonly #paths: readonly string[];
  readonly #by: string;
  readonly #hit: (hits: number) => void;
  readonly #known = new Map<string, readonly Wanted[]>();

  /**
   * @param paths leaves that hold names
   * @param by written in place of a name
   */
  constructor(paths: readonly string[], by: string, hit: (hits: number) => void) {
    this.#paths = paths;
    this.#by = by;
    this.#hit = hit;
  }

  /** The text column without its records' names. */
  apply(column: Column, kernels: Kernels, beside: Beside): Column {
    if (column.valuesLength === 0) return column;
    const names = this.#namesByRow(beside, kernels);
    if (names.length === 0) return column;
    const rows = beside.rows();
    const sketches = new Sketches(column, kernels);
    let values: ReturnType<typeof valuesOf> | undefined;
    const changed: number[] = [];
    const texts: string[] = [];
    for (let index = 0; index < column.length; index++) {
      const sketch = sketches.next();
      const wanted = names[rows[index]!];
      if (!wanted || !mayHold(sketch, wanted)) continue;
      values ??= valuesOf(column, kernels);
      const value = values.at(index);
      const text = value && this.#without(value, wanted);
      if (text === undefined || text === value) continue;
      changed.push(index);
      texts.push(text);
    }
    if (changed.length === 0) return column;
    const indices = kernels.memory.put(new Uint8Array(Int32Array.from(changed).buffer));
    return patched(column, indices, columnOf(texts, kernels), kernels);
  }

  #namesByRow(beside: Beside, kernels: Kernels): Names[] {
    const names: Names[] = [];
    for (const path of this.#paths) {
      const { column, rows } = beside.leaf(path);
      const values = valuesOf(column, kernels);
      for (let element = 0; element < rows.length; element++) {
        const name = values.at(element);
        if (name === undefined) continue;
        const row = rows[element]!;
        const before = names[row];
        const wanted = this.#wanted(name);
        names[row] = before === undefined ? wanted : together(before, wanted);
      }
    }
    return names;
  }

  #wanted(name: string): readonly Wanted[] {
    const before = this.#known.get(name);
    if (before) return before;
    const whole = name.trim();
    // The same of ASCII takes a third of the time.
    const isPlain = isAscii(name);
    const parts = whole
      .slice(0, LONGEST)
      .split(isPlain ? /[^A-Za-z\d]+/ : /[^\p{L}\p{M}\p{N}]+/u)
      .slice(0, MOST_WORDS);
    const words = parts.filter((word) => word.length >= SHORTEST);
    // O'Brien and Anna-Lena are also written OBrien and Annalena.
    const joined = parts.length > 1 && (!isPlain || /['`-]/.test(whole)) ? joinedWords(whole.slice(0, LONGEST)) : [];
    const forms: string[] = [];
    const folded: string[] = [];
    for (const one of new Set([whole, ...joined, ...words])) {
      if (one.length < 2 || one.length > LONGEST || !(isPlain ? /[A-Za-z]/ : /\p{L}/u).test(one)) continue;
      forms.push(one);
      folded.push(fold(one).text);
    }
    const wanted = forms.map((one, index) => ({
      folded: folded[index]!,
      exactly: WORDS.has(one.toLowerCase()) ? one : undefined,
      unparted: !isPlain && UNPARTED.test(one),
      sketch: isCovered(folded[index]!, folded) ? undefined : sketched(folded[index]!),
    }));
    if (this.#known.size < KNOWN) this.#known.set(name, wanted);
    return wanted;
  }

  #without(value: string, names: Names): string {
    const { text, at } = fold(value);
    const spans: Span[] = [];
    for (const { folded, exactly, unparted } of names.length > MANY ? inText(text, names) : names) {
      for (let from = text.indexOf(folded); from !== -1; from = text.indexOf(folded, from + 1)) {
        const end = from + folded.length;
        if (!unparted && (isLetter(text, from - 1) || isLetter(text, end))) continue;
        const span: Span = at === undefined ? [from, end] : [at[from]!, at[end]!];
        if (exactly === undefined || value.slice(...span) === exactly) spans.push(span);
      }
    }
    return spans.length === 0 ? value : this.#replaced(value, spans);
  }

  #replaced(value: string, spans: Span[]): string {
    spans.sort(([a, x], [b, y]) => a - b || y - x);
    let result = "";
    let done = 0;
    let hits = 0;
    for (const [start, end] of spans) {
      if (start < done) continue;
      result += value.slice(done, start) + this.#by;
      done = end;
      hits++;
    }
    this.#hit(hits);
    return result + value.slice(done);
  }
}

/** Whether one of several is within a text: where the text is found, so is that one. */
function isCovered(text: string, by: readonly string[]): boolean {
  return by.some((one) => one.length < text.length && text.includes(one));
}

/** Words within which an apostrophe or a dash stands, without it. */
function joinedWords(name: string): string[] {
  const found = name.match(/(?<![\p{L}\p{M}])[\p{L}\p{M}]+(?:['’ʼ`‐‑–-][\p{L}\p{M}]+)+(?![\p{L}\p{M}])/gu) ?? [];
  return found.slice(0, MOST_WORDS).map((word) => word.replace(/[^\p{L}\p{M}]/gu, ""));
}

type Span = [start: number, end: number];

/**
 * Of many names those that are in the text, by its words: each is in the list once, whatever the length of the list.
 * Names of a script that parts no words, and those of short words only, cannot be told so.
 */
function inText(text: string, names: Names): Wanted[] {
  const words = new Set(text.match(/[\p{L}\p{M}\p{N}]+/gu) ?? []);
  return names.filter(
    ({ folded, unparted }) => unparted || folded.split(/[^\p{L}\p{N}]+/u).every((word) => words.has(word)),
  );
}

function together(some: Names, more: Names): Names {
  const fresh = more.filter(({ folded }) => !some.some((one) => one.folded === folded));
  return fresh.length === 0 ? some : [...some, ...fresh];
}

/** So many names are remembered with their words. */
const KNOWN = 50_000;

function isLetter(text: string, index: number): boolean {
  const code = text.charCodeAt(index);
  // Beyond either end it is no number.
  if (!(code >= 0x30)) return false;
  if (code < 0x80) return (code >= 0x61 && code <= 0x7a) || code <= 0x39;
  return /[\p{L}\p{N}]/u.test(text[index]!);
}

/** Whether one of the names may be in a text, by the text's sketch. */
function mayHold(text: string | undefined, names: Names): boolean {
  if (text === undefined || text.includes(UNKNOWN)) return true;
  return names.some(({ sketch }) => sketch !== undefined && text.includes(sketch));
}
