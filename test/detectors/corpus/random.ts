/** Numbers that a seed decides, so that a corpus can be written again. */
export interface Random {
  /** A whole number between two, both included. */
  from(low: number, high: number): number;
  of<T>(choices: readonly T[]): T;
  /** Decimal digits; `true`: the first is not 0. */
  digits(count: number, leads?: boolean): string;
}

/** mulberry32 */
export function seeded(seed: number): Random {
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const from = (low: number, high: number) => low + Math.floor(next() * (high - low + 1));
  return {
    from,
    of: (choices) => choices[from(0, choices.length - 1)]!,
    digits: (count, leads = false) =>
      Array.from({ length: count }, (_, index) => from(leads && index === 0 ? 1 : 0, 9)).join(""),
  };
}
