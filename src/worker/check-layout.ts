import { badInput } from "../errors.ts";
import type { Field, Kind, TimeUnit } from "../types.ts";
import type { Layout } from "./c-data.ts";
import { withoutNul } from "./hand-over.ts";

/**
 * Holds what the decoder hands over against what was planned from its schema: a column must not be read as another type.
 * @throws MasklineError (exit 5) naming the first column that differs
 */
export function checkLayout({ children }: Layout, fields: readonly Field[], path = ""): void {
  if (children.length !== fields.length) throw unplanned(path);
  for (const [index, field] of fields.entries()) checkColumn(children[index]!, field, path);
}

function checkColumn(layout: Layout, field: Field, path: string): void {
  const own = path === "" ? field.name : `${path}.${field.name}`;
  if (layout.dictionary) {
    checkColumn({ ...layout.dictionary, name: layout.name }, field, path);
    return;
  }
  if (layout.name !== withoutNul(field.name) || !FORMATS[field.kind](layout.format, field)) throw unplanned(own);
  if (field.kind !== "map") {
    checkLayout(layout, field.children, own);
    return;
  }
  const [entries, second] = layout.children;
  if (!entries || second) throw unplanned(own);
  checkLayout(entries, field.children, own);
}

function unplanned(path: string): Error {
  return badInput(`decoding${path === "" ? "" : ` the column ${path}`}: the schema is not the planned one`, {
    stage: "decode",
  });
}

const UNITS: Readonly<Record<TimeUnit, string>> = { s: "s", ms: "m", us: "u", ns: "n" };

function unitOf({ unit }: Field): string {
  return UNITS[unit ?? "s"];
}

function is(...formats: readonly string[]): (format: string) => boolean {
  return (format) => formats.includes(format);
}

const BINARY = is("z", "Z", "vz");

/** The format strings that a field may have. */
const FORMATS: Readonly<Record<Kind, (format: string, field: Field) => boolean>> = {
  null: is("n"),
  bool: is("b"),
  int8: is("c"),
  uint8: is("C"),
  int16: is("s"),
  uint16: is("S"),
  int32: is("i"),
  uint32: is("I"),
  int64: is("l"),
  uint64: is("L"),
  float16: is("e"),
  float32: is("f"),
  float64: is("g"),
  decimal: (format, { scale, width = 16 }) => {
    const parts = /^d:\d+,(-?\d+)(?:,(\d+))?$/.exec(format);
    return parts !== null && Number(parts[1]) === scale && Number(parts[2] ?? 128) === width * 8;
  },
  // ENUMs are text in a column of bytes.
  utf8: (format, { uuid, width }) =>
    uuid
      ? format === "w:16"
      : width === undefined
        ? is("u", "U", "vu")(format) || BINARY(format)
        : isWide(format, width),
  number: () => false,
  binary: (format, { width }) => (width === undefined ? BINARY(format) : isWide(format, width)),
  date32: is("tdD"),
  date64: is("tdm"),
  time: (format, field) => format === `tt${unitOf(field)}`,
  timestamp: (format, field) => format.startsWith(`ts${unitOf(field)}:`) && format.length > 4 === (field.utc === true),
  duration: (format, field) => format === `tD${unitOf(field)}`,
  interval: (format, { width }) => format === { 4: "tiM", 8: "tiD", 16: "tin" }[width ?? 16],
  struct: is("+s"),
  list: (format) => format === "+l" || format === "+L" || format.startsWith("+w:"),
  map: is("+m"),
};

function isWide(format: string, width: number): boolean {
  return format === `w:${width}`;
}
