import { badInput, type MasklineError } from "../../errors.ts";
import { ESCAPES, HEX } from "./escape.ts";

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const MINUS = 0x2d;
const ZERO = 0x30;
const NINE = 0x39;

/** Deepest nesting of objects and lists in a line. */
const MAX_DEPTH = 64;

/** 1 for bytes that stop the scan of a string: quote, backslash, control characters. */
const STOPS = new Uint8Array(256);
STOPS.fill(1, 0, 0x20);
STOPS[QUOTE] = 1;
STOPS[BACKSLASH] = 1;

const SPACE = new Uint8Array(256);
for (const byte of [0x20, 0x09, 0x0d]) SPACE[byte] = 1;

/**
 * A line of JSON (RFC 8259) under a reading position. Each reader checks what it reads, strictly, and throws
 * ERR_BAD_INPUT naming line and byte, never content. A line feed follows the line, so that no reader runs past it.
 */
export class JsonText {
  /** Holds the line and more. */
  bytes: Buffer = Buffer.alloc(0);
  /** Next byte to read. */
  at = 0;
  /** The line's end, where there is a line feed. */
  end = 0;
  /** Number of the line, from 1. */
  line = 0;
  /** First byte of the string or number that was read last, without quotes. */
  start = 0;
  /** End of it. */
  stop = 0;
  /** The string that was read last has escapes. */
  escaped = false;
  #lineStart = 0;

  /** Goes to the line [start, end) of `bytes`, where a line feed follows. */
  open(bytes: Buffer, start: number, end: number): void {
    this.bytes = bytes;
    this.at = start;
    this.end = end;
    this.#lineStart = start;
    this.line++;
  }

  /** The next byte that is no space; 0x0a at the line's end. */
  next(): number {
    const { bytes } = this;
    let { at } = this;
    while (SPACE[bytes[at]!] === 1) at++;
    this.at = at;
    return bytes[at]!;
  }

  /** Reads the string whose opening quote is next. */
  string(): void {
    const { bytes } = this;
    let at = this.at + 1;
    this.start = at;
    this.escaped = false;
    for (;;) {
      while (STOPS[bytes[at]!] === 0) at++;
      const byte = bytes[at]!;
      if (byte === QUOTE) break;
      this.at = at;
      if (byte !== BACKSLASH)
        throw this.expected(at >= this.end ? "the end of a string" : "an escaped control character");
      this.escaped = true;
      const letter = bytes[at + 1]!;
      if (letter === 0x75) {
        for (let i = 2; i < 6; i++) if (HEX[bytes[at + i]!] === 0xff) throw this.expected("four hexadecimal digits");
        at += 6;
      } else {
        if (ESCAPES[letter] === 0) throw this.expected("an escape that JSON has");
        at += 2;
      }
    }
    this.stop = at;
    this.at = at + 1;
  }

  /** Reads the number that must be next, where nothing else can be. */
  number(): void {
    const { bytes } = this;
    let { at } = this;
    this.start = at;
    const first = bytes[at]!;
    if (first === MINUS) at++;
    else if (first < ZERO || first > NINE) throw this.expected("a value");
    at = bytes[at] === ZERO ? at + 1 : this.#digits(at);
    if (bytes[at] === 0x2e) at = this.#digits(at + 1);
    if ((bytes[at]! | 0x20) === 0x65) {
      at++;
      if (bytes[at] === 0x2b || bytes[at] === MINUS) at++;
      at = this.#digits(at);
    }
    this.stop = at;
    this.at = at;
  }

  /** Reads `word`: true, false or null. */
  word(word: Uint8Array): void {
    for (let i = 0; i < word.length; i++) {
      if (this.bytes[this.at + i] !== word[i]) throw this.expected("a value");
    }
    this.start = this.at;
    this.at += word.length;
    this.stop = this.at;
  }

  /** Reads the bracket that opens an object or list at this depth. */
  enter(depth: number): void {
    if (depth > MAX_DEPTH) throw this.expected(`no more than ${MAX_DEPTH} objects and lists in one another`);
    this.at++;
  }

  /** Goes to the key that must be next. */
  key(): void {
    if (this.next() !== QUOTE) throw this.expected("a key in double quotes");
  }

  /** Reads the colon after a key; the next byte is the value's first. */
  colon(): void {
    if (this.next() !== 0x3a) throw this.expected("a colon after the key");
    this.at++;
  }

  /** Reads the comma before another member or item, or the closing `bracket`. @returns whether another comes */
  comma(bracket: number): boolean {
    const byte = this.next();
    if (byte !== 0x2c && byte !== bracket) throw this.expected(`a comma or ${String.fromCharCode(bracket)}`);
    this.at++;
    return byte === 0x2c;
  }

  /** Reads the closing `bracket`, if it is next. */
  closes(bracket: number): boolean {
    if (this.next() !== bracket) return false;
    this.at++;
    return true;
  }

  /** The error of finding something else here than `what`. */
  expected(what: string): MasklineError {
    return this.error(`byte ${this.at - this.#lineStart + 1}: expected ${what}`);
  }

  /** The error of a key at `at` that this object had already: its name may be content, so it is not said. */
  twice(at: number): MasklineError {
    this.at = at;
    return this.expected("a key that this object does not have yet: the second of two would go unmasked");
  }

  /** The error of a problem in this line. */
  error(problem: string): MasklineError {
    return jsonError(`line ${this.line}, ${problem}`);
  }

  #digits(from: number): number {
    const { bytes } = this;
    let at = from;
    while (bytes[at]! >= ZERO && bytes[at]! <= NINE) at++;
    this.at = at;
    if (at === from) throw this.expected("a digit");
    return at;
  }
}

export function jsonError(problem: string): MasklineError {
  return badInput(`decoding JSON lines: ${problem}`, { stage: "decode" });
}

/** Bytes of the words of JSON. */
export const TRUE: Uint8Array = Buffer.from("true");
export const FALSE: Uint8Array = Buffer.from("false");
export const NULL: Uint8Array = Buffer.from("null");

/** First bytes of values. */
export const OPEN_OBJECT = 0x7b;
export const CLOSE_OBJECT = 0x7d;
export const OPEN_LIST = 0x5b;
export const CLOSE_LIST = 0x5d;
export const STRING = QUOTE;
export const LETTER_T = 0x74;
export const LETTER_F = 0x66;
export const LETTER_N = 0x6e;
