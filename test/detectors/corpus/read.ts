import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";

const DIRECTORY = join(import.meta.dirname, "../../../fixtures/corpus");

/** A hit that must be found: a detector's name and a range of the line's text, in UTF-16 units. */
export interface Label {
  readonly detector: string;
  readonly start: number;
  readonly end: number;
}

/** A text of the corpus with all its hits, in order. */
export interface Line {
  readonly text: string;
  readonly labels: readonly Label[];
}

/** The labelled corpus, by file: the hits of `card.jsonl` are mostly cards, those of `negatives.jsonl` none. */
export function corpus(): ReadonlyMap<string, readonly Line[]> {
  const files = readdirSync(DIRECTORY).filter((file) => file.endsWith(".jsonl"));
  return new Map(
    files.map((file) => [
      basename(file, ".jsonl"),
      readFileSync(join(DIRECTORY, file), "utf8")
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line) as Line),
    ]),
  );
}
