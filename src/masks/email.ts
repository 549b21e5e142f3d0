import { Buffer, isAscii } from "node:buffer";
import { replaceAddresses } from "../detectors/email.ts";
import type { Kernels } from "../kernels/load.ts";
import type { Column } from "../types.ts";
import { canonicalColumn, canonicalForm } from "./canonical.ts";
import { hmacColumn } from "./digest.ts";
import { hmacSha256 } from "./hmac.ts";
import { declareMask, literally, TEXT_AND_NUMBERS } from "./mask.ts";
import { memoised } from "./memo.ts";
import { mapValues, textBytes } from "./text.ts";

export const email = declareMask({
  name: "email",
  summary: "every address becomes a token at a reserved domain; a value that holds anything else becomes a token whole",
  options: (z) => ({
    domain: z.string().min(1).default("email").describe("values of one domain share tokens"),
    at: z
      .string()
      .regex(RESERVED, "example.com, example.net, example.org or a name under .invalid, .example or .test: nobody's")
      .default("example.com")
      .describe("the domain of the tokens, one that RFC 2606 reserves"),
    keep: z.enum(["none", "domain"]).default("none").describe("domain: the real domain stays"),
  }),
  accepts: TEXT_AND_NUMBERS,
  action: "text",
  keyed: true,
  counts: "all",
  // A domain that stays may be any.
  results: ({ at, keep }) => (keep === "none" ? `(?:[\\s,;<>"]|[Mm][Aa][Ii][Ll][Tt][Oo]:|${tokenAt(at)})*` : undefined),
  joins: ({ domain, at, keep }) => (keep === "none" ? { domain, token: tokenAt(at) } : undefined),
  compile: ({ domain, at, keep }, context) => {
    const key = context.domainKey(domain);
    const tokenOf = hmacSha256(key, DIGITS);
    const canonical = canonicalForm(domain);
    const canonicalOf = canonicalColumn(domain);
    const ending = `@${at}`;
    const masked = (value: string) => PREFIX + tokenOf(canonical(value)) + (keep === "domain" ? hostIn(value) : ending);
    /** Of the first address: what else stands in a value is no domain. */
    const hostIn = (value: string) => {
      let host: string | undefined;
      replaceAddresses(value, (address) => {
        host ??= address.slice(address.lastIndexOf("@"));
        return "";
      });
      return host ?? ending;
    };
    return memoised((column, kernels) => {
      if (keep === "none" && isPlain(column, kernels)) {
        const options = { prefix: PREFIX, digits: DIGITS, ending };
        return hmacColumn(canonicalOf(column, kernels), key, options, kernels);
      }
      return mapValues(column, kernels, (value) => {
        // As in a column of such values only: what becomes of a value must not depend on its neighbours.
        if (keep === "none" && isAscii(Buffer.from(value)) && !MORE.test(value)) return masked(value);
        // A display name, a comment, a form that is no address: nothing of it may stay.
        const rest = replaceAddresses(value, () => "", true).replace(/mailto:/gi, "");
        return /^[\s,;<>"]*$/.test(rest) ? replaceAddresses(value, masked, true) : masked(value);
      });
    });
  },
});

const PREFIX = "user_";
const DIGITS = 16;
/** RFC 2606: nobody's. */
const RESERVED = /^(?:[a-z0-9-]+\.)*(?:example\.(?:com|net|org)|invalid|example|test)$/;

function tokenAt(domain: string): string {
  return `${PREFIX}[0-9a-f]{${DIGITS}}${literally(`@${domain}`)}`;
}

/**
 * Whether no value can hold more than one address or anything around it: then each, address or not, becomes one token,
 * and the column can be hashed as a whole.
 */
function isPlain(column: Column, kernels: Kernels): boolean {
  const bytes = textBytes(column, kernels);
  return isAscii(bytes) && !MORE.test(bytes.toString("latin1"));
}

/** What stands between addresses, or around one. */
const MORE = /[\s,;<>"]|mailto:/i;
