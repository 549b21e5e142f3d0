import { DETECTORS } from "../detectors/index.ts";

/**
 * Whether a column's name is itself an identifier, as where a CSV has no header line or JSON objects have data for keys:
 * names go into the output, the manifest and the metrics unmasked.
 */
export function looksLikeData(name: string): boolean {
  if (/^\p{Nd}{5,}$/u.test(name)) return true;
  let hits = 0;
  for (const { substitution } of DETECTORS) {
    const found = substitution("", (more) => {
      hits += more;
    });
    if ("pattern" in found) name.replace(found.pattern, found.with as string);
    else found.replaceAll(name);
  }
  return hits > 0;
}
