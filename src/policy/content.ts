import type { LeafSample } from "../types.ts";

/** What a leaf's content looks like. */
export interface Content {
  /** A column of identifiers, or text that mentions them. */
  readonly kind: "identifiers" | "mentions";
  /** What most of them are: "a phone number". */
  readonly what: string;
  /** The share of the sample's values, in whole percent. */
  readonly percent: number;
}

/** A share of values that hold an identifier from which on they are no accident. */
const SMALL = 0.05;
const RARE = 0.01;

/** By detector; another one's name stands for itself. */
const MEANINGS: Readonly<Record<string, string>> = {
  card: "a card",
  phone: "a phone number",
  email: "an email address",
  ssn: "a government number",
  ip: "a network address",
  iban: "an account",
  url: "a web address",
  "date of birth": "a date of birth",
};

/**
 * Judges a leaf by a sample of its values. Text that mentions identifiers is not a column of them: most of its values
 * are sentences, few are wholly one identifier.
 */
function contentOf({ values, prose, whole, mentioned, members = {} }: LeafSample): Content | undefined {
  if (values === 0) return undefined;
  // What a document's member is called tells what a detector would not find: a name.
  const [member] = Object.entries(members).toSorted(([, a], [, b]) => b - a);
  if (member)
    return { kind: "identifiers", what: `JSON with ${member[0]}`, percent: Math.ceil((member[1] * 100) / values) };
  const identifiers = sum(whole) / values;
  const isText = prose >= values / 2 && identifiers < 0.5;
  if (identifiers > SMALL && !isText) return { kind: "identifiers", ...leading(whole, identifiers) };
  const mentions = Math.max(0, ...Object.values(mentioned)) / values;
  return mentions > RARE ? { kind: "mentions", ...leading(mentioned, mentions) } : undefined;
}

/** `looks like a phone number by content`: stands in plans, reports and the lock. */
export function contentReason({ kind, what }: Content): string {
  return kind === "identifiers" ? `looks like ${what} by content` : `mentions ${what} by content`;
}

/** What `contentReason` said it of; undefined where it was said of a name. */
export function contentOfReason(reason: string): Content | undefined {
  const [, verb, what] = /^(looks like|mentions) (.+) by content$/.exec(reason) ?? [];
  return what === undefined ? undefined : { kind: verb === "mentions" ? "mentions" : "identifiers", what, percent: 0 };
}

function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}

function leading(counts: Readonly<Record<string, number>>, share: number): { what: string; percent: number } {
  const [name = ""] = Object.entries(counts).toSorted(([, a], [, b]) => b - a)[0] ?? [];
  return { what: MEANINGS[name] ?? `a ${name}`, percent: Math.round(share * 100) };
}

/** What leaves look like by content, by path: as a whole, and in a map by key too. */
export type Contents = ReadonlyMap<string, LeafContent>;

export interface LeafContent {
  /** In a map: under keys that are no names. */
  readonly whole: Content | undefined;
  readonly keys: ReadonlyMap<string, Content | undefined>;
}

/** Samples of one leaf in several files: what stands in one of them counts for all. */
export function judge(samples: readonly LeafSample[]): LeafContent {
  const keys = new Set(samples.flatMap(({ keys: own = {} }) => Object.keys(own)));
  return { whole: strongest(samples), keys: new Map([...keys].map((key) => [key, strongest(ofKey(samples, key))])) };
}

/** What the samples of a map show under one of its keys. */
export function ofKey(samples: readonly LeafSample[], key: string): LeafSample[] {
  // A key may be called as a member that every object has.
  return samples.flatMap(({ keys = {} }) => (Object.hasOwn(keys, key) ? keys[key]! : []));
}

function strongest(samples: readonly LeafSample[]): Content | undefined {
  const rank = (one: Content) => (one.kind === "identifiers" ? 1000 : 0) + one.percent;
  return samples
    .flatMap((sample) => contentOf(sample) ?? [])
    .reduce<Content | undefined>((best, one) => (best && rank(best) >= rank(one) ? best : one), undefined);
}
