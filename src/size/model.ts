import { writerCount } from "../input/resources.ts";
import type { Measurement } from "./types.ts";

/**
 * Seconds per row of workers whose output goes through few threads, as the repairman's machines share him. A row of N workers takes
 *
 *     worker + contention · (N − 1) + crosstalk · N · (N − 1)
 *
 * on one of them, with the two terms of the Universal Scalability Law (N. J. Gunther, "Guerrilla Capacity Planning",
 * 2007, chapter 4), and then what they share, where it waits its turn: a thread that writes its object, or the main thread if
 * that takes longer.
 */
export interface Scaling {
  readonly worker: number;
  /** On the main thread, which hears of every batch. */
  readonly main: number;
  /** On a thread that writes. */
  readonly writer: number;
  /** That can be written at once, each by one thread. */
  readonly objects: number;
  /** What each row keeps the other workers waiting beside these threads. */
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
 * and those that write where no core was left for them, took. No row takes less than its CPU time.
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
export function rateOf(scaling: Scaling, workers: number): number {
  const { worker, contention, crosstalk } = scaling;
  const away = worker + contention * (workers - 1) + crosstalk * workers * (workers - 1);
  return closedRate(away, sharedOf(scaling, workers), workers);
}

/** Seconds per row of what so many workers share. */
function sharedOf({ main, writer, objects }: Pick<Scaling, "main" | "writer" | "objects">, workers: number): number {
  return Math.max(main, writer / writerCount(objects, workers));
}

/**
 * Mean value analysis of a closed network (M. Reiser and S. S. Lavenberg, Journal of the ACM 27(2), 1980): `customers`
 * that each spend `away` seconds by themselves and then queue for one server that takes `served` seconds. Its times are
 * taken for exponential, which those of the main thread and of those that write are not: they vary less, so that it is
 * rather faster than this.
 */
function closedRate(away: number, served: number, customers: number): number {
  let queue = 0;
  let rate = 0;
  for (let number = 1; number <= customers; number++) {
    const there = served * (1 + queue);
    rate = number / (away + there);
    queue = rate * there;
  }
  return rate;
}

/** The `away` with which `closedRate` is what it is; next to 0 where even that would be too slow. */
function awayOf(rate: number, served: number, customers: number): number {
  let low = 0;
  let high = customers / rate;
  for (let step = 0; step < BISECTIONS; step++) {
    const middle = (low + high) / 2;
    if (closedRate(middle, served, customers) > rate) low = middle;
    else high = middle;
  }
  return high;
}

/** By how many percent the rate falls where `away` grows by one: nothing where the server is always busy. */
function sensitivity(away: number, served: number, customers: number): number {
  const more = 1.001;
  const fall = closedRate(away, served, customers) / closedRate(away * more, served, customers);
  return Math.log(fall) / Math.log(more);
}

/** As many as a double has bits. */
const BISECTIONS = 52;

/** Crosstalk is told from contention only by the curve's bend, which so many different counts of workers show. */
const ENOUGH_FOR_CROSSTALK = 4;

/**
 * Least squares of relative errors, no coefficient below 0.
 * @param serial what is known by itself: seconds per row, and the objects that were written at once
 * @throws RangeError when there is no point
 */
export function fitScaling(points: readonly Point[], serial: Pick<Scaling, "main" | "writer" | "objects">): Scaling {
  if (points.length === 0) throw new RangeError("a fit wants one point at least");
  const counts = new Set(points.map(({ workers }) => workers)).size;
  const terms = [() => 1, (n: number) => n - 1, (n: number) => n * (n - 1)].slice(
    0,
    counts >= ENOUGH_FOR_CROSSTALK ? 3 : counts >= 2 ? 2 : 1,
  );
  // By how far each point's rate would be off: one that shows only what is shared says nothing of the workers.
  const equations = points.map(({ workers, rowsPerSecond }) => {
    const shared = sharedOf(serial, workers);
    const away = awayOf(rowsPerSecond, shared, workers);
    const weight = sensitivity(away, shared, workers);
    return { left: terms.map((term) => (term(workers) / away) * weight), right: weight };
  });
  const [worker = 0, contention = 0, crosstalk = 0] = nonNegative(equations, terms.length);
  const { main, writer, objects } = serial;
  return { worker, main, writer, objects, contention, crosstalk };
}

interface Equation {
  readonly left: readonly number[];
  readonly right: number;
}

/** The least squares among the choices of unknowns that are let be 0, the first one never; none where nothing tells. */
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
  return best?.values ?? [];
}

/** By the normal equations, with Gaussian elimination; undefined where they have no single solution. */
function leastSquares(equations: readonly Equation[]): number[] | undefined {
  const size = equations[0]!.left.length;
  const matrix = Array.from({ length: size }, (_, row) =>
    Array.from({ length: size + 1 }, (_, column) =>
      equations.reduce((sum, { left, right }) => sum + left[row]! * (column === size ? right : left[column]!), 0),
    ),
  );
  const scale = matrix.map((row, index) => row[index]!);
  for (let pivot = 0; pivot < size; pivot++) {
    const lead = matrix[pivot]!;
    if (!(lead[pivot]! > 1e-12 * scale[pivot]!)) return undefined;
    for (const [index, row] of matrix.entries()) {
      if (index === pivot) continue;
      const factor = row[pivot]! / lead[pivot]!;
      for (let column = pivot; column <= size; column++) row[column]! -= factor * lead[column]!;
    }
  }
  return matrix.map((row, index) => row[size]! / row[index]!);
}

/** Workers beyond which nobody looks. */
const MOST = 256;

/**
 * Where the curve bends: the most of rate times efficiency (L. Kleinrock's power), which is about where the workers could
 * keep what they share busy all the time.
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
