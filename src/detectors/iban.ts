import { isWordPart } from "./characters.ts";
import { declareDetector } from "./detector.ts";

/** Lengths by country, from the IBAN registry (ISO 13616, release 99). */
const LENGTHS = new Map(
  (
    "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 ES24 " +
    "FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 " +
    "LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 " +
    "RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30"
  )
    .split(" ")
    .map((entry) => [entry.slice(0, 2), Number(entry.slice(2))] as const),
);

/** IBANs, together or in groups, perhaps over a line end: the country's length and ISO 7064's check digits must hold. */
export const iban = declareDetector({
  name: "iban",
  label: "IBAN",
  find: ({ text, groups }, take) => {
    let done = 0;
    for (let i = 0; i < groups.length; i += 2) {
      // Two letters, then the check digits.
      const start = groups[i]! - 2;
      if (start < done || groups[i + 1]! - groups[i]! < 2 || !isLetter(text, start + 1) || !isLetter(text, start))
        continue;
      if (start > 0 && isWordPart(text.charCodeAt(start - 1))) continue;
      const length = LENGTHS.get(text.slice(start, start + 2).toUpperCase());
      const end = length === undefined ? 0 : endOfIban(text, start, length);
      if (end === 0) continue;
      take(start, end);
      done = end;
    }
  },
});

const CR = 0x0d;
const LF = 0x0a;

function isLetter(text: string, position: number): boolean {
  const code = text.charCodeAt(position) | 0x20;
  return code >= 0x61 && code <= 0x7a;
}

/**
 * Where `length` letters and digits from a position end, if they check; else 0. Between two a space, dash or dot, and a
 * line end, at most.
 */
function endOfIban(text: string, start: number, length: number): number {
  let remainder = 0;
  let head = 0;
  let at = start;
  for (let count = 0; count < length; count++) {
    let code = text.charCodeAt(at);
    if (count > 0 && (code === 0x20 || code === 0x2d || code === 0x2e)) code = text.charCodeAt(++at);
    if (count > 0 && code === CR) code = text.charCodeAt(++at);
    if (count > 0 && code === LF) code = text.charCodeAt(++at);
    const value = digitOf(code);
    if (value < 0) return 0;
    // Country and check digits count behind the rest.
    if (count < 4) head = shifted(head, value);
    else remainder = shifted(remainder, value) % 97;
    at++;
  }
  if (isWordPart(text.charCodeAt(at))) return 0;
  // The four at the front are two letters of two digits and two digits.
  return (remainder * 1_000_000 + head) % 97 === 1 ? at : 0;
}

function shifted(number: number, value: number): number {
  return number * (value > 9 ? 100 : 10) + value;
}

function digitOf(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const letter = code | 0x20;
  return letter >= 0x61 && letter <= 0x7a && code < 0x7b ? letter - 0x61 + 10 : -1;
}
