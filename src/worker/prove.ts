import { Buffer } from "node:buffer";
import { hkdfSync } from "node:crypto";
import type { Kernels } from "../kernels/load.ts";
import { columnOf } from "../masks/text.ts";
import { leavesOf } from "../policy/leaves.ts";
import { Detection } from "../proof/detect.ts";
import { type ExpectedLeaf, expectedLeaf } from "../proof/expected.ts";
import { Findings } from "../proof/findings.ts";
import { exactJson } from "../proof/json.ts";
import { RecordProof } from "../proof/record.ts";
import { PAIR } from "../proof/sketch.ts";
import type { Batch, Column } from "../types.ts";
import { differsAt } from "./counts.ts";
import type { BatchProof, BatchSpec, LeafPairs, WorkerSetup } from "./messages.ts";
import { isObject, RecordWalk, type Results } from "./record-walk.ts";
import { LeafSketch } from "./sketch.ts";
import { sourceNodes } from "./source-node.ts";

/** Rows of a batch that are compared one by one, and how each was written: without its line feed. */
export interface Sampled {
  readonly rows: Int32Array;
  readonly lines: readonly Buffer[];
}

type Keying = Pick<WorkerSetup, "environment" | "key">;

/** Compares batches of one schema with what was written of them. */
export class BatchProver {
  readonly #leaves: readonly ExpectedLeaf[];
  readonly #detection: Detection;
  readonly #sketches: readonly (LeafSketch | undefined)[];
  #epoch = 0;

  constructor({ fields, decisions }: Pick<BatchSpec, "fields" | "decisions">, { environment, key }: Keying) {
    this.#leaves = leavesOf(fields).map((leaf, index) => expectedLeaf(leaf, decisions[index]!));
    const seed = new Uint8Array(hkdfSync("sha256", key, environment, "maskline/sketch/v1", 8));
    this.#sketches = this.#leaves.map(({ joins }) => joins && new LeafSketch(joins, seed));
    this.#detection = new Detection(this.#leaves);
  }

  /**
   * @param source the batch as it was decoded
   * @param masked what became of it
   * @param epoch another one than before: what was told of pairs may be lost
   */
  prove(source: Batch, masked: Batch, { rows, lines }: Sampled, kernels: Kernels, epoch = 0): BatchProof {
    const findings = new Findings();
    this.#begin(epoch);
    const pairs = this.#compareColumns(source.columns, masked.columns, findings, kernels);
    return { ...this.#compareRecords(source, rows, lines, findings, kernels), pairs };
  }

  /**
   * @param source the batch as it was decoded
   * @param written what was written of it, as JSON lines
   */
  proveLines(source: Batch, written: Uint8Array<ArrayBuffer>, kernels: Kernels, epoch: number): BatchProof {
    this.#begin(epoch);
    const lines = linesOf(written);
    const rows = Int32Array.from({ length: source.rows }, (_, row) => row);
    const results = this.#sketches.map((sketch) => sketch && ([] as string[]));
    const found = this.#compareRecords(source, rows, lines, new Findings(), kernels, results);
    const pairs = leafColumns(source.columns).flatMap(({ column, top }, leaf): LeafPairs[] => {
      const texts = results[leaf];
      if (!texts) return [];
      const all = Array.from({ length: column.length }, (_, index) => texts[index] ?? "");
      return pairsOf(leaf, this.#sketches[leaf]!.look(column, columnOf(all, kernels), kernels), top);
    });
    return { ...found, pairs };
  }

  #begin(epoch: number): void {
    if (epoch !== this.#epoch) for (const sketch of this.#sketches) sketch?.reset();
    this.#epoch = epoch;
  }

  /** @param results get, by leaf, what each element became */
  #compareRecords(
    source: Batch,
    rows: Int32Array,
    lines: readonly Buffer[],
    findings: Findings,
    kernels: Kernels,
    results?: Results,
  ): Omit<BatchProof, "pairs"> {
    const proof = new RecordProof(this.#leaves, this.#detection);
    const { nodes, memory } = sourceNodes(source.columns, this.#leaves, kernels);
    const walk = new RecordWalk(this.#leaves, nodes, proof, memory, results);
    for (let index = 0; index < rows.length; index++) {
      const row = rows[index]!;
      const line = lines[index]!;
      proof.begin(row, line);
      const record = exactJson(line);
      if (isObject(record)) {
        walk.record(row, record);
        proof.end();
      } else proof.wrong(0, "lines");
    }
    proof.finish();
    findings.merge(proof.findings.all, 0);
    return { sampled: rows.length, values: proof.values, findings: findings.all };
  }

  /** Every element of every column: as many as before, and null where they were; and what of it is to be joined. */
  #compareColumns(
    source: readonly Column[],
    masked: readonly Column[],
    findings: Findings,
    kernels: Kernels,
  ): LeafPairs[] {
    const all: LeafPairs[] = [];
    let leaf = 0;
    const wrong = (what: string, at: number, top: boolean) =>
      findings.add(
        { check: "counts", leaf, from: undefined, what, tolerated: 0, why: "" },
        top && at >= 0 ? [at] : [],
        1,
      );
    const under = (before: Column, after: Column | undefined, top: boolean): void => {
      const nested = before.children.length > 0;
      if (!after) wrong("columns", -1, top);
      else if (!after.omitted) {
        const expected = nested ? undefined : this.#leaves[leaf];
        const found = differsAt(before, after, expected, kernels);
        if (found) wrong(found.what, found.at, top);
        const sketch = nested || found ? undefined : this.#sketches[leaf];
        if (sketch) {
          all.push(...pairsOf(leaf, sketch.look(before, after, kernels), top));
        }
      }
      if (!nested) {
        leaf++;
        return;
      }
      const children = before.field.kind === "map" ? [before.children[1]!] : before.children;
      const others = before.field.kind === "map" ? [after?.children[1]] : (after?.children ?? []);
      for (const [index, child] of children.entries()) under(child, others[index], false);
    };
    for (const [index, column] of source.entries()) under(column, masked[index], true);
    return all;
  }
}

/** Elements of what is nested are no rows. */
function pairsOf(leaf: number, pairs: LeafPairs["pairs"], top: boolean): LeafPairs[] {
  if (!top) for (let at = 2; at < pairs.length; at += PAIR) pairs[at] = -1;
  return pairs.length > 0 ? [{ leaf, pairs }] : [];
}

/** The leaves' columns in the order of `leavesOf`. */
function leafColumns(columns: readonly Column[]): { readonly column: Column; readonly top: boolean }[] {
  const under = (column: Column, top: boolean): { column: Column; top: boolean }[] => {
    const { children, field } = column;
    if (children.length === 0) return [{ column, top }];
    return (field.kind === "map" ? children.slice(1) : children).flatMap((child) => under(child, false));
  };
  return columns.flatMap((column) => under(column, true));
}

/** Each line without its line feed. */
function linesOf({ buffer, byteOffset, length }: Uint8Array<ArrayBuffer>): Buffer[] {
  const bytes = Buffer.from(buffer, byteOffset, length);
  const lines: Buffer[] = [];
  for (let from = 0; from < length; ) {
    const end = bytes.indexOf(0x0a, from);
    lines.push(bytes.subarray(from, end === -1 ? length : end));
    from = end === -1 ? length : end + 1;
  }
  return lines;
}
