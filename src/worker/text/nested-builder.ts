import type { KernelMemory } from "../../kernels/memory.ts";
import type { Field } from "../../types.ts";
import { BoolBuilder, ColumnBuilder, NullBuilder } from "./column-builder.ts";
import { Keys } from "./keys.ts";
import { Offsets } from "./offsets.ts";
import { TextBuilder } from "./text-builder.ts";

/** Objects: members are builders, which lag behind where objects have no such key. */
export class StructBuilder extends ColumnBuilder {
  readonly keys: Keys = new Keys();
  readonly members: readonly ColumnBuilder[];
  override readonly weight: number;

  /** @param prefix of the members' paths */
  constructor(field: Field, path: string, prefix = `${path}.`) {
    super(field, path);
    this.members = field.children.map((child) => builderOf(child, prefix + child.name));
    for (const child of field.children) this.keys.add(child.name);
    this.weight = this.members.reduce((sum, member) => sum + member.weight, 1);
  }

  /** Ends an element, whose members are there. */
  add(): void {
    this.added();
  }

  protected override finishBuffers(memory: KernelMemory) {
    const children = this.members.map((member) => member.finish(this.length, memory));
    this.invalidUtf8 = this.members.reduce((sum, member) => sum + member.invalidUtf8, 0);
    return { children };
  }
}

/** Lists: the items of all elements, and offsets into them. */
export class ListBuilder extends ColumnBuilder {
  readonly item: ColumnBuilder;
  readonly #offsets = new Offsets();

  constructor(field: Field, path: string) {
    super(field, path);
    this.item = builderOf(field.children[0]!, `${path}[]`);
  }

  /** Ends an element, whose items are there. */
  add(): void {
    this.#offsets.push(this.item.length);
    this.added();
  }

  protected override padBuffers(length: number): void {
    this.#offsets.pad(length);
  }

  protected override finishBuffers(memory: KernelMemory) {
    const offsets = memory.put(this.#offsets.bytes());
    this.#offsets.clear();
    const child = this.item.finish(this.item.length, memory);
    this.invalidUtf8 = this.item.invalidUtf8;
    return { offsets, children: [child] };
  }
}

/** Objects with any keys: all entries' keys and values, and offsets into them. */
export class MapBuilder extends ColumnBuilder {
  readonly key: TextBuilder;
  readonly value: ColumnBuilder;
  readonly #offsets = new Offsets();

  constructor(field: Field, path: string) {
    super(field, path);
    this.key = new TextBuilder(field.children[0]!, `${path}{key}`);
    this.value = builderOf(field.children[1]!, `${path}{}`);
  }

  /** Ends an element, whose entries are there. */
  add(): void {
    this.#offsets.push(this.key.length);
    this.added();
  }

  protected override padBuffers(length: number): void {
    this.#offsets.pad(length);
  }

  protected override finishBuffers(memory: KernelMemory) {
    const offsets = memory.put(this.#offsets.bytes());
    this.#offsets.clear();
    const entries = this.key.length;
    const children = [this.key.finish(entries, memory), this.value.finish(entries, memory)];
    this.invalidUtf8 = this.key.invalidUtf8 + this.value.invalidUtf8;
    return { offsets, children };
  }
}

function builderOf(field: Field, path: string): ColumnBuilder {
  switch (field.kind) {
    case "null":
      return new NullBuilder(field, path);
    case "bool":
      return new BoolBuilder(field, path);
    case "number":
    case "utf8":
      return new TextBuilder(field, path);
    case "struct":
      return new StructBuilder(field, path);
    case "list":
      return new ListBuilder(field, path);
    case "map":
      return new MapBuilder(field, path);
    default:
      throw new RangeError(`decoding JSON lines: ${path} is described as ${field.kind}, which JSON has not`);
  }
}
