import { z } from "zod";

const BYTES: Readonly<Record<string, number>> = {
  "": 1,
  B: 1,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  KIB: 2 ** 10,
  MIB: 2 ** 20,
  GIB: 2 ** 30,
  TIB: 2 ** 40,
};

const MILLISECONDS: Readonly<Record<string, number>> = { ms: 1, s: 1e3, m: 60e3, h: 3600e3, d: 86400e3 };

/** "1GiB", "512 MB" or a number of bytes → bytes. */
export const byteSize = z
  .union([z.int().positive(), z.string().regex(/^\d+(\.\d+)?\s*([KMGT]i?)?B?$/i, "a size such as 512MiB or 2GB")], {
    error: "a size such as 512MiB or 2GB",
  })
  .transform((size) => {
    if (typeof size === "number") return size;
    const [, amount = "", unit = ""] = /^([\d.]+)\s*(\w*)$/.exec(size) ?? [];
    const name = unit.toUpperCase();
    return Math.round(Number(amount) * (BYTES[name] ?? BYTES[`${name}B`] ?? 1));
  })
  .refine((bytes) => bytes > 0, "a size of more than nothing");

/** Less would be a matter of luck. */
const SMALLEST_SHARE = 1e-4;
const SHARE = "full, or a share of the rows from 0.01% on, such as 1%";

/** "full", "1%" → a share from 0 to 1. */
export const share = z
  .union([z.literal("full"), z.string().regex(/^\d+(\.\d+)?\s*%$/, SHARE)], { error: SHARE })
  .transform((text) => (text === "full" ? 1 : Number.parseFloat(text) / 100))
  .refine((part) => part >= SMALLEST_SHARE && part <= 1, SHARE);

/** "30s", "5m", "250ms" → milliseconds. */
export const duration = z
  .string("a duration such as 30s or 5m")
  .regex(/^\d+(\.\d+)?(ms|s|m|h|d)$/, "a duration such as 30s or 5m")
  .transform((text) => {
    const [, amount = "", unit = ""] = /^([\d.]+)([a-z]+)$/.exec(text) ?? [];
    return Number(amount) * (MILLISECONDS[unit] ?? 1);
  });

const LOOPBACK = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/;

/** A URL that secrets and data may be sent to: encrypted, or to this machine itself. */
export const httpUrl = z.url({ protocol: /^https?$/, error: "an https:// URL" }).refine(
  (text) => {
    const { protocol, hostname, username, password } = new URL(text);
    return (protocol === "https:" || LOOPBACK.test(hostname)) && username === "" && password === "";
  },
  { error: "an https:// URL without a user in it; http:// only for this machine (localhost)" },
);
