/** IPv4 as a number below 2^32, IPv6 as eight groups of 16 bits. */
export type Address = number | readonly number[];

const DOTTED = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/;

/** Reads an IPv4 address in decimal dotted form, or an IPv6 address (RFC 4291, 2.2). */
export function readAddress(text: string): Address | undefined {
  return text.includes(":") ? readGroups(text) : readDotted(text);
}

function readDotted(text: string): number | undefined {
  const found = DOTTED.exec(text);
  if (!found) return undefined;
  let address = 0;
  for (let i = 1; i <= 4; i++) {
    const byte = Number(found[i]);
    if (byte > 255) return undefined;
    address = address * 256 + byte;
  }
  return address;
}

/** The longest: eight groups of which the last two are written as IPv4. */
const LONGEST = 45;

function readGroups(text: string): number[] | undefined {
  if (text.length > LONGEST) return undefined;
  const groups: number[] = [];
  /** Groups before "::". */
  let gap = -1;
  let at = 0;
  if (text.startsWith("::")) {
    gap = 0;
    at = 2;
  }
  while (at < text.length) {
    const from = at;
    let group = 0;
    for (let digit = hexDigit(text, at); digit >= 0; digit = hexDigit(text, ++at)) group = group * 16 + digit;
    if (text[at] === ".") {
      const inner = readDotted(text.slice(from));
      if (inner === undefined) return undefined;
      groups.push(inner >>> 16, inner & 0xffff);
      break;
    }
    if (at === from || at - from > 4) return undefined;
    groups.push(group);
    if (at === text.length) break;
    if (text[at++] !== ":" || at === text.length) return undefined;
    if (text[at] !== ":") continue;
    if (gap >= 0) return undefined;
    gap = groups.length;
    at++;
  }
  if (gap < 0) return groups.length === 8 ? groups : undefined;
  if (groups.length > 7) return undefined;
  const tail = groups.splice(gap);
  while (groups.length + tail.length < 8) groups.push(0);
  groups.push(...tail);
  return groups;
}

/** -1 where there is none. */
function hexDigit(text: string, at: number): number {
  const code = text.charCodeAt(at);
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const lower = code | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}

/** 192.0.2.1 */
export function dotted(address: number): string {
  return `${Math.floor(address / 0x1000000)}.${(address >>> 16) & 255}.${(address >>> 8) & 255}.${address & 255}`;
}

/** Groups in hex, none left out. */
export function grouped(groups: readonly number[]): string {
  let text = "";
  for (let i = 0; i < groups.length; i++) text += (i === 0 ? "" : ":") + hexOf(groups[i]!);
  return text;
}

/** Bytes in hex, without a zero in front and with it: several times as fast as `toString(16)`. */
const SHORT = Array.from({ length: 256 }, (_, byte) => byte.toString(16));
const PADDED = SHORT.map((text) => text.padStart(2, "0"));

function hexOf(group: number): string {
  return group < 256 ? SHORT[group]! : SHORT[group >> 8]! + PADDED[group & 255]!;
}

/** ::ffff:192.0.2.1, RFC 4291 2.5.5.2: an IPv4 address in the coat of IPv6. */
export function mapped(groups: readonly number[]): number | undefined {
  if (groups[5] !== 0xffff) return undefined;
  for (let i = 0; i < 5; i++) if (groups[i] !== 0) return undefined;
  return groups[6]! * 0x10000 + groups[7]!;
}
