import { type Detector, hitsIn } from "../detectors/detector.ts";
import { ALWAYS, DETECTORS, HARD } from "../detectors/index.ts";
import type { Expected, ExpectedLeaf } from "./expected.ts";
import type { Findings } from "./findings.ts";

/** A value of the output. */
export interface Output {
  readonly row: number;
  readonly leaf: number;
  readonly text: string;
  readonly expected: Expected;
}

/** Nobody's: RFC 2606 names, tokens at whatever domain, the North American numbers kept for fiction. */
const SAFE = [
  /[^\s@]{1,64}@(?:[a-z\d-]{1,63}\.){0,4}(?:example(?:\.(?:com|net|org))?|invalid|test|localhost)\b/giu,
  /\buser_[\da-f]{16}@[^\s@,;<>"]+/g,
  /(?<!\d)(?:\+?1[-. ]?)?\(?[2-9]\d\d\)?[-. ]?555[-. ]?01\d\d(?!\d)/g,
];

/** Detectors do not look over it. */
const BETWEEN = "\u0001";
/** Outside of free text, nothing is an identifier without a digit of some script, or an at sign. */
const MAY_IDENTIFY = /@|\d|[^\0-\x7f]/;
/** Its digits are no identifier of anybody, as `Passage` has it: not worth a look at all of them. */
const UUID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i;
const UUID_LENGTH = 36;
const BARE = /^[\d.eE+-]+$/;

/** Looks through the output with the detectors, apart from the masks and their columns. */
export class Detection {
  readonly #leaves: readonly ExpectedLeaf[];
  readonly #safe: readonly RegExp[];
  readonly #chosen = new Map<Expected, readonly Detector[]>();

  constructor(leaves: readonly ExpectedLeaf[]) {
    this.#leaves = leaves;
    const forms = leaves.flatMap((leaf) => [leaf, ...leaf.cases.map((one) => one.expected)].map(({ form }) => form));
    const sources = new Set(forms.flatMap((form) => (form ? [form.source.slice(1, -1)] : [])));
    this.#safe = [...SAFE, ...[...sources].map((source) => new RegExp(source, "gu"))];
  }

  /** @param outputs the values of some records, of any leaves, that are worth a look */
  look(outputs: readonly Output[], findings: Findings): void {
    // Nearly always there is nothing: one look at all of them says so, else one at those of a column.
    for (const [chosen, together] of Map.groupBy(outputs, ({ expected }) => this.#chosenFor(expected))) {
      if (!holdsAny(together, chosen)) continue;
      for (const group of Map.groupBy(together, ({ expected }) => expected).values()) {
        if (holdsAny(group, chosen)) for (const output of group) this.#lookAt(output, chosen, findings);
      }
    }
  }

  #chosenFor(expected: Expected): readonly Detector[] {
    let chosen = this.#chosen.get(expected);
    if (!chosen) {
      chosen = chosenFor(expected);
      this.#chosen.set(expected, chosen);
    }
    return chosen;
  }

  /** Whether a text holds what its scan was told not to look for. */
  leftByRule({ mask, options: { detectors } }: Expected, text: string): boolean {
    if (mask !== "scan" || !Array.isArray(detectors)) return false;
    const others = DETECTORS.filter(({ name }) => !detectors.includes(name));
    return hitsIn(text, others).length > 0;
  }

  #lookAt({ row, leaf, text, expected }: Output, chosen: readonly Detector[], findings: Findings): void {
    if (hitsIn(text, chosen).length === 0) return;
    const rest = this.#safe.reduce((left, safe) => left.replace(safe, " "), text);
    for (const what of new Set(hitsIn(rest, chosen).map(({ detector }) => detector))) {
      const verdict = this.#verdict(what, expected, leaf, text);
      if (verdict) findings.add({ check: "detector", leaf, from: undefined, what, ...verdict }, [row]);
    }
  }

  #verdict(
    name: string,
    { mask, options, keptBy }: Expected,
    leaf: number,
    text: string,
  ): { tolerated: number; why: string } | undefined {
    if (mask === "json" && keepsWithin(options)) return { tolerated: 1, why: "kept within a document, by rule" };
    // One number in ten passes a card's check digit; a column of cards is one nearly throughout.
    if (keptBy === "default" && (BARE.test(text) || this.#leaves[leaf]!.kind !== "utf8"))
      return name === "card" ? { tolerated: 0.25, why: "coincidence" } : undefined;
    return { tolerated: 0, why: "" };
  }
}

/** Whether detectors may find something in a result. */
export function isWorthALook(text: string, { mask, shortest }: Expected): boolean {
  if (text.length < shortest) return false;
  if (mask === "scan") return true;
  return MAY_IDENTIFY.test(text) && !(text.length === UUID_LENGTH && UUID.test(text));
}

function holdsAny(outputs: readonly Output[], detectors: readonly Detector[]): boolean {
  return hitsIn(outputs.map(({ text }) => text).join(BETWEEN), detectors).length > 0;
}

/** A scan was to find all that it was told to; elsewhere nothing may be that tells who somebody is. */
function chosenFor({ mask, options: { detectors } }: Expected): readonly Detector[] {
  if (mask !== "scan") return HARD;
  if (!Array.isArray(detectors)) return DETECTORS;
  return DETECTORS.filter((one) => detectors.includes(one.name) || ALWAYS.includes(one));
}

/** Whether something in a JSON document is kept, by a rule of it or by what becomes of the rest. */
function keepsWithin(options: Readonly<Record<string, unknown>>): boolean {
  const { rules, unmatched } = options as {
    readonly rules: readonly { readonly mask: string }[];
    readonly unmatched: Readonly<Record<string, string>>;
  };
  return rules.some(({ mask }) => mask === "keep") || Object.values(unmatched).includes("keep");
}
