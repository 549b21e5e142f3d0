import { isAscii } from "node:buffer";
import type { Kernels } from "../kernels/load.ts";
import type { Column } from "../types.ts";
import { joinedText, mapValues, splitText, textBytes } from "./text.ts";

/**
 * A canonical form: of one value, and of many at once that each end in a line feed. Normalising and lower-casing such a
 * text does to every value what it does to it alone: nothing composes with a line feed, and it is no letter.
 */
interface Form {
  readonly normal: "NFC" | "NFKC";
  /** Of a normalised value. */
  readonly value: (value: string) => string;
  /** Of normalised values; undefined where some need to be looked at by themselves. */
  readonly lines: (lines: string) => string | undefined;
}

/** White space at an edge of a value, among values that end in line feeds. */
const EDGE = /(?:^|\n)[^\S\n]|[^\S\n]\n/;

/**
 * Canonical forms: the same person, phone or address in several spellings gets one token, so that joins hold across
 * columns. One domain has one form.
 */
const FORMS: Readonly<Record<string, Form>> = {
  person: {
    normal: "NFKC",
    value: (value) => value.trim().replace(/\s+/g, " ").toLowerCase(),
    lines: (lines) => (EDGE.test(lines) || /[^\S\n ]| {2}/.test(lines) ? undefined : lines.toLowerCase()),
  },
  email: {
    normal: "NFKC",
    value: (value) =>
      value
        .trim()
        .replace(/^mailto:/i, "")
        .trim()
        .toLowerCase(),
    lines: (lines) => (EDGE.test(lines) || /mailto:/i.test(lines) ? undefined : lines.toLowerCase()),
  },
  phone: { normal: "NFKC", value: canonicalPhone, lines: canonicalPhones },
};

const PLAIN: Form = {
  normal: "NFC",
  value: (value) => value.trim(),
  lines: (lines) => (EDGE.test(lines) ? undefined : lines),
};

/** The form of a domain's values: its own, or trimmed NFC. A value of which nothing would be left stays as it is. */
export function canonicalForm(domain: string): (value: string) => string {
  const { normal, value: form } = formOf(domain);
  return (value) => form(value.normalize(normal)) || value;
}

/** The column with every value in its domain's form. */
export function canonicalColumn(column: Column, domain: string, kernels: Kernels): Column {
  const form = formOf(domain);
  if (kernels.hasByte(column.values, column.valuesLength, LINE_FEED) === 0) {
    const ascii = isAscii(textBytes(column, kernels));
    const lines = joinedText(column, LINE_FEED, ascii, kernels);
    const canonical = form.lines(ascii ? lines : lines.normalize(form.normal));
    if (canonical === lines) return column;
    if (canonical !== undefined) return splitText(canonical, column, LINE_FEED, kernels);
  }
  return mapValues(column, kernels, canonicalForm(domain));
}

const LINE_FEED = 0x0a;

function formOf(domain: string): Form {
  return Object.hasOwn(FORMS, domain) ? FORMS[domain]! : PLAIN;
}

/** "tel:+1 (415) 555-0100", "+14155550100" and 14155550100 are one number: its digits without international prefix. */
function canonicalPhone(value: string): string {
  const plain = value.trim().replace(/^(?:tel|sips?):/i, "");
  const digits = plain.replace(/\D/g, "");
  if (digits === "") return plain.trim().toLowerCase();
  return /^\D*00/.test(plain) ? digits.slice(2) : digits;
}

function canonicalPhones(lines: string): string | undefined {
  // A value without digits, or with an international prefix of zeros, is looked at by itself.
  if (/(?:^|\n)(?:[^\d\n]+(?:\n|$)|[^\d\n]*00)/.test(lines)) return undefined;
  return lines.replace(/[^\d\n]+/g, "");
}
