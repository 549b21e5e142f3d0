import { type Detector, withinUuid } from "./detector.ts";

const INTERNATIONAL = "\\+[1-9](?:[ ().\\-\\/]{0,3}\\d){6,14}(?!\\d)";
const AREA = "(?:\\([2-9]\\d{2}\\) ?|[2-9]\\d{2}[ .\\-]?)";
const NORTH_AMERICAN = `(?<![\\d.+])(?:1[ .\\-]?)?${AREA}[2-9]\\d{2}[ .\\-]?\\d{4}(?!\\d)`;
const LOCAL_AFTER_WORD =
  "(?<=\\b(?:call|phone|tel|telephone|mobile|cell|number|fax)(?: (?:me|us|him|her|is|at|on|no|number))?[ :.#]{1,3})\\d(?:[ ().\\-\\/]{0,3}\\d){6,14}(?!\\d)";

/** Phone numbers in free text: international with a plus, North American in its usual forms, or after a word that says so. */
export const phone: Detector = {
  name: "phone",
  label: "PHONE",
  substitution: (by, hit) => ({
    pattern: new RegExp(`${INTERNATIONAL}|${NORTH_AMERICAN}|${LOCAL_AFTER_WORD}`, "gi"),
    with: (match, offset, text) => {
      if (withinUuid(text, offset, match.length)) return match;
      hit(1);
      return by;
    },
  }),
};
