/** A scalar of a document: text decoded, everything else as it was written. */
export interface JsonScalar {
  readonly kind: "text" | "number" | "boolean" | "null";
  /** Where in the document it stands: `customer.phones[]`. */
  readonly path: string;
  /** The nearest name above it. */
  readonly name: string;
  /** The names above that one. */
  readonly within: readonly string[];
  text: string;
  /** What is written in place of it, as JSON; undefined leaves it out with its name. */
  written: string | undefined;
}

interface JsonList {
  readonly kind: "list";
  readonly items: JsonNode[];
}

interface JsonObject {
  readonly kind: "object";
  readonly members: { readonly key: string; readonly value: JsonNode }[];
}

export type JsonNode = JsonScalar | JsonList | JsonObject;

/** A list or object that is being read. */
interface Frame {
  readonly node: JsonList | JsonObject;
  readonly path: string;
  readonly name: string;
  readonly within: readonly string[];
  /** The names above its members. */
  readonly inside: readonly string[];
}

/** More levels than this are refused. */
const DEEPEST = 256;

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /true|false|null/y;
const SPACE = /[ \t\n\r]*/y;

/**
 * Reads a JSON document (RFC 8259) and keeps its numbers as they are written. In one pass, without recursion.
 * @param scalar called for every value that is no object and no list
 * @returns undefined for what is no document, or is nested deeper than 256 levels
 */
export function parseJson(text: string, scalar: (value: JsonScalar) => void): JsonNode | undefined {
  const stack: Frame[] = [];
  let root: JsonNode | undefined;
  let at = 0;
  const match = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    if (found !== undefined) at += found.length;
    return found;
  };
  const string = (): string | undefined => {
    const end = endOfString(text, at);
    const decoded = end === 0 ? undefined : unquoted(text.slice(at, end));
    if (decoded !== undefined) at = end;
    return decoded;
  };
  const one = (character: string): boolean => {
    match(SPACE);
    if (text[at] !== character) return false;
    at++;
    return true;
  };
  const keyOf = (): string | undefined => {
    match(SPACE);
    const name = string();
    return name !== undefined && one(":") ? name : undefined;
  };
  let key: string | undefined;
  for (;;) {
    const top = stack.at(-1);
    const path = top ? (top.node.kind === "list" ? `${top.path}[]` : joined(top.path, key!)) : "";
    const name = top?.node.kind === "object" ? key! : (top?.name ?? "");
    const within = top?.node.kind === "object" ? top.inside : (top?.within ?? []);
    match(SPACE);
    const start = text[at];
    let node: JsonNode;
    if (start === "{" || start === "[") {
      at++;
      if (stack.length === DEEPEST) return undefined;
      node = start === "{" ? { kind: "object", members: [] } : { kind: "list", items: [] };
    } else {
      const kind =
        start === '"' ? "text" : start === "t" || start === "f" ? "boolean" : start === "n" ? "null" : "number";
      const from = at;
      const value = kind === "text" ? string() : match(kind === "number" ? NUMBER : WORD);
      if (value === undefined) return undefined;
      node = { kind, path, name, within, text: value, written: text.slice(from, at) };
      scalar(node);
    }
    if (top?.node.kind === "object") top.node.members.push({ key: key!, value: node });
    else if (top?.node.kind === "list") top.node.items.push(node);
    else root = node;
    if (node.kind === "object" || node.kind === "list") {
      stack.push({ node, path, name, within, inside: name === "" ? within : [...within, name] });
      if (one(node.kind === "object" ? "}" : "]")) stack.pop();
      else if (node.kind === "list") continue;
      else {
        key = keyOf();
        if (key === undefined) return undefined;
        continue;
      }
    }
    // After a value: its neighbour, or the ends of what it stands in.
    for (;;) {
      const around = stack.at(-1)?.node;
      if (!around) {
        match(SPACE);
        return at === text.length ? root : undefined;
      }
      if (one(",")) {
        if (around.kind === "list") break;
        key = keyOf();
        if (key === undefined) return undefined;
        break;
      }
      if (!one(around.kind === "list" ? "]" : "}")) return undefined;
      stack.pop();
    }
  }
}

function joined(path: string, key: string): string {
  const step = /[.[\]\\]/.test(key) ? key.replace(/[.[\]\\]/g, "\\$&") : key;
  return path === "" ? step : `${path}.${step}`;
}

/** Where a string that begins at `start` ends, after its quote; 0 where there is none. */
function endOfString(text: string, start: number): number {
  if (text[start] !== '"') return 0;
  for (let quote = text.indexOf('"', start + 1); quote !== -1; quote = text.indexOf('"', quote + 1)) {
    let slash = quote;
    while (text[slash - 1] === "\\") slash--;
    if ((quote - slash) % 2 === 0) return quote + 1;
  }
  return 0;
}

/** The text of a JSON string; undefined where it is none. */
function unquoted(raw: string): string | undefined {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: none may stand in a JSON string
  if (!/[\\\u0000-\u001f]/.test(raw)) return raw.slice(1, -1);
  try {
    return (JSON.parse(raw) as string).toWellFormed();
  } catch {
    return undefined;
  }
}

/**
 * The document as text again, without spaces. A scalar that is left out takes its name with it; in a list it is null.
 * @param nameOf what is written for the name of a member
 */
export function writeJson(root: JsonNode, nameOf: (key: string) => string): string {
  const parts: string[] = [];
  const work: (JsonNode | string)[] = [root];
  for (let next = work.pop(); next !== undefined; next = work.pop()) {
    if (typeof next === "string") parts.push(next);
    else if (next.kind === "list") {
      work.push("]");
      for (let i = next.items.length - 1; i >= 0; i--) {
        work.push(next.items[i]!);
        if (i > 0) work.push(",");
      }
      work.push("[");
    } else if (next.kind === "object") {
      work.push("}");
      const members = next.members.filter(({ value }) => !("written" in value) || value.written !== undefined);
      for (let i = members.length - 1; i >= 0; i--) {
        const { key, value } = members[i]!;
        work.push(value, `${i > 0 ? "," : ""}${JSON.stringify(nameOf(key))}:`);
      }
      work.push("{");
    } else parts.push(next.written ?? "null");
  }
  return parts.join("");
}
