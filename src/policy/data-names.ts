import { hardIdentifiers } from "../detectors/index.ts";

/**
 * Whether a column's name is itself an identifier, as where a CSV has no header line or JSON objects have data for keys:
 * names go into the output, the manifest and the metrics unmasked.
 */
export function looksLikeData(name: string): boolean {
  return /^\p{Nd}{5,}$/u.test(name) || hardIdentifiers(name).length > 0;
}
