import { hitsIn } from "../detectors/detector.ts";
import { DETECTORS } from "../detectors/index.ts";
import { looksSensitive } from "../policy/sensitive.ts";
import type { LeafSample } from "../types.ts";

/** A value of more spaces is text that people write. */
const PROSE_SPACES = 4;
/** The share of a value's letters and digits that may stand beside the identifier that it is: "tel:", a country's name. */
const BESIDE = 1 / 3;
/** The share of all values from which on a shape that others share means something. */
const MOST = 0.8;
/** Fewer values tell no sequence from chance. */
const FEWEST = 16;

/** E.164 numbers without their plus: 11 to 13 digits that are neither milliseconds since 1970 nor a date and time. */
const E164 = /^(?!1\d{12}$)(?!(?:19|20)\d\d(?:0[1-9]|1[0-2])[0-3]\d)[1-9]\d{10,12}$/;
const DATE = /^(\d{4})-\d\d-\d\d(?:$|[T ]00:00)/;
/** Years in which people are born who call today, and how far they lie apart at least. */
const BORN: readonly [number, number] = [1915, 2012];
const GENERATION = 20;

/** Characters of a value that are looked at: what it is shows at its start. */
export const LONGEST = 1024;

/** Forms of a text that is no identifier: what they are says whether it needs to be looked through at all. */
const FORMS: readonly (readonly [name: string, pattern: RegExp])[] = [
  ["uuid", /^[\da-f]{8}-?[\da-f]{4}-?[\da-f]{4}-?[\da-f]{4}-?[\da-f]{12}$/i],
  ["number", /^-?(?:\d{1,6}|\d{1,9}\.\d{1,9})$/],
  ["time", /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?)?$/],
];
/** How a JSON document begins; where it is longer than what is looked at, this has to do. */
const DOCUMENT = /^\s{0,9}(?:\{\s{0,99}["}]|\[\s{0,99}["{\]\d[tfn-])/;

/** Counts what a leaf's values are. */
export class Tally {
  values = 0;
  #prose = 0;
  readonly #whole: Record<string, number> = {};
  readonly #mentioned: Record<string, number> = {};
  readonly #members: Record<string, number> = {};
  readonly #forms: Record<string, number> = {};
  readonly #different = new Set<string>();
  #bareNumbers = 0;
  readonly #integers = new Integers();
  readonly #years = new Years();

  /** A number with a fraction is an amount or a measure, whatever its digits. */
  addNumber(value: string): void {
    const whole = /^(\d+)(?:\.0+)?$/.exec(value)?.[1];
    if (whole === undefined) this.values++;
    else this.add(whole);
  }

  add(value: string): void {
    this.values++;
    this.#different.add(value);
    const form = formOf(value);
    if (form !== undefined) count(this.#forms, form);
    if (value.split(" ", PROSE_SPACES + 1).length > PROSE_SPACES) this.#prose++;
    this.#integers.add(value);
    this.#years.add(value);
    for (const look of membersOf(value)) count(this.#members, look);
    const found = identifiersIn(value);
    for (const name of found.names) count(this.#mentioned, name);
    if (found.whole !== undefined) count(this.#whole, found.whole);
    else if (E164.test(value)) this.#bareNumbers++;
  }

  counts(): LeafSample {
    const { values } = this;
    const more = { forms: { ...this.#forms }, distinct: this.#different.size };
    const whole = { ...this.#whole };
    const mentioned = { ...this.#mentioned };
    if (this.#years.areBirths(values)) whole["date of birth"] = this.#years.count;
    const phones = (whole.phone ?? 0) + this.#bareNumbers;
    if (this.#bareNumbers > 0 && phones >= values * MOST) whole.phone = phones;
    // Numbers that count up are nobody's, whatever they look like.
    const sequence = this.#integers.areSequence(values);
    const members = Object.keys(this.#members).length > 0 && { members: { ...this.#members } };
    return {
      values,
      prose: this.#prose,
      whole: sequence ? {} : whole,
      mentioned: sequence ? {} : mentioned,
      ...more,
      ...members,
    };
  }
}

/** The beginning of a JSON document that holds an object. */
const OBJECTS = /^\s*\[?\s*\{\s*"/;
const MEMBER = /"((?:[^"\\]|\\.){1,64})"\s*:/g;

/** What members of a JSON document look like, each once. */
function membersOf(value: string): ReadonlySet<string> {
  if (!OBJECTS.test(value)) return NONE;
  const looks = [...value.matchAll(MEMBER)].map(([, name]) => looksSensitive(name!)?.replace(/^looks like /, ""));
  return new Set(looks.filter((look) => look !== undefined));
}

const NONE: ReadonlySet<string> = new Set();

function count(counts: Record<string, number>, name: string): void {
  counts[name] = (counts[name] ?? 0) + 1;
}

function formOf(value: string): string | undefined {
  if (DOCUMENT.test(value)) return value.length >= LONGEST || isDocument(value) ? "json" : undefined;
  return FORMS.find(([, pattern]) => pattern.test(value))?.[0];
}

function isDocument(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

interface Finder {
  readonly name: string;
  /** The text without what was found; whether there was anything. */
  readonly take: (text: string) => { readonly rest: string; readonly found: boolean };
}

/** A detector takes its hits out, so that a later one does not see them. */
const FINDERS: readonly Finder[] = DETECTORS.map(({ name, substitution }) => {
  let hits = 0;
  const found = substitution("|", (more) => {
    hits += more;
  });
  const apply =
    "pattern" in found ? (text: string) => text.replace(found.pattern, found.with as string) : found.replaceAll;
  return {
    name,
    take: (text) => {
      hits = 0;
      const rest = apply(text);
      return { rest, found: hits > 0 };
    },
  };
});

/** The identifiers that a value holds, and the one that it is as a whole. */
function identifiersIn(value: string): { names: readonly string[]; whole: string | undefined } {
  const names: string[] = [];
  // As long as nothing is taken out, detectors in turn see what they see together.
  if (hitsIn(value, DETECTORS).length === 0) return { names, whole: undefined };
  let rest = value;
  for (const { name, take } of FINDERS) {
    const taken = take(rest);
    rest = taken.rest;
    if (taken.found) names.push(name);
  }
  const whole = names.length > 0 && signs(rest) <= signs(value) * BESIDE ? names[0] : undefined;
  return { names, whole };
}

/** Letters and digits. */
function signs(text: string): number {
  return text.replace(/[^\p{L}\p{N}]+/gu, "").length;
}

/** Whole numbers in the order of their rows. */
class Integers {
  #count = 0;
  #least = Number.POSITIVE_INFINITY;
  #largest = 0;
  #last = 0;
  #ascents = 0;

  add(value: string): void {
    if (!/^\d{1,19}$/.test(value)) return;
    const number = Number(value);
    this.#count++;
    if (number > this.#last) this.#ascents++;
    this.#last = number;
    this.#least = Math.min(this.#least, number);
    this.#largest = Math.max(this.#largest, number);
  }

  /** Nearly all ascend, in small steps. */
  areSequence(values: number): boolean {
    return (
      values >= FEWEST &&
      this.#count === values &&
      this.#ascents >= values * 0.98 - 1 &&
      this.#largest - this.#least < values * 1000
    );
  }
}

/** Years of values that are days. */
class Years {
  count = 0;
  #first = Number.POSITIVE_INFINITY;
  #last = 0;

  add(value: string): void {
    const year = Number(DATE.exec(value)?.[1]);
    if (!(year >= BORN[0] && year <= BORN[1])) return;
    this.count++;
    this.#first = Math.min(this.#first, year);
    this.#last = Math.max(this.#last, year);
  }

  areBirths(values: number): boolean {
    return this.count > 0 && this.count >= values * MOST && this.#last - this.#first >= GENERATION;
  }
}
