import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { isMap, isScalar, LineCounter, type Node, parseDocument, visit } from "yaml";
import type { z } from "zod";
import { messageOf, usageError } from "../errors.ts";
import { nearest, suggestion } from "./nearest.ts";
import { type Config, configSchema } from "./schema.ts";

/** Settings that the command line may give in place of the file's. */
export interface Overrides {
  readonly input?: readonly string[];
  readonly output?: string;
}

export interface LoadedConfig {
  readonly config: Config;
  /** Directory that relative paths of the file start from. */
  readonly directory: string;
}

/** Reads, checks and completes a configuration file. Overrides stand relative to the working directory. */
export async function loadConfig(file: string, overrides: Overrides = {}): Promise<LoadedConfig> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    throw usageError(`reading the configuration ${file}: ${messageOf(error)}; name one with -c`, { cause: error });
  }
  return { config: parseConfig(text, file, overrides), directory: dirname(resolve(file)) };
}

/** Parses and checks the text of a configuration; an error names file, line, column and the nearest right word. */
export function parseConfig(text: string, file: string, overrides: Overrides = {}): Config {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true });
  const at = (offset: number | undefined): string => {
    const { line, col } = lines.linePos(offset ?? 0);
    return `${file}:${line}:${col}`;
  };
  const broken = document.errors[0];
  if (broken) throw usageError(`${at(broken.pos[0])}: ${broken.message.replace(/ at line \d+, column \d+:.*/s, "")}`);
  visit(document, {
    Pair: (_, { key: name, value }) => nameOfMask(name, value),
    Alias: (_, alias) => {
      if (!alias.resolve(document))
        throw usageError(`${at(alias.range?.[0])}: *${alias.source} has no anchor before it`);
    },
  });
  let raw: unknown;
  try {
    raw = document.toJS() ?? {};
  } catch (error) {
    throw usageError(`${at(0)}: ${messageOf(error)}`, { cause: error });
  }
  if (typeof raw !== "object" || Array.isArray(raw)) throw usageError(`${at(0)}: this is no map of settings`);
  const given = { ...raw };
  if (overrides.input) Object.assign(given, withoutExport(given), { input: overrides.input });
  if (overrides.output) Object.assign(given, { output: overrides.output });
  // It is read once: compiling a function for each of its parts, as zod would, takes longer than it saves.
  const result = configSchema.safeParse(given, { jitless: true });
  if (result.success) return result.data;
  const problems = result.error.issues.flatMap((issue) =>
    explain(issue, given).map(({ path, message }) => `${at(offsetOf(document.contents, path))}: ${message}`),
  );
  throw usageError(problems.join("\n"));
}

/** Inputs that are named take the place of what Genesys Cloud would export. */
function withoutExport({ genesys }: { readonly genesys?: unknown }): object {
  if (typeof genesys !== "object" || genesys === null || Array.isArray(genesys)) return {};
  const { export: _, ...rest } = genesys as Record<string, unknown>;
  return { genesys: rest };
}

/** `mask: null` is the mask of that name, `mask:` one that is missing. */
function nameOfMask(key: unknown, value: unknown): void {
  const named = isScalar(key) && key.value === "mask" && isScalar(value) && value.value === null;
  if (named && value.source === "null") value.value = "null";
}

