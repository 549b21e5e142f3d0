import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { bytesColumn, placeBytes, placeInt32 } from "./columns.ts";
import { guarded, kernels, memory, twins, unguard } from "./runs.ts";

const SEPARATOR = 10;
const MEMBERS = "0123456789 -";
const texts = fc.array(
  fc.string({ unit: fc.constantFrom(..."0123 -0123 -ab\né".split("")), maxLength: 80, size: "max" }),
  { maxLength: 12 },
);

/** What a function returns and writes to outputs of so many bytes, of which it says how many count. */
function written(sizes: readonly number[], run: (...out: number[]) => { result: number; used: readonly number[] }) {
  const addresses = sizes.map((size) => guarded(size));
  const { result, used } = run(...addresses);
  for (const [k, address] of addresses.entries()) unguard(address, sizes[k]!);
  return { result, bytes: addresses.map((address, k) => Buffer.from(memory.u8(address, Math.max(0, used[k]!)))) };
}

test("islands are found, joined and put back as their twins do", () => {
  const replaced = fc.array(fc.constantFrom("", "#", "[MASKED]", "0123456789012345678901234567890123456789"));
  fc.assert(
    fc.property(
      texts,
      fc.integer({ min: 1, max: 20 }),
      fc.nat(200),
      replaced,
      fc.nat(15),
      (values, least, most, by, shift) => {
        memory.reset();
        const column = bytesColumn(0, values, 3);
        const length = values.length;
        const at = placeBytes(memory, column.values!, shift);
        const offsets = placeInt32(memory, column.offsets!, shift);
        const bytes = new Uint8Array(256);
        for (const member of MEMBERS) bytes[member.charCodeAt(0)] = 1;
        const members = placeBytes(memory, bytes, shift);
        const room = Math.floor(most / least) * 12;
        const [found, expected] = [kernels, twins].map((of) =>
          written([room], (out) => {
            const result = of.islands(at, offsets, length, members, least, most, out!);
            return { result, used: [result < 0 ? 0 : result * 12] };
          }),
        );
        assert.deepEqual(found, expected);
        if (found!.result < 0) return;
        const count = found!.result;
        const islands = placeBytes(memory, found!.bytes[0]!, shift);
        const [joined, otherwise] = [kernels, twins].map((of) =>
          written([most + 3 * count], (out) => {
            const result = of.joinIslands(at, offsets, islands, count, SEPARATOR, out!);
            return { result, used: [result] };
          }),
        );
        assert.deepEqual(joined, otherwise);
        // Anything in place of runs of digits: perhaps the wrong number of pieces, or none of the bytes around them.
        let next = 0;
        const text = joined!.bytes[0]!.toString("latin1").replace(/\d+/g, (digits) => by[next++] ?? digits);
        for (const changed of [text, text.slice(0, -1), `${text}\n`, text.replace(/[ab]/, "")]) {
          const changedAt = placeBytes(memory, Buffer.from(changed, "latin1"), shift);
          const size = column.values!.length + changed.length;
          const [patched, twin] = [kernels, twins].map((of) =>
            written([size, 4 * (length + 1)], (out, ends) => {
              const result = of.patchIslands(
                ...([at, offsets, length, islands, count, changedAt, changed.length, SEPARATOR, out!, ends!] as const),
              );
              return { result, used: [result, result < 0 ? 0 : 4 * (length + 1)] };
            }),
          );
          assert.deepEqual(patched, twin);
        }
      },
    ),
    { numRuns: 3000 },
  );
});
