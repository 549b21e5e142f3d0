import { cardsOf } from "../../support/oracle/cards.ts";
import { ff1 } from "./ff1.ts";
import { context } from "./keyed.ts";

/** Symbols of base 36 and below, and back. */
export const numerals = (text: string) => [...text].map((character) => Number.parseInt(character, 36));
export const textOf = (symbols: readonly number[]) => symbols.map((symbol) => symbol.toString(36)).join("");

export interface FpeOptions {
  readonly alphabet?: "digits" | "alphanumeric";
  readonly domain?: string;
  readonly keepFirst?: number;
  readonly keepLast?: number;
  readonly length?: number;
}

/** The fpe mask on one value. */
export function fpeTwin(
  value: string,
  { alphabet = "digits", domain = "default", keepFirst = 0, keepLast = 0, length }: FpeOptions,
): string {
  const radix = alphabet === "digits" ? 10 : 36;
  const symbol = radix === 10 ? /[0-9]/ : /[0-9A-Za-z]/;
  const plain = [...value]
    .filter((character) => symbol.test(character))
    .join("")
    .toLowerCase();
  const middle = plain.slice(keepFirst, plain.length - keepLast);
  const separated = [...value].every((character) => symbol.test(character) || " -./_()+:,#*".includes(character));
  const short = plain.length < keepFirst + keepLast || radix ** middle.length < 1e6 || middle === "";
  if (!separated || short || plain.length > 128 || value.length > 256 || plain.length !== (length ?? plain.length))
    return "[MASKED]";
  const [first, last] = [plain.slice(0, keepFirst), plain.slice(plain.length - keepLast)];
  const tweak = Buffer.concat([Buffer.from(`${domain}\0`), Buffer.from(numerals(first + last))]);
  let symbols = numerals(middle);
  for (;;) {
    symbols = ff1(radix, context.domainKey(`fpe/${domain}`), tweak, symbols);
    const out = [...first, ...textOf(symbols), ...last];
    const lower = /[a-z]/.test(value);
    const text = value.replace(new RegExp(symbol, "g"), (character) => {
      const one = out.shift()!;
      return !lower || /[A-Z]/.test(character) ? one.toUpperCase() : one;
    });
    if (text === value) return "[MASKED]";
    if (cardsOf(text).count === 0) return text;
  }
}
