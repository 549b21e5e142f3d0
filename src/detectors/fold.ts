import { Buffer } from "node:buffer";
import { digitsOf } from "./digits.ts";

/** Stands for a letter, a mark or a number beyond what folds: itself a letter, one byte long. */
const LETTER = 0xaa;
/** Stands for any other character beyond ASCII. */
const SYMBOL = 0xac;

/** Built when first needed. */
let table: Uint8Array | undefined;

/** By UTF-16 code unit: the Latin-1 character that it counts as. Pictures beyond 16 bits are a symbol for each of their two. */
export function foldTable(): Uint8Array {
  table ??= build();
  return table;
}

const PLAIN: Readonly<Record<string, string>> = {
  ...{
    ß: "s",
    æ: "a",
    œ: "o",
    ø: "o",
    ł: "l",
    đ: "d",
    ð: "d",
    þ: "t",
    ı: "i",
    º: "o",
    ª: "a",
    "№": "#",
    "§": "\u00a7",
    "\u00ad": "-",
  },
  ...{ Æ: "A", Œ: "O", Ø: "O", Ł: "L", Đ: "D", Ð: "D", Þ: "T" },
};

function build(): Uint8Array {
  const folded = new Uint8Array(0x10000).fill(SYMBOL);
  const fill = (pattern: RegExp, code: number | ((character: string) => number)) => {
    for (const { index, 0: run } of BMP.matchAll(pattern)) {
      const at = (index + SKIPPED) & 0xffff;
      if (typeof code === "number") folded.fill(code, at, at + run.length);
      else for (let i = 0; i < run.length; i++) folded[at + i] = code(run[i]!);
    }
  };
  // The surrogates, left out so that no two of them make a character, stand between: see SKIPPED.
  const BMP = String.fromCharCode(...range(0xe000, 0x10000)) + String.fromCharCode(...range(0, 0xd800));
  const SKIPPED = 0xe000;
  fill(/[\p{L}\p{M}\p{N}]+/gu, LETTER);
  fill(/\p{Nd}+/gu, (digit) => 0x30 + digitsOf(digit).values[0]!);
  fill(/\p{Pd}+|\u2212/gu, 0x2d);
  fill(/[\p{Zs}\p{Cf}]+/gu, 0x20);
  fill(/[\u0085\u2028\u2029]/gu, 0x0a);
  fill(/[\u2018-\u201b]/gu, 0x27);
  fill(/[\u201c-\u201f\u00ab\u00bb]/gu, 0x22);
  // Latin letters without their marks.
  fill(/[\u00c0-\u024f\u1e00-\u1eff]+/gu, (letter) => {
    const base = letter.normalize("NFD").charCodeAt(0);
    return base < 0x80 ? base : LETTER;
  });
  // Full-width forms of ASCII.
  fill(/[\uff01-\uff5e]+/gu, (character) => character.charCodeAt(0) - 0xfee0);
  fill(/[\0-\x7f]+/gu, (character) => character.charCodeAt(0));
  for (const [character, plain] of Object.entries(PLAIN)) folded[character.charCodeAt(0)] = plain.charCodeAt(0);
  return folded;
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i);
}

/** A text as detectors read it. */
export interface Folded {
  readonly text: string;
  /** Where the second unit of a character was left out: positions in `text` just behind the first, ascending. */
  readonly dropped: readonly number[];
}

const CHUNK = 1 << 15;
const units = new Uint16Array(CHUNK);
const unitBytes = Buffer.from(units.buffer);
const bytes = Buffer.allocUnsafeSlow(CHUNK);

/**
 * Any script's decimal digits as 0-9, Unicode's dashes and spaces as ASCII's, Latin letters without marks, full-width
 * forms as ASCII; every other letter as one letter, every other symbol as one symbol. Patterns then need no classes of
 * Unicode, and V8 runs them over one-byte strings. As long as the text, but for digits that take two units.
 */
export function folded(text: string): Folded {
  const by = foldTable();
  const dropped: number[] = [];
  let result = "";
  let length = 0;
  for (let at = 0; at < text.length; ) {
    const last = text.charCodeAt(at + CHUNK - 1);
    // A pair is not cut in two.
    const size = last >= 0xd800 && last < 0xdc00 ? CHUNK - 1 : CHUNK;
    const count = unitBytes.write(text.slice(at, at + size), 0, "utf16le") >> 1;
    let written = 0;
    for (let i = 0; i < count; i++) {
      const unit = units[i]!;
      if (unit < 0xd800 || unit > 0xdfff) {
        bytes[written++] = by[unit]!;
        continue;
      }
      const character = String.fromCharCode(unit, units[++i]!);
      if (/^\p{Nd}$/u.test(character)) {
        bytes[written++] = 0x30 + digitsOf(character).values[0]!;
        dropped.push(length + written);
        continue;
      }
      const code = /^[\p{L}\p{M}\p{N}]$/u.test(character) ? LETTER : SYMBOL;
      bytes[written++] = code;
      bytes[written++] = code;
    }
    result += bytes.toString("latin1", 0, written);
    length += written;
    at += count;
  }
  return { text: result, dropped };
}
