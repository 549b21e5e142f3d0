import * as arrow from "apache-arrow";
import { z } from "zod";
import type { Kernels } from "../../src/kernels/load.ts";
import { maskNamed } from "../../src/masks/index.ts";
import { Decider } from "../../src/policy/decide.ts";
import { leavesOf } from "../../src/policy/leaves.ts";
import type { Batch, Field } from "../../src/types.ts";
import { ForeignArray, layoutAt } from "../../src/worker/c-data.ts";
import { checkLayout } from "../../src/worker/check-layout.ts";
import { encodeBatch } from "../../src/worker/encode.ts";
import { importBatch } from "../../src/worker/import.ts";
import { BatchMasker } from "../../src/worker/mask.ts";
import type { BatchSpec, LeafCounts } from "../../src/worker/messages.ts";
import { BatchProver } from "../../src/worker/prove.ts";
import { fieldsOf } from "../../src/worker/schema.ts";
import type { Rule } from "../support/oracle/arbitrary.ts";
import { exportBatch } from "./c-data.ts";

export const environment = "sandbox-01";
export const masterKey = Buffer.from("0123456789abcdef0123456789ABCDEF");

export interface Lines {
  readonly text: string;
  readonly leaves: readonly LeafCounts[];
}

/** Decisions as a configuration with these rules makes them; what they do not name is kept. */
export function decisionsOf(fields: readonly Field[], rules: readonly Rule[]): BatchSpec["decisions"] {
  const unmatched = { sensitive: "keep", text: "keep", other: "keep" } as const;
  const decider = new Decider({ rules: rules.map(completed) as never, presets: [], unmatched });
  return leavesOf(fields).map((leaf) => decider.decide(leaf));
}

/** A rule with its mask's defaults, as the configuration's parser leaves it. */
function completed({ path, mask, when, ...options }: Rule & { readonly when?: unknown }): object {
  const declaration = maskNamed(mask);
  return { path, mask, when, ...z.object(declaration.options(z)).parse(options) };
}

/** A batch through masks and encoder. */
export function linesOf(batch: Batch, fields: readonly Field[], rules: readonly Rule[], kernels: Kernels): Lines {
  const spec: BatchSpec = {
    id: "test",
    fields,
    decisions: decisionsOf(fields, rules),
    compression: "none",
    quoteInt64: false,
  };
  const masker = new BatchMasker(spec.decisions, { environment, key: masterKey });
  const { batch: masked, leaves } = masker.apply(batch, kernels);
  const rows = Int32Array.from({ length: batch.rows }, (_, row) => row);
  const { chunks, jsonBytes, lines } = encodeBatch(masked, spec, leaves, kernels, undefined, rows);
  const { findings } = new BatchProver(spec, { environment, key: masterKey }).prove(
    batch,
    masked,
    { rows, lines },
    kernels,
  );
  // Nothing is wrong with any batch of any test, as a look at each value on its own has it.
  const wrong = findings.filter(({ check }) => check === "counts" || check === "form");
  if (wrong.length > 0) throw new Error(`verification says: ${JSON.stringify(wrong)}`);
  const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(Buffer.concat(chunks));
  if (Buffer.byteLength(text) !== jsonBytes) throw new Error(`${jsonBytes} bytes were said`);
  return { text, leaves };
}

/**
 * A batch imported as if it came from the decoder.
 * @param offset elements before every array's own
 */
export function imported(batch: arrow.RecordBatch, fields: readonly Field[], kernels: Kernels, offset = 0): Batch {
  const { memory, array, schema } = exportBatch(batch, offset);
  const layout = layoutAt(memory, schema);
  checkLayout(layout, fields);
  return importBatch(new ForeignArray(memory, array), layout, fields, kernels);
}

/** Every batch of a table through the import, masks and encoder. */
export function tableLines(table: arrow.Table, rules: readonly Rule[], kernels: Kernels, offset = 0): string {
  const fields = fieldsOf(table.schema);
  return table.batches
    .map((batch) => {
      kernels.memory.reset();
      return linesOf(imported(batch, fields, kernels, offset), fields, rules, kernels).text;
    })
    .join("");
}

/** The table as it comes over Arrow's IPC, where every buffer is as the specification lays it out. */
export function overIpc(table: arrow.Table): arrow.Table {
  return arrow.tableFromIPC(arrow.tableToIPC(table, "stream"));
}
