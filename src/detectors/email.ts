import { declareDetector } from "./detector.ts";
import { spokenAddresses } from "./email-spoken.ts";
import type { Passage } from "./passage.ts";
import { endOf, Spans } from "./spans.ts";

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

/** Behind the @: a name whose last label is none of digits only, or an address in brackets. */
const HOST_IN_TEXT = new RegExp(
  `(?:${LABEL}\\.){1,8}(?!\\d+(?![\\p{L}\\p{N}\\p{M}-]))${LABEL}|\\[(?:ipv6:)?[\\da-f:.]{3,45}\\]`,
  "iuy",
);
const QUOTED = /"(?:[ !#-[\]-~\xaa\xac]|\\[ -~]){1,64}"$/;
/** An address within a URL or a form has %40 for its @. */
const ENCODED_LOCAL = /[\p{L}\p{N}\p{M}._+-]{1,64}$/u;

export const email = declareDetector({
  name: "email",
  label: "EMAIL",
  find: (passage, take) => {
    const { text } = passage;
    const spans = new Spans();
    const encoded = text.includes("%40");
    let done = 0;
    let encodedAt = encoded ? text.indexOf("%40") : -1;
    for (let at = text.indexOf("@"); at !== -1 || encodedAt !== -1; ) {
      const plain = encodedAt === -1 || (at !== -1 && at < encodedAt);
      const sign = plain ? at : encodedAt;
      const behind = sign + (plain ? 1 : 3);
      if (sign >= done) {
        const before = text.slice(Math.max(done, sign - LOCAL_UNITS), sign);
        const local = (plain ? (before.endsWith('"') ? QUOTED : LOCAL) : ENCODED_LOCAL).exec(before)?.[0];
        const end = local === undefined ? 0 : endOf(HOST_IN_TEXT, text, behind) || endOfIdeographic(passage, behind);
        if (local !== undefined && end !== 0) {
          spans.add(sign - local.length, end);
          done = end;
        }
      }
      if (plain) at = text.indexOf("@", behind);
      else encodedAt = text.indexOf("%40", behind);
    }
    spokenAddresses(text, (start, end) => spans.add(start, end));
    spans.giveTo(take);
  },
});

/** A host with the full stops of East Asia, which a sentence may end with too: nothing but ASCII stands between. */
const IDEOGRAPHIC = /[a-z\d-]{1,63}(?:\xac[a-z\d-]{1,63}){0,7}\xac[a-z]{2,24}(?![a-z\d-])/iy;

function endOfIdeographic(passage: Passage, start: number): number {
  const end = endOf(IDEOGRAPHIC, passage.text, start);
  if (end === 0) return 0;
  return /^[!-~\uff01-\uff5e。｡]+$/.test(passage.source.slice(passage.origin(start), passage.origin(end))) ? end : 0;
}
