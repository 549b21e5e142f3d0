import { createCipheriv } from "node:crypto";

/** FF1 of NIST SP 800-38G, algorithm 7, step by step over bigints and node:crypto's AES. */
export function ff1(radix: number, key: Uint8Array, tweak: Uint8Array, plain: readonly number[]): number[] {
  const base = BigInt(radix);
  const n = plain.length;
  const u = n >> 1;
  const v = n - u;
  const b = Math.ceil((base ** BigInt(v) - 1n).toString(2).length / 8);
  const d = 4 * Math.ceil(b / 4) + 4;
  const head = Buffer.alloc(16);
  head.set([1, 2, 1, 0, radix >> 8, radix & 255, 10, u & 255]);
  head.writeUInt32BE(n, 8);
  head.writeUInt32BE(tweak.length, 12);
  let [left, right] = [plain.slice(0, u), plain.slice(u)];
  for (let round = 0; round < 10; round++) {
    const padding = Buffer.alloc((((-tweak.length - b - 1) % 16) + 16) % 16);
    const number = numberOf(right, base)
      .toString(16)
      .padStart(b * 2, "0");
    const input = Buffer.concat([head, tweak, padding, Buffer.from([round]), Buffer.from(number, "hex")]);
    const r = aes(key, "cbc", input).subarray(-16);
    const blocks = [r];
    for (let j = 1n; blocks.length * 16 < d; j++) {
      const counter = Buffer.from(j.toString(16).padStart(32, "0"), "hex").map((byte, i) => byte ^ r[i]!);
      blocks.push(aes(key, "ecb", counter));
    }
    const y = BigInt(`0x${Buffer.concat(blocks).subarray(0, d).toString("hex")}`);
    const m = round % 2 === 0 ? u : v;
    const c = (numberOf(left, base) + y) % base ** BigInt(m);
    [left, right] = [right, digitsOf(c, base, m)];
  }
  return [...left, ...right];
}

function aes(key: Uint8Array, mode: "cbc" | "ecb", data: Uint8Array): Buffer {
  const cipher = createCipheriv(`aes-${key.length * 8}-${mode}`, key, mode === "cbc" ? Buffer.alloc(16) : null);
  cipher.setAutoPadding(false);
  return Buffer.concat([cipher.update(data), cipher.final()]);
}

function numberOf(digits: readonly number[], base: bigint): bigint {
  return digits.reduce((sum, digit) => sum * base + BigInt(digit), 0n);
}

function digitsOf(number: bigint, base: bigint, length: number): number[] {
  const digits: number[] = [];
  for (let rest = number; digits.length < length; rest /= base) digits.unshift(Number(rest % base));
  return digits;
}
