import type * as ParquetWasm from "parquet-wasm";
import type { Field } from "../types.ts";

/**
 * A batch as Arrow's C data interface has it, where names end at their first NUL. A Parquet file may have columns with
 * NUL characters in their names: these are handed over under another name of the same length, over IPC.
 * @param odd the UTF-8 of such names
 */
export function handedOver(
  batch: ParquetWasm.RecordBatch,
  odd: readonly Buffer[],
  wasm: typeof ParquetWasm,
): ParquetWasm.FFIData {
  if (odd.length === 0) return batch.intoFFI();
  const ipc = batch.intoIPCStream();
  // The first message, behind its marker and its length, is the schema.
  const schema = Buffer.from(
    ipc.buffer,
    ipc.byteOffset,
    8 + new DataView(ipc.buffer, ipc.byteOffset).getInt32(4, true),
  );
  for (const name of odd) {
    const other = Buffer.from(withoutNul(name.toString("utf8")));
    for (let at = schema.indexOf(name); at >= 0; at = schema.indexOf(name, at + name.length)) other.copy(schema, at);
  }
  const table = wasm.Table.fromIPCStream(ipc);
  const [renamed] = table.recordBatches();
  table.free();
  return renamed!.intoFFI();
}

/** The name under which a column is handed over. */
export function withoutNul(name: string): string {
  return name.replaceAll("\0", "\x01");
}

/** Names with NUL characters, at any depth. */
export function oddNames(fields: readonly Field[]): Buffer[] {
  return fields.flatMap(({ name, children }) => [
    ...(name.includes("\0") ? [Buffer.from(name)] : []),
    ...oddNames(children),
  ]);
}
