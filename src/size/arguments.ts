import { duration } from "../config/units.ts";
import { usageError } from "../errors.ts";

const POWERS: Readonly<Record<string, number>> = { "": 1, K: 1e3, M: 1e6, G: 1e9 };

/** "250000", "4,000,000" or "1.5G" → rows. */
export function rowsArgument(text: string): number {
  const [, amount, unit] = /^(\d+(?:[,_]\d{3})*(?:\.\d+)?)([KMG]?)$/i.exec(text) ?? [];
  const rows = amount === undefined ? 0 : Number(amount.replace(/[,_]/g, "")) * POWERS[unit!.toUpperCase()]!;
  if (!Number.isSafeInteger(Math.round(rows)) || rows < 1) {
    throw usageError(`--rows ${text}: a number of rows such as 250000, 40M or 1.5G is wanted`);
  }
  return Math.round(rows);
}

/** "4h" → seconds. */
export function secondsArgument(option: string): (text: string) => number {
  return (text) => {
    const { data } = duration.safeParse(text);
    if (data === undefined || data <= 0) {
      throw usageError(`${option} ${text}: a duration such as 90s, 30m or 4h is wanted`);
    }
    return data / 1000;
  };
}

/** A whole number from 1 to 1,024. */
export function coresArgument(text: string): number {
  const cores = Number(text);
  if (!Number.isInteger(cores) || cores < 1 || cores > 1024) {
    throw usageError(`--cores ${text}: a whole number from 1 to 1024 is wanted`);
  }
  return cores;
}
