import { replaceAddresses } from "../detectors/email.ts";
import { declareMask, TEXT_AND_NUMBERS } from "./mask.ts";
import { ColumnSubstitution } from "./substitute.ts";

/** Seven digits or more with what people put between them; extensions and short codes stay. */
const SEPARATORS = " ()._\\-\\/";

export const phone = declareMask({
  name: "phone",
  summary: "every phone number in the value, however it is punctuated, and every SIP or email address",
  options: (z) => ({
    keep: z
      .enum(["none", "country"])
      .default("none")
      .describe("country: an international number keeps its calling code"),
    with: z.string().default("[MASKED]").describe("written in place of a number"),
  }),
  accepts: TEXT_AND_NUMBERS,
  action: "text",
  counts: "changed",
  compile: (options) => {
    const by = options.keep === "none" ? () => options.with : (match: string) => callingCode(match) + options.with;
    const substitution = new ColumnSubstitution([
      // sip:jane.doe@example.com is whom a call is for, like a number.
      { replaceAll: (text) => replaceAddresses(text, () => options.with, true), writes: options.with },
      {
        pattern: new RegExp(
          `[+\\uff0b]?\\(?\\p{Nd}(?:[${SEPARATORS}\\u00a0\\u2007\\u2009-\\u2015\\u202f]{0,4}\\p{Nd}){6,}`,
          "gu",
        ),
        ascii: new RegExp(`\\+?\\(?\\d(?:[${SEPARATORS}]{0,4}\\d){6,}`, "g"),
        with: by,
        writes: options.with,
      },
    ]);
    return (column, kernels) => substitution.apply(column, kernels);
  },
});

/** ITU-T E.164: zone 1 and 7 are one digit; these two-digit codes are assigned; every other code has three. */
const TWO_DIGITS = /^(?:20|27|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58])/;

function callingCode(match: string): string {
  const number = match.normalize("NFKC");
  if (!number.trimStart().startsWith("+")) return "";
  const digits = number.replace(/\D/g, "");
  const length = /^[17]/.test(digits) ? 1 : TWO_DIGITS.test(digits) ? 2 : 3;
  return `+${digits.slice(0, length)} `;
}
