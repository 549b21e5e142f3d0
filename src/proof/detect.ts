import type { Detector } from "../detectors/detector.ts";
import { DETECTORS } from "../detectors/index.ts";
import { type Expected, type ExpectedLeaf, isSearched } from "./expected.ts";
import type { Findings } from "./findings.ts";

/** A value of the output. */
export interface Output {
  readonly row: number;
  readonly leaf: number;
  readonly text: string;
  readonly expected: Expected;
}

/** These identify somebody wherever they stand; the others do where a mask was asked to look for them. */
const HARD = new Set(["card", "ssn", "email", "phone", "iban", "cvv", "track"]);

/** Nobody's: RFC 2606 names, the North American numbers kept for fiction. */
const SAFE = [
  /[^\s@]{1,64}@(?:[a-z\d-]{1,63}\.){0,4}(?:example(?:\.(?:com|net|org))?|invalid|test|localhost)\b/giu,
  /(?<!\d)(?:\+?1[-. ]?)?\(?[2-9]\d\d\)?[-. ]?555[-. ]?01\d\d(?!\d)/g,
];

const BARE = /^[\d.eE+-]+$/;

/** Looks through the output with the detectors, apart from the masks and their columns. */
export class Detection {
  readonly #leaves: readonly ExpectedLeaf[];
  readonly #safe: readonly RegExp[];

  constructor(leaves: readonly ExpectedLeaf[]) {
    this.#leaves = leaves;
    const forms = leaves.flatMap((leaf) => [leaf, ...leaf.cases.map((one) => one.expected)].map(({ form }) => form));
    const sources = new Set(forms.flatMap((form) => (form ? [form.source.slice(1, -1)] : [])));
    this.#safe = [...SAFE, ...[...sources].map((source) => new RegExp(source, "gu"))];
  }

  /** @param outputs the values of some records, of any leaves */
  look(outputs: readonly Output[], findings: Findings): void {
    const groups = new Map<Expected, Output[]>();
    for (const output of outputs) {
      const group = groups.get(output.expected);
      if (group) group.push(output);
      else groups.set(output.expected, [output]);
    }
    for (const [expected, group] of groups) {
      if (expected.ownDigits || !isSearched(this.#leaves[group[0]!.leaf]!.kind)) continue;
      // Nearly always there is nothing: one look at all of them says so.
      const all = group.map(({ text }) => text).join("\n");
      if (!/\d|@/.test(all)) continue;
      for (const detector of DETECTORS) {
        if (this.#mayHold(detector, expected) && hitsOf(detector, all) > 0)
          this.#lookAtEach(detector, expected, group, findings);
      }
    }
  }

  /** Whether a text holds what its scan was told not to look for. */
  leftByRule({ mask, options: { detectors } }: Expected, text: string): boolean {
    if (mask !== "scan" || !Array.isArray(detectors)) return false;
    return DETECTORS.some((one) => !detectors.includes(one.name) && hitsOf(one, text) > 0);
  }

  #mayHold({ name }: Detector, expected: Expected): boolean {
    return HARD.has(name) || expected.mask === "scan";
  }

  #lookAtEach(detector: Detector, expected: Expected, group: readonly Output[], findings: Findings): void {
    for (const { row, leaf, text } of group) {
      if (hitsOf(detector, text) === 0) continue;
      const rest = this.#safe.reduce((left, safe) => left.replace(safe, " "), text);
      if (hitsOf(detector, rest) === 0) continue;
      const verdict = this.#verdict(detector.name, expected, leaf, text);
      if (verdict) findings.add({ check: "detector", leaf, from: undefined, what: detector.name, ...verdict }, [row]);
    }
  }

  #verdict(
    name: string,
    { mask, options, keptBy }: Expected,
    leaf: number,
    text: string,
  ): { tolerated: number; why: string } | undefined {
    if (keptBy === "rule") return { tolerated: 1, why: "kept by rule" };
    if (mask === "scan") {
      const { detectors } = options;
      const looked = !Array.isArray(detectors) || detectors.includes(name);
      return looked ? { tolerated: 0, why: "" } : { tolerated: 1, why: "not looked for, by rule" };
    }
    // One number in ten passes a card's check digit; a column of cards is one nearly throughout.
    if (keptBy === "default" && (BARE.test(text) || this.#leaves[leaf]!.kind !== "utf8"))
      return name === "card" ? { tolerated: 0.25, why: "coincidence" } : undefined;
    return { tolerated: 0, why: "" };
  }
}

/** How often a detector finds something in a text, by its own pattern and not through a column. */
function hitsOf(detector: Detector, text: string): number {
  let hits = 0;
  const substitution = detector.substitution("", (more) => {
    hits += more;
  });
  if ("replaceAll" in substitution) substitution.replaceAll(text);
  else text.replace(substitution.pattern, substitution.with as string);
  return hits;
}
