import { Buffer } from "node:buffer";
import { isDigit, isWordPart } from "./characters.ts";

/** A number read out: what words say its digits, and where they stand. */
export interface SpokenRun {
  /** The digits of each word or group of them: "four" 4, "double four" 44, "forty-two" 42. */
  readonly digits: readonly string[];
  readonly starts: readonly number[];
  readonly ends: readonly number[];
}

/** Digits of several languages; none has two values. */
const DIGITS = [
  "zero oh o null nul cero nought naught",
  "one uno un een eins ein une",
  "two dos deux dois due twee zwei zwo",
  "three tres trois tre drie drei",
  "four cuatro quatre quatro quattro vier",
  "five cinco cinq cinque vijf funf fuenf",
  "six seis sei zes sechs meia",
  "seven siete sept sete sette zeven sieben",
  "eight ocho huit oito otto acht",
  "nine nueve neuf nove negen neun",
];
const TEENS = "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen";
const TENS = "twenty thirty forty fifty sixty seventy eighty ninety";
const FILLERS =
  "yes yep right so mhm mmhmm sorry comma uh uhm um er erm ah eh hm hmm mm and then dash hyphen space y und et okay ok yeah like minus " +
  "pause agent customer caller client speaker got it huh great perfect thanks thank you correct";

interface Meaning {
  readonly digits: string;
  /** How often the next word's digits count. */
  readonly times: number;
  /** A unit may follow: forty two. */
  readonly tens: boolean;
}

/** By the word's hash: a text's words need not become strings. */
const WORDS = new Map<number, Meaning>();
/** By a hash's last bits: most words of a text are told from those above by one look. */
const SEEN = new Uint8Array(1 << 14);
/** By their first three letters, so that most need not even be read to their ends. */
const BEGINNINGS = new Uint8Array(1 << 15);
/** A letter's last five bits, alike in both cases; 0 for what is no part of a word. */
const LETTERS = Uint8Array.from({ length: 256 }, (_, code) => (isWordPart(code) ? code & 0x1f : 0));
say(FILLERS, () => "");
for (const [value, words] of DIGITS.entries()) say(words, () => String(value));
say(TEENS, (index) => String(10 + index));
say(TENS, (index) => String(20 + 10 * index), { tens: true });
say("hundred", () => "00");
say("double", () => "", { times: 2 });
say("triple treble", () => "", { times: 3 });
say("quadruple", () => "", { times: 4 });

function say(words: string, digits: (index: number) => string, more: Partial<Meaning> = {}): void {
  for (const [index, word] of words.split(" ").entries()) {
    const hash = hashOf(word);
    WORDS.set(hash, { times: 1, tens: false, ...more, digits: digits(index) });
    SEEN[hash & 0x3fff] = 1;
    BEGINNINGS[beginning(Buffer.from(word), 0)] = 1;
  }
}

/** The first letters of the word at a position, as a number. */
function beginning(bytes: Buffer, start: number): number {
  const second = start + 1 < bytes.length ? LETTERS[bytes[start + 1]!]! : 0;
  const third = second !== 0 && start + 2 < bytes.length ? LETTERS[bytes[start + 2]!]! : 0;
  return (LETTERS[bytes[start]!]! << 10) | (second << 5) | third;
}

function hashOf(word: string): number {
  return [...word].reduce((hash, letter) => hashWith(hash, letter.charCodeAt(0)), 0);
}

function hashWith(hash: number, code: number): number {
  return (Math.imul(hash, 31) + (code | 0x20)) | 0;
}

/** No identifier read out is shorter, in characters: one look in so many finds each. */
const STRIDE = 20;
const FEWEST_DIGITS = 7;
const MOST_FIGURES = 4;
const LONGEST_WORD = 9;
const MOST_BETWEEN = 4;

/**
 * Runs of at least seven digits that are read out in words, some perhaps in figures, with what people say in between.
 * Ordinary text is looked at only here and there: one word in so many characters tells that no run lies around it.
 */
export function spokenRuns(bytes: Buffer): SpokenRun[] {
  const runs: SpokenRun[] = [];
  let done = 0;
  for (let at = STRIDE - 1; at < bytes.length; at += STRIDE) {
    const word = mayBeNear(bytes, at, done) ? wordNear(bytes, at, done) : undefined;
    if (!word) continue;
    const tokens = [word];
    for (let before = tokenBefore(bytes, word.start, done); before; before = tokenBefore(bytes, before.start, done)) {
      tokens.push(before);
    }
    tokens.reverse();
    for (let after = tokenAfter(bytes, word.end); after; after = tokenAfter(bytes, after.end)) tokens.push(after);
    done = tokens.at(-1)!.end;
    // Shorter ones are met or not, as it happens.
    const run = done - tokens[0]!.start < STRIDE ? undefined : runOf(tokens);
    if (run) runs.push(run);
    at = Math.max(at, done - 1);
  }
  return runs;
}

/** Whether there may be a word for `wordNear`: no, most of the time, by the first letters of the one that stands there. */
function mayBeNear(bytes: Buffer, at: number, from: number): boolean {
  let inside = at;
  while (inside < bytes.length && inside - at < MOST_BETWEEN && isBetween(bytes[inside]!)) inside++;
  if (inside >= bytes.length) return false;
  if (isDigit(bytes[inside]!)) return true;
  let start = inside;
  while (start > from && inside - start <= LONGEST_WORD && isWordPart(bytes[start - 1]!)) start--;
  return BEGINNINGS[beginning(bytes, start)] === 1;
}

