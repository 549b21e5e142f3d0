/**
 * Canonical forms: the same person, phone or address in several spellings gets one token, so that joins hold across
 * columns. One domain has one form.
 */
const FORMS: Readonly<Record<string, (value: string) => string>> = {
  person: (value) => value.normalize("NFKC").trim().replace(/\s+/g, " ").toLowerCase(),
  email: (value) =>
    value
      .normalize("NFKC")
      .trim()
      .replace(/^mailto:/i, "")
      .trim()
      .toLowerCase(),
  phone: canonicalPhone,
};

/** The form of a domain's values: its own, or trimmed NFC. */
export function canonicalForm(domain: string): (value: string) => string {
  return FORMS[domain] ?? ((value) => value.normalize("NFC").trim());
}

/** "tel:+1 (415) 555-0100", "+14155550100" and 14155550100 are one number: its digits without international prefix. */
function canonicalPhone(value: string): string {
  const plain = value
    .normalize("NFKC")
    .trim()
    .replace(/^(?:tel|sips?):/i, "");
  const digits = plain.replace(/\D/g, "");
  if (digits === "") return plain.trim().toLowerCase();
  return /^\D*00/.test(plain) ? digits.slice(2) : digits;
}
