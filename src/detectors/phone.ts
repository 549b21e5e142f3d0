import type { Detector } from "./detector.ts";

const UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";
const INTERNATIONAL = "\\+[1-9](?:[ ().\\-\\/]{0,3}\\d){6,14}(?!\\d)";
const AREA = "(?:\\([2-9]\\d{2}\\) ?|[2-9]\\d{2}[ .\\-]?)";
const NORTH_AMERICAN = `(?<![\\d.+])(?:1[ .\\-]?)?${AREA}[2-9]\\d{2}[ .\\-]?\\d{4}(?!\\d)`;
const LOCAL_AFTER_WORD =
  "(?<=\\b(?:call|phone|tel|telephone|mobile|cell|number|fax)(?: (?:me|us|him|her|is|at|on|no|number))?[ :.#]{1,3})\\d(?:[ ().\\-\\/]{0,3}\\d){6,14}(?!\\d)";

/** Phone numbers in free text: international with a plus, North American in its usual forms, or after a word that says so. */
export const phone: Detector = {
  name: "phone",
  label: "PHONE",
  pattern: new RegExp(`${UUID}|${INTERNATIONAL}|${NORTH_AMERICAN}|${LOCAL_AFTER_WORD}`, "gi"),
  replace: (candidate, by) =>
    /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-/i.test(candidate) ? { text: candidate, hits: 0 } : { text: by, hits: 1 },
};
