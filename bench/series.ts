import { mkdir } from "node:fs/promises";
import type { Contender } from "./contender.ts";
import { median, type Usage } from "./measure.ts";
import { outDirectory } from "./places.ts";

/** What one contender took, run by run, and what went in and out. */
export interface Series {
  readonly name: string;
  readonly rows: number;
  readonly inputBytes: number;
  outputBytes: number;
  readonly usages: Usage[];
}

/**
 * Everyone once, then everyone again: what disturbs the machine disturbs all alike.
 * @throws when rows are missing, or there is nobody
 */
export async function interleaved(contenders: readonly Contender[], runs: number): Promise<Series[]> {
  if (contenders.length === 0) throw new RangeError("--only names none of those who can do this work");
  await mkdir(outDirectory, { recursive: true });
  const series = contenders.map(
    ({ name, rows, inputBytes }): Series => ({ name, rows, inputBytes, outputBytes: 0, usages: [] }),
  );
  for (let run = 0; run < runs; run++) {
    for (const [index, contender] of contenders.entries()) {
      const { usage, outcome } = await contender.run();
      if (outcome.rows !== contender.rows) {
        throw new Error(`${contender.name}: ${outcome.rows} rows came out of ${contender.rows}`);
      }
      series[index]!.usages.push(usage);
      series[index]!.outputBytes = outcome.bytes;
      console.error(`${run + 1}/${runs} ${contender.name} ${usage.wallSeconds.toFixed(2)} s`);
    }
  }
  return series;
}

export function medianOf({ usages }: Series, what: keyof Usage): number {
  return median(usages.map((usage) => usage[what]));
}
