import type { LeafSample } from "../../types.ts";

/** What the samples of a leaf show together: counts, never a value. */
export interface Evidence extends Omit<LeafSample, "keys"> {
  /** Of the most alike of the samples: what a few values make up in one file, they need not in another. */
  readonly distinct: number;
}

/** Everything that was sampled of a leaf, also under the keys of a map. */
export function evidenceOf(samples: readonly LeafSample[]): Evidence {
  const all = samples.flatMap((one) => [one, ...Object.values(one.keys ?? {})]);
  return {
    values: total(all.map(({ values }) => values)),
    prose: total(all.map(({ prose }) => prose)),
    whole: together(all.map(({ whole }) => whole)),
    mentioned: together(all.map(({ mentioned }) => mentioned)),
    forms: together(all.map(({ forms }) => forms)),
    distinct: Math.max(0, ...all.map(({ distinct }) => distinct)),
  };
}

type Counts = Readonly<Record<string, number>>;

function together(counts: readonly Counts[]): Counts {
  const sum: Record<string, number> = {};
  for (const [name, count] of counts.flatMap((one) => Object.entries(one))) sum[name] = (sum[name] ?? 0) + count;
  return sum;
}

function total(numbers: readonly number[]): number {
  return numbers.reduce((sum, one) => sum + one, 0);
}

/** The share of the sampled values, from 0 to 1, that are one of these as a whole. */
export function shareOf({ values, whole }: Evidence, ...names: readonly string[]): number {
  return values === 0 ? 0 : total(names.map((name) => whole[name] ?? 0)) / values;
}

/** Of the kinds that were counted the most frequent. */
export function leadingOf(counts: Counts): string | undefined {
  return Object.entries(counts).toSorted(([, a], [, b]) => b - a)[0]?.[0];
}

/** By detector, and for births, which a column shows as a whole. */
const NOUNS: Readonly<Record<string, readonly [one: string, many: string]>> = {
  card: ["a card number", "card numbers"],
  phone: ["a phone number", "phone numbers"],
  email: ["an email address", "email addresses"],
  ssn: ["a social security number", "social security numbers"],
  ip: ["a network address", "network addresses"],
  iban: ["an IBAN", "IBANs"],
  url: ["a web address", "web addresses"],
  cvv: ["a card code", "card codes"],
  track: ["a card's track", "cards' tracks"],
  dob: ["a date of birth", "dates of birth"],
  "date of birth": ["a date of birth", "dates of birth"],
  mrn: ["a record number", "record numbers"],
  account: ["an account number", "account numbers"],
};

/** "of 256 sampled values 240 are phone numbers, 3 email addresses" */
export function saysWhole({ values, whole }: Evidence): string {
  return `${ofSampled(values)} ${listed(whole, "is", "are")}`;
}

/** "of 256 sampled values 31 mention a phone number, 4 an email address" */
export function saysMentioned({ values, mentioned }: Evidence): string {
  const found = byCount(mentioned).map(([name, count], index) => {
    const verb = index > 0 ? "" : count === 1 ? "mentions " : "mention ";
    return `${number(count)} ${verb}${NOUNS[name]?.[0] ?? `a ${name}`}`;
  });
  return `${ofSampled(values)} ${found.join(", ")}`;
}

/** Of nothing there is nothing to say. */
export function saysValues(values: number): string {
  return values === 0 ? "no value in the sample" : `${number(values)} value${values === 1 ? "" : "s"} sampled`;
}

function ofSampled(values: number): string {
  return `of ${number(values)} sampled value${values === 1 ? "" : "s"}`;
}

function listed(counts: Counts, is: string, are: string): string {
  const found = byCount(counts);
  if (found.length === 0) return `none ${is} an identifier`;
  return found
    .map(([name, count], index) => {
      const [one, many] = NOUNS[name] ?? [`a ${name}`, `${name}s`];
      const verb = index > 0 ? "" : count === 1 ? `${is} ` : `${are} `;
      return `${number(count)} ${verb}${count === 1 ? one : many}`;
    })
    .join(", ");
}

function byCount(counts: Counts): [string, number][] {
  return Object.entries(counts)
    .filter(([, count]) => count > 0)
    .toSorted(([, a], [, b]) => b - a);
}

export function number(count: number): string {
  return count.toLocaleString("en");
}
