/** A record's values before and after. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { leavesOf } from "../../src/policy/leaves.ts";
import { Detection } from "../../src/proof/detect.ts";
import { expectedLeaf } from "../../src/proof/expected.ts";
import { RecordProof } from "../../src/proof/record.ts";
import type { Kind } from "../../src/types.ts";

function wrongIn(kind: Kind, source: string, output: unknown): string[] {
  const [leaf] = leavesOf([{ name: "a", kind, children: [] }]);
  const decision = { path: "a", mask: "keep", options: {}, rule: "unmatched", cases: [] };
  const leaves = [expectedLeaf(leaf!, decision)];
  const proof = new RecordProof(leaves, new Detection(leaves));
  const values = {
    isNull: () => false,
    isEmpty: () => source === "",
    text: () => source,
    is: (_: number, text: string) => text === source,
  };
  proof.begin(7, Buffer.from(JSON.stringify({ a: output })));
  proof.leaf(0, leaves[0]!, values, 0, output);
  proof.end();
  proof.finish();
  return proof.findings.all.map(({ check, what, rows }) => `${check} ${what} ${rows}`);
}

describe("where one value stood", () => {
  for (const [kind, source, output] of [
    ["bool", "true", true],
    ["utf8", "x", "x"],
    ["timestamp", "2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z"],
  ] as const)
    it(`${kind} stands`, () => assert.deepEqual(wrongIn(kind, source, output), []));

  for (const kind of ["bool", "utf8", "float64", "timestamp"] as const) {
    for (const output of [{}, [], { toString: 1, b: "4111 1111 1111 1111" }]) {
      it(`${JSON.stringify(output)} in a column of ${kind} is wrong`, () => {
        assert.deepEqual(wrongIn(kind, "x", output), ["counts values 7"]);
      });
    }
  }
});
