import { createHash, createHmac, hkdfSync } from "node:crypto";
import { hitsIn } from "../../../src/detectors/detector.ts";
import { DETECTORS } from "../../../src/detectors/index.ts";
import { cardsOf } from "./cards.ts";

/** What a mask knows of the run. */
export interface MaskContext {
  readonly environment: string;
  readonly masterKey: Uint8Array;
}

/** Masks of text; `keep`, `drop` and `null` are the caller's, who sees more than text. */
export type TextMask =
  | { readonly mask: "replace"; readonly with: string }
  | {
      readonly mask: "regex";
      readonly patterns: readonly { readonly match: string; readonly with?: string; readonly flags?: string }[];
    }
  | { readonly mask: "token"; readonly domain?: string; readonly prefix?: string; readonly length?: number }
  | { readonly mask: "salted-hash"; readonly prefix?: string; readonly length?: number }
  | { readonly mask: "pan"; readonly keep?: "none" | "last4" | "bin+last4"; readonly with?: string }
  | { readonly mask: "phone"; readonly keep?: "none"; readonly with?: string }
  | { readonly mask: "email"; readonly domain?: string; readonly keep?: "none" | "domain"; readonly at?: string }
  | {
      readonly mask: "scan";
      readonly detectors?: readonly string[];
      readonly with?: string;
    };

/** Masks one text that is neither null nor empty. */
export function maskText(text: string, mask: TextMask, context: MaskContext): string {
  switch (mask.mask) {
    case "replace":
      return mask.with;
    case "regex":
      return mask.patterns.reduce(
        (masked, { match, with: by = "", flags = "" }) =>
          masked.replace(new RegExp(match, [...new Set(`${flags}g`)].join("")), by),
        text,
      );
    case "token":
      return (mask.prefix ?? "User_") + token(text, mask.domain ?? "default", mask.length ?? 16, context);
    case "salted-hash": {
      const sha256 = (data: string) => createHash("sha256").update(data).digest("hex");
      return (mask.prefix ?? "User_") + sha256(text + sha256(context.environment)).slice(0, mask.length ?? 8);
    }
    case "pan":
      return maskCards(text, mask.keep ?? "none", mask.with ?? "XXXX-XXXX-XXXX-XXXX");
    case "phone":
      return text
        .replace(new RegExp(`${MAILBOX}@(?:${HOST_LABEL}\\.){0,8}${HOST_LABEL}`, "gu"), () => mask.with ?? "[MASKED]")
        .replace(PHONE_COLUMN, () => mask.with ?? "[MASKED]");
    case "email":
      return maskAddresses(text, mask.domain ?? "email", mask.keep ?? "none", context, mask.at);
    case "scan":
      return scanned(text, mask.detectors, mask.with ?? "[LABEL]");
  }
}

function token(text: string, domain: string, length: number, { masterKey, environment }: MaskContext): string {
  const key = hkdfSync("sha256", masterKey, environment, `maskline/token/v1/${domain}`, 32);
  return createHmac("sha256", new Uint8Array(key))
    .update(canonical(text, domain) || text)
    .digest("hex")
    .slice(0, length);
}

function canonical(text: string, domain: string): string {
  const compatible = text.normalize("NFKC").trim();
  switch (domain) {
    case "person":
      return compatible.split(/\s+/).join(" ").toLowerCase();
    case "email":
      return compatible
        .replace(/^mailto:/i, "")
        .trim()
        .toLowerCase();
    case "phone": {
      const number = compatible.replace(/^(tel|sip|sips):/i, "");
      const digits = [...number].filter((character) => character >= "0" && character <= "9").join("");
      const international = digits.startsWith("00") && number.replace(/^[^0-9]+/, "").startsWith("00");
      return digits === "" ? number.trim().toLowerCase() : digits.slice(international ? 2 : 0);
    }
    default:
      return text.normalize("NFC").trim();
  }
}

const GAP = "[ .\\-\\u00a0\\u2007\\u2009-\\u2015\\u202f]{0,2}";

/** A card column: a run of 8 digits or more is a card number even if it does not check. */
function maskCards(text: string, keep: "none" | "last4" | "bin+last4", by: string): string {
  return text.replace(new RegExp(`\\p{Nd}(?:(?:${GAP.slice(0, -5)}|[,_*/]){0,2}\\p{Nd}){7,}`, "gu"), (run) => {
    const cards = cardsOf(run);
    const left = [...cardsOf(run, () => " ").text].filter((character) => /\p{Nd}/u.test(character));
    if (cards.count === 0 || left.length >= 8) return by;
    return cardsOf(run, (digits) => {
      if (keep === "none") return by;
      if (keep === "last4") return `XXXX-XXXX-XXXX-${digits.slice(-4)}`;
      const bin = digits.length < 15 ? "" : digits.slice(0, 6);
      return `${bin}${"X".repeat(digits.length - bin.length - 4)}${digits.slice(-4)}`;
    }).text;
  });
}

/** Seven digits or more with punctuation between them, with what leads in. */
const PHONE_COLUMN = /[+\uff0b]?\(?\p{Nd}(?:[ ()._\-/\u00a0\u2007\u2009-\u2015\u202f]{0,4}\p{Nd}){6,}/gu;

const MAILBOX = "[\\p{L}\\p{N}\\p{M}.!#$%&'*+/=?^_`{|}~-]{1,64}";
const HOST_LABEL = "[\\p{L}\\p{N}\\p{M}-]{1,63}";

function maskAddresses(
  text: string,
  domain: string,
  keep: "none" | "domain",
  context: MaskContext,
  at = "example.com",
): string {
  const address = new RegExp(`${MAILBOX}@(?:${HOST_LABEL}\\.){0,8}${HOST_LABEL}`, "gu");
  const masked = (value: string) => {
    const dotted = new RegExp(`${MAILBOX}@((?:${HOST_LABEL}\\.){1,8}${HOST_LABEL})`, "u");
    const host = keep === "domain" ? (dotted.exec(value)?.[1] ?? at) : at;
    return `user_${token(value, domain, 16, context)}@${host}`;
  };
  // Nothing that could part addresses or stand around one: it is taken for one whole.
  const whole = keep === "none" && /^[!-~]*$/.test(text) && !/[,;<>"]|mailto:/i.test(text);
  if (whole) return masked(text);
  const around = text
    .split(address)
    .join("")
    .replace(/mailto:/gi, "");
  return /[^\s,;<>"]/.test(around) ? masked(text) : text.replace(address, masked);
}

/** A value by itself: what detectors find is held against a labelled corpus; here, that a column's values are alike. */
function scanned(text: string, detectors: readonly string[] | undefined, by: string): string {
  const always = ["track", "cvv"];
  const chosen = DETECTORS.filter(({ name }) => (detectors?.includes(name) ?? true) || always.includes(name));
  let result = "";
  let done = 0;
  for (const { detector, start, end } of hitsIn(text, chosen)) {
    result += text.slice(done, start) + by.replaceAll("LABEL", detector.toUpperCase());
    done = end;
  }
  return result + text.slice(done);
}
