import { failure, MasklineError } from "../errors.ts";
import { mapKey } from "../worker/text/infer.ts";
import * as json from "../worker/text/json-text.ts";
import { JsonText, OPEN_OBJECT } from "../worker/text/json-text.ts";
import { nameOf } from "../worker/text/keys.ts";

/** A conversation of a page: its JSON as it came, on one line, without line end. */
export interface PagedConversation {
  readonly id: string;
  readonly json: Uint8Array;
}

/** A page of a job's results. */
export interface Page {
  readonly conversations: readonly PagedConversation[];
  /** Asks for the next page; the last one has none. */
  readonly cursor: string | undefined;
}

const LF = 0x0a;
const SPACE = 0x20;

/**
 * Reads `{conversations: [{conversationId, …}], cursor}`. Conversations are cut out, not parsed: numbers keep all their digits, and
 * a page costs its bytes once.
 * @param body - the reply's bytes, which are the page's from now on
 * @throws MasklineError (exit 1, retryable) when it is not that
 */
export function readPage(body: Uint8Array): Page {
  const text = new JsonText();
  try {
    const bytes = onOneLine(body);
    text.open(bytes, 0, bytes.length - 1);
    return pageOf(text);
  } catch (error) {
    // JSON.parse shows what it could not read.
    const why = error instanceof MasklineError ? error.message : "it is no JSON";
    throw failure(`reading a page of conversations: ${why}`, { stage: "export" });
  }
}

/**
 * The id of the conversation that a line holds.
 * @throws MasklineError (exit 5) when it holds none
 */
export function idOfLine(text: JsonText): string {
  return conversation(text, 0).id;
}

/** The text with a line feed after it, and none within. */
function onOneLine(body: Uint8Array): Buffer {
  const bytes = Buffer.concat([body, Buffer.of(LF)]);
  let at = bytes.indexOf(LF);
  // Between values a line feed is a space; JSON has none within a text, which the parser finds out.
  if (at < body.length) JSON.parse(bytes.toString("utf8"));
  for (; at < body.length; at = bytes.indexOf(LF, at)) bytes[at] = SPACE;
  return bytes;
}

function pageOf(text: JsonText): Page {
  const conversations: PagedConversation[] = [];
  let cursor: string | undefined;
  if (text.next() !== OPEN_OBJECT) throw text.expected("an object");
  object(text, 1, (name, depth) => {
    if (name === "conversations" && text.next() === json.OPEN_LIST) {
      list(text, depth, (inner) => conversations.push(conversation(text, inner)));
    } else if (name === "cursor" && text.next() === json.STRING) {
      text.string();
      cursor = nameOf(text);
    } else {
      skip(text, depth);
    }
  });
  text.next();
  if (text.at !== text.end) throw text.expected("the end of the page");
  return { conversations, cursor: cursor === "" ? undefined : cursor };
}

function conversation(text: JsonText, depth: number): PagedConversation {
  if (text.next() !== OPEN_OBJECT) throw text.expected("a conversation");
  const start = text.at;
  let id = "";
  object(text, depth + 1, (name, inner) => {
    if (name === "conversationId" && text.next() === json.STRING) {
      text.string();
      id = nameOf(text);
    } else {
      skip(text, inner);
    }
  });
  if (id === "") throw text.expected("a conversation with its conversationId");
  return { id, json: text.bytes.subarray(start, text.at) };
}

type OnMember = (name: string, depth: number) => void;

/** Reads the object whose opening brace is next; `member` reads the value of each key. */
function object(text: JsonText, depth: number, member: OnMember): void {
  text.enter(depth);
  if (text.closes(json.CLOSE_OBJECT)) return;
  const names = new Set<string>();
  do {
    const name = mapKey(text, names);
    text.colon();
    member(name, depth);
  } while (text.comma(json.CLOSE_OBJECT));
}

/** Reads the list whose opening bracket is next; `item` reads each. */
function list(text: JsonText, depth: number, item: (depth: number) => void): void {
  text.enter(depth + 1);
  if (text.closes(json.CLOSE_LIST)) return;
  do item(depth + 1);
  while (text.comma(json.CLOSE_LIST));
}

/** Reads the value that is next, and keeps nothing of it. */
function skip(text: JsonText, depth: number): void {
  switch (text.next()) {
    case json.STRING:
      text.string();
      break;
    case OPEN_OBJECT:
      text.enter(depth + 1);
      if (text.closes(json.CLOSE_OBJECT)) break;
      do {
        text.key();
        text.string();
        text.colon();
        skip(text, depth + 1);
      } while (text.comma(json.CLOSE_OBJECT));
      break;
    case json.OPEN_LIST:
      list(text, depth, (inner) => skip(text, inner));
      break;
    case json.LETTER_T:
      text.word(json.TRUE);
      break;
    case json.LETTER_F:
      text.word(json.FALSE);
      break;
    case json.LETTER_N:
      text.word(json.NULL);
      break;
    default:
      text.number();
  }
}
