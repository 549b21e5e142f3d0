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
  const [before = "", after, more] = text.split("::");
  if (more !== undefined) return undefined;
  const head = groupsOf(before);
  const tail = after === undefined ? [] : groupsOf(after);
  if (!head || !tail) return undefined;
  if (after === undefined) return head.length === 8 ? head : undefined;
  const missing = 8 - head.length - tail.length;
  // IPv4 stands at the end only.
  if (missing < 1 || before.includes(".")) return undefined;
  return [...head, ...Array.from({ length: missing }, () => 0), ...tail];
}

function groupsOf(text: string): number[] | undefined {
  if (text === "") return [];
  const groups: number[] = [];
  const parts = text.split(":");
  for (const [index, part] of parts.entries()) {
    const dotted = index === parts.length - 1 && part.includes(".") ? readDotted(part) : undefined;
    if (dotted !== undefined) groups.push(Math.floor(dotted / 0x10000), dotted % 0x10000);
    else if (/^[0-9a-f]{1,4}$/i.test(part)) groups.push(Number.parseInt(part, 16));
    else return undefined;
  }
  return groups;
}

/** 192.0.2.1 */
export function dotted(address: number): string {
  return `${Math.floor(address / 0x1000000)}.${(address >>> 16) & 255}.${(address >>> 8) & 255}.${address & 255}`;
}

/** Eight groups in hex, none left out: one form for each address. */
export function grouped(groups: readonly number[]): string {
  return groups.map((group) => group.toString(16)).join(":");
}

/** ::ffff:192.0.2.1, RFC 4291 2.5.5.2: an IPv4 address in the coat of IPv6. */
export function mapped(groups: readonly number[]): number | undefined {
  if (groups[5] !== 0xffff || groups.slice(0, 5).some((group) => group !== 0)) return undefined;
  return groups[6]! * 0x10000 + groups[7]!;
}
