import { isHex, isWordPart } from "./characters.ts";
import { declareDetector } from "./detector.ts";
import { CONTEXT } from "./phrases.ts";
import { endOf, Spans } from "./spans.ts";

const BYTE = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
/** Four bytes and nothing that would make them a version, a section or a longer number. */
const IPV4 = new RegExp(`(?<![\\w.-]|[a-zA-Z]/|\\u00a7 ?)${BYTE}(?:\\.${BYTE}){3}(?![\\w-]|\\.\\d)`, "y");
const WHOLE_IPV4 = new RegExp(`^${BYTE}(?:\\.${BYTE}){3}$`);
const LONGEST = 45;

/** Addresses of machines, IPv4 in dots and IPv6 (RFC 4291). Versions, times and hardware addresses are none. */
export const ip = declareDetector({
  name: "ip",
  label: "IP",
  find: (passage, take) => {
    const { text, bytes, groups } = passage;
    const spans = new Spans();
    let done = 0;
    for (let i = 0; i + 6 < groups.length; i += 2) {
      const start = groups[i]!;
      if (start < done || groups[i + 1]! - start > 3 || bytes[groups[i + 1]!] !== DOT) continue;
      const end = endOf(IPV4, text, start);
      if (end === 0 || (passage.context(i) & CONTEXT.version) !== 0) continue;
      spans.add(start, end);
      done = end;
    }
    done = 0;
    for (let at = text.indexOf(":"); at !== -1; at = text.indexOf(":", at + 1)) {
      if (at < done || !(bytes[at + 1] === COLON || isHex(bytes[at + 1] ?? 0))) continue;
      let start = at;
      while (start > done && at - start < LONGEST && isPart(bytes[start - 1]!)) start--;
      let end = at;
      let colons = 0;
      while (end < bytes.length && end - start < LONGEST && isPart(bytes[end]!)) if (bytes[end++] === COLON) colons++;
      done = end;
      // Times and hardware addresses have fewer.
      if (colons < 7 && !text.slice(start, end).includes("::")) continue;
      // A word and its colon, which may end as a group does: "src:2001:db8::1".
      const colon = text.indexOf(":", start);
      if (isBeside(bytes[start - 1] ?? 0) && bytes[colon + 1] !== COLON) start = colon + 1;
      const address = text.slice(start, end).replace(/\.$|(?<!:):$/, "");
      const bounded = (start > colon || !isBeside(bytes[start - 1] ?? 0)) && !isBeside(bytes[end] ?? 0);
      if (!bounded) continue;
      const whole = isIpv6(address) ? address : withoutPort(address);
      if (isIpv6(whole)) spans.add(start, start + whole.length);
    }
    spans.giveTo(take);
  },
});

const DOT = 0x2e;
const COLON = 0x3a;

function isPart(code: number): boolean {
  return isHex(code) || code === COLON || code === DOT;
}

function isBeside(code: number): boolean {
  return isWordPart(code) || code === 0x5f || code === COLON;
}

const MOST_PORT = 65_535;

/** Eight groups, of which one at least is longer than a byte, and a port behind them. */
function withoutPort(address: string): string {
  const port = /:(\d{2,5})$/.exec(address)?.[1];
  return port !== undefined && Number(port) <= MOST_PORT && /[\da-f]{3}.*:\d+$/i.test(address)
    ? address.slice(0, -port.length - 1)
    : address;
}

/** Eight groups, or two and more around a gap; a digit somewhere, as all have but a few and C++ has not. */
function isIpv6(address: string): boolean {
  if (!/\d/.test(address)) return false;
  const [left = "", right, more] = address.split("::");
  if (more !== undefined) return false;
  const groups = [...partsOf(left), ...partsOf(right ?? "")];
  const last = groups.at(-1) ?? "";
  const hasIpv4 = last.includes(".");
  if (hasIpv4 && !WHOLE_IPV4.test(last)) return false;
  const hex = hasIpv4 ? groups.slice(0, -1) : groups;
  const count = hex.length + (hasIpv4 ? 2 : 0);
  return (
    hex.every((group) => /^[\da-f]{1,4}$/i.test(group)) && (right === undefined ? count === 8 : count >= 2 && count < 8)
  );
}

function partsOf(side: string): string[] {
  return side === "" ? [] : side.split(":");
}