/** The word of a number at a position, or the nearest where figures stand there: most figures are of no such run. */
function wordNear(bytes: Buffer, at: number, from: number): Token | undefined {
  let inside = at;
  while (inside < bytes.length && inside - at < MOST_BETWEEN && isBetween(bytes[inside]!)) inside++;
  if (!isDigit(bytes[inside]!)) return wordAround(bytes, inside, from);
  return (
    wordAround(bytes, overFigures(bytes, inside, 1, from), from) ??
    wordAround(bytes, overFigures(bytes, inside, -1, from), from)
  );
}

/** Where, not far in a direction, figures with a little between them give way to something else. */
function overFigures(bytes: Buffer, position: number, step: 1 | -1, from: number): number {
  let at = position;
  let between = 0;
  while (at >= from && at < bytes.length && Math.abs(at - position) <= STRIDE && between <= MOST_BETWEEN) {
    if (isBetween(bytes[at]!)) between++;
    else if (isDigit(bytes[at]!)) between = 0;
    else break;
    at += step;
  }
  return Math.max(at, from);
}

function wordAround(bytes: Buffer, at: number, from: number): Token | undefined {
  let start = at;
  while (start > from && at - start <= LONGEST_WORD && isWordPart(bytes[start - 1]!)) start--;
  const token = start <= at && start < bytes.length ? tokenFrom(bytes, start) : undefined;
  return token?.figures ? undefined : token;
}

/** Digits read out from a position on, at least one of them in words: where, and how many, `most` and what a word says. */
export function readOut(
  bytes: Buffer,
  position: number,
  most: number,
): { start: number; end: number; digits: number } | undefined {
  const tokens: Token[] = [];
  let digits = 0;
  for (let token = tokenAfter(bytes, position); token && digits < most; token = tokenAfter(bytes, token.end)) {
    tokens.push(token);
    digits = digitsSaid(tokens);
  }
  while (tokens.length > 0 && tokens.at(-1)!.meaning.digits === "") tokens.pop();
  // What stands behind a label is not what the word within it says: "[CVV]. One two three".
  if (tokens[0] && bytes.subarray(position, tokens[0].start).includes(BRACKET)) return undefined;
  const first = tokens.find(({ meaning }) => meaning.digits !== "" || meaning.times > 1);
  if (!first || tokens.every(({ figures }) => figures)) return undefined;
  return { start: first.start, end: tokens.at(-1)!.end, digits };
}

function digitsSaid(tokens: readonly Token[]): number {
  let digits = 0;
  let times = 1;
  for (const { meaning } of tokens) {
    digits += meaning.digits.length * times;
    times = meaning.times;
  }
  return digits;
}

/** A word or some figures of a run. */
interface Token {
  readonly start: number;
  readonly end: number;
  readonly meaning: Meaning;
  readonly figures: boolean;
}

function tokenBefore(bytes: Buffer, position: number, from: number): Token | undefined {
  let end = position;
  while (end > from && position - end < MOST_BETWEEN && isBetween(bytes[end - 1]!)) end--;
  if (end === position) return undefined;
  let start = end;
  while (start > from && end - start <= LONGEST_WORD && isWordPart(bytes[start - 1]!)) start--;
  return start < end ? tokenFrom(bytes, start) : undefined;
}

function tokenAfter(bytes: Buffer, position: number): Token | undefined {
  let start = position;
  while (start < bytes.length && start - position < MOST_BETWEEN && isBetween(bytes[start]!)) start++;
  return start > position ? tokenFrom(bytes, start) : undefined;
}

/** A whole word that is said in numbers, or a few figures. */
function tokenFrom(bytes: Buffer, start: number): Token | undefined {
  let end = start;
  let hash = 0;
  for (; end < bytes.length && isWordPart(bytes[end]!); end++) {
    if (end - start >= LONGEST_WORD) return undefined;
    hash = hashWith(hash, bytes[end]!);
  }
  if (end === start) return undefined;
  if (isDigit(bytes[start]!)) {
    if (end - start > MOST_FIGURES) return undefined;
    const digits = String.fromCharCode(...bytes.subarray(start, end));
    return /^\d+$/.test(digits) ? { start, end, meaning: { digits, times: 1, tens: false }, figures: true } : undefined;
  }
  if (SEEN[hash & 0x3fff] === 0) return undefined;
  const meaning = WORDS.get(hash);
  return meaning && { start, end, meaning, figures: false };
}

function runOf(tokens: readonly Token[]): SpokenRun | undefined {
  const digits: string[] = [];
  const starts: number[] = [];
  const ends: number[] = [];
  let words = 0;
  let times = 1;
  let from = -1;
  let unit = false;
  for (const { start, end, meaning, figures } of tokens) {
    if (meaning.times > 1) {
      times = meaning.times;
      from = start;
    } else if (meaning.digits !== "") {
      const one = meaning.digits.length === 1 && meaning.digits !== "0" && !figures;
      // Forty two is 42; forty eleven is 40 11.
      if (unit && one && times === 1) {
        digits.push(digits.pop()!.slice(0, -1) + meaning.digits);
        ends[ends.length - 1] = end;
      } else {
        digits.push(meaning.digits.repeat(times));
        starts.push(from < 0 ? start : from);
        ends.push(end);
      }
      unit = meaning.tens;
      times = 1;
      from = -1;
      if (!figures) words++;
    }
  }
  const count = digits.reduce((sum, said) => sum + said.length, 0);
  return words > 0 && count >= FEWEST_DIGITS ? { digits, starts, ends } : undefined;
}

/** Spaces, line ends, light punctuation, what stands around a note or behind a speaker, and any symbol beyond ASCII. */
function isBetween(code: number): boolean {
  return BETWEEN[code] === 1;
}

const BRACKET = 0x5d;
const BETWEEN = new Uint8Array(256);
for (const character of " ,-./;:?!()[]\t\n\v\f\r\xac") BETWEEN[character.charCodeAt(0)] = 1;
