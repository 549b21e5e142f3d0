import type { Kernels } from "../kernels/load.ts";
import type { Column } from "../types.ts";
import { gathered, mapValues, patched } from "./text.ts";

/** A canonical form: of any value, and as tables for the kernel that writes that of most. */
interface Form {
  readonly normal: "NFC" | "NFKC";
  /** Of a normalised value. */
  readonly value: (value: string) => string;
  /** What the kernel leaves out beside what its tables do: see `canonicalText`. */
  readonly rules: number;
  /** What an ASCII character becomes: itself or another one, nothing, or "left out". */
  readonly ascii: (character: string) => string | undefined;
  /** What a normalised character becomes that is not ASCII, wherever it stands. */
  readonly other: (character: string) => string | undefined;
}

const ONE_SPACE = 1;
const NO_ZERO = 2;

const lowerCase = (character: string) => character.toLowerCase();
/** Control characters, white space but the plain one among them, are left out. */
const printable = (character: string) => (character < " " || character === "\x7f" ? undefined : character);

/**
 * Canonical forms: the same person, phone or address in several spellings gets one token, so that joins hold across
 * columns. One domain has one form.
 */
const FORMS: Readonly<Record<string, Form>> = {
  person: {
    normal: "NFKC",
    value: (value) => value.trim().replace(/\s+/g, " ").toLowerCase(),
    rules: ONE_SPACE,
    ascii: (character) => printable(character)?.toLowerCase(),
    other: lowerCase,
  },
  email: {
    normal: "NFKC",
    value: (value) =>
      value
        .trim()
        .replace(/^mailto:/i, "")
        .trim()
        .toLowerCase(),
    rules: 0,
    // A colon may be that of "mailto:".
    ascii: (character) => (character === ":" ? undefined : printable(character)?.toLowerCase()),
    other: lowerCase,
  },
  phone: {
    normal: "NFKC",
    value: canonicalPhone,
    // A zero in front may be the first of an international prefix.
    rules: NO_ZERO,
    ascii: (character) => (/\d/.test(character) ? character : ""),
    other: () => undefined,
  },
};

const PLAIN: Form = {
  normal: "NFC",
  value: (value) => value.trim(),
  rules: 0,
  ascii: printable,
  other: (character) => character,
};

/** The form of a domain's values: its own, or trimmed NFC. A value of which nothing would be left stays as it is. */
export function canonicalForm(domain: string): (value: string) => string {
  const { normal, value: form } = formOf(domain);
  return (value) => form(value.normalize(normal)) || value;
}

/** Columns with every value in the form of a domain. */
export function canonicalColumn(domain: string): (column: Column, kernels: Kernels) => Column {
  const form = formOf(domain);
  const { ascii, pairs } = tablesOf(form);
  const one = canonicalForm(domain);
  return (column, kernels) => {
    const { memory } = kernels;
    const asciiAt = memory.put(ascii);
    const pairsAt = memory.put(new Uint8Array(pairs.buffer));
    const offsets = memory.alloc((column.length + 1) * 4);
    const values = memory.alloc(column.valuesLength);
    const left = memory.alloc(column.length * 4);
    const count = kernels.canonicalText(
      column.values,
      column.offsets,
      column.length,
      asciiAt,
      pairsAt,
      form.rules,
      values,
      offsets,
      left,
    );
    const written = {
      ...column,
      offsets,
      values,
      valuesLength: memory.i32(offsets, column.length + 1)[column.length]!,
    };
    if (count === 0) return written;
    return patched(written, left, mapValues(gathered(column, left, count, kernels), kernels, one), kernels);
  };
}

function formOf(domain: string): Form {
  return Object.hasOwn(FORMS, domain) ? FORMS[domain]! : PLAIN;
}

const DROPPED = 0x80;
const LEFT_OUT = 0x81;

/** The tables that `canonicalText` takes, asked of the engine itself. */
function tablesOf({ normal, ascii, other }: Form): { ascii: Uint8Array; pairs: Uint16Array } {
  const bytes = Uint8Array.from({ length: 0x80 }, (_, point) => {
    const form = ascii(String.fromCharCode(point));
    if (form === undefined) return LEFT_OUT;
    return form === "" ? DROPPED : form.charCodeAt(0);
  });
  const pairs = Uint16Array.from({ length: 0x800 - 0x80 }, (_, index) => {
    const character = String.fromCharCode(0x80 + index);
    // Marks join with what stands before them; a sigma's small form depends on what stands around it.
    if (character.normalize(normal) !== character || /[\p{M}\sΣ]/u.test(character)) return 0;
    const form = other(character);
    return form?.length === 1 && form >= "\x80" && form <= "\u07ff" ? form.charCodeAt(0) : 0;
  });
  return { ascii: bytes, pairs };
}

/** "tel:+1 (415) 555-0100", "+14155550100" and 14155550100 are one number: its digits without international prefix. */
function canonicalPhone(value: string): string {
  const plain = value.trim().replace(/^(?:tel|sips?):/i, "");
  const digits = plain.replace(/\D/g, "");
  if (digits === "") return plain.trim().toLowerCase();
  return /^\D*00/.test(plain) ? digits.slice(2) : digits;
}
