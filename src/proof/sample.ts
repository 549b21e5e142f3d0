/** So many rows of every part are always looked at. */
const FIRST = 16;

/** Used again: the collector sees what holds such memory, not how much it is. */
let chosen = new Int32Array(0);

/**
 * The rows of a batch that are compared with what was written: the first few of each part, and a share of the others,
 * spread as by chance and the same whenever the same rows are masked.
 * @param rowGroup of the batch
 * @param from number of the batch's first row in it
 * @returns row numbers of the batch, ascending
 */
export function sampledRows(share: number, rowGroup: number, from: number, rows: number): Int32Array {
  const most = share * 2 ** 32;
  const seed = Math.imul(rowGroup + 1, 0x9e3779b1);
  if (chosen.length < rows) chosen = new Int32Array(rows);
  let count = 0;
  for (let row = 0; row < rows; row++) {
    if (from + row < FIRST || mixed(seed ^ (from + row)) < most) chosen[count++] = row;
  }
  return chosen.slice(0, count);
}

/** MurmurHash3's finaliser: every bit of the result depends on every bit of `value`. */
function mixed(value: number): number {
  let h = value;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
