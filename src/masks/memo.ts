import type { ValueMask } from "./mask.ts";
import { gathered, patched, textColumn } from "./text.ts";

/** Buckets of four entries: 128 KiB, which stay in a core's own cache. */
const BUCKETS = 256;
const BUCKET_BYTES = 512;
/** The longest result that the table takes, in bytes. */
const MOST_RESULT = 80;
/** Shorter columns are not worth bringing the table. */
const FEWEST = 256;
/** Items of lists may be many to a batch: the room for their results would be too. */
const MOST = 16_384;
/** So many values are looked up before the memo judges itself. */
const TRIAL = 8192;

/**
 * A mask that remembers what became of values, for columns that repeat few: queues, first names, agents. It switches
 * itself off for good when most values are new. Only for masks that do the same to the same value and count nothing.
 */
export function memoised(mask: ValueMask): ValueMask {
  let table: Uint8Array | undefined;
  let off = false;
  let looked = 0;
  let missed = 0;
  return (column, kernels) => {
    const { length } = column;
    if (off || length < FEWEST || length > MOST) return mask(column, kernels);
    table ??= new Uint8Array(BUCKETS * BUCKET_BYTES);
    const { memory } = kernels;
    const tableAt = memory.put(table);
    const missing = memory.alloc(length * 4);
    const offsets = memory.alloc((length + 1) * 4);
    const values = memory.alloc(length * MOST_RESULT);
    const { validity } = column;
    const count = kernels.memoFind(
      column.values,
      column.offsets,
      validity,
      length,
      tableAt,
      BUCKETS,
      values,
      offsets,
      missing,
    );
    const found = textColumn(column, offsets, values, memory.i32(offsets, length + 1)[length]!);
    looked += length;
    missed += count;
    off = looked >= TRIAL && missed > looked / 2;
    if (off) table = undefined;
    if (count === 0) return found;
    const fresh = gathered(column, missing, count, kernels);
    const results = mask(fresh, kernels);
    if (table) {
      kernels.memoInsert(fresh.values, fresh.offsets, results.values, results.offsets, count, tableAt, BUCKETS);
      table.set(memory.u8(tableAt, table.length));
    }
    return patched(found, missing, results, kernels);
  };
}
