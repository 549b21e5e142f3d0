/** A piece of HTML that stands in a page as it is. Made by `html`, and by hand only of what is written here. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** What may stand in a template: text is escaped, lists are joined, what is not there leaves nothing. */
export type Part = Html | string | number | undefined | false | readonly Part[];

/**
 * A template whose every `${}` is escaped unless it is HTML itself. For contents of elements and for attribute values
 * in double quotes; nowhere else.
 * @example html`<td title="${name}">${name}</td>`
 */
export function html(literals: TemplateStringsArray, ...parts: readonly Part[]): Html {
  const texts = literals.map((literal, index) => literal + rendered(parts[index]));
  return new Html(texts.join(""));
}

function rendered(part: Part): string {
  if (part === undefined || part === false) return "";
  if (part instanceof Html) return part.text;
  if (typeof part === "object") return part.map(rendered).join("");
  return escaped(String(part));
}

/**
 * Text as HTML. Characters that cannot be seen or that turn the direction of what follows are spelled out, so that a
 * name cannot pretend to be another one: U+202E becomes `\u{202e}`.
 */
function escaped(text: string): string {
  return text
    .replace(UNSEEN, (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`)
    .replace(/[&<>"'`]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** Controls, formats (directions, joiners, tags), lone surrogates, separators but the space, fillers, variation. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]|(?! )\p{Zs}/gu;
