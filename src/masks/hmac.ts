import { Buffer } from "node:buffer";
import { hash } from "node:crypto";

/** Bytes of a SHA-256 block, RFC 2104's B. */
const BLOCK = 64;

/**
 * HMAC-SHA-256 (RFC 2104) with the key's two pads laid out once: two one-shot hashes cost a third of `createHmac`.
 * @param key 32 bytes
 * @returns message → the first `hexDigits` (at most 64) of the digest, lower case
 */
export function hmacSha256(key: Buffer, hexDigits: number): (message: string) => string {
  if (key.length > BLOCK) throw new RangeError(`HMAC key of ${key.length} bytes: at most ${BLOCK} are taken here`);
  let inner = Buffer.alloc(1024);
  const outer = Buffer.alloc(BLOCK + 32);
  for (let i = 0; i < BLOCK; i++) {
    const byte = key[i] ?? 0;
    inner[i] = byte ^ 0x36;
    outer[i] = byte ^ 0x5c;
  }
  return (message) => {
    if (message.length * 3 + BLOCK > inner.length) {
      const grown = Buffer.alloc(message.length * 3 + BLOCK);
      inner.copy(grown, 0, 0, BLOCK);
      inner = grown;
    }
    const length = inner.write(message, BLOCK, "utf8");
    hash("sha256", inner.subarray(0, BLOCK + length), "buffer").copy(outer, BLOCK);
    return hash("sha256", outer, "hex").slice(0, hexDigits);
  };
}
