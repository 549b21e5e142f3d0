import { distance } from "fastest-levenshtein";

/** `; did you mean "…"?` for a misspelt word, or nothing where none is near. */
export function nearest(word: string, known: readonly string[]): string {
  const best = known
    .map((name) => ({ name, far: distance(word.toLowerCase(), name.toLowerCase()) }))
    .toSorted((a, b) => a.far - b.far)[0];
  if (best && best.far <= Math.max(2, word.length / 3)) return `; did you mean "${best.name}"?`;
  return known.length > 0 && known.length <= 16 ? `; known: ${known.join(", ")}` : "";
}
