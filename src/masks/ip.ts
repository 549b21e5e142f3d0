import type { Kernels } from "../kernels/load.ts";
import type { Column } from "../types.ts";
import { Draws, drawsOf } from "./draws.ts";
import { type Address, dotted, grouped, mapped, readAddress } from "./ip-text.ts";
import { declareMask, TEXT_AND_NUMBERS } from "./mask.ts";
import { memoised } from "./memo.ts";
import { mapValues } from "./text.ts";

export const ip = declareMask({
  name: "ip",
  summary:
    "an address cut to its network (/24, /48), or one of the documentation ranges (RFC 5737, RFC 3849); ports, zones and prefix lengths go",
  options: (z) => ({
    to: z
      .enum(["truncate", "documentation"])
      .default("truncate")
      .describe("documentation: keyed; of IPv4 there are 762, so this is no key to join by"),
    with: z.string().default("[IP]").describe("written in place of a value that holds anything else"),
  }),
  accepts: TEXT_AND_NUMBERS,
  action: "text",
  counts: "all",
  compile: ({ to, with: unread }, context) => {
    if (to === "truncate") {
      return memoised((column, kernels) =>
        mapValues(column, kernels, (value) => listed(value, (address) => truncated(address)) ?? unread),
      );
    }
    const key = context.domainKey("ip");
    const ofOne = drawsOf(key, 2);
    const documented = (address: Address) => documentation(address, ofOne(canonical(address)));
    return memoised((column: Column, kernels: Kernels) => {
      const addresses: (Address | undefined)[] = new Array(column.length);
      const forms = mapValues(column, kernels, (value, index) => {
        const address = single(value);
        addresses[index] = address;
        return address === undefined ? value : canonical(address);
      });
      const draws = new Draws(forms, key, kernels, 2);
      return mapValues(column, kernels, (value, index) => {
        const address = addresses[index];
        if (address !== undefined) return documentation(address, (nth) => draws.at(index, nth));
        return listed(value, documented) ?? unread;
      });
    });
  },
});

/** As many as proxies may have passed it on; longer lists are replaced whole. */
const MOST_LISTED = 64;

/** X-Forwarded-For holds several. Undefined where anything is no address. */
function listed(value: string, by: (address: Address) => string): string | undefined {
  const one = single(value);
  if (one !== undefined) return by(one);
  if (value.length > MOST_LISTED * 64) return undefined;
  const parts = value.split(",");
  if (parts.length === 1) return undefined;
  const addresses = parts.map((part) => single(part));
  return addresses.every((address) => address !== undefined) ? addresses.map(by).join(", ") : undefined;
}

const PORT_OF_IPV4 = /^([\d.]+):\d{1,5}$/;
const BRACKETED = /^\[([^\]]*)\](?::\d{1,5})?$/;
const ZONE_OR_PREFIX = /(?:%[^/%]{0,64})?(?:\/\d{1,3})?$/;

/** One address, with what may stand around it: port, zone (RFC 4007), prefix length. */
function single(value: string): Address | undefined {
  if (value.length > 128) return undefined;
  const plain = readAddress(value);
  if (plain !== undefined) return plain;
  const text = value.trim();
  const bare = (BRACKETED.exec(text) ?? PORT_OF_IPV4.exec(text))?.[1] ?? text;
  return readAddress(bare.replace(ZONE_OR_PREFIX, ""));
}

/** One form for all spellings, those mapped into IPv6 included. */
function canonical(address: Address): string {
  if (typeof address === "number") return dotted(address);
  const inner = mapped(address);
  return inner === undefined ? grouped(address) : dotted(inner);
}

function truncated(address: Address): string {
  if (typeof address === "number") return dotted(address - (address % 256));
  const inner = mapped(address);
  if (inner !== undefined) return `::ffff:${dotted(inner - (inner % 256))}`;
  const network = address.slice(0, 3);
  // 6to4 (RFC 3056): the network is an IPv4 address, of which /24 stays.
  if (network[0] === 0x2002) network[2]! &= 0xff00;
  while (network.at(-1) === 0) network.pop();
  return `${grouped(network)}::`;
}

/** RFC 5737: TEST-NET-1 to TEST-NET-3. */
const TEST_NETS = ["192.0.2.", "198.51.100.", "203.0.113."];
/** Hosts of each. */
const HOSTS = 254;

function documentation(address: Address, draw: (nth: number) => number): string {
  if (typeof address === "number" || mapped(address) !== undefined) {
    const one = draw(0) % (TEST_NETS.length * HOSTS);
    const text = TEST_NETS[Math.floor(one / HOSTS)]! + ((one % HOSTS) + 1);
    return typeof address === "number" ? text : `::ffff:${text}`;
  }
  // RFC 3849: 2001:db8::/32.
  return `2001:db8:${threeGroups(draw(0))}:${threeGroups(draw(1))}`;
}

function threeGroups(bits: number): string {
  const high = Math.floor(bits / 0x1000000);
  const low = bits - high * 0x1000000;
  return grouped([high >>> 8, ((high & 0xff) << 8) | (low >>> 16), low & 0xffff]);
}
