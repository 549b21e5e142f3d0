/** Hostile text must not cost more than its length: patterns are judged, and time is seen to grow with the text. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SEPARATOR } from "../../src/detectors/digits.ts";
import { DETECTORS } from "../../src/detectors/index.ts";
import type { ColumnMask } from "../../src/masks/mask.ts";
import { patternProblem } from "../../src/policy/patterns.ts";
import { ALONE, compiled, kernels, textColumnOf } from "../masks/columns.ts";

const context = { environment: "test", judge: () => undefined, domainKey: () => Buffer.alloc(32, 7) };

const MASKS: Readonly<Record<string, ColumnMask>> = Object.fromEntries([
  ...DETECTORS.map(({ name }) => [`scan for ${name}`, compiled("scan", { detectors: [name] }, context)]),
  ...["pan", "phone", "email", "date", "age", "zip", "ip", "number", "fpe", "name"].map((name) => [
    name,
    compiled(name, {}, context),
  ]),
  ["fictional phone", compiled("phone", { keep: "fictional" }, context)],
  ...["person", "phone", "email", "other"].map((domain) => [
    `token of ${domain}`,
    compiled("token", { domain }, context),
  ]),
]);

/** What repeats: digits and separators, what begins a match and never ends it, what matches everywhere. */
const PIECES = [
  ...[
    "1",
    "4",
    " ",
    "a",
    "@",
    "+",
    "(",
    ")",
    "-",
    ".",
    "\n",
    "0",
    "\u0664",
    "\u00a0",
    "é",
    "😀",
    "1 ",
    "1  ",
    "1-",
    "1. ",
  ],
  ...[
    "4111",
    "4111 ",
    "4111111111111111 ",
    "+1",
    "+1 ",
    "(415) ",
    "415-",
    "1(",
    "a@",
    "a@b.",
    "a.",
    "@a.",
    "a@b.c ",
    ".@",
  ],
  ...[
    "mailto:",
    "tel:",
    "00",
    "call ",
    "call 1",
    "ssn ",
    "ssn:",
    "078-05-",
    "078-05-1120-",
    "00000000-",
    "0000-",
    "f-",
  ],
  ...[
    "00112233-4455-6677-8899-aabbccddeeff",
    "00112233-4455-6677-8899-aabbccddeeff ",
    "1\u2013",
    "１",
    "\t ",
    "\u3000",
  ],
];

const SMALL = 100_000;

/** Quadratic time would be minutes; what takes less than this, in milliseconds, says nothing about growth. */
const TELLING = 400;

/** Milliseconds of this process's own computing, not of the machine's other work, in the best of several runs. */
function best(mask: ColumnMask, piece: string, length: number): number {
  const text = piece.repeat(Math.ceil(length / piece.length));
  let fastest = Number.POSITIVE_INFINITY;
  for (let run = 0; run < 4 && fastest > TELLING / 4; run++) {
    kernels.memory.reset();
    const column = textColumnOf([text]);
    const started = process.cpuUsage();
    mask(column, kernels, ALONE);
    const { user, system } = process.cpuUsage(started);
    fastest = Math.min(fastest, (user + system) / 1000);
  }
  return fastest;
}

describe("hostile text", () => {
  for (const [name, mask] of Object.entries(MASKS)) {
    it(`takes ${name} no more than time in proportion to its length`, () => {
      for (const piece of PIECES) {
        const large = best(mask, piece, 4 * SMALL);
        if (large < TELLING) continue;
        const small = best(mask, piece, SMALL);
        assert.ok(large < 12 * small, `${JSON.stringify(piece)}: ${small} ms, four times of it ${large} ms`);
      }
    });
  }

  it("meets patterns that are not catastrophic", () => {
    for (const { name, substitution } of DETECTORS) {
      const of = substitution("", () => undefined);
      if (!("pattern" in of)) continue;
      const judged = of.ascii ?? of.pattern;
      // Two stand for at least eleven: the analysis would take too long for a count, which changes no structure.
      const source = judged.source.replace(/\{11,\}/, "{2,}");
      assert.equal(patternProblem(source, judged.flags), undefined, `${name}: ${judged}`);
      // The same for every script has the same structure; judging all its characters takes too long.
      const plain = of.pattern.source
        .replaceAll(/\(\?:(\[\d-\d\])\|\(\?!\[0-9\]\)\\p\{Nd\}\)/g, "$1")
        .replaceAll("\\p{Nd}", "\\d")
        .replaceAll(SEPARATOR, "[ .\\-]")
        .replaceAll("\\u00a0\\u2007\\u2009-\\u2015\\u202f", "");
      assert.equal(plain, judged.source);
    }
  });
});
