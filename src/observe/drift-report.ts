import type { DriftResult } from "../drift.ts";

const SAID: Readonly<Record<DriftResult["state"], string>> = {
  unchanged: "nothing has changed",
  harmless: "changed, with nothing to decide",
  "decision-needed": "a person must decide",
  "no-lock": "there is none yet; look at the plan, then approve it: maskline drift --approve",
  approved: "approved",
};

/** What `drift` says to people: each difference, what to do about it, and where it was seen. */
export function driftText({ state, lock, inputs, schema, columns, changes }: DriftResult): string {
  const where = [
    ...(inputs > 0 || !schema ? [`${inputs} input${inputs === 1 ? "" : "s"}`] : []),
    ...(schema ? [schema] : []),
  ];
  const lines = [`${lock}: ${SAID[state]}`, `${columns} column${columns === 1 ? "" : "s"} in ${where.join(" and ")}`];
  for (const { kind, path, stops, what, advice, inputs: seen } of changes) {
    lines.push("", `${stops && state !== "approved" ? "STOPS  " : ""}${kind}: ${path}`, `  ${what}`);
    if (state !== "approved") lines.push(`  ${advice}`);
    lines.push(`  in ${seen[0]}${seen.length > 1 ? ` and ${seen.length - 1} more` : ""}`);
  }
  return `${lines.join("\n")}\n`;
}
