import type { Shape } from "./data.ts";

/** The work every contender does: tokens of four columns, patterns replaced in three (or four). */
export const TOKENS = ["firstName", "lastName", "externalId", "emailAddress"] as const;

/** A pattern in the syntax that JavaScript, RE2 and Python share, and what stands in its place. */
interface Pattern {
  readonly match: string;
  readonly with: string;
}

const PHONE: Pattern = { match: "\\+?\\d{10,15}", with: "[MASKED]" };
const CARD: Pattern = { match: "\\d{4}[ -]?\\d{4}[ -]?\\d{4}[ -]?\\d{4}", with: "XXXX-XXXX-XXXX-XXXX" };
const SSN: Pattern = { match: "\\b\\d{3}-\\d{2}-\\d{4}\\b", with: "[SSN]" };

/** Patterns by column, applied in turn. bench/*.yaml says the same to maskline. */
export function patternsOf(shape: Shape): Readonly<Record<string, readonly Pattern[]>> {
  const cdr = { phoneNumber: [PHONE], cardNumber: [CARD], notes: [SSN] };
  return shape === "cdr" ? cdr : { ...cdr, transcript: [CARD, SSN, PHONE] };
}
