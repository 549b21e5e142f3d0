import { createHmac } from "node:crypto";

/**
 * `t=<seconds>,v1=<hex HMAC-SHA-256 of "<seconds>.<body>">`, Stripe's scheme: the time is signed too, so that a receiver can
 * refuse what is old.
 * @param at - Unix time in milliseconds
 */
export function signature(secret: string, body: string, at: number): string {
  const seconds = Math.floor(at / 1000);
  const mac = createHmac("sha256", secret).update(`${seconds}.${body}`, "utf8").digest("hex");
  return `t=${seconds},v1=${mac}`;
}
