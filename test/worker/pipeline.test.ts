/** Import, mask and encode of random batches against the row-by-row oracle, byte for byte. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { loadKernels } from "../../src/kernels/load.ts";

import { packBatch, unpackBatch } from "../../src/worker/pack.ts";
import { fieldsOf } from "../../src/worker/schema.ts";
import { maskedTables, tables } from "../support/oracle/arbitrary.ts";
import { arrowTable } from "../support/oracle/arrow.ts";
import { maskedJsonLines } from "../support/oracle/oracle.ts";
import { environment, imported, linesOf, masterKey, overIpc, tableLines } from "./batches.ts";

const kernels = loadKernels();

describe("batches", () => {
  it("kept whole come out as the rows they are, plain and as dictionaries", () => {
    fc.assert(
      fc.property(tables, fc.boolean(), fc.nat({ max: 9 }), (table, dictionary, offset) => {
        const expected = maskedJsonLines(table, () => undefined, { environment, masterKey });
        assert.equal(tableLines(overIpc(arrowTable(table, dictionary)), [], kernels, offset), expected);
      }),
      { numRuns: 300 },
    );
  });

  it("masked come out as rows masked one by one", () => {
    fc.assert(
      fc.property(maskedTables, fc.boolean(), fc.nat({ max: 9 }), ({ table, rules, decide }, dictionary, offset) => {
        const expected = maskedJsonLines(table, decide, { environment, masterKey });
        assert.equal(tableLines(overIpc(arrowTable(table, dictionary)), rules, kernels, offset), expected);
      }),
      { numRuns: 300 },
    );
  });

  it("packed and unpacked, in another arena and at another place, give the same bytes", () => {
    const other = loadKernels();
    fc.assert(
      fc.property(maskedTables, fc.nat({ max: 5000 }), ({ table, rules }, before) => {
        const arrow = overIpc(arrowTable(table));
        const fields = fieldsOf(arrow.schema);
        for (const batch of arrow.batches) {
          kernels.memory.reset();
          const expected = linesOf(imported(batch, fields, kernels), fields, rules, kernels);

          kernels.memory.reset();
          kernels.memory.alloc(before);
          const from = kernels.memory.mark();
          const packed = packBatch(imported(batch, fields, kernels), from, 0, { rowGroup: 0, row: 0 }, kernels);
          // What a message between threads does.
          const received = structuredClone(packed, { transfer: [packed.bytes.buffer] });
          other.memory.reset();
          other.memory.alloc(7 * before);
          assert.deepEqual(linesOf(unpackBatch(received, other), fields, rules, other), expected);
        }
      }),
      { numRuns: 150 },
    );
  });

  it("do not depend on what the arena held before", () => {
    fc.assert(
      fc.property(maskedTables, ({ table, rules }) => {
        const arrow = overIpc(arrowTable(table));
        const first = tableLines(arrow, rules, kernels);
        kernels.memory.reset();
        const size = 2 ** 20;
        kernels.memory.u8(kernels.memory.alloc(size), size).fill(0xff);
        assert.equal(tableLines(arrow, rules, kernels), first);
      }),
      { numRuns: 100 },
    );
  });
});
