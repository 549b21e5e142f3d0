import { hash } from "node:crypto";

/** The shortest master key in bytes: HMAC-SHA-256's own strength. */
const SHORTEST = 32;
/** A key of no more bits than half as many bytes can hold is weak, however long it is written. */
const WEAK_BITS = 128;
/** Fewer different bytes than this are a pattern. */
const FEWEST_DIFFERENT = 8;

/** Words of templates and of lists of bad passwords; long enough to be in no random key by chance. */
const PLACEHOLDER =
  /change.?me|replace.?me|place.?holder|your.?key|your.?secret|my.?secret|secret.?key|master.?key|pass.?word|pass.?phrase|example|insecure|letmein|qwerty|todo-|\$\{|\{\{|<[a-z]/i;

/** SHA-256 of keys that stand in this repository: the demo's, the fixtures' and the benchmark's. */
const PUBLIC: ReadonlySet<string> = new Set([
  "644b1d18b11a00ad84bfdafa41fe5d4c24647c2da0fce5dc41f165d42ebbe120",
  "5d791e6348dbf13ee6536e1ec38fe26d678f338c0821aebb2b7d32701dcee0c4",
  "e492ce58ff1ad33c77391ad6d8ee437f0f14fca78d6e22bad06b42eef4200d86",
]);
/** More of a key is not looked at: what comes first must do. Bytes. */
const LOOKED_AT = 1024;

/** A key that everybody can read is good for made-up data only. */
export function isPublic(key: Buffer): boolean {
  return PUBLIC.has(hash("sha256", key));
}

/**
 * Why a key is too weak to be used, or undefined; public ones are another matter. Says nothing of it but lengths.
 * Hexadecimal digits and base64 are counted as the bytes that they write down: 32 of the former are 16 bytes.
 */
export function weakness(key: Buffer): string | undefined {
  if (key.length < SHORTEST) return `${key.length} bytes, at least ${SHORTEST} are needed`;
  if (isPublic(key)) return undefined;
  const head = key.subarray(0, LOOKED_AT);
  if (new Set(head).size < FEWEST_DIFFERENT) return "it repeats a few bytes";
  // ASCII that can be seen, or bytes.
  const text = /^[\x20-\x7e]+$/.test(head.toString("latin1")) ? head.toString("latin1") : undefined;
  if (text !== undefined) {
    const written = writtenBytes(text);
    if (written && written.bytes < SHORTEST) {
      return `${text.length} characters of ${written.form} are ${written.bytes} bytes, at least ${SHORTEST} are needed`;
    }
    if (PLACEHOLDER.test(text)) return "it looks like a placeholder";
  }
  const bits = surprises(head) * Math.log2(text === undefined ? 256 : alphabetOf(text));
  return bits <= WEAK_BITS ? "it repeats itself or counts up" : undefined;
}

/** How many bytes a text in hexadecimal or base64 stands for; undefined for any other text. */
function writtenBytes(text: string): { form: string; bytes: number } | undefined {
  if (/^[\da-f]+$/i.test(text)) return { form: "hexadecimal", bytes: text.length >> 1 };
  const base64 = text.length % 4 === 0 && /^[A-Za-z\d+/]+={0,2}$/.test(text);
  // Words of one case and digits are a passphrase rather than base64.
  if (!base64 || !/[A-Z]/.test(text) || !/[a-z]/.test(text)) return undefined;
  return { form: "base64", bytes: Math.floor((text.replace(/=+$/, "").length * 3) / 4) };
}

/** How many different characters a text of these kinds of characters could have. */
function alphabetOf(text: string): number {
  if (/^[\da-f]+$/i.test(text)) return 16;
  const kinds: readonly (readonly [RegExp, number])[] = [
    [/[a-z]/, 26],
    [/[A-Z]/, 26],
    [/\d/, 10],
    [/[^a-zA-Z\d]/, 4],
  ];
  return kinds.reduce((sum, [kind, size]) => sum + (kind.test(text) ? size : 0), 0);
}

/** How many bytes do not follow from those before them, by counting on (`abcd`, `4444`) or by repeating. */
function surprises(key: Buffer): number {
  let found = 0;
  for (let at = 0; at < key.length; ) {
    const known = Math.max(counted(key, at), repeated(key, at));
    if (known === 0) found++;
    at += Math.max(1, known);
  }
  return found;
}

/** Bytes from here that go on in the step of the two before. */
function counted(key: Buffer, at: number): number {
  const step = at < 2 ? Number.NaN : key[at - 1]! - key[at - 2]!;
  if (!(Math.abs(step) <= 1)) return 0;
  let end = at;
  while (end < key.length && key[end]! - key[end - 1]! === step) end++;
  return end - at;
}

/** The longest stretch from here that stood before; none where it is shorter than four. */
function repeated(key: Buffer, at: number): number {
  let longest = 0;
  for (let from = 0; from < at; from++) {
    let length = 0;
    while (at + length < key.length && key[from + length] === key[at + length]) length++;
    longest = Math.max(longest, length);
  }
  return longest < 4 ? 0 : longest;
}
