/** A column that kernels fold and put together must become what its texts become by themselves, as strings. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { replaceHits } from "../../src/detectors/detector.ts";
import { folded, foldTable } from "../../src/detectors/fold.ts";
import { DETECTORS } from "../../src/detectors/index.ts";
import { corpus } from "../detectors/corpus/read.ts";
import { context } from "../detectors/scan.ts";
import { compiled, kernels, throughColumn } from "./columns.ts";

const texts = [...corpus().values()].flatMap((lines) => lines.map(({ text }) => text));

function foldedByKernel(text: string): string | undefined {
  const { memory } = kernels;
  memory.reset();
  const bytes = Buffer.from(text);
  const [source, table, out] = [memory.put(bytes), memory.put(foldTable()), memory.alloc(bytes.length)];
  const length = kernels.foldText(source, bytes.length, table, 0, out);
  return length < 0 ? undefined : Buffer.from(memory.u8(out, length)).toString("latin1");
}

describe("the kernel's folding", () => {
  it("is that of the detectors, for every character that it folds, and it folds all of 16 bits and most pictures", () => {
    for (let block = 0; block < 0x1100; block++) {
      if (block >= 0xd8 && block < 0xe0) continue;
      const text = Array.from({ length: 256 }, (_, low) => String.fromCodePoint((block << 8) | low)).join("");
      const byKernel = foldedByKernel(text);
      if (block < 0x100 || (block >= 0x1f3 && block < 0x1fb)) assert.ok(byKernel !== undefined, block.toString(16));
      if (byKernel === undefined) continue;
      assert.deepEqual({ text: byKernel, dropped: [] }, folded(text), block.toString(16));
    }
  });
});

describe("scan over a column", () => {
  const noise = fc.constantFrom(
    "🙂",
    "é",
    "ß",
    "語",
    "１",
    "٣",
    "𝟒",
    "𐐀",
    "🫠🙂",
    " ",
    "\n",
    "\x01",
    "\x7f",
    "a",
    "7",
    "@",
  );
  const value = fc.oneof(
    fc.constantFrom(...texts),
    fc.tuple(noise, fc.constantFrom(...texts), noise, fc.constantFrom(...texts)).map((parts) => parts.join("")),
    fc.array(noise, { maxLength: 12 }).map((parts) => parts.join("")),
    fc
      .tuple(fc.constantFrom(...texts), fc.nat(80), noise)
      .map(([text, at, by]) => text.slice(0, at) + by + text.slice(at)),
  );
  const values = fc.array(fc.oneof(value, fc.constantFrom(null, "")), { maxLength: 20, size: "max" });

  it("replaces and counts what it does in each text", () => {
    fc.assert(
      fc.property(values, fc.constantFrom("[LABEL]", "é🙂LABEL", ""), (column, by) => {
        const hits: Record<string, number> = {};
        const expected: Record<string, number> = {};
        const into = (counts: Record<string, number>) => (name: string, found: number) => {
          counts[name] = (counts[name] ?? 0) + found;
        };
        const labels = new Map(DETECTORS.map(({ name, label }) => [name, by.replaceAll("LABEL", label)]));
        const masked = throughColumn(compiled("scan", { with: by }, context, into(hits)), column);
        const alone = column.map(
          (text) => text && replaceHits(text.toWellFormed(), DETECTORS, (name) => labels.get(name)!, into(expected)),
        );
        assert.deepEqual(masked, alone);
        assert.deepEqual(hits, expected);
      }),
      { numRuns: Number(process.env.MASKLINE_TEST_RUNS ?? 800) },
    );
  });

  it("replaces the same in columns of many texts and in long texts", () => {
    const many = Array.from({ length: 4 }, (_, round) => texts.map((text) => `${text}${"é🙂".repeat(round)}`)).flat();
    const column = [...many, texts.join(" \n"), "", `${texts.join("é ")}🙂`, null, ...texts];
    const by = new Map(DETECTORS.map(({ name, label }) => [name, `[${label}]`]));
    const alone = column.map(
      (text) =>
        text &&
        replaceHits(
          text,
          DETECTORS,
          (name) => by.get(name)!,
          () => {},
        ),
    );
    assert.ok(many.join("").length > 500_000);
    assert.deepEqual(throughColumn(compiled("scan", {}, context), column), alone);
  });
});
