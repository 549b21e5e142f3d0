/** Rows of cells in columns of one width; `first` stands before the first row, the others are indented as far. */
export function table(rows: readonly (readonly string[])[], first: string): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const indent = " ".repeat(first.length);
  return rows.map((row, index) =>
    `${index === 0 ? first : indent}${row.map((cell, column) => cell.padEnd(widths[column]!)).join("  ")}`.trimEnd(),
  );
}
