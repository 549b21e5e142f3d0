import { hkdfSync } from "node:crypto";
import { compiled, throughColumn } from "../masks/columns.ts";

export const context = {
  environment: "test",
  judge: () => undefined,
  domainKey: (domain: string) => Buffer.from(hkdfSync("sha256", Buffer.alloc(32, 7), "test", domain, 32)),
};

/** What a mask makes of one text, alone in its column. */
export function masked(name: string, options: object, text: string): string {
  return throughColumn(compiled(name, options as Record<string, unknown>, context), [text])[0]!;
}

/** What the detectors make of a text, and how many hits each counted. */
export function scanned(text: string, ...detectors: string[]): { text: string; hits: Record<string, number> } {
  const hits: Record<string, number> = {};
  const options = detectors.length === 0 ? {} : { detectors };
  const mask = compiled("scan", options, context, (detector, found) => {
    hits[detector] = (hits[detector] ?? 0) + found;
  });
  return { text: throughColumn(mask, [text])[0]!, hits };
}
