/** Hostile text must not cost more than its length: time is seen to grow with the text. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { DETECTORS } from "../../src/detectors/index.ts";
import type { ColumnMask } from "../../src/masks/mask.ts";
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
    ...[
      "://",
      "a://",
      "http://a",
      "www.",
      "a.b.",
      "a.com/",
      "/",
      ":",
      "::",
      "1:",
      "a:",
      "ab12:",
      "1.2.3.",
      "192.0.2.1 ",
    ],
    ...["%40", "a%40b.", '"', '"@', 'a"@b', "a@[", "%B4111111111111111^", ";4111111111111111=", "B1^", "^A", "=1"],
    ...[
      "DE",
      "DE89",
      "DE89 ",
      "DE89 3704 0044 0532 0130 ",
      "GB00AAAA",
      "one ",
      "one, ",
      "one four 1 ",
      "double ",
      "uh ",
    ],
    ...[
      "uh one ",
      "1 one ",
      "1 2 3 ",
      "number is ",
      "is ",
      "my number is ",
      "account ",
      "account 1",
      "account number 12345 ",
    ],
    ...["MRN A1-", "a-1/", "AB12-", "born ", "born 1/", "born 1 April ", "born April 1", "cvv ", "cvv is ", "cvv one "],
    ...[
      "security code ",
      "on the back ",
      "4111/",
      "4111\n",
      "4111_1111_",
      "0044 ",
      "06 39 ",
      "f0",
      "a1b2c3d4",
      "\ud835\udfd2",
    ],
    ...["١٢ ", "é1", "漢@", "_", "date_of_birth_", "accountNumber", "aB", "\u00e9".repeat(3), "§1.2.3.4 "],
    "１",
    "\t ",
    "\u3000",
  ],
];

const SMALL = 50_000;

/** Quadratic time would be minutes; what takes less than this, in milliseconds, says nothing about growth. */
const TELLING = 200;

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
});
