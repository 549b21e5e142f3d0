import { Buffer } from "node:buffer";
import type { IslandFunctions } from "./islands.ts";
import type { KernelMemory } from "./memory.ts";

/** The island kernels in plain TypeScript, see `createTwins`. */
export function islandTwins(memory: KernelMemory): IslandFunctions {
  const int = (address: number, index: number) => new DataView(memory.buffer).getInt32(address + 4 * index, true);
  const bytes = (address: number, length: number) => Buffer.from(memory.u8(address, length));

  /** Each island with the bytes of its value on either side that go with it: 0 or 1. */
  function described(values: number, offsets: number, found: number, count: number, separator: number) {
    return Array.from({ length: count }, (_, k) => {
      const [index, from, to] = [int(found, 3 * k), int(found, 3 * k + 1), int(found, 3 * k + 2)];
      const goes = (at: number) =>
        at >= int(offsets, index) && at < int(offsets, index + 1) && bytes(values + at, 1)[0] !== separator;
      return { index, from, to, before: Number(goes(from - 1)), behind: Number(goes(to)) };
    });
  }

  return {
    islands(values, offsets, length, members, least, most, out) {
      const isMember = (byte: number) => memory.u8(members, 256)[byte] !== 0;
      const found: number[] = [];
      let total = 0;
      for (let index = 0; index < length; index++) {
        const end = int(offsets, index + 1);
        for (let from = int(offsets, index); from < end; ) {
          let to = from;
          while (to < end && isMember(bytes(values + to, 1)[0]!)) to++;
          if (to - from >= least) {
            total += to - from;
            found.push(index, from, to);
          }
          from = to + 1;
        }
      }
      if (total > most) return -1;
      memory.u8(out, found.length * 4).set(new Uint8Array(Int32Array.from(found).buffer));
      return found.length / 3;
    },

    joinIslands(values, offsets, found, count, separator, out) {
      const joined = Buffer.concat(
        described(values, offsets, found, count, separator).flatMap(({ from, to, before, behind }) => [
          bytes(values + from - before, to + behind - from + before),
          Buffer.of(separator),
        ]),
      );
      memory.u8(out, joined.length).set(joined);
      return joined.length;
    },

    patchIslands(values, offsets, length, found, count, joined, byteLength, separator, out, outOffsets) {
      const pieces = bytes(joined, byteLength).toString("latin1").split(String.fromCharCode(separator));
      if (pieces.pop() !== "" || pieces.length !== count) return -1;
      const texts = Array.from({ length }, (_, i) =>
        bytes(values + int(offsets, i), int(offsets, i + 1) - int(offsets, i)).toString("latin1"),
      );
      const all = described(values, offsets, found, count, separator);
      if (all.some(({ before, behind }, k) => pieces[k]!.length < before + behind)) return -1;
      // From the last on: what lies before keeps its place.
      for (const [k, { index, from, to, before, behind }] of [...all.entries()].reverse()) {
        const piece = pieces[k]!;
        const start = int(offsets, index);
        const by = piece.slice(before, piece.length - behind);
        texts[index] = texts[index]!.slice(0, from - start) + by + texts[index]!.slice(to - start);
      }
      const ends = [0];
      for (const text of texts) ends.push(ends.at(-1)! + text.length);
      memory.u8(out, ends.at(-1)!).set(Buffer.from(texts.join(""), "latin1"));
      memory.u8(outOffsets, ends.length * 4).set(new Uint8Array(Int32Array.from(ends).buffer));
      return ends.at(-1)!;
    },
  };
}
