import { z } from "zod";
import { replaceAddresses } from "../detectors/email.ts";
import { canonicalForm } from "./canonical.ts";
import { hmacSha256 } from "./hmac.ts";
import { declareMask, TEXT_AND_NUMBERS } from "./mask.ts";
import { mapValues } from "./text.ts";

export const email = declareMask({
  name: "email",
  summary: "every address becomes a token at example.com; a value that holds anything else becomes a token whole",
  options: {
    domain: z.string().min(1).default("email").describe("values of one domain share tokens"),
    keep: z.enum(["none", "domain"]).default("none").describe("domain: the real domain stays"),
  },
  accepts: TEXT_AND_NUMBERS,
  action: "text",
  counts: "all",
  compile: ({ domain, keep }, context) => {
    const tokenOf = hmacSha256(context.domainKey(domain), 16);
    const canonical = canonicalForm(domain);
    const masked = (address: string) => {
      const host =
        keep === "domain" && address.includes("@") ? address.slice(address.lastIndexOf("@") + 1) : "example.com";
      return `user_${tokenOf(canonical(address))}@${host}`;
    };
    return (column, kernels) =>
      mapValues(column, kernels, (value) => {
        // A display name, a comment, a form that is no address: nothing of it may stay.
        const rest = replaceAddresses(value, () => "", true).replace(/mailto:/gi, "");
        return /^[\s,;<>"]*$/.test(rest) ? replaceAddresses(value, masked, true) : masked(value);
      });
  },
});
