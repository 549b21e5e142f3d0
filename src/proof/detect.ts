import { DETECTORS } from "../detectors/index.ts";
import type { Expected, ExpectedLeaf } from "./expected.ts";
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

/** Digits of any script, or an address. */
const MAY_IDENTIFY = /@|\d|[^\0-\x7f]/;
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
      if (!MAY_IDENTIFY.test(output.text)) continue;
      const group = groups.get(output.expected);
      if (group) group.push(output);
      else groups.set(output.expected, [output]);
    }
    for (const [expected, group] of groups) {
      if (expected.ownDigits) continue;
      // Nearly always there is nothing: one look at all of them says so.
      const all = group.map(({ text }) => text).join("\n");
      for (const detector of LOOKING) {
        if (this.#mayHold(detector, expected) && detector.hitsIn(all) > 0)
          this.#lookAtEach(detector, expected, group, findings);
      }
    }
  }

  /** Whether a text holds what its scan was told not to look for. */
  leftByRule({ mask, options: { detectors } }: Expected, text: string): boolean {
    if (mask !== "scan" || !Array.isArray(detectors)) return false;
    return LOOKING.some((one) => !detectors.includes(one.name) && one.hitsIn(text) > 0);
  }

  #mayHold({ name }: Looking, expected: Expected): boolean {
    return HARD.has(name) || expected.mask === "scan";
  }

  #lookAtEach(detector: Looking, expected: Expected, group: readonly Output[], findings: Findings): void {
    for (const { row, leaf, text } of group) {
      if (detector.hitsIn(text) === 0) continue;
      const rest = this.#safe.reduce((left, safe) => left.replace(safe, " "), text);
      if (detector.hitsIn(rest) === 0) continue;
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

/** A detector by itself, not through a column: how often it finds something in a text. */
interface Looking {
  readonly name: string;
  readonly hitsIn: (text: string) => number;
}

const LOOKING: readonly Looking[] = DETECTORS.map((detector) => {
  let hits = 0;
  const substitution = detector.substitution("", (more) => {
    hits += more;
  });
  const through =
    "replaceAll" in substitution
      ? substitution.replaceAll
      : (text: string) => {
          const pattern = /[^\0-\x7f]/.test(text) ? substitution.pattern : (substitution.ascii ?? substitution.pattern);
          return text.replace(pattern, substitution.with as string);
        };
  const hitsIn = (text: string) => {
    hits = 0;
    through(text);
    return hits;
  };
  return { name: detector.name, hitsIn };
});
