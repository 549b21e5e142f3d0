import type { Kernels } from "../../kernels/load.ts";
import type { Field } from "../../types.ts";
import type { TextBatch, TextFormat } from "./format.ts";
import { inferObject } from "./infer.ts";
import { JsonText, jsonError, OPEN_OBJECT } from "./json-text.ts";
import { checkBatchBytes, MAX_ROW_BYTES } from "./limits.ts";
import { blocksOfLines } from "./lines.ts";
import { StructBuilder } from "./nested-builder.ts";
import { Shape } from "./shape.ts";
import { Shredder } from "./shred.ts";
import { type Bytes, withoutBom } from "./source.ts";

const LF = 0x0a;

/**
 * JSON lines: an object (RFC 8259) a line, UTF-8; lines of nothing but spaces are skipped.
 *
 * Objects are structs with their keys in order of first appearance, arrays are lists; a key that is absent is null.
 * Numbers keep their text. Where scalars of different kinds share a path, it is text: `1.50`, `true`. An array that
 * was always empty is a list of nulls. Fields that were declared come first, whether they are there or not; an object where a
 * map was declared is one, with any keys. An object or an array where something else stood is bad input, and so is a
 * key twice in an object: a mask would see only one of them.
 */
export const jsonl: TextFormat = {
  async describe(bytes: Bytes, declared: readonly Field[] = []): Promise<{ fields: Field[]; rows: number }> {
    const text = new JsonText();
    const root = Shape.declared(declared);
    let rows = 0;
    for await (const block of blocksOfLines(withoutBom(bytes), () => tooLong(text.line + 1))) {
      for (let at = 0; at < block.length; at = text.end + 1) {
        if (!openRow(text, block, at)) continue;
        inferObject(text, root, 1);
        closeRow(text);
        rows++;
      }
    }
    return { fields: root.fields(), rows };
  },

  async *batches(bytes: Bytes, fields: readonly Field[], batchBytes: number, kernels: Kernels) {
    checkBatchBytes(batchBytes);
    const text = new JsonText();
    const root = new StructBuilder({ name: "", kind: "struct", children: fields }, "", "");
    const shredder = new Shredder(text, root);
    let size = 0;
    let cells = 0;
    for await (const block of blocksOfLines(withoutBom(bytes), () => tooLong(text.line + 1))) {
      for (let at = 0; at < block.length; at = text.end + 1) {
        if (!openRow(text, block, at)) continue;
        shredder.row();
        closeRow(text);
        size += text.end + 1 - at;
        cells += shredder.cells;
        // Columns of sparse rows take more than the rows' bytes: an offset for every absent key.
        if (size < batchBytes && cells < batchBytes) continue;
        yield finish(root, kernels);
        size = 0;
        cells = 0;
      }
    }
    if (root.length > 0) yield finish(root, kernels);
  },
};

/** Goes to the line at `at`. @returns false when it is blank */
function openRow(text: JsonText, block: Buffer, at: number): boolean {
  const end = block.indexOf(LF, at);
  text.open(block, at, end);
  if (end - at > MAX_ROW_BYTES) throw tooLong(text.line);
  const first = text.next();
  if (first === OPEN_OBJECT) return true;
  if (text.at === end) return false;
  throw text.expected("an object");
}

function closeRow(text: JsonText): void {
  text.next();
  if (text.at !== text.end) throw text.expected("the end of the line");
}

function finish(root: StructBuilder, kernels: Kernels): TextBatch {
  const rows = root.length;
  const { children } = root.finish(rows, kernels.memory);
  return { rows, columns: children, invalidUtf8: root.invalidUtf8 };
}

function tooLong(line: number): Error {
  return jsonError(`line ${line} is longer than ${MAX_ROW_BYTES} bytes`);
}
