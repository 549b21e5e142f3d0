import { createHash } from "node:crypto";

/** A number's hash of 52 bits, as good as any. */
export function mixed(value: number): number {
  const digest = createHash("md5").update(String(value)).digest();
  return digest.readUIntBE(0, 6) * 16 + (digest[6]! >> 4);
}
