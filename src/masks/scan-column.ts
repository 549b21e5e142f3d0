import { isAscii } from "node:buffer";
import { CROSSED, counted, type Detector, type Hit, hitsWithin, replaceHits } from "../detectors/detector.ts";
import { foldTable } from "../detectors/fold.ts";
import { Passage } from "../detectors/passage.ts";
import type { Kernels } from "../kernels/load.ts";
import type { Column } from "../types.ts";
import { SEPARATORS } from "./joinable.ts";
import { ColumnSubstitution, MAX_JOINED } from "./substitute.ts";
import { columnOf, freeSeparator, textAt, textBytes, textColumn } from "./text.ts";

/**
 * Every hit of detectors in a column replaced. The column is read once, joined and folded to a byte a character by a
 * kernel, and never becomes text of two bytes a character.
 */
export class ColumnScan {
  readonly #detectors: readonly Detector[];
  readonly #labels: readonly string[];
  readonly #number: ReadonlyMap<string, number>;
  readonly #hit: (detector: string, hits: number) => void;
  readonly #separators: readonly string[];
  /** For what is too long, or holds characters that the kernel does not fold. */
  readonly #slow: ColumnSubstitution;

  /** @param by what is written in place of a hit, by the detector's name */
  constructor(
    detectors: readonly Detector[],
    by: ReadonlyMap<string, string>,
    hit: (detector: string, hits: number) => void,
  ) {
    this.#detectors = detectors;
    this.#labels = detectors.map(({ name }) => by.get(name)!);
    this.#number = new Map(detectors.map(({ name }, index) => [name, index]));
    this.#hit = hit;
    const writes = this.#labels.join("");
    this.#separators = SEPARATORS.filter((separator) => !(writes + CROSSED).includes(separator));
    const replaceAll = (text: string) => replaceHits(text, detectors, (name) => by.get(name)!, hit);
    this.#slow = new ColumnSubstitution([{ replaceAll, writes, crosses: CROSSED }]);
  }

  apply(column: Column, kernels: Kernels): Column {
    if (column.valuesLength === 0) return column;
    return this.#joined(column, kernels) ?? this.#slow.apply(column, kernels);
  }

  #joined(column: Column, kernels: Kernels): Column | undefined {
    const { memory } = kernels;
    const { values, offsets, length, valuesLength } = column;
    const size = valuesLength + length;
    const separator = freeSeparator(this.#separators, column, kernels);
    if (separator === undefined || size > MAX_JOINED) return undefined;
    const before = memory.mark();
    const joined = memory.alloc(size);
    kernels.join(values, offsets, length, separator.charCodeAt(0), joined);
    const ascii = isAscii(textBytes(column, kernels));
    const table = ascii ? 0 : memory.put(foldTable());
    const hits: Hit[] = [];
    const edges: number[] = [];
    for (const [from, to] of pieces(column, kernels)) {
      const found = this.#look(joined + from, to - from, table, kernels);
      if (!found) {
        memory.release(before);
        return undefined;
      }
      for (const hit of found.hits) hits.push(hit);
      for (const edge of found.edges) edges.push(from + edge);
    }
    memory.release(before);
    if (hits.length === 0) return column;
    counted(hits, this.#detectors, this.#hit);
    const spans = new Int32Array(hits.length * 3);
    for (const [index, { detector }] of hits.entries()) {
      spans[index * 3] = edges[index * 2]!;
      spans[index * 3 + 1] = edges[index * 2 + 1]!;
      spans[index * 3 + 2] = this.#number.get(detector)!;
    }
    return this.#patched(column, spans, kernels);
  }

  /**
   * What the detectors find in some bytes, and where each hit begins and ends in them.
   * @param table address of the folding table, 0 where all is ASCII
   * @returns undefined where there is a character that is not folded, or a hit within one
   */
  #look(
    joined: number,
    size: number,
    table: number,
    kernels: Kernels,
  ): { readonly hits: readonly Hit[]; readonly edges: Int32Array } | undefined {
    const { memory } = kernels;
    const before = memory.mark();
    const text = table === 0 ? textAt(joined, size, "latin1", kernels) : foldedText(joined, size, table, kernels);
    if (text === undefined) return undefined;
    let whole: string | undefined;
    const source = () => {
      whole ??= table === 0 ? text : textAt(joined, size, "utf8", kernels);
      return whole;
    };
    const hits = hitsWithin(Passage.ofFolded({ text, dropped: [] }, source), this.#detectors);
    const edges = new Int32Array(hits.length * 2);
    for (const [index, { start, end }] of hits.entries()) edges.set([start, end], index * 2);
    if (table === 0 || hits.length === 0) return { hits, edges };
    const at = memory.put(new Uint8Array(edges.buffer));
    const isWhole = kernels.bytePositions(joined, size, at, edges.length) === 1;
    edges.set(memory.i32(at, edges.length));
    memory.release(before);
    return isWhole ? { hits, edges } : undefined;
  }

  #patched(column: Column, spans: Int32Array<ArrayBuffer>, kernels: Kernels): Column {
    const { memory } = kernels;
    const { values, offsets, length, valuesLength } = column;
    const count = spans.length / 3;
    const labels = columnOf(this.#labels, kernels);
    const spansAt = memory.put(new Uint8Array(spans.buffer));
    const outOffsets = memory.alloc((length + 1) * 4);
    // No label is longer than all of them.
    const out = memory.alloc(valuesLength + count * labels.valuesLength);
    const written = kernels.patchSpans(
      ...([values, offsets, length, spansAt, count, labels.values, labels.offsets, out, outOffsets] as const),
    );
    if (written < 0)
      throw new Error(`scanning a joined column of ${length} values: a detector found something across them`);
    memory.shrink(out, written);
    return textColumn(column, outOffsets, out, written);
  }
}

/** Bytes that are looked at at once. Longer strings V8 keeps apart, and megabytes of them wait for its garbage collector. */
const PIECE = 96 * 1024;

/** The column joined with a byte behind each value, in pieces of whole values: from and to in bytes. */
function pieces(column: Column, kernels: Kernels): [from: number, to: number][] {
  const offsets = kernels.memory.i32(column.offsets, column.length + 1);
  const found: [number, number][] = [];
  let from = 0;
  for (let index = 1; index <= column.length; index++) {
    const to = offsets[index]! - offsets[0]! + index;
    if (to - from < PIECE && index < column.length) continue;
    found.push([from, to]);
    from = to;
  }
  return found;
}

/** Undefined where a character is none that the kernel folds. */
function foldedText(joined: number, size: number, table: number, kernels: Kernels): string | undefined {
  const { memory } = kernels;
  const before = memory.mark();
  const out = memory.alloc(size);
  const folded = kernels.foldText(joined, size, table, 0, out);
  const text = folded < 0 ? undefined : textAt(out, folded, "latin1", kernels);
  memory.release(before);
  return text;
}
