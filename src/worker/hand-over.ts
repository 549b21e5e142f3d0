import type * as ParquetWasm from "parquet-wasm";
import { badInput, messageOf } from "../errors.ts";
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
  const length = new DataView(ipc.buffer, ipc.byteOffset).getInt32(4, true);
  const schema = Buffer.from(ipc.buffer, ipc.byteOffset + 8, length);
  for (const name of odd) {
    const stored = flatText(name);
    const other = flatText(Buffer.from(withoutNul(name.toString("utf8"))));
    for (let at = schema.indexOf(stored); at >= 0; at = schema.indexOf(stored, at + stored.length))
      other.copy(schema, at);
  }
  try {
    const table = wasm.Table.fromIPCStream(ipc);
    const [renamed] = table.recordBatches();
    table.free();
    if (renamed) return renamed.intoFFI();
  } catch (error) {
    throw badInput(`decoding: ${messageOf(error)}`, { stage: "decode", cause: error });
  }
  throw badInput("decoding: a batch came over short", { stage: "decode" });
}

/** A text as FlatBuffers stores it: its length, its bytes, a NUL. */
function flatText(bytes: Buffer): Buffer {
  const stored = Buffer.alloc(4 + bytes.length + 1);
  stored.writeUInt32LE(bytes.length);
  bytes.copy(stored, 4);
  return stored;
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
