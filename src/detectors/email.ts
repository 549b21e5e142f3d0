import type { Detector } from "./detector.ts";

/**
 * An address as RFC 5321 bounds it (64 bytes before the @, labels of 63), in any script (RFC 6531). Found from its @:
 * a pattern that began with the local part would try every word of the text.
 */
const LOCAL = /[\p{L}\p{N}\p{M}.!#$%&'*+/=?^_`{|}~-]{1,64}$/u;
const LABEL = "[\\p{L}\\p{N}\\p{M}\\-]{1,63}";
const DOMAIN = new RegExp(`(?:${LABEL}\\.){1,8}${LABEL}`, "uy");
const HOST = new RegExp(`(?:${LABEL}\\.){0,8}${LABEL}`, "uy");
/** Code units that 64 code points take at most. */
const LOCAL_UNITS = 128;

/**
 * Replaces every address of a text.
 * @param bare - a domain without a dot counts too, as in jane@localhost
 */
export function replaceAddresses(text: string, by: (address: string) => string, bare = false): string {
  const domain = bare ? HOST : DOMAIN;
  let result = "";
  let done = 0;
  for (let at = text.indexOf("@"); at !== -1; at = text.indexOf("@", at + 1)) {
    const local = LOCAL.exec(text.slice(Math.max(done, at - LOCAL_UNITS), at))?.[0];
    if (local === undefined) continue;
    domain.lastIndex = at + 1;
    const host = domain.exec(text)?.[0];
    if (host === undefined) continue;
    result += text.slice(done, at - local.length) + by(`${local}@${host}`);
    done = at + 1 + host.length;
    at = done - 1;
  }
  return done === 0 ? text : result + text.slice(done);
}

export const email: Detector = {
  name: "email",
  label: "EMAIL",
  substitution: (by, hit) => ({
    replaceAll: (text) =>
      replaceAddresses(text, () => {
        hit(1);
        return by;
      }),
    writes: by,
  }),
};
