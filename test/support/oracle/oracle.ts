import { looksLikeData } from "../../../src/policy/data-names.ts";
import type { Field } from "../../../src/types.ts";
import { type MaskContext, maskText, type TextMask } from "./masks.ts";
import { type Table, textOf, type Value } from "./value.ts";

/** A decision about a leaf. */
export type Mask = { readonly mask: "keep" } | { readonly mask: "drop" } | { readonly mask: "null" } | TextMask;

/**
 * What is decided for the leaf at a path (`participants[].attributes{key}`: map entries by their key); undefined
 * keeps it. A path that ends in `{}` asks about all entries of a map.
 */
export type Decide = (path: string) => Mask | undefined;

/** First match wins; `*` stands for any characters, case does not count, paths not named are kept. */
export function decisions(rules: readonly (readonly [path: string, mask: Mask])[]): Decide {
  const compiled = rules.map(([path, mask]) => {
    const pieces = path.split("*").map((piece) => piece.replace(/[\\^$.+?()[\]{}|]/g, "\\$&"));
    return { pattern: new RegExp(`^${pieces.join("[^]*")}$`, "iu"), mask };
  });
  return (path) => compiled.find(({ pattern }) => pattern.test(path))?.mask;
}

/**
 * The product row by row: JSON lines of the table with the masks applied. The reference that the columns' way is
 * compared with, byte for byte; slow and plain on purpose.
 */
export function maskedJsonLines(table: Table, decide: Decide, context: MaskContext): string {
  return table.rows.map((row) => `${members(table.fields, row, "", decide, context)}\n`).join("");
}

function members(
  fields: readonly Field[],
  values: readonly Value[],
  prefix: string,
  decide: Decide,
  context: MaskContext,
): string {
  const written = fields.flatMap((field, index) => {
    const text = json(field, values[index]!, prefix + field.name, decide, context);
    return text === undefined ? [] : [`${quote(field.name)}:${text}`];
  });
  return `{${written.join(",")}}`;
}

/** The value's JSON; undefined where its key is dropped. */
function json(field: Field, value: Value, path: string, decide: Decide, context: MaskContext): string | undefined {
  switch (field.kind) {
    case "struct":
      return value === null ? "null" : members(field.children, value as readonly Value[], `${path}.`, decide, context);
    case "list": {
      const item = field.children[0]!;
      if (droppedWhole(item, `${path}[]`, decide)) return undefined;
      if (value === null) return "null";
      return `[${(value as readonly Value[]).map((one) => json(item, one, `${path}[]`, decide, context)).join(",")}]`;
    }
    case "map": {
      const [key, item] = field.children as [Field, Field];
      if (value === null) return droppedWhole(item, `${path}{}`, decide) ? undefined : "null";
      if (droppedWhole(item, `${path}{}`, decide)) return undefined;
      let unnamed = 0;
      const entries = (value as readonly (readonly [Value, Value])[]).flatMap(([name, one]) => {
        const text = textOf(key, name) ?? "null";
        const written = json(item, one, `${path}{${text}}`, decide, context);
        if (written === undefined) return [];
        // A key that is data itself.
        return [`${quote(looksLikeData(text) ? `[NAME ${++unnamed}]` : text)}:${written}`];
      });
      return `{${entries.join(",")}}`;
    }
    default:
      return leaf(field, value, decide(path) ?? { mask: "keep" }, context);
  }
}

/** A list of a dropped leaf has nothing to hold: its own key goes. */
function droppedWhole(field: Field, path: string, decide: Decide): boolean {
  if (field.kind === "list") return droppedWhole(field.children[0]!, `${path}[]`, decide);
  if (field.kind === "map") return droppedWhole(field.children[1]!, `${path}{}`, decide);
  return field.kind !== "struct" && decide(path)?.mask === "drop";
}

function leaf(field: Field, value: Value, mask: Mask, context: MaskContext): string | undefined {
  if (mask.mask === "drop") return undefined;
  if (mask.mask === "null" || value === null) return "null";
  if (mask.mask !== "keep") {
    // Bytes that are masked are text; everything else is masked by its text.
    const text = value instanceof Uint8Array ? Buffer.from(value).toString("utf8") : textOf(field, value);
    if (text === undefined) return "null";
    return quote(text === "" ? "" : maskText(text, mask, context));
  }
  const text = textOf(field, value);
  if (text === undefined) return "null";
  return QUOTED.has(field.kind) ? quote(text) : text;
}

const QUOTED = new Set(["utf8", "binary", "date32", "date64", "time", "timestamp", "duration"]);

/** Lone surrogates cannot be written in UTF-8: they become U+FFFD, where JSON.stringify would escape them. */
function quote(text: string): string {
  return JSON.stringify(text.toWellFormed());
}
