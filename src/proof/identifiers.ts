/** What of a value must not be found again: in the forms in which people and systems write the same thing. */

/** An identifier taken out of a source value. */
export interface Identifier {
  readonly kind: "address" | "digits" | "code" | "name";
  /** Canonical: an address in lower case; digits alone; letters and digits in lower case; a name as it stands. */
  readonly form: string;
  /** As `coreOf` has it; every form of it holds it: a first, cheap look. */
  readonly core: string;
  /** So long that nothing else is likely to be the same. */
  readonly strong: boolean;
}

/** Fewer digits are nobody's number: they are everywhere. */
const FEWEST_DIGITS = 6;
/** From so many digits on, two numbers are not the same by chance. */
const STRONG_DIGITS = 9;
const STRONG_CODE = 10;
const FEWEST_IN_CODE = 4;
/** National numbers are told with and without what stands before them. */
const NATIONAL = 10;
/** Digits that may stand before a number: an international prefix, a calling code. */
const PREFIX_DIGITS = 3;

const ADDRESS = /[^\s<>,;"'()[\]]{1,64}@[^\s<>,;"'()[\]]{1,255}/g;
/** A number as it may be written: digits with up to three other characters between them, no letters. */
const DIGITS = /\d(?:[^\p{L}\p{N}]{0,3}\d){5,}/gu;
/** Dates and times are no identifiers: the same moment stands in many columns. */
const MOMENT = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?$/;
const NAME_WORD = /\p{L}{3,}/u;

/** One address and nothing else, as `ADDRESS` finds it: what stands in most columns of them. */
const WHOLE_ADDRESS = /^[^\s<>,;"'()[\]@]{1,64}@[^\s<>,;"'()[\]@]{1,255}$/;
const SCHEME = /^(?:mailto|sips?|tel):/;
const NONE: readonly Identifier[] = [];

/**
 * The hard identifiers of a value: addresses, numbers, codes that mix letters and digits.
 * @param least fewest digits of a number that counts
 */
export function identifiersOf(value: string, least = FEWEST_DIGITS): readonly Identifier[] {
  const text = plain(value).trim();
  if (text.length < FEWEST_DIGITS) return NONE;
  if (text.includes("@")) {
    const found = WHOLE_ADDRESS.test(text) ? [text] : (text.match(ADDRESS) ?? []);
    if (found.length > 0) {
      return found.map((one) => {
        const form = one.toLowerCase().replace(SCHEME, "");
        return identifier("address", form, coreOf(form), true);
      });
    }
  }
  const digits = digitsIn(text);
  if (digits < FEWEST_IN_CODE || MOMENT.test(text)) return NONE;
  const code = /^[^\s]+$/.test(text) && !/^(?:tel|sips?):/i.test(text) ? squeeze(text) : "";
  if (code.length >= FEWEST_DIGITS && /\p{L}/u.test(code))
    return [identifier("code", code, isAscii(code) ? code : coreOf(code), code.length >= STRONG_CODE)];
  return digits < FEWEST_DIGITS ? NONE : numbersOf(text, least);
}

/** Counted by hand: a look at each character says more than one at a pattern. */
function digitsIn(text: string): number {
  let count = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code >= 0x30 && code <= 0x39) count++;
  }
  return count;
}

function numbersOf(text: string, least: number): readonly Identifier[] {
  const found = text.match(DIGITS);
  if (!found) return NONE;
  return found.flatMap((match) => {
    const digits = match.replace(/\D/g, "").replace(/^00/, "");
    if (digits.length < least || /^(\d)\1*$/.test(digits)) return [];
    return identifier("digits", digits, tailOf(digits), digits.length >= STRONG_DIGITS);
  });
}

/** A name as it stands in a column of names. */
export function nameOf(value: string): Identifier | undefined {
  const text = plain(value).trim();
  if (text.length > 100 || /[\d@]/.test(text) || !NAME_WORD.test(text)) return undefined;
  return identifier("name", text, coreOfPlain(text), false);
}

function identifier(kind: Identifier["kind"], form: string, core: string, strong: boolean): Identifier {
  return { kind, form, core, strong };
}

/** Whether a text holds the identifier, in any of its forms. Names count as whole words of free text only. */
export function survivesIn({ kind, form, strong, core }: Identifier, value: string): boolean {
  const text = plain(value);
  switch (kind) {
    case "address":
      return text.toLowerCase().includes(form);
    case "code":
      return strong ? squeeze(text).includes(form) : wordsOf(text).some((word) => squeeze(word) === form);
    case "name":
      return isFreeText(text) && holdsWord(text, form);
    case "digits":
      return (text.match(DIGITS) ?? []).some((match) => sameNumber(match, form, strong, core));
  }
}

function sameNumber(match: string, form: string, strong: boolean, tail: string): boolean {
  const digits = match.replace(/\D/g, "");
  if (!strong) return digits === form;
  // One unbroken run may hold ten digits of another by chance; what is written in groups may be several numbers.
  return digits === match
    ? digits.endsWith(tail) && digits.length <= form.length + PREFIX_DIGITS
    : digits.includes(tail);
}

function tailOf(digits: string): string {
  return digits.length > NATIONAL ? digits.slice(-NATIONAL) : digits;
}

/** Four words or more: what somebody said or wrote, not what something is called. */
export function isFreeText(text: string): boolean {
  return /\S\s+\S+\s+\S+\s+\S/.test(text);
}

/** Whether the words of a name stand in a text one after the other, in its own case, or in a text without capitals. */
export function holdsWord(text: string, name: string): boolean {
  const lower = text === text.toLowerCase() ? name.toLowerCase() : undefined;
  return [name, lower, name.toUpperCase()].some((form) => form !== undefined && hasWhole(text, form));
}

function hasWhole(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at !== -1; at = text.indexOf(word, at + 1)) {
    const before = text.slice(Math.max(0, at - 2), at);
    const after = text.slice(at + word.length, at + word.length + 2);
    if (!/[\p{L}\p{N}]$/u.test(before) && !/^[\p{L}\p{N}]/u.test(after)) return true;
  }
  return false;
}

function wordsOf(text: string): string[] {
  return text.split(/[\s,;|/]+/);
}

/** Letters and digits alone, in lower case. */
function squeeze(text: string): string {
  const lower = plain(text).toLowerCase();
  return lower.replace(isAscii(lower) ? /[^a-z\d]+/g : /[^\p{L}\p{N}]+/gu, "");
}

/** Letters and digits of ASCII alone, in lower case. */
export function coreOf(text: string): string {
  return coreOfPlain(plain(text));
}

function coreOfPlain(text: string): string {
  return text.toLowerCase().replace(/[^a-z\d]+/g, "");
}

/** Wide and other compatible forms of characters become the plain ones. */
function plain(text: string): string {
  return isAscii(text) ? text : text.normalize("NFKC");
}

function isAscii(text: string): boolean {
  return !/[^\0-\x7f]/.test(text);
}
