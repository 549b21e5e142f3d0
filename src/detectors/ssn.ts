import type { Detector } from "./detector.ts";

/**
 * US social security numbers as the SSA issues them (no 000, 666 or 9xx area, no 00 group, no 0000 serial): written
 * 3-2-4, or nine digits after a word that says so.
 */
const GAP = "[- .\\u00a0\\u2010-\\u2015\\u202f]";
const EDGE = "[\\d\\u2010-\\u2015-]";
const WRITTEN = `(?<!${EDGE})(?!000|666|9)\\d{3}(${GAP})(?!00)\\d{2}\\1(?!0000)\\d{4}(?!${EDGE})`;
const AFTER_WORD = `(?<=\\b(?:ssn|social(?: security)?(?: number)?)[ :#is]{1,6})\\d{3}${GAP}?\\d{2}${GAP}?\\d{4}(?!\\d)`;
const SSN = new RegExp(`${WRITTEN}|${AFTER_WORD}`, "gi");

export const ssn: Detector = {
  name: "ssn",
  label: "SSN",
  substitution: (by, hit) => ({
    pattern: SSN,
    with: () => {
      hit(1);
      return by;
    },
    writes: by,
  }),
};
