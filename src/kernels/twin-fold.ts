import { Buffer } from "node:buffer";
import type { FoldFunctions } from "./fold.ts";
import type { KernelMemory } from "./memory.ts";

/** The kernels around folding in plain TypeScript, see `createTwins`. */
export function foldTwins(memory: KernelMemory): FoldFunctions {
  const int = (address: number, index: number) => new DataView(memory.buffer).getInt32(address + 4 * index, true);
  const bytes = (address: number, length: number) => Buffer.from(memory.u8(address, length));
  const put = (address: number, ints: readonly number[]) =>
    memory.u8(address, ints.length * 4).set(new Uint8Array(Int32Array.from(ints).buffer));

  return {
    foldText(source, length, table, lower, out) {
      const by = memory.u8(table, 0x10000);
      const folded = [...bytes(source, length).toString("utf8")].flatMap((character) => {
        const point = character.codePointAt(0)!;
        if (point < 0x80) return [(lower === 1 ? character.toLowerCase() : character).charCodeAt(0)];
        if (point < 0x10000) return [by[point]!];
        return point >= 0x1f300 && point <= 0x1faff ? [0xac, 0xac] : [-1];
      });
      if (folded.includes(-1)) return -1;
      memory.u8(out, folded.length).set(folded);
      return folded.length;
    },

    bytePositions(source, length, positions, count) {
      const text = bytes(source, length).toString("utf8");
      const units = Array.from({ length: count }, (_, k) => int(positions, k));
      if (units.some((unit) => unit > text.length || !text.slice(0, unit).isWellFormed())) return 0;
      put(
        positions,
        units.map((unit) => Buffer.byteLength(text.slice(0, unit))),
      );
      return 1;
    },

    patchSpans(values, offsets, length, spans, count, texts, textOffsets, out, outOffsets) {
      const piece = (address: number, at: number, k: number) =>
        bytes(address + int(at, k), int(at, k + 1) - int(at, k)).toString("latin1");
      const all = Array.from({ length: count }, (_, k) => [0, 1, 2].map((slot) => int(spans, 3 * k + slot)));
      let joined = 0;
      let taken = 0;
      const ends = [0];
      let result = "";
      for (let index = 0; index < length; index++) {
        const value = piece(values, offsets, index);
        let done = 0;
        for (const [from = 0, to = 0, text = 0] of all) {
          if (from < joined || to > joined + value.length) continue;
          result += value.slice(done, from - joined) + piece(texts, textOffsets, text);
          done = to - joined;
          taken++;
        }
        result += value.slice(done);
        joined += value.length + 1;
        ends.push(result.length);
      }
      if (taken < count) return -1;
      memory.u8(out, result.length).set(Buffer.from(result, "latin1"));
      put(outOffsets, ends);
      return result.length;
    },
  };
}
