import { type CardSpan, cardSpans, luhn, replaceSpans } from "../detectors/card.ts";
import { digitsOf, SEPARATOR } from "../detectors/digits.ts";
import { declareMask, TEXT_AND_NUMBERS } from "./mask.ts";
import { ColumnSubstitution } from "./substitute.ts";

/** Between digits in a card column: more than in free text, where these often part one number from another. */
const BETWEEN = `(?:${SEPARATOR}|[,_*\\/])`;

/** ISO/IEC 7812: no card number is shorter. */
const SHORTEST = 8;

export const pan = declareMask({
  name: "pan",
  summary: "every card number in the value; in a card column every longer run of digits counts as one",
  options: (z) => ({
    keep: z.enum(["none", "last4", "bin+last4"]).default("none").describe("digits that stay (PCI DSS 3.4.1 at most)"),
    with: z
      .string()
      .refine((text) => !passesLuhn(text), "its digits pass the Luhn check: it may be somebody's card number")
      .default("XXXX-XXXX-XXXX-XXXX")
      .describe("written in place of a number where nothing is kept; must not pass the Luhn check"),
  }),
  accepts: TEXT_AND_NUMBERS,
  action: "text",
  counts: "changed",
  compile: (options) => {
    const truncate = truncation(options.keep, options.with);
    const replace = (candidate: string) => {
      const spans = cardSpans(candidate);
      // No valid number: a mistyped one is still somebody's. Digits beside a valid one may be its date or code.
      if (spans.length === 0) return options.with;
      const [first] = spans;
      if (first?.start === 0 && first.end === candidate.length) return truncate(first);
      const masked = replaceSpans(candidate, spans, truncate);
      const rest = replaceSpans(candidate, spans, () => " ");
      return digitsOf(rest).length >= SHORTEST ? options.with : masked;
    };
    const substitution = new ColumnSubstitution([
      {
        pattern: new RegExp(`\\p{Nd}(?:${BETWEEN}{0,2}\\p{Nd}){${SHORTEST - 1},}`, "gu"),
        ascii: new RegExp(`\\d(?:[ .,_*\\/\\-]{0,2}\\d){${SHORTEST - 1},}`, "g"),
        with: replace,
        writes: options.with,
        overflow: options.with,
      },
    ]);
    return (column, kernels) => substitution.apply(column, kernels);
  },
});

/** Whether a text's digits, taken together, could be a card number of any issuer. */
function passesLuhn(text: string): boolean {
  const { length, values } = digitsOf(text);
  return length >= SHORTEST && luhn(values, 0, length);
}

/** PCI SSC FAQ 1091: at least four digits go, five of a fifteen-digit number; shorter ones keep no BIN. */
function truncation(keep: "none" | "last4" | "bin+last4", by: string): (span: CardSpan) => string {
  if (keep === "none") return () => by;
  if (keep === "last4") return ({ digits }) => `XXXX-XXXX-XXXX-${digits.slice(-4)}`;
  return ({ digits }) => {
    const bin = digits.length >= 15 ? digits.slice(0, 6) : "";
    return bin + "X".repeat(digits.length - bin.length - 4) + digits.slice(-4);
  };
}
