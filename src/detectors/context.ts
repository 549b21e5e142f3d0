import type { Buffer } from "node:buffer";
import { isDigit, isLower, isUpper, isWordPart } from "./characters.ts";
import { CONNECTORS, CONTEXT, ID_WORDS, MONTHS, NUMBER_WORDS, PHRASES } from "./phrases.ts";

/** A word of a phrase, read from the last: the words that may stand before it, and what it means to begin there. */
interface Node {
  readonly before: Map<number, Node>;
  /** Without "number" or "id" before the value, with "number", with "id". */
  plain: number;
  number: number;
  id: number;
}

const node = (): Node => ({ before: new Map(), plain: 0, number: 0, id: 0 });
const ROOT = node();
const NUMBER = 1;
const ID = 2;

/** Words are told apart by a hash of 32 bits, read from their ends: a text's words need not become strings. */
const WORDS = new Map<number, number>();
const MONTH_NAMES: ReadonlySet<number> = new Set(MONTHS.flatMap((names) => names.split(" ").map(hashOf)));
const START = hashOf("^");

/** By a hash's last bits: most words of a text are told from all those above by one look. */
const SEEN = new Uint8Array(1 << 14);
const seen = (hash: number) => hash & 0x3fff;

for (const word of CONNECTORS.split(/\s+/)) WORDS.set(hashOf(word), 0);
for (const word of NUMBER_WORDS.split(" ")) WORDS.set(hashOf(word), NUMBER);
for (const word of ID_WORDS.split(" ")) WORDS.set(hashOf(word), ID);
for (const hash of [...WORDS.keys(), ...MONTH_NAMES]) SEEN[seen(hash)] = 1;
for (const [kind, phrases] of Object.entries(PHRASES)) {
  for (const phrase of phrases.split(/,\s*/)) add(phrase.trim().split(" "), CONTEXT[kind as keyof typeof CONTEXT]);
}

function add(words: readonly string[], bit: number): void {
  const sign = words.at(-1)!;
  const asks = "#№@".includes(sign);
  let at = ROOT;
  for (const word of (asks ? words.slice(0, -1) : words).toReversed()) {
    const hash = hashOf(word);
    SEEN[seen(hash)] = 1;
    const next = at.before.get(hash) ?? node();
    at.before.set(hash, next);
    at = next;
  }
  if (!asks) at.plain |= bit;
  if (sign === "#" || sign === "№") at.number |= bit;
  if (sign === "#" || sign === "@") at.id |= bit;
}

function hashOf(word: string): number {
  let hash = 0;
  for (let i = word.length - 1; i >= 0; i--) hash = (Math.imul(hash, 31) + word.charCodeAt(i)) | 0;
  return hash;
}

const LONGEST_WORD = 28;
const MOST_WORDS = 8;
/** Characters between a value and the word before it, and between words. */
const GAP = 5;
const INNER_GAP = 3;
/** Parts words, as in date_of_birth, but no word from its value: names of columns end in numbers. */
const UNDERSCORE = 0x5f;

/** Characters that the digits of a token may stand behind: "PN-4455". */
const MOST_PREFIX = 12;

/** What the words before a group of digits say that it is: bits of CONTEXT, 0 for nothing. */
export function contextOf(bytes: Buffer, group: number): number {
  if (group > 0 && isTokenPart(bytes[group - 1]!)) {
    // What the first group of a date or a number is, the others are.
    if (group > 1 && isDigit(bytes[group - 2]!)) return 0;
    const token = tokenStart(bytes, group);
    const said = token < group ? contextBefore(bytes, token) : 0;
    if (said & (CONTEXT.mrn | CONTEXT.account | CONTEXT.other)) return said | CONTEXT.token;
  }
  // Nearly always that word says that there is nothing to say.
  if (!readWord(bytes, group, GAP) || word.hash === 0) return 0;
  const month = monthBefore(bytes, group);
  if (month < 0) return contextBefore(bytes, group);
  return contextBefore(bytes, month) & CONTEXT.dob ? CONTEXT.dob | CONTEXT.month : 0;
}

