import { Buffer } from "node:buffer";
import type { Detection, Output } from "./detect.ts";
import type { Expected, ExpectedLeaf } from "./expected.ts";
import { Findings } from "./findings.ts";
import { coreOf, holdsWord, type Identifier, identifiersOf, isFreeText, nameOf, survivesIn } from "./identifiers.ts";

/** Up to this share of a column's values, a short number or a name may be there twice by chance. */
const CHANCE = 0.01;

/** Without any there is nothing to mask. */
const LETTER_OR_DIGIT = /[\p{L}\p{N}]/u;

/** The same where digits are put in place of digits: of fictional numbers there are a hundred to a town. */
const OWN_CHANCE = 0.05;

interface Source {
  readonly leaf: number;
  readonly identifier: Identifier;
}

interface Written extends Output {
  /** What stood in its place before. */
  readonly source: string | null | undefined;
}

/** Compares records before and after, value by value: what should be gone is gone, what should be there is there. */
export class RecordProof {
  readonly findings = new Findings();
  /** Values looked at, by leaf. */
  readonly values: number[];
  readonly #leaves: readonly ExpectedLeaf[];
  readonly #detection: Detection;
  #outputs: Written[] = [];
  #first = 0;
  #sources: Source[] = [];
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
    this.#sources = [];
    this.#first = this.#outputs.length;
  }

  /**
   * @param source the value's text, null where it is null
   * @param output what stands in the record now, undefined where nothing does
   */
  leaf(index: number, expected: Expected, source: string | null, output: unknown): void {
    const leaf = this.#leaves[index]!;
    if (!sameNull(expected, source, output))
      this.wrong(index, source === null ? "null" : output === null ? "nulls" : "values");
    if (source !== null && source !== "") this.#take(index, expected, source);
    if (output === null || output === undefined || output === "") return;
    this.values[index]!++;
    const text = typeof output === "string" ? output : String(output);
    if (expected.keptBy !== undefined && leaf.comparable && text !== source) this.wrong(index, "kept values");
    if (expected.form) {
      const unchanged = text === source && expected.mask !== "replace" && LETTER_OR_DIGIT.test(text);
      if (expected.form.test(text) && !unchanged) return;
      this.findings.add({ check: "form", leaf: index, from: undefined, what: expected.mask, tolerated: 0, why: "" }, [
        this.#row,
      ]);
    }
    if (leaf.searched) this.#outputs.push({ row: this.#row, leaf: index, text, expected, source });
  }

  /** The record has not what it should have, or has what it should not. */
  wrong(leaf: number, what: string): void {
    this.findings.add({ check: "counts", leaf, from: undefined, what, tolerated: 0, why: "" }, [this.#row]);
  }

  /** Looks for what the record's masked values were, all over the record. */
  end(): void {
    if (this.#sources.length === 0) return;
    const core = coreOfLine(this.#line);
    for (const { leaf, identifier } of this.#sources) {
      if (!core.includes(identifier.core)) continue;
      for (let index = this.#first; index < this.#outputs.length; index++)
        this.#search(leaf, identifier, this.#outputs[index]!);
    }
  }

  /** Ends a number of records: what can be looked for in all of them at once. */
  finish(): void {
    this.#detection.look(this.#outputs, this.findings);
    this.#outputs = [];
    this.#first = 0;
  }

  #take(leaf: number, { identifies, least, names }: Expected, source: string): void {
    if (identifies) for (const identifier of identifiersOf(source, least)) this.#sources.push({ leaf, identifier });
    const name = names ? nameOf(source) : undefined;
    if (name) this.#sources.push({ leaf, identifier: name });
  }

  #search(from: number, identifier: Identifier, { leaf, text, expected, source, row }: Written): void {
    if (!survivesIn(identifier, text)) return;
    const own = leaf === from;
    const chance = (): [number, string] => {
      // A rule decides about its own column, not about what another one's mask takes out.
      if (expected.keptBy === "rule" && !own && !identifier.strong) return [1, "kept by rule"];
      if (!own && this.#detection.leftByRule(expected, text)) return [1, "not looked for, by rule"];
      if (identifier.kind === "name") {
        const before = typeof source === "string" && isFreeText(source) && holdsWord(source, identifier.form);
        if (before && !expected.findsNames) return [1, "in the text before, not looked for"];
        return [CHANCE, "coincidence"];
      }
      // What is put in place of a number may be that number, once in as many as there are.
      if (own && expected.ownDigits) return [OWN_CHANCE, "coincidence"];
      return identifier.strong || own ? [0, ""] : [CHANCE, "coincidence"];
    };
    const [tolerated, why] = chance();
    this.findings.add({ check: "survives", leaf, from, what: identifier.kind, tolerated, why }, [row]);
  }
}

/** Null is null, empty is empty, dropped is absent, and nothing else is. */
function sameNull({ action }: Expected, source: string | null, output: unknown): boolean {
  // Where only some values of a leaf are dropped, its key may have to stay.
  if (action === "drop") return output === undefined || output === null;
  if (action === "null" || source === null) return output === null;
  if (source === "") return output === "";
  return output !== null && output !== undefined;
}

/** What each byte becomes: letters in lower case, digits; 0 where it is left out. */
const SQUEEZED = Uint8Array.from({ length: 256 }, (_, code) => {
  const character = code < 0x80 ? String.fromCharCode(code).toLowerCase() : "";
  return /[a-z\d]/.test(character) ? character.charCodeAt(0) : 0;
});
const BACKSLASH = 0x5c;
let room = Buffer.alloc(4096);

/**
 * `coreOf` a record, the names of its members in it: what is not here is nowhere in the record.
 * @param line JSON
 */
function coreOfLine(line: Buffer): string {
  if (line.length > room.length) room = Buffer.alloc(line.length * 2);
  let length = 0;
  for (let at = 0; at < line.length; at++) {
    const byte = line[at]!;
    // Wide digits and letters are in these blocks.
    if (byte >= 0xef) return coreOf(line.toString("utf8").replace(/\\(?:u.{4}|.)/g, ""));
    // An escape is no letter of the text.
    if (byte === BACKSLASH) at += line[at + 1] === 0x75 ? 5 : 1;
    else if (SQUEEZED[byte]! !== 0) room[length++] = SQUEEZED[byte]!;
  }
  return room.toString("latin1", 0, length);
}
