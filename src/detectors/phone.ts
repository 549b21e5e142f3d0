import { type Detector, outsideUuids } from "./detector.ts";

const INTERNATIONAL = "\\+[1-9](?:[ ().\\-\\/]{0,3}\\d){6,14}(?!\\d)";
const AREA = "(?:\\([2-9]\\d{2}\\) ?|[2-9]\\d{2}[ .\\-]?)";
const NORTH_AMERICAN = `(?<![\\d.+])(?:1[ .\\-]?)?${AREA}[2-9]\\d{2}[ .\\-]?\\d{4}(?!\\d)`;
const LOCAL_AFTER_WORD =
  "(?<=\\b(?:call|phone|tel|telephone|mobile|cell|number|fax)(?: (?:me|us|him|her|is|at|on|no|number))?[ :.#]{1,3})\\d(?:[ ().\\-\\/]{0,3}\\d){6,14}(?!\\d)";

const PHONE = `${INTERNATIONAL}|${NORTH_AMERICAN}|${LOCAL_AFTER_WORD}`;
/** Characters before a number that say what it is, at most. */
const CONTEXT = 40;

/** Phone numbers in free text: international with a plus, North American in its usual forms, or after a word that says so. */
export const phone: Detector = {
  name: "phone",
  label: "PHONE",
  substitution: (by, hit) => ({
    pattern: new RegExp(PHONE, "gi"),
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
  const pattern = new RegExp(PHONE, "gi");
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
