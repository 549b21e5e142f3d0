import type { Detector } from "./detector.ts";

/**
 * An address as RFC 5321 bounds it (64 bytes before the @, labels of 63), in any script (RFC 6531). The bounds also
 * keep matching linear on long text.
 */
const LOCAL = "[\\p{L}\\p{N}\\p{M}.!#$%&'*+/=?^_`{|}~\\-]{1,64}";
const LABEL = "[\\p{L}\\p{N}\\p{M}\\-]{1,63}";

export const emailAddress = new RegExp(`${LOCAL}@(?:${LABEL}\\.){0,8}${LABEL}`, "gu");

export const email: Detector = {
  name: "email",
  label: "EMAIL",
  pattern: new RegExp(`${LOCAL}@(?:${LABEL}\\.){1,8}${LABEL}`, "gu"),
  ascii: /[\w.!#$%&'*+/=?^`{|}~-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z0-9-]{1,63}/g,
};
