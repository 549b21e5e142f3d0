import type { JsonText } from "./json-text.ts";
import * as json from "./json-text.ts";
import { nameOf } from "./keys.ts";
import type { Shape } from "./shape.ts";

/** Reads the value that is next, and widens `shape` to hold it. */
function inferValue(text: JsonText, shape: Shape, depth: number): void {
  switch (text.next()) {
    case json.STRING:
      text.string();
      shape.see("utf8", text);
      break;
    case json.OPEN_OBJECT:
      if (shape.kind === "map") {
        inferMap(text, shape, depth + 1);
        break;
      }
      shape.see("struct", text);
      inferObject(text, shape, depth + 1);
      break;
    case json.OPEN_LIST:
      shape.see("list", text);
      inferList(text, shape, depth + 1);
      break;
    case json.LETTER_T:
      text.word(json.TRUE);
      shape.see("bool", text);
      break;
    case json.LETTER_F:
      text.word(json.FALSE);
      shape.see("bool", text);
      break;
    case json.LETTER_N:
      text.word(json.NULL);
      break;
    default:
      text.number();
      shape.see("number", text);
  }
}

/** Reads the object whose opening brace is next. */
export function inferObject(text: JsonText, shape: Shape, depth: number): void {
  text.enter(depth);
  const object = ++shape.objects;
  if (text.closes(json.CLOSE_OBJECT)) return;
  let expected = 0;
  do {
    text.key();
    const start = text.at;
    const index = shape.keys.find(text, expected);
    const member = index < 0 ? shape.member(nameOf(text)) : shape.members[index]!;
    if (member.lastObject === object) throw text.twice(start);
    member.lastObject = object;
    expected = index < 0 ? shape.members.length : index + 1;
    text.colon();
    inferValue(text, member, depth);
  } while (text.comma(json.CLOSE_OBJECT));
}

function inferMap(text: JsonText, shape: Shape, depth: number): void {
  text.enter(depth);
  if (text.closes(json.CLOSE_OBJECT)) return;
  const names = new Set<string>();
  do {
    mapKey(text, names);
    text.colon();
    inferValue(text, shape.item, depth);
  } while (text.comma(json.CLOSE_OBJECT));
}

/**
 * Reads the key that must be next, and adds it to those that its object has.
 *
 * @throws MasklineError ERR_BAD_INPUT when the object has it already
 */
export function mapKey(text: JsonText, names: Set<string>): string {
  text.key();
  const at = text.at;
  text.string();
  const name = nameOf(text);
  if (names.has(name)) throw text.twice(at);
  names.add(name);
  return name;
}

function inferList(text: JsonText, shape: Shape, depth: number): void {
  text.enter(depth);
  if (text.closes(json.CLOSE_LIST)) return;
  do inferValue(text, shape.item, depth);
  while (text.comma(json.CLOSE_LIST));
}
