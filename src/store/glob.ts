/**
 * Globs mean the same on every store: `*` and `?` within a segment, `**` across segments, `[…]`, `{a,b}`; a
 * backslash takes the next character literally; names that begin with a dot match like any other.
 */
import picomatch from "picomatch";

export const isGlob = (name: string): boolean => /[*?[{\\]/.test(name);

/** All that every name matching a pattern begins with, literally or as a glob. */
export function staticPrefix(pattern: string): string {
  return pattern.slice(0, /[*?[{\\]|$/.exec(pattern)?.index);
}

/** `base` (ends in "/" or is empty) holds no glob; `rest` is the pattern beneath it. */
export function splitGlob(name: string): { readonly base: string; readonly rest: string } {
  const segments = name.split("/");
  const first = segments.findIndex(isGlob);
  const cut = first === -1 ? segments.length - 1 : first;
  const base = segments.slice(0, cut).join("/");
  return { base: cut === 0 ? "" : `${base}/`, rest: segments.slice(cut).join("/") };
}

/** How a listed name answers to a pattern. A lower rank that occurs at all excludes the ones after it. */
const RANK = { exact: 0, beneath: 1, glob: 2, none: 3 } as const;
type Rank = (typeof RANK)[keyof typeof RANK];

/** Ranks names against a pattern: the literal name, then the literal prefix ending in "/", then the glob. */
function ranker(pattern: string): (name: string) => Rank {
  const { base, rest } = splitGlob(pattern);
  const prefix = pattern === "" || pattern.endsWith("/");
  const matches = isGlob(rest) ? matcher(prefix ? `${rest}**/*` : rest) : () => false;
  return (name) => {
    if (name === pattern) return RANK.exact;
    if (prefix && name.startsWith(pattern)) return RANK.beneath;
    return name.startsWith(base) && matches(name.slice(base.length)) ? RANK.glob : RANK.none;
  };
}

/** Collects what is listed and keeps the best rank that occurs. */
export class Selection<T> {
  readonly #rank: (name: string) => Rank;
  #best: Rank = RANK.none;
  #items: T[] = [];

  constructor(pattern: string) {
    this.#rank = ranker(pattern);
  }

  add(name: string, item: T): void {
    const rank = this.#rank(name);
    if (rank === RANK.none || rank > this.#best) return;
    if (rank < this.#best) this.#items = [];
    this.#best = rank;
    this.#items.push(item);
  }

  get items(): readonly T[] {
    return this.#items;
  }
}

function matcher(glob: string): (name: string) => boolean {
  // Parentheses, "|" and "+" are common in file names, extended globs are not: take them literally.
  const literal = glob.replace(/(?<!\\)[()|+]/g, "\\$&");
  return picomatch(literal, { dot: true, noextglob: true, nonegate: true, keepQuotes: true, windows: false });
}
