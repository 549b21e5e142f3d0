/** Longest line or row, in bytes. */
export const MAX_ROW_BYTES = 2 ** 26;
/** With one row more, a batch's columns stay far from the 2 GiB that their offsets can hold. */
const MAX_BATCH_BYTES = 2 ** 28;

/** @throws {RangeError} when `batchBytes` is not one */
export function checkBatchBytes(batchBytes: number): void {
  if (!(Number.isInteger(batchBytes) && batchBytes >= 1 && batchBytes <= MAX_BATCH_BYTES)) {
    throw new RangeError(`decoding batches of ${batchBytes} bytes: 1 to ${MAX_BATCH_BYTES} can be`);
  }
}
