import { Buffer } from "node:buffer";
import { type Detection, isWorthALook, type Output } from "./detect.ts";
import type { Expected, ExpectedLeaf } from "./expected.ts";
import { Findings } from "./findings.ts";
import { holdsWord, type Identifier, identifiersOf, isFreeText, nameOf, survivesIn } from "./identifiers.ts";
import { coreOfLine } from "./line.ts";
import type { SourceValues } from "./values.ts";
import { isShort, SHORT_NUMBER, textOf, Written } from "./written.ts";

/** Up to this share of a column's values, a short number or a name may be there twice by chance. */
const CHANCE = 0.01;

/** Without any there is nothing to mask. */
const LETTER_OR_DIGIT = /[\p{L}\p{N}]/u;

/** The same where digits are put in place of digits: of fictional numbers there are a hundred to a town. */
const OWN_CHANCE = 0.05;

/** Compares records before and after, value by value: what should be gone is gone, what should be there is there. */
export class RecordProof {
  readonly findings = new Findings();
  /** Values looked at, by leaf. */
  readonly values: number[];
  readonly #leaves: readonly ExpectedLeaf[];
  readonly #detection: Detection;
  /** Of some records: what detectors are to look at. */
  readonly #outputs: Output[] = [];
  readonly #record = new Written();
  readonly #sources: Identifier[] = [];
  readonly #sourceLeaves: number[] = [];
  #row = 0;
  #line: Buffer = Buffer.alloc(0);

  constructor(leaves: readonly ExpectedLeaf[], detection: Detection) {
    this.#leaves = leaves;
    this.#detection = detection;
    this.values = leaves.map(() => 0);
  }

  /** @param line the record as it was written */
  begin(row: number, line: Buffer): void {
    this.#row = row;
    this.#line = line;
    this.#record.length = 0;
    this.#sources.length = 0;
    this.#sourceLeaves.length = 0;
  }

  /**
   * @param source where the value was
   * @param at which of these it was
   * @param output what stands in the record now, undefined where nothing does
   */
  leaf(index: number, expected: Expected, source: SourceValues, at: number, output: unknown): void {
    const leaf = this.#leaves[index]!;
    const isNull = source.isNull(at);
    const isFilled = !isNull && !source.isEmpty(at);
    if (!isSameNull(expected, isNull, isFilled, output))
      this.wrong(index, isNull ? "null" : output === null ? "nulls" : "values");
    if (isFilled && (expected.identifies || expected.names)) this.#take(index, expected, source.text(at)!);
    if (typeof output === "object" || output === undefined || output === "") return;
    this.values[index]!++;
    if (expected.keptBy !== undefined && leaf.comparable && !source.is(at, textOf(output)))
      this.wrong(index, "kept values");
    if (expected.form) {
      const text = textOf(output);
      if (expected.form.test(text) && !this.#isUnchanged(expected, source, at, text)) return;
      this.findings.add({ check: "form", leaf: index, from: undefined, what: expected.mask, tolerated: 0, why: "" }, [
        this.#row,
      ]);
    }
    if (!leaf.searched) return;
    this.#record.add(index, expected, source, at, output);
    // A number that is short has as few characters.
    if (typeof output === "number" && isShort(output) && expected.shortest > SHORT_NUMBER) return;
    const text = textOf(output);
    if (isWorthALook(text, expected)) this.#outputs.push({ row: this.#row, leaf: index, text, expected });
  }

  /** The record has not what it should have, or has what it should not. */
  wrong(leaf: number, what: string): void {
    this.findings.add({ check: "counts", leaf, from: undefined, what, tolerated: 0, why: "" }, [this.#row]);
  }

  /** Looks for what the record's masked values were, all over the record. */
  end(): void {
    if (this.#sources.length === 0) return;
    const core = coreOfLine(this.#line);
    for (let index = 0; index < this.#sources.length; index++) {
      const identifier = this.#sources[index]!;
      if (core.includes(identifier.core)) this.#search(this.#sourceLeaves[index]!, identifier);
    }
  }

  /** Ends a number of records: what can be looked for in all of them at once. */
  finish(): void {
    this.#detection.look(this.#outputs, this.findings);
    this.#outputs.length = 0;
  }

  #isUnchanged({ mask }: Expected, source: SourceValues, at: number, text: string): boolean {
    return mask !== "replace" && source.is(at, text) && LETTER_OR_DIGIT.test(text);
  }

  #take(leaf: number, { identifies, least, names }: Expected, source: string): void {
    if (identifies) for (const identifier of identifiersOf(source, least)) this.#keep(leaf, identifier);
    const name = names ? nameOf(source) : undefined;
    if (name) this.#keep(leaf, name);
  }

  #keep(leaf: number, identifier: Identifier): void {
    this.#sources.push(identifier);
    this.#sourceLeaves.push(leaf);
  }

  #search(from: number, identifier: Identifier): void {
    const record = this.#record;
    for (let index = 0; index < record.length; index++) {
      if (!survivesIn(identifier, textOf(record.outputs[index]))) continue;
      const leaf = record.leaves[index]!;
      const expected = record.expected[index]!;
      const [tolerated, why] = this.#chanceOf(identifier, leaf === from, expected, index);
      this.findings.add({ check: "survives", leaf, from, what: identifier.kind, tolerated, why }, [this.#row]);
    }
  }

  /** @param own whether it was found in the leaf that it is from */
  #chanceOf(identifier: Identifier, own: boolean, expected: Expected, index: number): [tolerated: number, why: string] {
    const { outputs, sources, places } = this.#record;
    // A rule decides about its own column, not about what another one's mask takes out.
    if (expected.keptBy === "rule" && !own && !identifier.strong) return [1, "kept by rule"];
    if (!own && this.#detection.leftByRule(expected, textOf(outputs[index]))) return [1, "not looked for, by rule"];
    if (identifier.kind === "name") {
      const source = sources[index]!.text(places[index]!);
      const before = source !== null && isFreeText(source) && holdsWord(source, identifier.form);
      if (before && !expected.findsNames) return [1, "in the text before, not looked for"];
      return [CHANCE, "coincidence"];
    }
    // What is put in place of a number may be that number, once in as many as there are.
    if (own && expected.ownDigits) return [OWN_CHANCE, "coincidence"];
    return identifier.strong || own ? [0, ""] : [CHANCE, "coincidence"];
  }
}

/** Null is null, empty is empty, dropped is absent, and nothing else is. @param isFilled neither null nor empty */
function isSameNull({ action }: Expected, isNull: boolean, isFilled: boolean, output: unknown): boolean {
  // Several values where one stood.
  if (typeof output === "object" && output !== null) return false;
  // Where only some values of a leaf are dropped, its key may have to stay.
  if (action === "drop") return output === undefined || output === null;
  if (action === "null" || isNull) return output === null;
  if (!isFilled) return output === "";
  return output !== null && output !== undefined;
}
