import type { Field } from "../../types.ts";
import { type JsonText, jsonError } from "./json-text.ts";
import { Keys } from "./keys.ts";

/** More leaves than that are no schema. */
const MAX_LEAVES = 10_000;

type ShapeKind = "null" | "bool" | "number" | "utf8" | "struct" | "list";

/** What was seen so far at a path. It only ever widens: null, then a kind; scalars of different kinds are text. */
export class Shape {
  readonly path: string;
  kind: ShapeKind = "null";
  /** struct: its keys, and a shape for each. */
  readonly keys: Keys = new Keys();
  readonly members: Shape[] = [];
  /** list: its items. */
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
    this.#item ??= new Shape(`${this.path}[]`, this.#leaves);
    return this.#item;
  }

  field(name: string): Field {
    return { name, kind: this.kind, children: this.fields() };
  }

  /** Members as fields in order of first appearance; a list's item. */
  fields(): Field[] {
    if (this.kind === "list") return [this.item.field("item")];
    return this.members.map((member, i) => member.field(this.keys.name(i)));
  }
}

const NAMES: Readonly<Record<ShapeKind, string>> = {
  null: "null",
  bool: "a boolean",
  number: "a number",
  utf8: "a text",
  struct: "an object",
  list: "a list",
};

function isNested(kind: ShapeKind): boolean {
  return kind === "struct" || kind === "list";
}
