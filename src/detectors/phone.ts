import { type Detector, outsideUuids } from "./detector.ts";

/** The same forms in ASCII, and with any script's digits and Unicode's dashes and spaces. */
function phonePattern(digit: string, from2: string, from1: string, spaces: string): string {
  const one = `[ .\\-${spaces}]`;
  const gap = `[ ().\\-\\/${spaces}]{0,3}`;
  const international = `[+\\uff0b]${from1}(?:${gap}${digit}){6,14}(?!${digit})`;
  const area = `(?:\\(${from2}${digit}{2}\\)${one}?|${from2}${digit}{2}${one}?)`;
  const northAmerican = `(?<![.+]|${digit})(?:1${one}?)?${area}${from2}${digit}{2}${one}?${digit}{4}(?!${digit})`;
  const word = "(?:call|phone|tel|telephone|mobile|cell|number|fax)";
  const between = "(?: (?:me|us|him|her|is|at|on|no|number))?[ :.#]{1,3}";
  return `${international}|${northAmerican}|(?<=\\b${word}${between})${digit}(?:${gap}${digit}){6,14}(?!${digit})`;
}

const ASCII = phonePattern("\\d", "[2-9]", "[1-9]", "");
// An ASCII digit is judged as in the other pattern: whether a number is found must not depend on its neighbours.
const UNICODE = phonePattern(
  "\\p{Nd}",
  "(?:[2-9]|(?![0-9])\\p{Nd})",
  "(?:[1-9]|(?![0-9])\\p{Nd})",
  "\\u00a0\\u2007\\u2009-\\u2015\\u202f",
);

/** Characters before a number that say what it is, at most. */
const CONTEXT = 40;

/** Phone numbers in free text: international with a plus, North American in its usual forms, or after a word that says so. */
export const phone: Detector = {
  name: "phone",
  label: "PHONE",
  substitution: (by, hit) => ({
    pattern: new RegExp(UNICODE, "giu"),
    ascii: new RegExp(ASCII, "gi"),
    with: (match, offset, text) =>
      outsideUuids(text, offset, match, (part, start) => {
        const found = part.length === match.length ? { text: by, hits: 1 } : replaceWithin(text, start, part, by);
        if (found.hits > 0) hit(found.hits);
        return found.text;
      }),
    writes: by,
  }),
};

/** A match that ran into a UUID: looked at again without it. */
function replaceWithin(text: string, start: number, part: string, by: string): { text: string; hits: number } {
  const before = text.slice(Math.max(0, start - CONTEXT), start);
  const pattern = new RegExp(UNICODE, "giu");
  pattern.lastIndex = before.length;
  let result = "";
  let done = 0;
  let hits = 0;
  for (let found = pattern.exec(before + part); found !== null; found = pattern.exec(before + part)) {
    const at = found.index - before.length;
    result += part.slice(done, at) + by;
    done = at + found[0].length;
    hits++;
  }
  return { text: result + part.slice(done), hits };
}
