import { count } from "../count.ts";
import type { ComparedSchema } from "../schema-gate.ts";
import { table } from "./table.ts";

/** What `plan` says to people before anything is exported: what names and types decide. */
export function announcedText({ name, leaves, drifts, approved, lock }: ComparedSchema): string {
  const rows = leaves.map(({ path, type, mask, by, clause = "" }) => [path, type, mask, by, clause]);
  const lines = [
    `${name}: ${count(leaves.length, "column")}; nothing is exported yet, so names and types alone decide`,
    "",
    ...table([["column", "type", "mask", "decided by", "follows"], ...rows], "  "),
    ...(approved ? drifts.map(({ kind, path, what }) => `${kind}: ${path}: ${what}`) : []),
    ...(approved ? [] : [`note: no columns were approved yet; maskline drift --approve writes ${lock}`]),
  ];
  return `${lines.join("\n")}\n`;
}

/** The same as data, for machines. */
export function announcedJson({ name, leaves, drifts, approved, lock }: ComparedSchema): unknown {
  return { state: "announced", schema: name, columns: leaves, lock: { file: lock, changes: approved ? drifts : null } };
}
