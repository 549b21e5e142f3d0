import { isAscii } from "node:buffer";
import { CROSSED, counted, type Detector, type Hit, hitsWithin, replaceHits } from "../detectors/detector.ts";
import { foldTable } from "../detectors/fold.ts";
import { Passage } from "../detectors/passage.ts";
import type { Kernels } from "../kernels/load.ts";
import type { Column } from "../types.ts";
import { SEPARATORS } from "./joinable.ts";
import { ColumnSubstitution, MAX_JOINED } from "./substitute.ts";
import { columnOf, latin1At, textAt, textBytes, textColumn } from "./text.ts";

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
    const separator = this.#separators.find((one) => kernels.hasByte(values, valuesLength, one.charCodeAt(0)) === 0);
    if (separator === undefined || size > MAX_JOINED) return undefined;
    const before = memory.mark();
    const joined = memory.alloc(size);
    kernels.join(values, offsets, length, separator.charCodeAt(0), joined);
    const ascii = isAscii(textBytes(column, kernels));
    const text = ascii ? latin1At(joined, size, kernels) : foldedText(joined, size, kernels);
    if (text === undefined) {
      memory.release(before);
      return undefined;
    }
    let whole: string | undefined;
    const source = () => {
      whole ??= ascii ? text : textAt(joined, size, kernels);
      return whole;
    };
    const hits = hitsWithin(Passage.ofFolded({ text, dropped: [] }, source), this.#detectors);
    const spans = this.#spans(hits, ascii, joined, size, kernels);
    memory.release(before);
    if (hits.length === 0) return column;
    if (!spans) return undefined;
    counted(hits, this.#hit);
    return this.#patched(column, spans, kernels);
  }

  /** Of each hit the bytes [from, to) of the joined column, and the number of its label; undefined within a character. */
  #spans(
    hits: readonly Hit[],
    ascii: boolean,
    joined: number,
    size: number,
    kernels: Kernels,
  ): Int32Array<ArrayBuffer> | undefined {
    const { memory } = kernels;
    const edges = Int32Array.from(hits.flatMap(({ start, end }) => [start, end]));
    const at = memory.put(new Uint8Array(edges.buffer));
    if (!ascii && kernels.bytePositions(joined, size, at, edges.length) === 0) return undefined;
    const positions = memory.i32(at, edges.length);
    const spans = new Int32Array(hits.length * 3);
    for (const [index, { detector }] of hits.entries()) {
      spans[index * 3] = positions[index * 2]!;
      spans[index * 3 + 1] = positions[index * 2 + 1]!;
      spans[index * 3 + 2] = this.#number.get(detector)!;
    }
    return spans;
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

/** Undefined where a character is none that the kernel folds. */
function foldedText(joined: number, size: number, kernels: Kernels): string | undefined {
  const { memory } = kernels;
  const table = memory.put(foldTable());
  const out = memory.alloc(size);
  const folded = kernels.foldText(joined, size, table, 0, out);
  return folded < 0 ? undefined : latin1At(out, folded, kernels);
}
