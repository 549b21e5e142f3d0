/**
 * Which conditions of a policy's statement keep the public out, as AWS has it ("The meaning of 'public'", Amazon S3 User
 * Guide, Blocking public access): only fixed values of these keys do, without wildcards and policy variables, and
 * networks that are not very broad.
 */
import { isIPv4, isIPv6 } from "node:net";

/** Whom a statement's conditions leave. */
export interface Narrowing {
  /** At least one condition keeps the public out. */
  readonly narrow: boolean;
  /** Of the conditions that name accounts, the accounts that each lets in. All conditions must hold. */
  readonly accounts: readonly (readonly string[])[];
  /** What keeps the public out is membership of these organizations. */
  readonly organizations: readonly string[];
}

type Kind = "fixed" | "network" | "account" | "arn" | "access-point" | "organization";

/** In lower case: condition keys are of any case. */
const KEYS: ReadonlyMap<string, Kind> = new Map([
  ["aws:sourceip", "network"],
  ["aws:sourcevpc", "fixed"],
  ["aws:sourcevpce", "fixed"],
  ["aws:userid", "fixed"],
  ["s3:x-amz-server-side-encryption-aws-kms-key-id", "fixed"],
  ["aws:sourceaccount", "account"],
  ["aws:sourceowner", "account"],
  ["aws:principalaccount", "account"],
  ["s3:dataaccesspointaccount", "account"],
  ["aws:sourcearn", "arn"],
  ["aws:principalarn", "arn"],
  ["s3:dataaccesspointarn", "access-point"],
  ["aws:principalorgid", "organization"],
  ["aws:principalorgpaths", "organization"],
]);

/** Negated operators and `…IfExists` hold for the public too, and so does `ForAllValues:` where the key is absent. */
const TEXT = /^(?:foranyvalue:)?(?:string(?:equals|equalsignorecase|like)|arn(?:equals|like))$/;
const NETWORK = /^(?:foranyvalue:)?ipaddress$/;

/** AWS calls broader networks public; the private ones of RFC 1918 are all narrower. Bits. */
const BROADEST = { v4: 8, v6: 32 };

/** @param condition - the `Condition` element as parsed, of any form */
export function narrowingOf(condition: unknown): Narrowing {
  const accounts: (readonly string[])[] = [];
  const organizations: string[] = [];
  let narrow = false;
  for (const [operator, keys] of entriesOf(condition)) {
    for (const [key, given] of entriesOf(keys)) {
      const kind = KEYS.get(key.toLowerCase());
      const values = (Array.isArray(given) ? given : [given]).filter((one) => typeof one === "string");
      const all = values.length > 0 && (!Array.isArray(given) || values.length === given.length);
      if (kind === undefined || !all || !narrows(kind, operator.toLowerCase(), values)) continue;
      narrow = true;
      if (kind === "organization") organizations.push(...values);
      if (kind === "account") accounts.push(values);
      // Buckets have ARNs without an account: who stands behind those is for S3 to check.
      const named = kind === "arn" || kind === "access-point" ? values.map(accountOfArn) : [];
      if (named.some((account) => account !== "")) accounts.push(named.filter((account) => account !== ""));
    }
  }
  return { narrow, accounts, organizations };
}

function narrows(kind: Kind, operator: string, values: readonly string[]): boolean {
  if (kind === "network") return NETWORK.test(operator) && values.every(isNarrowNetwork);
  if (!TEXT.test(operator)) return false;
  // The name of an access point may hold a wildcard, its account may not.
  if (kind === "access-point") {
    return values.every((arn) => /^arn:[\w-]+:s3:[\w-]+:\d{12}:accesspoint\//.test(arn) && !arn.includes("${"));
  }
  return values.every(isFixed);
}

export function isFixed(value: string): boolean {
  return value !== "" && !/[*?]|\$\{/.test(value);
}

function isNarrowNetwork(cidr: string): boolean {
  const [address = "", bits, ...more] = cidr.split("/");
  if (more.length > 0 || (bits !== undefined && !/^\d{1,3}$/.test(bits))) return false;
  if (isIPv4(address)) return Number(bits ?? 32) >= BROADEST.v4;
  // Among those that begin with zeros are all of IPv4 (::ffff:0:0/96).
  return isIPv6(address) && !/^[0:]+:/.test(address) && Number(bits ?? 128) >= BROADEST.v6;
}

/** `arn:partition:service:region:account:resource` → its account, empty where it has none. */
export function accountOfArn(arn: string): string {
  return /^arn:[^:]*:[^:]*:[^:]*:([^:]*):/.exec(arn)?.[1] ?? "";
}

/** An object's members; none of anything else. */
export function entriesOf(value: unknown): [string, unknown][] {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? Object.entries(value) : [];
}
