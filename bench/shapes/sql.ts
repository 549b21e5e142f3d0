/** DuckDB expressions that the shapes are made of. Every value comes from a hash of its row number. */

/** A number below `most` from the row and a salt: each salt another sequence. */
export const below = (most: number, salt: number, row = "i") => `(hash(${row}, ${salt}) % ${most})::BIGINT`;
export const oneOf = (salt: number, ...texts: string[]) => pick(texts, salt);
export const pick = (texts: readonly string[], salt: number, row = "i") =>
  `[${texts.map((text) => `'${text}'`).join(", ")}][1 + ${below(texts.length, salt, row)}]`;
export const uuid = (salt: number, row = "i") => {
  const hex = `md5(concat(${row}, '/', ${salt}))`;
  const cuts = [`${hex}[1:8]`, `${hex}[9:12]`, `'4' || ${hex}[14:16]`, `'a' || ${hex}[18:20]`, `${hex}[21:32]`];
  return cuts.join(" || '-' || ");
};
export const padded = (number: string, width: number) => `lpad((${number})::VARCHAR, ${width}, '0')`;

/** About one customer for three calls. */
export const CUSTOMER = "c";
export const PHONE = `'+1' || ${padded(`200 + ${below(799, 1, CUSTOMER)}`, 3)} || '555' || ${padded(below(10_000, 2, CUSTOMER), 4)}`;
export const CARD = `${padded(below(10_000, 4), 4)} || sep || ${padded(below(10_000, 5), 4)} || sep || ${padded(below(10_000, 6), 4)}`;
export const SSN = `${padded(below(1000, 7), 3)} || '-' || ${padded(below(100, 8), 2)} || '-' || ${padded(below(10_000, 9), 4)}`;

/** `rows` rows with their number `i`, customer `c` and a separator `sep`. */
export const rowsOfSql = (rows: number): string =>
  `(SELECT i, hash(i, 99) % ${Math.ceil(rows / 3)} AS c, ['', ' ', '-'][1 + (hash(i, 3) % 3)::BIGINT] AS sep FROM range(${rows}) AS t(i))`;
