import type { Shape } from "./data.ts";
import type { Table } from "./table.ts";

/** What is to be reached: the bar, and what we are after. Ratios, or seconds. */
export interface Goal {
  readonly bar: number;
  readonly after: number;
  readonly sense: "at least" | "at most";
  readonly unit: "×" | "s";
}

const atLeast = (bar: number, after: number): Goal => ({ bar, after, sense: "at least", unit: "×" });
const atMost = (bar: number, after: number, unit: Goal["unit"] = "×"): Goal => ({ bar, after, sense: "at most", unit });

/** The rival's time over ours, by shape. */
export const WALL: Readonly<Record<Shape, Goal>> = {
  cdr: atLeast(1.5, 2.2),
  transcript: atLeast(1.6, 3),
  nested: atLeast(1.5, 4),
};
/** The databases' CPU seconds over ours. */
export const CPU = atLeast(1.4, 2);
/** Time of the row-wise pipelines over ours. */
export const ROWWISE = atLeast(10, 20);
/** Our CPU seconds over those of decoding alone. */
export const DECODE = atMost(3, 2);
/** One worker's time over two workers'. */
export const SCALING = atLeast(1.7, 1.9);
export const GROWTH_TIME = atMost(8.4, 8);
export const GROWTH_MEMORY = atMost(1.1, 1);
export const FIRST_BYTE = atMost(1.5, 0.5, "s");
/** ClickHouse's time over ours, S3 to S3. */
export const S3 = atLeast(1.2, 2);

/** A figure that was measured, and the goal it is for. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly goal: Goal;
}

export function met({ value, goal }: Figure): boolean {
  return goal.sense === "at least" ? value >= goal.bar : value <= goal.bar;
}

/** Figures beside their goals. */
export function goalsTable(figures: readonly Figure[]): Table {
  const rows = figures.map((figure) => {
    const { value, goal } = figure;
    const written = (number: number) => `${number.toFixed(2)} ${goal.unit}`;
    return [figure.name, written(value), `${goal.sense} ${written(goal.bar)}`, written(goal.after), verdict(figure)];
  });
  return { title: "Goals", header: ["figure", "measured", "bar", "after", "met"], rows };
}

const verdict = (figure: Figure) => (met(figure) ? "yes" : "no");
