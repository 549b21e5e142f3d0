import { createHmac, hkdfSync } from "node:crypto";
import type { MaskContext } from "../../../src/masks/mask.ts";

/** What the keys of the run come from. */
export const masterKey = Buffer.from("0123456789abcdef0123456789ABCDEF");

/** The run that tests are in; keys are derived as in any. */
export const context: MaskContext = {
  environment: "sandbox-01",
  judge: () => undefined,
  domainKey: (domain) => Buffer.from(hkdfSync("sha256", masterKey, "sandbox-01", `maskline/token/v1/${domain}`, 32)),
};

/** Draws of a text: 48-bit pieces of its HMAC. */
export function drawOf(domain: string, text: string, nth = 0, keys = context): bigint {
  const digest = createHmac("sha256", keys.domainKey(domain)).update(text).digest("hex");
  return BigInt(`0x${digest.slice(nth * 12, nth * 12 + 12)}`);
}
