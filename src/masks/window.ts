import { type AST, parseRegExpLiteral } from "@eslint-community/regexpp";

/** In a window: any of 0 to 9. Other bytes stand for themselves. */
export const ANY_DIGIT = 0x80;
/** Longer ones find no less. */
const LONGEST = 8;

/**
 * Bytes that stand somewhere in every match of a pattern, one after the other: digits (ANY_DIGIT) and ASCII characters.
 * A value without them need not be looked at. `\d{3}-\d{2}` has d d d - d d; `\+?\d{10,15}` has ten digits.
 * @returns the longest, at most 8 bytes; undefined where the pattern has none that parsing shows
 */
export function windowOf(pattern: RegExp): Uint8Array<ArrayBuffer> | undefined {
  const { alternatives } = parseRegExpLiteral(pattern).pattern;
  const [only, second] = alternatives;
  if (!only || second) return undefined;
  const runs = new Runs(pattern.ignoreCase);
  runs.sequence(only);
  return runs.longest.length === 0 ? undefined : Uint8Array.from(runs.longest.slice(0, LONGEST));
}

/** Follows a pattern from left to right and keeps what must follow each other without a gap. */
class Runs {
  longest: readonly number[] = [];
  readonly #ignoreCase: boolean;
  #run: number[] = [];

  constructor(ignoreCase: boolean) {
    this.#ignoreCase = ignoreCase;
  }

  sequence({ elements }: AST.Alternative): void {
    for (const element of elements) this.#element(element);
    this.#keep();
  }

  #element(element: AST.Element): void {
    // Assertions take no room: what stands around them stands together.
    if (element.type === "Assertion") return;
    if ((element.type === "Group" || element.type === "CapturingGroup") && element.alternatives.length === 1) {
      if (element.type === "Group" && element.modifiers) this.#gap();
      else for (const inner of element.alternatives[0]!.elements) this.#element(inner);
      return;
    }
    if (element.type === "Quantifier") {
      this.#quantifier(element);
      return;
    }
    const byte = this.#byteOf(element);
    if (byte === undefined) this.#gap();
    else this.#run.push(byte);
  }

  #quantifier({ element, min, max }: AST.Quantifier): void {
    const byte = this.#byteOf(element);
    if (byte === undefined) {
      this.#gap();
      return;
    }
    const least = Array.from({ length: Math.min(min, LONGEST) }, () => byte);
    this.#run.push(...least);
    if (min === max && min <= LONGEST) return;
    // Any number of the same may stand between those before and those behind.
    this.#gap();
    this.#run.push(...least);
  }

  #gap(): void {
    this.#keep();
    this.#run = [];
  }

  #keep(): void {
    if (this.#run.length > this.longest.length) this.longest = this.#run;
  }

  #byteOf(element: AST.Element): number | undefined {
    if (element.type === "CharacterSet") return element.kind === "digit" && !element.negate ? ANY_DIGIT : undefined;
    if (element.type !== "Character" || element.value > 0x7f) return undefined;
    const letter = /[a-z]/i.test(String.fromCharCode(element.value));
    return letter && this.#ignoreCase ? undefined : element.value;
  }
}
