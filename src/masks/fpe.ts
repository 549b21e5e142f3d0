import { Buffer } from "node:buffer";
import { createRequire } from "node:module";
import { cardSpans } from "../detectors/card.ts";
import { declareMask, TEXT_AND_NUMBERS } from "./mask.ts";
import { mapValues } from "./text.ts";

/** NIST SP 800-38G Rev. 1 (draft, 2025): smaller domains can be tried through. */
const LEAST_DOMAIN = 1_000_000;
/** Symbols; the cipher's arithmetic grows with the square of their number. */
const MOST_SYMBOLS = 128;

/** Symbols of an alphabet: digits, or digits and letters of either case. */
const RADIX = { digits: 10, alphanumeric: 36 } as const;

export const fpe = declareMask({
  name: "fpe",
  summary:
    "format-preserving encryption (FF1, NIST SP 800-38G, AES-256): digits become digits, separators stay; slow, about 80 µs for each different value",
  options: (z) => ({
    alphabet: z
      .enum(["digits", "alphanumeric"])
      .default("digits")
      .describe("alphanumeric: letters and digits together; a letter's case is no part of the value and stays"),
    domain: z.string().min(1).default("default").describe("values of one domain map alike"),
    keepFirst: z.int().min(0).max(8).default(0).describe("digits or letters in front that stay"),
    keepLast: z.int().min(0).max(4).default(0).describe("digits or letters at the end that stay"),
    length: z
      .int()
      .min(1)
      .max(MOST_SYMBOLS)
      .optional()
      .describe("digits or letters that every value has; values of another length are replaced"),
    with: z
      .string()
      .default("[MASKED]")
      .describe("written in place of values that leave fewer than a million, or hold anything else"),
  }),
  accepts: TEXT_AND_NUMBERS,
  action: "text",
  keyed: true,
  counts: "all",
  problem: ({ alphabet, keepFirst, keepLast, length }) => {
    if (length === undefined) return undefined;
    const free = length - keepFirst - keepLast;
    if (isWide(RADIX[alphabet], free)) return undefined;
    return (
      `fpe of ${Math.max(free, 0)} of ${length} symbols: ${RADIX[alphabet]}^${Math.max(free, 0)} is below ${LEAST_DOMAIN}, ` +
      "so that each value could be found by trying (NIST SP 800-38G); keep fewer, or use token"
    );
  },
  compile: ({ alphabet, domain, keepFirst, keepLast, length, with: by }, context, hit) => {
    const radix = RADIX[alphabet];
    const encrypt = cipher(radix, context.domainKey(`fpe/${domain}`), domain);
    const symbolOf = symbols(alphabet);
    const masked = (value: string): string | undefined => {
      const found = symbolsIn(value, symbolOf);
      if (!found || (length !== undefined && found.length !== length)) return undefined;
      const end = found.length - keepLast;
      if (!isWide(radix, end - keepFirst)) return undefined;
      const first = found.slice(0, keepFirst);
      const last = found.slice(end);
      for (let middle = found.slice(keepFirst, end); ; ) {
        middle = encrypt(middle, [...first, ...last]);
        const text = written(value, [...first, ...middle, ...last], symbolOf);
        // No live card number may come out: on to the next (cycle walking). What comes back to itself would show itself.
        if (text === value) return undefined;
        if (cardSpans(text).length === 0) return text;
      }
    };
    const remembered = new Map<string, string | undefined>();
    return (column, kernels) => {
      let replaced = 0;
      const result = mapValues(column, kernels, (value) => {
        let text = remembered.get(value);
        if (text === undefined && !remembered.has(value)) {
          text = masked(value);
          if (remembered.size === MOST_REMEMBERED) remembered.clear();
          if (value.length <= MOST_SYMBOLS) remembered.set(value, text);
        }
        if (text === undefined) replaced++;
        return text ?? by;
      });
      if (replaced > 0) hit("fpe", replaced);
      return result;
    };
  },
});

/** Different values whose results are kept, of at most 128 characters: a few megabytes. */
const MOST_REMEMBERED = 16_384;

function isWide(radix: number, length: number): boolean {
  return length > 0 && radix ** length >= LEAST_DOMAIN;
}

type Encrypt = (symbols: number[], kept: readonly number[]) => number[];

/** FF1; the tweak is the domain and the symbols that stay, so that equal middles differ between issuers. */
function cipher(radix: number, key: Buffer, domain: string): Encrypt {
  const require = createRequire(import.meta.url);
  const { FF1 } = require("@noble/ciphers/ff1.js") as typeof import("@noble/ciphers/ff1.js");
  const named = Buffer.from(`${domain}\0`, "utf8");
  return (plain, kept) => FF1(radix, key, Buffer.concat([named, Buffer.from(kept)])).encrypt(plain);
}

/** A code unit's symbol, or -1. */
function symbols(alphabet: keyof typeof RADIX): (code: number) => number {
  const digit = (code: number) => (code >= 0x30 && code <= 0x39 ? code - 0x30 : -1);
  if (alphabet === "digits") return digit;
  return (code) => {
    const lower = code | 0x20;
    return lower >= 0x61 && lower <= 0x7a && code > 0x39 ? lower - 0x61 + 10 : digit(code);
  };
}

/** What may stand between symbols and shows nothing. */
const SEPARATORS = " -./_()+:,#*";

/** Undefined where anything else stands in the value, or where there are too many. */
function symbolsIn(value: string, symbolOf: (code: number) => number): number[] | undefined {
  if (value.length > MOST_SYMBOLS * 2) return undefined;
  const found: number[] = [];
  for (let at = 0; at < value.length; at++) {
    const symbol = symbolOf(value.charCodeAt(at));
    if (symbol >= 0) found.push(symbol);
    else if (!SEPARATORS.includes(value[at]!)) return undefined;
  }
  return found.length <= MOST_SYMBOLS ? found : undefined;
}

/** The symbols in the value's form: separators where they were, and its case. */
function written(value: string, out: readonly number[], symbolOf: (code: number) => number): string {
  const lower = /[a-z]/.test(value);
  let next = 0;
  let text = "";
  for (const character of value) {
    if (symbolOf(character.charCodeAt(0)) < 0) {
      text += character;
      continue;
    }
    const symbol = out[next++]!.toString(36);
    text += !lower || (character >= "A" && character <= "Z") ? symbol.toUpperCase() : symbol;
  }
  return text;
}
