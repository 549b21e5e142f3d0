import type { Detector } from "./detector.ts";

/**
 * US social security numbers as the SSA issues them (no 000, 666 or 9xx area, no 00 group, no 0000 serial): written
 * 3-2-4, or nine digits after a word that says so.
 */
const SSN =
  /(?<![\d-])(?!000|666|9)\d{3}([- .])(?!00)\d{2}\1(?!0000)\d{4}(?![\d-])|(?<=\b(?:ssn|social(?: security)?(?: number)?)[ :#is]{1,6})\d{9}(?!\d)/gi;

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
