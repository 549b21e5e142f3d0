import type { Kernels } from "../../kernels/load.ts";
import type { Column } from "../../types.ts";
import type { HitCounter, MaskContext, ValueMask } from "../mask.ts";
import { columnOf, gathered, isNull, patched, textBytes, validityOf, valuesOf } from "../text.ts";
import { parseJson, writeJson } from "./tree.ts";

/** What ends a member's name. */
const COLON = /"\s*:/g;
const LONGEST_NAME = 64;
/** So many names are remembered with what is thought of them. */
const KNOWN = 10_000;

/**
 * Text among which there are JSON documents: what stands in these under names that look sensitive is replaced, since what
 * a name says no detector sees. Other text, and documents without such names, stay as they are.
 * @param by written in place of such a value
 */
export function sensitiveMembers({ judge }: MaskContext, by: string, hit: HitCounter): ValueMask {
  const known = new Map<string, boolean>();
  const isSensitive = (name: string): boolean => {
    const before = known.get(name);
    if (before !== undefined) return before;
    const sensitive = judge(name) !== undefined;
    if (known.size < KNOWN) known.set(name, sensitive);
    return sensitive;
  };
  const masked = (text: string): string | undefined => {
    if (!hasSensitiveName(text, isSensitive)) return undefined;
    let hits = 0;
    const document = parseJson(text, (scalar) => {
      if (scalar.kind === "null" || scalar.text === "" || ![...scalar.within, scalar.name].some(isSensitive)) return;
      scalar.written = JSON.stringify(by);
      hits++;
    });
    if (document === undefined || hits === 0) return undefined;
    hit("member", hits);
    return writeJson(document, (name) => name);
  };
  return (column, kernels) => {
    const candidates = documentsIn(column, kernels);
    if (candidates.length === 0) return column;
    const places = kernels.memory.put(new Uint8Array(Int32Array.from(candidates).buffer));
    const values = valuesOf(gathered(column, places, candidates.length, kernels), kernels);
    const changed: number[] = [];
    const texts: string[] = [];
    for (let at = 0; at < values.length; at++) {
      const text = masked(values.at(at)!);
      if (text === undefined) continue;
      changed.push(candidates[at]!);
      texts.push(text);
    }
    if (changed.length === 0) return column;
    const indices = kernels.memory.put(new Uint8Array(Int32Array.from(changed).buffer));
    return patched(column, indices, columnOf(texts, kernels), kernels);
  };
}

/** Whether any name of a text does; an escape may stand for any letter of one. */
function hasSensitiveName(text: string, isSensitive: (name: string) => boolean): boolean {
  COLON.lastIndex = 0;
  while (COLON.test(text)) {
    const end = text.lastIndexOf('"', COLON.lastIndex - 1);
    const start = text.lastIndexOf('"', end - 1) + 1;
    const name = text.slice(start, end);
    const escaped = name.includes("\\") || text[start - 2] === "\\";
    if (name.length <= LONGEST_NAME && (escaped || isSensitive(name))) return true;
  }
  return false;
}

/** Values that begin as a document that holds an object may. */
function documentsIn(column: Column, kernels: Kernels): number[] {
  const bytes = textBytes(column, kernels);
  if (!bytes.includes(BRACE)) return [];
  const offsets = kernels.memory.i32(column.offsets, column.length + 1);
  const validity = validityOf(column, kernels);
  const found: number[] = [];
  for (let index = 0; index < column.length; index++) {
    const end = offsets[index + 1]!;
    let at = offsets[index]!;
    while (at < end && isSpace(bytes[at]!)) at++;
    if (at < end && !isNull(validity, index) && (bytes[at] === BRACE || bytes[at] === BRACKET)) found.push(index);
  }
  return found;
}

const BRACE = 0x7b;
const BRACKET = 0x5b;

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}
