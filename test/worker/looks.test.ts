/** Entries of maps that a preset decides by what their key looks like. */
import assert from "node:assert/strict";
import { it } from "node:test";
import { loadKernels } from "../../src/kernels/load.ts";
import { leavesOf } from "../../src/policy/leaves.ts";
import { expectedLeaf, expectedOf } from "../../src/proof/expected.ts";
import type { Field } from "../../src/types.ts";
import { encodeBatch } from "../../src/worker/encode.ts";
import { BatchMasker } from "../../src/worker/mask.ts";
import { fieldsOf } from "../../src/worker/schema.ts";
import { policyOf } from "../policy/policies.ts";
import { arrowTable } from "../support/oracle/arrow.ts";
import type { Value } from "../support/oracle/value.ts";
import { environment, imported, masterKey, overIpc } from "./batches.ts";

const kernels = loadKernels();

const text = (name: string): Field => ({ name, kind: "utf8", children: [] });
const ATTRIBUTES: Field = { name: "attributes", kind: "map", children: [text("key"), text("value")] };

const ENTRIES: [string, string][] = [
  ["cvv", "123"],
  ["Card-Security-Code", "9876"],
  ["customer.cardNumber", "4111111111111111"],
  ["KreditkartenNr", "4111 1111 1111 1111"],
  ["cardType", "4111"],
  ["note", "anything"],
];

const decider = policyOf("", "presets: [contact-center, pci-dss]\n  unmatched: { text: keep }");
const [leaf] = leavesOf([ATTRIBUTES]);

it("codes go, card numbers are masked, and the rest follows what the map does", () => {
  const row: Value = ENTRIES.map(([key, value]) => [key, value]);
  const table = overIpc(arrowTable({ fields: [ATTRIBUTES], rows: [[row], [null], [[["CVC", null]]]] }));
  const fields = fieldsOf(table.schema);
  const decisions = leavesOf(fields).map((one) => decider.decide(one));
  const masker = new BatchMasker(decisions, { environment, key: masterKey });
  const batch = imported(table.batches[0]!, fields, kernels);
  const { batch: masked, leaves } = masker.apply(batch, kernels);
  const spec = { id: "test", fields, decisions, compression: "none", quoteInt64: false } as const;
  const { chunks } = encodeBatch(masked, spec, leaves, kernels, undefined, Int32Array.from([0, 1, 2]));
  const lines = Buffer.concat(chunks).toString().trim().split("\n");
  assert.deepEqual(
    lines.map((line) => JSON.parse(line).attributes),
    [
      {
        "customer.cardNumber": "XXXX-XXXX-XXXX-XXXX",
        KreditkartenNr: "XXXX-XXXX-XXXX-XXXX",
        cardType: "4111",
        note: "anything",
      },
      null,
      {},
    ],
  );
});

it("verification expects of each entry what its key says", () => {
  const expected = expectedLeaf(leaf!, decider.decide(leaf!));
  const masks = ENTRIES.map(([key, value]) => expectedOf(expected, key, value, () => null).mask);
  assert.deepEqual(masks, ["drop", "drop", "pan", "pan", "keep", "keep"]);
});
