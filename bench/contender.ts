import { rm, stat } from "node:fs/promises";
import { countLines, measure, type Usage } from "./measure.ts";
import { scratch } from "./places.ts";

/** One of those who do the work. */
export interface Contender {
  readonly name: string;
  /** Rows that have to come out. */
  readonly rows: number;
  readonly inputBytes: number;
  /** Does the work once, from a clean start, and leaves nothing behind. */
  readonly run: () => Promise<Run>;
}

/** What one run took, and what came out. */
export interface Run {
  readonly usage: Usage;
  readonly outcome: Outcome;
}

/** Rows that came out, and their bytes, 0 where they cannot be known. */
export interface Outcome {
  readonly rows: number;
  readonly bytes: number;
}

/** A contender that is a process on local files. */
export interface LocalSpec {
  readonly name: string;
  readonly rows: number;
  readonly input: string;
  readonly command: readonly string[];
  /** Removed before and after a run; none where the output is discarded. */
  readonly output?: string;
  /** What came out, from the files that are there or from what the process printed. */
  readonly outcome: (printed: string) => Promise<Outcome>;
}

export const environment = { MASKLINE_KEY: "benchmark-key-0123456789abcdef-0123456789" };

export async function localContender<S extends LocalSpec>(spec: S): Promise<S & Contender> {
  const { input, command, output, outcome } = spec;
  const { size: inputBytes } = await stat(input);
  const clear = async () => {
    if (output !== undefined) await rm(output, { recursive: true, force: true });
  };
  const run = async () => {
    await clear();
    const { usage, printed } = await measure(command, scratch, environment);
    const result = { usage, outcome: await outcome(printed) };
    await clear();
    return result;
  };
  return { ...spec, inputBytes, run };
}

/** Rows and bytes of files with JSON lines. */
export async function linesIn(paths: readonly string[]): Promise<Outcome> {
  let rows = 0;
  let bytes = 0;
  for (const path of paths) {
    rows += await countLines(path);
    bytes += (await stat(path)).size;
  }
  return { rows, bytes };
}
