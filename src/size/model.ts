import type { Measurement } from "./types.ts";

/**
 * The Universal Scalability Law (N. J. Gunther, "Guerrilla Capacity Planning", 2007, chapter 4) with its coefficients
 * as seconds per row:
 *
 *     N / X(N) = alone + contention · (N − 1) + crosstalk · N · (N − 1)
 *
 * In the usual symbols λ = 1 / alone, σ = contention / alone, κ = crosstalk / alone.
 */
export interface Scaling {
  readonly alone: number;
  /** What each row keeps the others waiting: at least the main thread's time, which there is one of. */
  readonly contention: number;
  /** What each pair of workers costs: caches, memory bandwidth. */
  readonly crosstalk: number;
}

/** Measured, or thought of: workers and rows per second. */
export interface Point {
  readonly workers: number;
  readonly rowsPerSecond: number;
}

/**
 * What was measured, had each worker had a core of its own: without the time that other processes, and the main thread
 * where no core was left for it, took. No row takes less than its CPU time.
 */
export function undisturbed({
  workers,
  rowsPerSecond,
  delaySecondsPerRow,
  workerSecondsPerRow,
}: Pick<Measurement, "workers" | "rowsPerSecond" | "delaySecondsPerRow" | "workerSecondsPerRow">): Point {
  const cost = workers / rowsPerSecond;
  const own = Math.max(cost - delaySecondsPerRow, Math.min(cost, workerSecondsPerRow));
  return { workers, rowsPerSecond: workers / own };
}

/** Rows per second of so many workers. */
export function rateOf({ alone, contention, crosstalk }: Scaling, workers: number): number {
  return workers / (alone + contention * (workers - 1) + crosstalk * workers * (workers - 1));
}

/** Crosstalk is told from contention only by the curve's bend, which so many different counts of workers show. */
const ENOUGH_FOR_CROSSTALK = 4;

/**
 * Least squares of relative errors, all coefficients at least 0.
 * @param serial seconds of the main thread per row: the floor of `contention`
 * @throws RangeError when there is no point
 */
export function fitScaling(points: readonly Point[], serial: number): Scaling {
  if (points.length === 0) throw new RangeError("a fit wants one point at least");
  const counts = new Set(points.map(({ workers }) => workers)).size;
  const terms = [() => 1, (n: number) => n - 1, (n: number) => n * (n - 1)].slice(
    0,
    counts >= ENOUGH_FOR_CROSSTALK ? 3 : counts >= 2 ? 2 : 1,
  );
  // Each equation is divided by its right side, N / X(N).
  const rows = points.map(({ workers, rowsPerSecond }) => {
    const cost = workers / rowsPerSecond;
    return {
      left: terms.map((term) => term(workers) / cost),
      right: 1 - (serial * (workers - 1)) / cost,
    };
  });
  const [alone = 0, contention = 0, crosstalk = 0] = nonNegative(rows, terms.length);
  return { alone, contention: contention + serial, crosstalk };
}

interface Equation {
  readonly left: readonly number[];
  readonly right: number;
}

/** The least squares among all choices of unknowns that are let be 0; three unknowns have eight. */
function nonNegative(equations: readonly Equation[], unknowns: number): number[] {
  let best: { values: number[]; error: number } | undefined;
  for (let choice = 1; choice < 1 << unknowns; choice += 2) {
    const chosen = Array.from({ length: unknowns }, (_, index) => index).filter((index) => (choice >> index) & 1);
    const solved = leastSquares(
      equations.map(({ left, right }) => ({ left: chosen.map((index) => left[index]!), right })),
    );
    if (!solved || solved.some((value) => value < 0)) continue;
    const values = new Array<number>(unknowns).fill(0);
    for (const [place, index] of chosen.entries()) values[index] = solved[place]!;
    const error = equations.reduce((sum, { left, right }) => {
      const off = left.reduce((total, factor, index) => total + factor * values[index]!, -right);
      return sum + off * off;
    }, 0);
    if (!best || error < best.error) best = { values, error };
  }
  // With the first unknown alone there is a solution, and it is positive unless the main thread's floor is above all.
  return best?.values ?? [Math.max(...equations.map(({ left }) => 1 / left[0]!)), 0, 0].slice(0, unknowns);
}

/** By the normal equations, with Gaussian elimination; undefined where they have no single solution. */
function leastSquares(equations: readonly Equation[]): number[] | undefined {
  const size = equations[0]!.left.length;
  const matrix = Array.from({ length: size }, (_, row) =>
    Array.from({ length: size + 1 }, (_, column) =>
      equations.reduce((sum, { left, right }) => sum + left[row]! * (column === size ? right : left[column]!), 0),
    ),
  );
  for (let pivot = 0; pivot < size; pivot++) {
    const lead = matrix[pivot]!;
    if (Math.abs(lead[pivot]!) < 1e-12) return undefined;
    for (const [index, row] of matrix.entries()) {
      if (index === pivot) continue;
      const factor = row[pivot]! / lead[pivot]!;
      for (let column = pivot; column <= size; column++) row[column]! -= factor * lead[column]!;
    }
  }
  return matrix.map((row, index) => row[size]! / row[index]!);
}

/** Workers beyond which nobody looks. */
const MOST = 1024;

/**
 * Where the curve bends: the most of rate times efficiency (Kleinrock's power). With contention only, that is where as
 * many undisturbed workers would be as fast as the main thread alone could be.
 */
export function kneeOf(scaling: Scaling): number {
  let knee = 1;
  for (let workers = 2; workers <= MOST; workers++) if (power(scaling, workers) > power(scaling, knee)) knee = workers;
  return knee;
}

function power(scaling: Scaling, workers: number): number {
  return rateOf(scaling, workers) ** 2 / workers;
}

/** A straight line through points by least squares, neither coefficient below 0. */
export interface Line {
  readonly base: number;
  readonly perWorker: number;
}

/** Peak memory by workers. One count of workers says nothing of the share that all have in common. */
export function fitMemory(measurements: readonly Pick<Measurement, "workers" | "peakBytes">[]): Line {
  const equations = measurements.map(({ workers, peakBytes }) => ({ left: [1, workers], right: peakBytes }));
  const solved = leastSquares(equations);
  if (solved?.every((value) => value >= 0)) return { base: solved[0]!, perWorker: solved[1]! };
  const perWorker = Math.max(...measurements.map(({ workers, peakBytes }) => peakBytes / workers));
  const base = Math.max(...measurements.map(({ peakBytes }) => peakBytes));
  return solved && solved[1]! < 0 ? { base, perWorker: 0 } : { base: 0, perWorker };
}
