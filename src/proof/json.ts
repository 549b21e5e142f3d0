import type { Buffer } from "node:buffer";

/** A number with more digits than a double holds, or the like in a string. */
const LONG = /[:,[]-?\d{16}/;
/** A string, or a number of that many characters. */
const STRING_OR_LONG = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.eE+-]{15,}/g;

/** A JSON text as values, numbers that a double may not hold as their text; undefined where it is no JSON. */
export function exactJson(line: Buffer): unknown {
  const text = line.toString("utf8");
  const exact = LONG.test(text)
    ? text.replace(STRING_OR_LONG, (match) => (match.startsWith('"') ? match : `"${match}"`))
    : text;
  try {
    return JSON.parse(exact);
  } catch {
    return undefined;
  }
}
