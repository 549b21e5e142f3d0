import type { Field } from "../../types.ts";
import { type JsonText, jsonError } from "./json-text.ts";
import { Keys } from "./keys.ts";

/** More leaves than that are no schema. */
const MAX_LEAVES = 10_000;

type ShapeKind = "null" | "bool" | "number" | "utf8" | "struct" | "list" | "map";

/**
 * What was seen so far at a path. It only ever widens: null, then a kind; scalars of different kinds are text. An object
 * is a struct, unless a map was declared there.
 */
export class Shape {
  readonly path: string;
  kind: ShapeKind = "null";
  /** struct: its keys, and a shape for each. */
  readonly keys: Keys = new Keys();
  readonly members: Shape[] = [];
  /** list: its items; map: its values. */
  #item: Shape | null = null;
  /** struct: objects seen, the present one included. */
  objects = 0;
  /** Number of the object in which this member was seen last. */
  lastObject = 0;
  readonly #leaves: { count: number };
  readonly #isRoot: boolean;

  private constructor(path: string, leaves: { count: number }, isRoot = false) {
    this.path = path;
    this.#leaves = leaves;
    this.#isRoot = isRoot;
  }

  /** The shape of lines, which are objects. */
  static root(): Shape {
    return new Shape("", { count: 0 }, true);
  }

  /** The shape of lines that were declared to have these fields, those that are not there included. */
  static declared(fields: readonly Field[]): Shape {
    const root = Shape.root();
    root.#declare("struct", fields);
    return root;
  }

  /**
   * Sees a value of this kind.
   *
   * @throws MasklineError ERR_BAD_INPUT when there was an object or a list and this is neither, or the other way round
   */
  see(kind: ShapeKind, text: JsonText): void {
    if (this.kind === kind) return;
    if (this.kind === "null") {
      this.kind = kind;
    } else if (isNested(this.kind) || isNested(kind)) {
      throw text.error(`${this.path}: ${NAMES[kind]} stands where ${NAMES[this.kind]} stood before`);
    } else {
      this.kind = "utf8";
    }
  }

  /** Adds a member. @throws MasklineError ERR_BAD_INPUT when there are too many */
  member(name: string): Shape {
    const shape = new Shape(this.#isRoot ? name : `${this.path}.${name}`, this.#leaves);
    // The first one takes its parent's place among the leaves.
    if (this.members.length > 0 || this.#isRoot) this.#leaves.count++;
    if (this.#leaves.count > MAX_LEAVES) {
      throw jsonError(`there are more than ${MAX_LEAVES} different paths: it looks like data used as keys`);
    }
    this.keys.add(name);
    this.members.push(shape);
    return shape;
  }

  get item(): Shape {
    this.#item ??= new Shape(`${this.path}${this.kind === "map" ? "{}" : "[]"}`, this.#leaves);
    return this.#item;
  }

  field(name: string): Field {
    return { name, kind: this.kind, children: this.fields() };
  }

  /** Members as fields in order of first appearance; a list's item. */
  fields(): Field[] {
    if (this.kind === "list") return [this.item.field("item")];
    if (this.kind === "map") return [{ name: "key", kind: "utf8", children: [] }, this.item.field("value")];
    return this.members.map((member, i) => member.field(this.keys.name(i)));
  }

  #declare(kind: Field["kind"], children: readonly Field[]): void {
    if (!isShapeKind(kind)) throw new RangeError(`declaring ${this.path} as ${kind}, which JSON has not`);
    this.kind = kind;
    if (kind === "struct") for (const child of children) this.member(child.name).#declare(child.kind, child.children);
    const item = kind === "list" ? children[0] : kind === "map" ? children[1] : undefined;
    if (item) this.item.#declare(item.kind, item.children);
  }
}

const NAMES: Readonly<Record<ShapeKind, string>> = {
  null: "null",
  bool: "a boolean",
  number: "a number",
  utf8: "a text",
  struct: "an object",
  list: "a list",
  map: "an object",
};

function isShapeKind(kind: Field["kind"]): kind is ShapeKind {
  return kind in NAMES;
}

function isNested(kind: ShapeKind): boolean {
  return kind === "struct" || kind === "list" || kind === "map";
}
