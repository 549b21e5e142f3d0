/** The source of a pattern for texts in which `*` stands for any characters. For the flags iu: case does not count. */
export function wildcard(text: string): string {
  const source = text
    .split(/\*+/)
    .map((piece) => piece.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&"))
    .join("[^]*");
  return `^${source}$`;
}
