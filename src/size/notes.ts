import type { Sized } from "./report.ts";

/** Objects with fewer rows than this are mostly beginnings and ends. */
const FEW_ROWS = 50_000;
/** Shares of the workers' time that others took: what goes without saying, and what makes the figures doubtful. */
const LITTLE = 0.05;
const MUCH = 0.25;

/** What the reader of the figures should know about them. */
export function notesOn({ sample, measurements, findings, load }: Omit<Sized, "notes">): string[] {
  const notes: string[] = [];
  const last = measurements.at(-1)!;
  const delayed = Math.max(...measurements.map((one) => (one.delaySecondsPerRow * one.rowsPerSecond) / one.workers));
  if (delayed > LITTLE) {
    notes.push(
      `up to ${Math.round(delayed * 100)} % of the workers' time there was no core for them or for what they wait for; model, ` +
        `knee and request are made from the column undisturbed, which leaves that out${delayed > MUCH ? "; measure again when the host is quiet, or longer with --time" : ""}`,
    );
  }
  if (load && load.advice.workers > last.workers) {
    notes.push(
      `measured up to ${last.workers} workers; beyond that it is the model's word: measure on the host itself`,
    );
  }
  if (sample.source !== "generated" && sample.largestObjectRows < FEW_ROWS) {
    notes.push(
      `the largest object has ${sample.largestObjectRows.toLocaleString("en")} rows; with larger ones it goes faster`,
    );
  }
  if (load && load.advice.shards > 1) {
    const cut = findings.scaling.objects < load.advice.shards ? ", exported as so many files of about one size" : "";
    notes.push(`one process does not do it: give each its own share of the inputs${cut}`);
  }
  return notes;
}
