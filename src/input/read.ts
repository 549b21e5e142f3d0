import type { Store } from "../store/store.ts";
import type { Source } from "../worker/messages.ts";
import type { Supply } from "../worker/session.ts";
import { type ObjectPlan, type PartPlan, TEXT_BATCH_BYTES } from "./plan.ts";
import { textSupply } from "./supply.ts";

const NOTHING: Supply = async () => null;

/**
 * Reads what a worker needs to decode a part: a row group's bytes at once, a text file's as it asks for them.
 * @param most - bytes that decoding may take
 */
export async function readPart(
  { input }: ObjectPlan,
  part: PartPlan,
  most: number,
  store: Store,
  signal: AbortSignal,
): Promise<{ source: Source; supply: Supply }> {
  const { object, format, footer } = input;
  if (footer === undefined || part.rowGroup === undefined) {
    const { type, gzip } = format;
    if (type === "parquet") throw new RangeError("a Parquet part without its row group");
    const source = { format: type, gzip, rows: part.rows, batchBytes: TEXT_BATCH_BYTES };
    return { source, supply: textSupply(object, store, signal) };
  }
  const { range, batchRows, dictionaries } = part.rowGroup;
  const bytes = await store.read(object, range, signal);
  const pieces = [
    { start: range.start, bytes },
    // The footer is kept for the parts to come.
    { start: footer.piece.start, bytes: footer.piece.bytes.slice() },
  ];
  const source = {
    format: "parquet",
    size: object.size,
    pieces,
    annotations: footer.annotations,
    dictionaries,
    most,
    rowGroup: part.index,
    rows: part.rows,
    batchRows,
  } as const;
  return { source, supply: NOTHING };
}
