import { mkdir, writeFile } from "node:fs/promises";
import { availableParallelism, cpus, totalmem } from "node:os";
import { join } from "node:path";

/** A title, a header and rows of cells. */
export interface Table {
  readonly title: string;
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** A Markdown table; all columns but the first hold figures. Cells are padded, so that it reads on a terminal too. */
export function markdown({ title, header, rows }: Table): string {
  const escaped = [header, ...rows].map((cells) => cells.map((cell) => cell.replaceAll("|", "\\|")));
  const widths = header.map((_, column) => Math.max(3, ...escaped.map((cells) => cells[column]!.length)));
  const rule = widths.map((width, column) => (column === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`));
  const padded = escaped.map((cells) =>
    cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!))),
  );
  const lines = [padded[0]!, rule, ...padded.slice(1)].map((cells) => `| ${cells.join(" | ")} |`);
  return [`## ${title}`, "", ...lines, ""].join("\n");
}

/** The machine, as a result must say it. */
export function machine(): string {
  const gibibytes = Math.round(totalmem() / 2 ** 30);
  return `${availableParallelism()} cores (${cpus()[0]?.model.trim() ?? "unknown"}), ${gibibytes} GiB, Node ${process.version}`;
}

/** Keeps a result in bench/results/, as text and as JSON, under the day's date. */
export async function keepDated(name: string, text: string, result: object): Promise<void> {
  const directory = join(import.meta.dirname, "results");
  await mkdir(directory, { recursive: true });
  const dated = join(directory, `${new Date().toISOString().slice(0, 10)}-${name}`);
  await writeFile(`${dated}.md`, text);
  await writeFile(`${dated}.json`, `${JSON.stringify(result, null, 2)}\n`);
}
