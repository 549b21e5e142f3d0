import type { Buffer } from "node:buffer";
import { replaceAddresses } from "../detectors/email.ts";
import { canonicalColumn, canonicalForm } from "./canonical.ts";
import { Draws, drawsOf } from "./draws.ts";
import { callingCodeLength, fictionalNumber } from "./fictional.ts";
import { declareMask, TEXT_AND_NUMBERS, type ValueMask } from "./mask.ts";
import { memoised } from "./memo.ts";
import { ColumnSubstitution, withStack } from "./substitute.ts";
import { mapValues, valuesOf } from "./text.ts";

/** Seven digits or more with what people put between them; extensions and short codes stay. */
const SEPARATORS = " ()._\\-\\/";
const NUMBER = `[+\\uff0b]?\\(?\\p{Nd}(?:[${SEPARATORS}\\u00a0\\u2007\\u2009-\\u2015\\u202f]{0,4}\\p{Nd}){6,}`;
const ASCII_NUMBER = `\\+?\\(?\\d(?:[${SEPARATORS}]{0,4}\\d){6,}`;

export const phone = declareMask({
  name: "phone",
  summary: "every phone number in the value, however it is punctuated, and every SIP or email address",
  options: (z) => ({
    keep: z
      .enum(["none", "country", "fictional"])
      .default("none")
      .describe(
        "country: an international number keeps its calling code; fictional: it becomes one that its country reserves for " +
          "fiction, keyed (North America, Australia, Britain, France, Germany, Ireland, Sweden; few to a country, so this is no " +
          "key to join by), elsewhere as with country",
      ),
    with: z.string().default("[MASKED]").describe("written in place of a number"),
  }),
  accepts: TEXT_AND_NUMBERS,
  action: "text",
  counts: "changed",
  compile: (options, context) => {
    if (options.keep === "fictional") return fictional(options.with, context.domainKey("phone-fictional"));
    const by = options.keep === "none" ? () => options.with : (match: string) => callingCode(match) + options.with;
    const substitution = new ColumnSubstitution([
      // sip:jane.doe@example.com is whom a call is for, like a number.
      { replaceAll: (text) => replaceAddresses(text, () => options.with, true), writes: options.with },
      {
        pattern: new RegExp(NUMBER, "gu"),
        ascii: new RegExp(ASCII_NUMBER, "g"),
        with: by,
        writes: options.with,
        overflow: options.with,
      },
    ]);
    return (column, kernels) => substitution.apply(column, kernels);
  },
});

/** A value that is one number and nothing else, after its scheme. */
const ONE_NUMBER = new RegExp(`^((?:tel|sips?):)?(${ASCII_NUMBER})$`, "i");

const BEYOND_ASCII = /[^\0-\x7f]/;

function fictional(by: string, key: Buffer): ValueMask {
  const canonical = canonicalForm("phone");
  const canonicalOf = canonicalColumn("phone");
  const drawOf = drawsOf(key);
  const pattern = new RegExp(NUMBER, "gu");
  const ascii = new RegExp(ASCII_NUMBER, "g");
  const written = (match: string, digits: string, draw: number) => {
    const number = isInternational(match) ? fictionalNumber(digits, draw) : undefined;
    return number === undefined ? callingCode(match) + by : `+${number}`;
  };
  const one = (match: string) => {
    const digits = canonical(match);
    return written(match, digits, drawOf(digits)());
  };
  return memoised((column, kernels) => {
    // Hashed as a column: a number's canonical form is that of a value that holds it alone.
    const forms = canonicalOf(column, kernels);
    const draws = new Draws(forms, key, kernels);
    const digits = valuesOf(forms, kernels);
    const fictionalIn = (value: string, index: number): string => {
      const whole = ONE_NUMBER.exec(value);
      if (whole) return (whole[1] ?? "") + written(whole[2]!, digits.at(index)!, draws.at(index));
      if (BEYOND_ASCII.test(value)) return replaceAddresses(value, () => by, true).replace(pattern, one);
      const rest = value.includes("@") ? replaceAddresses(value, () => by, true) : value;
      return rest.replace(BEYOND_ASCII.test(rest) ? pattern : ascii, one);
    };
    return mapValues(column, kernels, (value, index) => withStack(value, () => fictionalIn(value, index), by));
  });
}

/** Whether a country's code stands in front: after a plus, or the 00 that most countries dial. */
function isInternational(match: string): boolean {
  return /^(?:\+|\(?00)/.test(match.charCodeAt(0) < 0x80 ? match : match.normalize("NFKC"));
}

function callingCode(match: string): string {
  const number = match.normalize("NFKC");
  if (!number.trimStart().startsWith("+")) return "";
  const digits = number.replace(/\D/g, "");
  return `+${digits.slice(0, callingCodeLength(digits))} `;
}
