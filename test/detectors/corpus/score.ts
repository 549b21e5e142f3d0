import { hitsIn } from "../../../src/detectors/detector.ts";
import { DETECTORS } from "../../../src/detectors/index.ts";
import type { Line } from "./read.ts";

/** How a detector did. */
export interface Score {
  readonly detector: string;
  labels: number;
  /** Labels of which no letter or digit stays. */
  found: number;
  hits: number;
  /** Hits that lie on a label of their own kind. */
  right: number;
  /** Hits that are a label, no character more or less. */
  exact: number;
  /** What was missed and what was found where there is nothing, for people. */
  readonly missed: string[];
  readonly wrong: string[];
}

/** Holds the detectors against labelled texts. @param only labels and hits of these detectors */
export function scores(lines: Iterable<Line>): ReadonlyMap<string, Score> {
  const all = new Map(
    DETECTORS.map(({ name }): [string, Score] => [
      name,
      { detector: name, labels: 0, found: 0, hits: 0, right: 0, exact: 0, missed: [], wrong: [] },
    ]),
  );
  for (const { text, labels } of lines) {
    const hits = hitsIn(text, DETECTORS);
    for (const { detector, start, end } of labels) {
      const score = all.get(detector)!;
      const own = hits.filter((hit) => hit.detector === detector);
      const left = [...text]
        .map((_, i) => i)
        .filter((i) => i >= start && i < end && /[\p{L}\p{N}]/u.test(text[i]!))
        .filter((i) => !own.some((hit) => hit.start <= i && i < hit.end));
      score.labels++;
      if (left.length === 0) score.found++;
      else score.missed.push(`${text.slice(start, end)} in ${text}`);
    }
    for (const { detector, start, end } of hits) {
      const score = all.get(detector)!;
      const own = labels.filter((label) => label.detector === detector);
      score.hits++;
      if (own.some((label) => label.start < end && start < label.end)) score.right++;
      else score.wrong.push(`${text.slice(start, end)} in ${text}`);
      if (own.some((label) => label.start === start && label.end === end)) score.exact++;
    }
  }
  return all;
}

export function recall({ found, labels }: Score): number {
  return labels === 0 ? 1 : found / labels;
}

export function precision({ right, hits }: Score): number {
  return hits === 0 ? 1 : right / hits;
}
