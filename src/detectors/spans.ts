import type { Take } from "./detector.ts";

/** Hits found in no order, some perhaps over others. */
export class Spans {
  readonly #spans: (readonly [start: number, end: number])[] = [];
  #ordered = true;

  add(start: number, end: number): void {
    const last = this.#spans.at(-1);
    this.#ordered &&= last === undefined || last[1] <= start;
    this.#spans.push([start, end]);
  }

  /** Hands them on in order; of two that overlap the first. */
  giveTo(take: Take): void {
    if (!this.#ordered) this.#spans.sort(([a], [b]) => a - b);
    let done = 0;
    for (const [start, end] of this.#spans) {
      if (start < done) continue;
      take(start, end);
      done = end;
    }
  }
}

/** Where a sticky pattern's match at a position ends, 0 where there is none. */
export function endOf(pattern: RegExp, text: string, position: number): number {
  pattern.lastIndex = position;
  return pattern.test(text) ? pattern.lastIndex : 0;
}

/** Where any of a few words stands, ascending. V8 finds them by their first letter: the fewer a text has, the faster. */
export function placesOf(text: string, words: readonly string[]): number[] {
  const places: number[] = [];
  for (const word of words) {
    for (let at = text.indexOf(word); at !== -1; at = text.indexOf(word, at + word.length)) places.push(at);
  }
  return places.sort((a, b) => a - b);
}

/** Characters that a hash is looked at on either side. */
const REACH = 64;

/** Whether a range is part of a hash or an id in hexadecimal: digits and letters to f in turn, without a gap. */
export function isWithinHex(text: string, start: number, end: number): boolean {
  const hex = /[\da-f]{0,64}$/i.exec(text.slice(Math.max(0, start - REACH), start))![0];
  // The first two may be a character as URLs and forms encode it.
  const before = text[start - hex.length - 1] === "%" ? hex.slice(2) : hex;
  const behind = /^[\da-f]{0,64}/i.exec(text.slice(end, end + REACH))![0];
  return /\d/.test(before + behind) && /[a-f]/i.test(before + behind);
}