interface Problem {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

type Issue = z.core.$ZodIssue;

function explain(issue: Issue, given: unknown): Problem[] {
  const path = issue.path;
  const where = path.length === 0 ? "" : `${pathText(path)}: `;
  if (issue.code === "unrecognized_keys") {
    const allowed = allowedKeys(path, given, issue.keys).filter((key) => !issue.keys.includes(key));
    return issue.keys.map((key) => ({
      path: [...path, key],
      message: `${where}unknown setting "${key}"${nearest(key, allowed)}`,
    }));
  }
  if (issue.code === "invalid_union" && path.at(-1) === "mask") {
    return [{ path, message: `${where}${choice(valueAt(given, path), maskNames())}` }];
  }
  // A union that says itself what it takes is not explained by its branches.
  if (issue.code === "invalid_union" && issue.message === "Invalid input") {
    const closest = issue.errors.toSorted((a, b) => a.length - b.length || depthOf(b) - depthOf(a))[0];
    if (closest) return closest.flatMap((one) => explain({ ...one, path: [...path, ...one.path] }, given));
  }
  if (issue.code === "invalid_value") {
    return [{ path, message: `${where}${choice(valueAt(given, path), issue.values.map(String))}` }];
  }
  if (issue.code === "invalid_type" && issue.message.endsWith("received undefined")) {
    return [{ path, message: `${pathText(path)} is missing` }];
  }
  return [{ path, message: `${where}${issue.message.replace(/^Invalid input: /, "")}` }];
}

function valueAt(given: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((node, key) => (node as Record<PropertyKey, unknown> | undefined)?.[key], given);
}

/** How far below the union a branch of it failed: the deeper, the more of the branch was right. */
function depthOf(issues: readonly Issue[]): number {
  return Math.max(...issues.map(({ path }) => path.length));
}

function choice(value: unknown, names: readonly string[]): string {
  if (value === undefined || value === null) return `is missing: one of ${names.join(", ")}`;
  const got = typeof value === "string" ? value : JSON.stringify(value);
  return `"${got}" is none of ${names.join(", ")}${suggestion(got, names)}`;
}

function maskNames(): string[] {
  return ruleShapes().map(({ mask }) => mask);
}

function ruleShapes(): { mask: string; keys: string[] }[] {
  const list = configSchema.shape.policy.shape.rules.unwrap() as unknown as {
    element: { options: readonly { shape: Record<string, { value?: string }> }[] };
  };
  return list.element.options.map(({ shape }) => ({ mask: String(shape.mask?.value), keys: Object.keys(shape) }));
}

/** The settings that may stand at a path, by walking the declaration. */
function allowedKeys(path: readonly PropertyKey[], given: unknown, unknown: readonly string[]): string[] {
  let schema: unknown = configSchema;
  let value: unknown = given;
  for (const key of path) {
    schema = step(unwrap(schema), key, value);
    value = (value as Record<PropertyKey, unknown> | undefined)?.[key];
  }
  const inner = unwrap(schema) as { shape?: object; options?: readonly { shape?: object }[] };
  if (inner.shape) return Object.keys(inner.shape);
  const mask = (value as { mask?: string } | undefined)?.mask;
  const rule = ruleShapes().find((one) => one.mask === mask);
  return rule?.keys ?? closestKeys(inner.options ?? [], Object.keys(value as object), unknown);
}

/** Of a union the keys of those shapes that lack the unknown ones and have the most of the others. */
function closestKeys(
  options: readonly { shape?: object }[],
  given: readonly string[],
  unknown: readonly string[],
): string[] {
  const shapes = options
    .map(({ shape = {} }) => Object.keys(shape))
    .filter((keys) => !unknown.some((key) => keys.includes(key)));
  const shared = (keys: readonly string[]) => given.filter((key) => keys.includes(key)).length;
  const most = Math.max(...shapes.map(shared));
  return shapes.filter((keys) => shared(keys) === most).flat();
}

function step(schema: unknown, key: PropertyKey, value: unknown): unknown {
  const node = schema as { shape?: Record<PropertyKey, unknown>; element?: unknown; options?: readonly unknown[] };
  if (node.shape) return node.shape[key];
  if (node.element) return node.element;
  const mask = (value as { mask?: string } | undefined)?.mask;
  const option = node.options?.find(
    (one) => (one as { shape?: { mask?: { value?: string } } }).shape?.mask?.value === mask,
  );
  return (unwrap(option) as { shape?: Record<PropertyKey, unknown> } | undefined)?.shape?.[key];
}

function unwrap(schema: unknown): unknown {
  let inner = schema as { unwrap?: () => unknown; element?: unknown } | undefined;
  // An array's unwrap() gives its element: stop there, the path's index steps into it.
  while (inner && typeof inner.unwrap === "function" && inner.element === undefined) inner = inner.unwrap() as never;
  return inner;
}

function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (text, key) => (typeof key === "number" ? `${text}[${key}]` : text === "" ? String(key) : `${text}.${String(key)}`),
    "",
  );
}

/** Where in the file a path stands, or the nearest node above it. */
function offsetOf(contents: Node | null, path: readonly PropertyKey[]): number | undefined {
  let node: unknown = contents;
  let offset = contents?.range?.[0];
  for (const key of path) {
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && item.key.value === key);
      if (!pair) return offset;
      offset = (pair.key as Node).range?.[0] ?? offset;
      node = pair.value;
    } else {
      const items = (node as { items?: readonly Node[] } | null)?.items;
      const item = items?.[Number(key)];
      if (!item) return offset;
      offset = item.range?.[0] ?? offset;
      node = item;
    }
  }
  return offset;
}
