import type { Shape } from "./data.ts";

/** The work every contender does: tokens of four columns, patterns replaced in three (or four). */
export const TOKENS = ["firstName", "lastName", "externalId", "emailAddress"] as const;

/** A pattern in the syntax that JavaScript, RE2 and Python share, and what stands in its place. */
export interface Pattern {
  readonly match: string;
  readonly with: string;
}

const PHONE: Pattern = { match: "\\+?\\d{10,15}", with: "[MASKED]" };
const CARD: Pattern = { match: "\\d{4}[ -]?\\d{4}[ -]?\\d{4}[ -]?\\d{4}", with: "XXXX-XXXX-XXXX-XXXX" };
const SSN: Pattern = { match: "\\b\\d{3}-\\d{2}-\\d{4}\\b", with: "[SSN]" };

/** Patterns by column of the flat shapes, applied in turn. bench/*.yaml says the same to maskline. */
export function patternsOf(shape: Exclude<Shape, "nested">): Readonly<Record<string, readonly Pattern[]>> {
  const cdr = { phoneNumber: [PHONE], cardNumber: [CARD], notes: [SSN] };
  return shape === "cdr" ? cdr : { ...cdr, transcript: [CARD, SSN, PHONE] };
}

/** A leaf of any shape by its path; a token, or patterns that are applied in turn. */
export interface MaskedLeaf {
  readonly path: string;
  readonly mask: "token" | readonly Pattern[];
}

const NESTED: readonly MaskedLeaf[] = [
  { path: "participants[].participantName", mask: "token" },
  { path: "participants[].externalContactId", mask: "token" },
  { path: "participants[].sessions[].ani", mask: [PHONE] },
  { path: "participants[].sessions[].dnis", mask: [PHONE] },
  { path: "participants[].sessions[].remoteNameDisplayable", mask: "token" },
  { path: "participants[].sessions[].callbackNumbers[]", mask: [PHONE] },
  { path: "participants[].sessions[].callbackUserName", mask: "token" },
  { path: "participants[].sessions[].segments[].wrapUpNote", mask: [SSN] },
];

export function leavesOf(shape: Shape): readonly MaskedLeaf[] {
  if (shape === "nested") return NESTED;
  const tokens = TOKENS.map((path): MaskedLeaf => ({ path, mask: "token" }));
  return [...tokens, ...Object.entries(patternsOf(shape)).map(([path, mask]): MaskedLeaf => ({ path, mask }))];
}
