import { distance } from "fastest-levenshtein";

/** `; did you mean "…"?` for a misspelt word, or nothing where none is near. */
export function suggestion(word: string, known: readonly string[]): string {
  const best = known
    .map((name) => ({ name, far: distance(word.toLowerCase(), name.toLowerCase()) }))
    .toSorted((a, b) => a.far - b.far)[0];
  return best && best.far < word.length && best.far <= Math.max(2, word.length / 3)
    ? `; did you mean "${best.name}"?`
    : "";
}

/** The suggestion for a word, or else what is known where that is not long. */
export function nearest(word: string, known: readonly string[]): string {
  const near = suggestion(word, known);
  if (near !== "") return near;
  return known.length > 0 && known.length <= 16 ? `; known: ${known.join(", ")}` : "";
}