/** Where letters, digits, dashes and slashes without a space begin that stand before a position. */
export function tokenStart(bytes: Buffer, position: number): number {
  let start = position;
  while (start > 0 && position - start < MOST_PREFIX && isTokenPart(bytes[start - 1]!)) start--;
  while (start < position && !isWordPart(bytes[start]!)) start++;
  return start;
}

function isTokenPart(code: number): boolean {
  return isWordPart(code) || code === 0x2d || code === 0x2f;
}

/** Whether a word in lower case is a month's name. */
export function isMonth(word: string): boolean {
  return MONTH_NAMES.has(hashOf(word));
}

/** Where a month's name before a position begins, -1 where none stands there. */
export function monthBefore(bytes: Buffer, position: number): number {
  return readWord(bytes, position, INNER_GAP) && MONTH_NAMES.has(word.hash) ? word.start : -1;
}

/**
 * What the words before a position say that follows: bits of CONTEXT, 0 for nothing. Looks at a bounded number of
 * characters, and over no control character but tab and line ends.
 */
export function contextBefore(bytes: Buffer, position: number): number {
  let said = 0;
  let end = position;
  for (let words = 0; words < MOST_WORDS; words++) {
    const there = readWord(bytes, end, words === 0 ? GAP : INNER_GAP);
    const { hash, start, sentence } = word;
    const phrase = there ? ROOT.before.get(hash) : undefined;
    const bits = phrase ? longest(bytes, phrase, start, said) : 0;
    if (bits !== 0) return bits;
    const kind = there ? WORDS.get(hash) : undefined;
    if (kind === undefined) return said !== 0 && (!there || sentence) ? meaning(ROOT.before.get(START)!, said) : 0;
    said |= kind;
    end = start;
  }
  return 0;
}

/** The meaning of the longest phrase that goes on, to the left, from its last word. */
function longest(bytes: Buffer, last: Node, start: number, said: number): number {
  let at = last;
  let bits = meaning(at, said);
  let from = start;
  while (at.before.size > 0) {
    const there = readWord(bytes, from, INNER_GAP);
    const next = (there && at.before.get(word.hash)) || (!there || word.sentence ? at.before.get(START) : undefined);
    if (!next) break;
    at = next;
    bits = meaning(at, said) || bits;
    if (!there) break;
    from = word.start;
  }
  return bits;
}

function meaning({ plain, number, id }: Node, said: number): number {
  return (said & ID && id) || (said & NUMBER && number) || plain;
}

/** What `readWord` read last; hash 0 where no phrase can hold it. */
const word = { hash: 0, start: 0, /** Punctuation stands behind it. */ sentence: false };

/** Reads the word that ends at most `gap` characters before a position, if there is one. */
function readWord(bytes: Buffer, position: number, gap: number): boolean {
  word.hash = 0;
  word.sentence = false;
  let end = position;
  while (end > 0 && !isWordPart(bytes[end - 1]!)) {
    const gapKind = GAPS[bytes[end - 1]!]!;
    if (position - end >= gap || gapKind === 0 || (gapKind === INNER && gap !== INNER_GAP)) return false;
    if (gapKind === PUNCTUATION) word.sentence = true;
    end--;
  }
  let start = end;
  let hash = 0;
  let later = 0;
  while (start > 0) {
    const code = bytes[start - 1]!;
    // accountNumber is two words, and so is 1account.
    if (!isWordPart(code) || (isUpper(later) && isLower(code)) || (isDigit(code) && later !== 0 && !isDigit(later)))
      break;
    if (end - start >= LONGEST_WORD) return false;
    hash = (Math.imul(hash, 31) + (isUpper(code) ? code | 0x20 : code)) | 0;
    later = code;
    start--;
  }
  if (SEEN[seen(hash)] === 1) word.hash = hash;
  word.start = start;
  return start < end;
}

/** What may stand between words: no currency, no bracket that ends a label, no control character but tab and line ends. */
const GAPS = new Uint8Array(256);
const PUNCTUATION = 2;
const INNER = 3;
for (let code = 0x20; code < 0x7f; code++) GAPS[code] = "$%+]>".includes(String.fromCharCode(code)) ? 0 : 1;
for (const mark of "\t\n\v\f\r!(),.:;?[{|") GAPS[mark.charCodeAt(0)] = PUNCTUATION;
GAPS[UNDERSCORE] = INNER;
