import type { Substitution } from "../masks/substitute.ts";
import { Passage } from "./passage.ts";

/** Takes a hit: code units [start, end) of the passage. Hits come in ascending order and do not overlap. */
export type Take = (start: number, end: number) => void;

interface Declaration {
  readonly name: string;
  /** Stands in the text in place of a hit. */
  readonly label: string;
  /** Finds every hit. Linear in the passage, however hostile; matches over no control character that may part the values of a column. */
  readonly find: (passage: Passage, take: Take) => void;
}

/** What a detector matches over may not part values; U+0001 and U+007F are left for that. */
export const CROSSED = "\n\0\x1f";

/** Finds one kind of identifier in free text. */
export interface Detector extends Declaration {
  /** Puts `by` in place of every hit and tells how many a piece of text had. */
  readonly substitution: (by: string, hit: (hits: number) => void) => Substitution;
}

export function declareDetector(declaration: Declaration): Detector {
  const detector: Detector = {
    ...declaration,
    substitution: (by, hit) => ({
      replaceAll: (text) =>
        replaceHits(
          text,
          [detector],
          () => by,
          (_, hits) => hit(hits),
        ),
      writes: by,
      crosses: CROSSED,
    }),
  };
  return detector;
}

/** What a detector found in a text, in UTF-16 code units. */
export interface Hit {
  readonly detector: string;
  readonly start: number;
  readonly end: number;
}

const ROUNDS = 3;

/** The hits of detectors that look in turn: what an earlier one takes, a later one no longer sees. In the text's order. */
export function hitsIn(text: string, detectors: readonly Detector[]): Hit[] {
  return hitsWithin(Passage.of(text), detectors);
}

/** The same of a passage, which is of no use any more. */
export function hitsWithin(text: Passage, detectors: readonly Detector[]): Hit[] {
  const hits: Hit[] = [];
  let passage = text;
  for (let round = 0, found = -1; round < ROUNDS && hits.length > found; round++) {
    // Numbers read out run into figures beside them: once those are taken, another may stand alone.
    if (round > 0 && passage.spoken.length === 0) break;
    found = hits.length;
    for (const { name, find } of detectors) {
      const spans: number[] = [];
      find(passage, (start, end) => {
        spans.push(start, end);
        hits.push({ detector: name, start: passage.origin(start), end: passage.origin(end) });
      });
      if (spans.length > 0) passage = passage.without(spans);
    }
  }
  return hits.sort((a, b) => a.start - b.start);
}

/** The text with every hit replaced, the same string where there is none. */
export function replaceHits(
  text: string,
  detectors: readonly Detector[],
  by: (detector: string) => string,
  count: (detector: string, hits: number) => void,
): string {
  const hits = hitsIn(text, detectors);
  if (hits.length === 0) return text;
  const parts: string[] = [];
  let done = 0;
  for (const { detector, start, end } of hits) {
    parts.push(text.slice(done, start), by(detector));
    done = end;
  }
  counted(hits, detectors, count);
  return parts.join("") + text.slice(done);
}

/** Tells how many hits each detector had, in the detectors' order. */
export function counted(
  hits: readonly Hit[],
  detectors: readonly Detector[],
  count: (detector: string, hits: number) => void,
): void {
  const counts = new Map(detectors.map(({ name }) => [name, 0]));
  for (const { detector } of hits) counts.set(detector, counts.get(detector)! + 1);
  for (const [detector, found] of counts) if (found > 0) count(detector, found);
}
