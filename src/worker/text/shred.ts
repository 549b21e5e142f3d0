import type { MasklineError } from "../../errors.ts";
import { BoolBuilder, type ColumnBuilder } from "./column-builder.ts";
import { mapKey } from "./infer.ts";
import type { JsonText } from "./json-text.ts";
import * as json from "./json-text.ts";
import { ListBuilder, MapBuilder, StructBuilder } from "./nested-builder.ts";
import { TextBuilder } from "./text-builder.ts";

/** Most elements that one line may bring into all columns together: short lists of sparse objects unfold to many. */
const MAX_LINE_CELLS = 2 ** 26;

/** Takes lines apart into the columns under `root`. */
export class Shredder {
  readonly #text: JsonText;
  readonly #root: StructBuilder;
  /** Elements that the columns got from the line that was read last, those of absent keys included. */
  cells = 0;

  constructor(text: JsonText, root: StructBuilder) {
    this.#text = text;
    this.#root = root;
  }

  /** Reads the object whose opening brace is next, as one more row. */
  row(): void {
    this.cells = this.#root.weight;
    this.#object(this.#root, 1);
  }

  /** Reads the value that is next, as one more element. */
  #value(into: ColumnBuilder, depth: number): void {
    const text = this.#text;
    switch (text.next()) {
      case json.STRING:
        text.string();
        if (!(into instanceof TextBuilder) || into.field.kind === "number") throw this.#changed(into);
        this.#string(into);
        break;
      case json.OPEN_OBJECT:
        if (into instanceof StructBuilder) this.#object(into, depth + 1);
        else if (into instanceof MapBuilder) this.#map(into, depth + 1);
        else throw this.#changed(into);
        break;
      case json.OPEN_LIST:
        if (!(into instanceof ListBuilder)) throw this.#changed(into);
        this.#list(into, depth + 1);
        break;
      case json.LETTER_T:
        this.#boolean(into, true, json.TRUE);
        break;
      case json.LETTER_F:
        this.#boolean(into, false, json.FALSE);
        break;
      case json.LETTER_N:
        text.word(json.NULL);
        into.pad(into.length + 1);
        break;
      default:
        text.number();
        if (!(into instanceof TextBuilder)) throw this.#changed(into);
        into.add(text.bytes, text.start, text.stop);
    }
  }

  /** Adds the string that was read last. */
  #string(into: TextBuilder): void {
    const { bytes, start, stop, escaped } = this.#text;
    if (escaped) into.addEscaped(bytes, start, stop);
    else into.add(bytes, start, stop);
  }

  #boolean(into: ColumnBuilder, value: boolean, word: Uint8Array): void {
    this.#text.word(word);
    if (into instanceof BoolBuilder) into.add(value);
    else if (into instanceof TextBuilder && into.field.kind === "utf8") into.add(word, 0, word.length);
    else throw this.#changed(into);
  }

  #object(into: StructBuilder, depth: number): void {
    const text = this.#text;
    const { length, keys, members } = into;
    text.enter(depth);
    if (!text.closes(json.CLOSE_OBJECT)) {
      let expected = 0;
      do {
        text.key();
        const start = text.at;
        const index = keys.find(text, expected);
        if (index < 0) throw this.#changed(into);
        const member = members[index]!;
        if (member.length > length) throw text.twice(start);
        if (member.length < length) member.pad(length);
        expected = index + 1;
        text.colon();
        this.#value(member, depth);
      } while (text.comma(json.CLOSE_OBJECT));
    }
    into.add();
  }

  #map(into: MapBuilder, depth: number): void {
    const text = this.#text;
    const { key, value } = into;
    text.enter(depth);
    if (!text.closes(json.CLOSE_OBJECT)) {
      const names = new Set<string>();
      do {
        this.#bring(into, value.weight + 1);
        mapKey(text, names);
        this.#string(key);
        text.colon();
        this.#value(value, depth);
      } while (text.comma(json.CLOSE_OBJECT));
    }
    into.add();
  }

  #list(into: ListBuilder, depth: number): void {
    const text = this.#text;
    const { item } = into;
    text.enter(depth);
    if (!text.closes(json.CLOSE_LIST)) {
      do {
        this.#bring(into, item.weight);
        this.#value(item, depth);
      } while (text.comma(json.CLOSE_LIST));
    }
    into.add();
  }

  /** Counts the elements that another one of `into` brings. */
  #bring(into: ColumnBuilder, cells: number): void {
    this.cells += cells;
    if (this.cells > MAX_LINE_CELLS) throw this.#text.error(`${into.path}: the lists hold too much for one line`);
  }

  #changed(into: ColumnBuilder): MasklineError {
    const where = into === this.#root ? "the object" : into.path;
    return this.#text.error(`${where} holds what was not there before: the file changed while it was read`);
  }
}
